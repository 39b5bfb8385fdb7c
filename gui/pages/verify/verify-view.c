#include "config.h"

#include "gui/pages/verify/verify-view.h"

#include "base/file.h"
#include "base/text.h"
#include "gui/error-view.h"
#include "gui/request-facts.h"
#include "gui/task.h"
#include "prereg/report.h"
#include "x509/chain.h"

#include <glib/gi18n.h>

#define REQUEST_FILE_LIMIT (2 * 1024 * 1024)

struct _GcaVerifyView {
    GtkBox parent;
    GtkStack *stack;
    GtkContainer *trouble;
    GtkImage *verdict_icon;
    GtkLabel *verdict;
    GtkLabel *hint;
    GtkContainer *checks;
    GtkBox *report;
    GtkWidget *request_heading;
    GcaErrorView *error_view;
    char *path;
};

G_DEFINE_FINAL_TYPE(GcaVerifyView, gca_verify_view, GTK_TYPE_BOX)

/* ---- in the thread: by the anchors of this computer, as “gca-prereg verify” ---- */

static gpointer
examine(gpointer data, GcaInteraction *interaction, GcaCancel *cancel, GError **error)
{
    g_autoptr(GBytes) file = gca_file_read(data, REQUEST_FILE_LIMIT, error);
    g_autoptr(GcaX509Stack) anchors = file ? gca_chain_load_anchors(error) : NULL;
    const GcaReportWish wish = {.anchors = anchors};

    return anchors ? gca_report_new(file, &wish, error) : NULL;
}

/* ---- what was found ---- */

static void
set_icon(GtkImage *image, const char *icon, const char *name, GtkIconSize size)
{
    gtk_image_set_from_icon_name(image, icon, size);
    atk_object_set_name(gtk_widget_get_accessible(GTK_WIDGET(image)), name);
}

/* The table's is for who types commands. */
static const char *
choose_hint(const GError *verdict)
{
    if (g_error_matches(verdict, GCA_ERROR, GCA_ERROR_UNTRUSTED))
        return _("Take the certificate of the card's CA in with “gca-card trust import”, and open "
                 "the file again.");
    return verdict ? gca_error_get_hint(verdict) : NULL;
}

static void
show_verdict(GcaVerifyView *self, const GError *verdict)
{
    const char *hint = choose_hint(verdict);
    g_autofree char *words = verdict ? g_strdup_printf(_("NOT ACCEPTABLE: %s"), verdict->message)
                                     : g_strdup(_("ACCEPTABLE: every check holds."));

    set_icon(self->verdict_icon, verdict ? "dialog-error-symbolic" : "emblem-ok-symbolic",
             verdict ? _("Not acceptable") : _("Acceptable"), GTK_ICON_SIZE_DIALOG);
    gtk_label_set_text(self->verdict, words);
    gtk_label_set_text(self->hint, hint ? hint : "");
    gtk_widget_set_visible(GTK_WIDGET(self->hint), hint != NULL);
}

static GtkWidget *
make_label(const char *text)
{
    return g_object_new(GTK_TYPE_LABEL, "label", text, "xalign", 0.0, "wrap", TRUE, "wrap-mode",
                        PANGO_WRAP_WORD_CHAR, "max-width-chars", 60, NULL);
}

static void
add_check(GcaVerifyView *self, const GcaCheck *check)
{
    GtkWidget *row = gtk_list_box_row_new();
    GtkWidget *grid = g_object_new(GTK_TYPE_GRID, "margin", 6, "column-spacing", 12, NULL);
    GtkWidget *icon = g_object_new(GTK_TYPE_IMAGE, "valign", GTK_ALIGN_START, NULL);
    const char *state = check->error ? _("bad") : (check->note ? _("none") : _("good"));
    const char *rest = check->note ? check->note : check->remark;
    const char *sentence = check->error ? check->error->message : rest;
    g_autofree char *title = g_strdup_printf("%s (%s)", check->title, state);
    g_autofree char *name = sentence ? g_strconcat(title, ": ", sentence, NULL) : g_strdup(title);

    set_icon(GTK_IMAGE(icon),
             check->error  ? "dialog-error-symbolic"
             : check->note ? "dialog-information-symbolic"
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
static GcaFactList *
add_facts(GcaVerifyView *self)
{
    GtkWidget *list = gca_fact_list_new();

    gtk_box_pack_start(self->report, list, FALSE, FALSE, 0);
    gtk_widget_show(list);
    return GCA_FACT_LIST(list);
}

static void
show_signature(GcaVerifyView *self, const GcaReport *report)
{
    GcaHolder *holder = gca_report_get_holder(report);
    GDateTime *time = gca_report_get_signing_time(report);
    g_autofree char *groups = gca_text_group_hex(gca_report_get_sha256(report));
    GcaFactList *list = add_facts(self);

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

/* The account's CA decides nothing here: its profile may not be on this computer. */
static void
show_request(GcaVerifyView *self, const GcaRequest *request)
{
    if (request == NULL)
        return;
    gtk_box_reorder_child(self->report, self->request_heading, -1);
    gtk_widget_show(self->request_heading);
    GcaFactList *list = add_facts(self);
    g_autofree char *created = gca_text_moment(gca_request_get_created(request));
    gca_request_facts_add(list, request, NULL, NULL);
    gca_fact_list_add(list, _("Made at"), created);
}

static void
on_examined(gpointer owner, gpointer result, const GError *error)
{
    GcaVerifyView *self = owner;
    const GcaReport *report = result;

    if (error != NULL) {
        gtk_stack_set_visible_child_name(self->stack, "trouble");
        gca_error_view_show(self->error_view, error);
        return;
    }
    GPtrArray *checks = gca_report_get_checks(report);
    show_verdict(self, gca_report_get_verdict(report));
    for (guint i = 0; i < checks->len; i++)
        add_check(self, g_ptr_array_index(checks, i));
    show_signature(self, report);
    show_request(self, gca_report_get_request(report));
    gtk_stack_set_visible_child_name(self->stack, "report");
    gtk_widget_grab_focus(GTK_WIDGET(self->verdict)); /* read out first */
    gtk_label_select_region(self->verdict, 0, 0);
}

/* ---- its making ---- */

static void
gca_verify_view_finalize(GObject *object)
{
    g_free(GCA_VERIFY_VIEW(object)->path);
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
    gtk_widget_class_bind_template_child(widget, GcaVerifyView, checks);
    gtk_widget_class_bind_template_child(widget, GcaVerifyView, report);
    gtk_widget_class_bind_template_child(widget, GcaVerifyView, request_heading);
}

static void
gca_verify_view_init(GcaVerifyView *self)
{
    gtk_widget_init_template(GTK_WIDGET(self));
    self->error_view = GCA_ERROR_VIEW(gca_error_view_new());
    gtk_container_add(self->trouble, GTK_WIDGET(self->error_view));
}

GtkWidget *
gca_verify_view_new(const char *path)
{
    GcaVerifyView *self = g_object_new(GCA_TYPE_VERIFY_VIEW, NULL);
    const GcaWork work = {
        .lane = GCA_LANE_OTHER,
        .run = examine,
        .done = on_examined,
        .data = g_strdup(path),
        .free_data = g_free,
        .free_result = (GDestroyNotify) gca_report_free,
    };

    self->path = g_strdup(path);
    gca_task_start(self, &work, NULL);
    return GTK_WIDGET(self);
}
