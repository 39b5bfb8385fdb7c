#include "config.h"

#include "gui/pages/verify/verify-view.h"

#include "base/text.h"
#include "gui/error-view.h"
#include "gui/file-choice.h"
#include "gui/next-steps.h"
#include "gui/pages/verify/examination.h"
#include "gui/request-facts.h"

#include <glib/gi18n.h>

struct _GcaVerifyView {
    GtkBox parent;
    GtkStack *stack;
    GtkContainer *trouble;
    GtkImage *verdict_icon;
    GtkLabel *verdict;
    GtkLabel *hint;
    GtkWidget *another;
    GtkWidget *trust;
    GtkLabel *trusted;
    GtkWidget *own;
    GtkLabel *state;
    GcaNextSteps *next_steps;
    GtkContainer *checks;
    GcaFactList *signature;
    GtkWidget *request_heading;
    GcaFactList *request;
    GcaErrorView *error_view;
    char *path;
    char *ca; /* file of a CA that is trusted for this check; or NULL */
};

G_DEFINE_FINAL_TYPE(GcaVerifyView, gca_verify_view, GTK_TYPE_BOX)

/* ---- what was found ---- */

static void
set_icon(GtkImage *image, const char *icon, const char *name, GtkIconSize size)
{
    gtk_image_set_from_icon_name(image, icon, size);
    atk_object_set_name(gtk_widget_get_accessible(GTK_WIDGET(image)), name);
}

/* With no CA to begin with it cannot be told whether the card is genuine. */
static gboolean
is_left_open(const GcaExamination *examination, const GError *error)
{
    return !examination->has_anchors && g_error_matches(error, GCA_ERROR, GCA_ERROR_UNTRUSTED);
}

/* The table's is for who types commands. */
static const char *
choose_hint(const GcaExamination *examination, const GError *verdict)
{
    if (is_left_open(examination, verdict))
        return _("All else about the request holds. Whether the card is genuine can be told once "
                 "this computer knows the CA that has issued it: choose the file with that CA's "
                 "certificate, or have an administrator take it in for good with “gca-card trust "
                 "import”.");
    if (g_error_matches(verdict, GCA_ERROR, GCA_ERROR_UNTRUSTED))
        return _("If you have the certificate of the card's CA, choose its file. To have that CA "
                 "trusted on this computer for good, take it in with “gca-card trust import”.");
    if (g_error_matches(verdict, GCA_ERROR, GCA_ERROR_CHECK_FAILED))
        return _("No CA takes it as it is. Have the request signed and sent once more, or choose "
                 "another file.");
    return verdict ? gca_error_get_hint(verdict) : NULL;
}

static void
show_trust(GcaVerifyView *self, const GError *verdict)
{
    g_autofree char *shown = self->ca ? gca_text_escape(self->ca) : NULL;
    g_autofree char *sentence =
        shown ? g_strdup_printf(_("Trusted for this check alone: “%s”."), shown) : NULL;
    gboolean is_wanted = g_error_matches(verdict, GCA_ERROR, GCA_ERROR_UNTRUSTED);

    gtk_widget_set_visible(self->trust, is_wanted || sentence != NULL);
    gtk_label_set_text(self->trusted, sentence ? sentence : "");
    gtk_widget_set_visible(GTK_WIDGET(self->trusted), sentence != NULL);
}

static void
show_verdict(GcaVerifyView *self, const GcaExamination *examination)
{
    const GError *verdict = gca_report_get_verdict(examination->report);
    const char *hint = choose_hint(examination, verdict);
    gboolean is_open = is_left_open(examination, verdict);
    g_autofree char *words = is_open
                                 ? g_strdup_printf(_("COULD NOT BE CHECKED: %s"), verdict->message)
                             : verdict ? g_strdup_printf(_("NOT ACCEPTABLE: %s"), verdict->message)
                                       : g_strdup(_("ACCEPTABLE: every check holds."));

    set_icon(self->verdict_icon,
             is_open   ? "dialog-question-symbolic"
             : verdict ? "dialog-error-symbolic"
                       : "emblem-ok-symbolic",
             is_open   ? _("Could not be checked")
             : verdict ? _("Not acceptable")
                       : _("Acceptable"),
             GTK_ICON_SIZE_DIALOG);
    gtk_label_set_text(self->verdict, words);
    gtk_label_set_text(self->hint, hint ? hint : "");
    gtk_widget_set_visible(GTK_WIDGET(self->hint), hint != NULL);
    gtk_widget_set_visible(self->another,
                           g_error_matches(verdict, GCA_ERROR, GCA_ERROR_CHECK_FAILED));
}

static GtkWidget *
make_label(const char *text)
{
    return g_object_new(GTK_TYPE_LABEL, "label", text, "xalign", 0.0, "wrap", TRUE, "wrap-mode",
                        PANGO_WRAP_WORD_CHAR, "hexpand", TRUE, NULL);
}

static void
add_check(GcaVerifyView *self, const GcaExamination *examination, const GcaCheck *check)
{
    gboolean is_open = is_left_open(examination, check->error);
    GtkWidget *row = gtk_list_box_row_new();
    GtkWidget *grid = g_object_new(GTK_TYPE_GRID, "margin", 6, "column-spacing", 12, NULL);
    GtkWidget *icon = g_object_new(GTK_TYPE_IMAGE, "valign", GTK_ALIGN_START, NULL);
    const char *state = is_open        ? _("not checked")
                        : check->error ? _("bad")
                        : check->note  ? _("none")
                                       : _("good");
    const char *rest = check->note ? check->note : check->remark;
    const char *sentence = check->error ? check->error->message : rest;
    g_autofree char *title = g_strdup_printf(_("%s: %s"), check->title, state);
    g_autofree char *name = sentence ? g_strconcat(title, "\n", sentence, NULL) : g_strdup(title);

    set_icon(GTK_IMAGE(icon),
             is_open        ? "dialog-question-symbolic"
             : check->error ? "dialog-error-symbolic"
             : check->note  ? "dialog-information-symbolic"
                            : "emblem-ok-symbolic",
             state, GTK_ICON_SIZE_BUTTON);
    gtk_grid_attach(GTK_GRID(grid), icon, 0, 0, 1, 1);
    gtk_grid_attach(GTK_GRID(grid), make_label(title), 1, 0, 1, 1);
    if (sentence != NULL)
        gtk_grid_attach(GTK_GRID(grid), make_label(sentence), 1, 1, 1, 1);
    atk_object_set_name(gtk_widget_get_accessible(row), name);
    gtk_container_add(GTK_CONTAINER(row), grid);
    gtk_container_add(self->checks, row);
    gtk_widget_show_all(row);
}

/* Below what is there. */
static void
show_signature(GcaVerifyView *self, const GcaReport *report)
{
    GcaHolder *holder = gca_report_get_holder(report);
    GDateTime *time = gca_report_get_signing_time(report);
    g_autofree char *groups = gca_text_group_hex(gca_report_get_sha256(report));
    GcaFactList *list = self->signature;

    gca_fact_list_clear(list);
    gca_fact_list_add_outside(list, _("File"), self->path);
    if (holder != NULL) {
        g_autofree char *dn = gca_name_to_string(gca_holder_get_dn(holder));
        gca_fact_list_add_outside(list, _("Signed by"), gca_holder_get_organization(holder));
        gca_fact_list_add(list, _("Kind"), gca_holder_kind_to_string(gca_holder_get_kind(holder)));
        gca_fact_list_add_outside(list, _("OID"), gca_holder_get_oid(holder));
        gca_fact_list_add(list, _("Subject"), dn);
    }
    if (time != NULL) {
        g_autofree char *moment = gca_text_moment(time);
        gca_fact_list_add(list, _("Signed at"), moment);
    }
    gca_fact_list_add(list, "SHA-256", groups);
}

static void
show_request(GcaVerifyView *self, const GcaRequest *request, const GcaProfile *profile)
{
    gca_fact_list_clear(self->request);
    gtk_widget_set_visible(self->request_heading, request != NULL);
    if (request == NULL)
        return;
    g_autofree char *created = gca_text_moment(gca_request_get_created(request));
    gca_request_facts_add(self->request, request, profile, NULL);
    gca_fact_list_add(self->request, _("Made at"), created);
}

/* What was signed here, and is still as it was signed, can be gone on with. */
static void
show_own(GcaVerifyView *self, const GcaExamination *examination)
{
    const GError *verdict = gca_report_get_verdict(examination->report);
    gboolean is_own =
        examination->state != NULL && !g_error_matches(verdict, GCA_ERROR, GCA_ERROR_CHECK_FAILED);

    gtk_widget_set_visible(self->own, is_own);
    if (!is_own)
        return;
    gtk_label_set_text(self->state, examination->state);
    gca_next_steps_show(self->next_steps, self->path, gca_report_get_request(examination->report),
                        examination->profile, examination->account);
}

static void
show_examination(GcaVerifyView *self, const GcaExamination *examination)
{
    const GcaReport *report = examination->report;
    GPtrArray *checks = gca_report_get_checks(report);

    show_own(self, examination);
    show_verdict(self, examination);
    show_trust(self, gca_report_get_verdict(report));
    gtk_container_foreach(self->checks, (GtkCallback) (void (*)(void)) gtk_widget_destroy, NULL);
    for (guint i = 0; i < checks->len; i++)
        add_check(self, examination, g_ptr_array_index(checks, i));
    show_signature(self, report);
    show_request(self, gca_report_get_request(report), examination->profile);
    gtk_stack_set_visible_child_name(self->stack, "report");
    gtk_widget_grab_focus(GTK_WIDGET(self->verdict)); /* read out first */
    gtk_label_select_region(self->verdict, 0, 0);
}

static void
on_examined(gpointer owner, gpointer result, const GError *error)
{
    GcaVerifyView *self = owner;

    /* a CA is chosen where there is a report already, which stays if nothing comes of it */
    gtk_stack_set_visible_child_name(self->stack, self->ca ? "report" : "nothing");
    gca_error_view_show(self->error_view, error);
    if (result != NULL)
        show_examination(self, result);
    else
        g_clear_pointer(&self->ca, g_free);
}

static void
begin(GcaVerifyView *self)
{
    GcaWork work = gca_examination_work(self->path, self->ca);

    work.done = on_examined;
    gca_error_view_show(self->error_view, NULL);
    gtk_stack_set_visible_child_name(self->stack, "busy");
    gca_task_start(self, &work, NULL);
}

/* ---- a CA that is trusted this once ---- */

static void
on_ca_chosen(gpointer owner, const char *path)
{
    GcaVerifyView *self = owner;

    g_free(self->ca);
    self->ca = g_strdup(path);
    begin(self);
}

static void
on_trust(GcaVerifyView *self)
{
    gca_file_choice_ask(GTK_WIDGET(self), GTK_FILE_CHOOSER_ACTION_OPEN,
                        _("The certificate of a CA that you trust"), self->path, on_ca_chosen);
}

/* ---- its making ---- */

static void
gca_verify_view_finalize(GObject *object)
{
    GcaVerifyView *self = GCA_VERIFY_VIEW(object);

    g_free(self->path);
    g_free(self->ca);
    G_OBJECT_CLASS(gca_verify_view_parent_class)->finalize(object);
}

static void
gca_verify_view_class_init(GcaVerifyViewClass *class)
{
    GtkWidgetClass *widget = GTK_WIDGET_CLASS(class);

    G_OBJECT_CLASS(class)->finalize = gca_verify_view_finalize;
    gtk_widget_class_set_template_from_resource(widget, "/tw/gca_toolkit/Wizard/verify-view.ui");
    gtk_widget_class_bind_template_child(widget, GcaVerifyView, stack);
    gtk_widget_class_bind_template_child(widget, GcaVerifyView, trouble);
    gtk_widget_class_bind_template_child(widget, GcaVerifyView, verdict_icon);
    gtk_widget_class_bind_template_child(widget, GcaVerifyView, verdict);
    gtk_widget_class_bind_template_child(widget, GcaVerifyView, hint);
    gtk_widget_class_bind_template_child(widget, GcaVerifyView, another);
    gtk_widget_class_bind_template_child(widget, GcaVerifyView, trust);
    gtk_widget_class_bind_template_child(widget, GcaVerifyView, trusted);
    gtk_widget_class_bind_template_child(widget, GcaVerifyView, own);
    gtk_widget_class_bind_template_child(widget, GcaVerifyView, state);
    gtk_widget_class_bind_template_child(widget, GcaVerifyView, next_steps);
    gtk_widget_class_bind_template_child(widget, GcaVerifyView, checks);
    gtk_widget_class_bind_template_child(widget, GcaVerifyView, signature);
    gtk_widget_class_bind_template_child(widget, GcaVerifyView, request_heading);
    gtk_widget_class_bind_template_child(widget, GcaVerifyView, request);
    gtk_widget_class_bind_template_callback(widget, on_trust);
}

static void
gca_verify_view_init(GcaVerifyView *self)
{
    g_type_ensure(GCA_TYPE_FACT_LIST);
    g_type_ensure(GCA_TYPE_NEXT_STEPS);
    gtk_widget_init_template(GTK_WIDGET(self));
    self->error_view = GCA_ERROR_VIEW(gca_error_view_new());
    gtk_container_add(self->trouble, GTK_WIDGET(self->error_view));
}

GtkWidget *
gca_verify_view_new(const char *path)
{
    GcaVerifyView *self = g_object_new(GCA_TYPE_VERIFY_VIEW, NULL);

    self->path = g_strdup(path);
    begin(self);
    return GTK_WIDGET(self);
}
