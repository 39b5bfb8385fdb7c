#include "config.h"

#include "base/error.h"
#include "gui/field-error.h"
#include "gui/live-task.h"
#include "gui/pages.h"
#include "gui/pages/hosts/host-check.h"

#include <glib/gi18n.h>

#define GCA_TYPE_HOSTS_PAGE (gca_hosts_page_get_type())
G_DECLARE_FINAL_TYPE(GcaHostsPage, gca_hosts_page, GCA, HOSTS_PAGE, GcaAssistantPage)

struct _GcaHostsPage {
    GcaAssistantPage parent;
    GtkLabel *intro;
    GtkWidget *field;
    GtkTextView *text;
    GtkTextBuffer *buffer;
    GcaFieldError *error;
    GtkLabel *count;
    GtkListBox *names;
    GtkWidget *subject_frame;
    GtkLabel *subject;
    GtkWidget *warnings_box;
    GtkLabel *warnings;

    GcaApplicationDraft *draft;
    GcaLiveTask *check;
};

G_DEFINE_FINAL_TYPE(GcaHostsPage, gca_hosts_page, GCA_TYPE_ASSISTANT_PAGE)

/* ---- checking what is typed ---- */

typedef struct {
    GStrv names;
    char *oid;
    GcaProfile *profile;
} Question;

static void
question_free(gpointer data)
{
    Question *question = data;

    g_strfreev(question->names);
    g_free(question->oid);
    gca_profile_unref(question->profile);
    g_free(question);
}

static gpointer
check(gpointer data, GcaInteraction *interaction, GcaCancel *cancel, GError **error)
{
    const Question *question = data;

    return gca_host_check_new((const char *const *) question->names, question->oid,
                              question->profile);
}

static gpointer
ask_names(gpointer owner)
{
    const GcaApplicationDraft *draft = GCA_HOSTS_PAGE(owner)->draft;
    g_auto(GStrv) names = gca_application_draft_list_hosts(draft);

    if (names[0] == NULL || draft->oid == NULL || draft->folder != NULL)
        return NULL;
    Question *question = g_new0(Question, 1);
    question->names = g_steal_pointer(&names);
    question->oid = g_strdup(draft->oid);
    question->profile = gca_profile_ref(draft->profile);
    return question;
}

/* ---- showing what was found ---- */

static void
empty_names(GcaHostsPage *self)
{
    g_autoptr(GList) rows = gtk_container_get_children(GTK_CONTAINER(self->names));

    for (GList *at = rows; at != NULL; at = at->next)
        gtk_widget_destroy(at->data);
    gtk_widget_hide(GTK_WIDGET(self->names));
}

typedef enum { ROW_GOOD, ROW_REPEATED, ROW_WRONG } RowState;

static void
add_row(GcaHostsPage *self, RowState state, const char *line)
{
    static const struct {
        const char *icon, *word;
    } signs[] = {
        [ROW_GOOD] = {"object-select-symbolic", N_("good")},
        [ROW_REPEATED] = {"dialog-warning-symbolic", N_("given twice")},
        [ROW_WRONG] = {"dialog-error-symbolic", N_("wrong")},
    };
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
    GtkWidget *icon = gtk_image_new_from_icon_name(signs[state].icon, GTK_ICON_SIZE_MENU);
    GtkWidget *label = gtk_label_new(line);

    gtk_widget_set_valign(icon, GTK_ALIGN_START);
    atk_object_set_name(gtk_widget_get_accessible(icon), _(signs[state].word));
    gtk_label_set_xalign(GTK_LABEL(label), 0);
    gtk_label_set_line_wrap(GTK_LABEL(label), TRUE);
    gtk_label_set_line_wrap_mode(GTK_LABEL(label), PANGO_WRAP_WORD_CHAR);
    g_object_set(box, "margin", 6, NULL);
    gtk_container_add(GTK_CONTAINER(box), icon);
    gtk_container_add(GTK_CONTAINER(box), label);
    gtk_container_add(GTK_CONTAINER(self->names), box);
    GtkWidget *row = gtk_widget_get_parent(box);
    gtk_list_box_row_set_activatable(GTK_LIST_BOX_ROW(row), FALSE);
    atk_object_set_name(gtk_widget_get_accessible(row), line);
    gtk_widget_show_all(row);
    gtk_widget_show(GTK_WIDGET(self->names));
}

static void
add_host(GcaHostsPage *self, const GcaHost *host)
{
    if (host->fault != NULL) {
        add_row(self, ROW_WRONG, host->fault);
        return;
    }
    g_autofree char *name = host->unicode ? g_strdup_printf("%s  –  %s", host->unicode, host->ascii)
                                          : g_strdup(host->ascii);
    g_autofree char *repeated =
        host->is_repeated ? g_strdup_printf(_("%s is given twice; it is taken once."), name) : NULL;
    add_row(self, repeated ? ROW_REPEATED : ROW_GOOD, repeated ? repeated : name);
}

/* Of one name its own reason, of several how many there are: the list has the reasons. */
static char *
dup_error(const GcaHostCheck *result)
{
    const char *hint = result->error ? gca_error_get_hint(result->error) : NULL;

    if (result->n_wrong == 1) {
        for (guint i = 0; i < result->hosts->len; i++) {
            const GcaHost *host = result->hosts->pdata[i];
            if (host->fault != NULL)
                return g_strdup(host->fault);
        }
    }
    if (result->n_wrong > 0)
        return g_strdup_printf(ngettext("%u name cannot be used; the list says why.",
                                        "%u names cannot be used; the list says why.",
                                        result->n_wrong),
                               result->n_wrong);
    return result->error ? g_strjoin("\n", result->error->message, hint, NULL) : NULL;
}

/* Above the list; hidden where there is nothing to be counted. */
static void
show_count(GcaHostsPage *self, guint n_good, guint n_wrong)
{
    guint total = n_good + n_wrong;
    g_autofree char *count =
        n_wrong > 0 ? g_strdup_printf(ngettext("%u of %u host name can be used:",
                                               "%u of %u host names can be used:", total),
                                      n_good, total)
                    : g_strdup_printf(ngettext("%u host name:", "%u host names:", n_good), n_good);

    gtk_label_set_text(self->count, count);
    gtk_widget_set_visible(GTK_WIDGET(self->count), total > 0);
}

static void
show_subject(GcaHostsPage *self, const char *subject, const char *warnings)
{
    gtk_widget_set_visible(self->subject_frame, subject != NULL);
    gtk_label_set_text(self->subject, subject ? subject : "");
    gtk_label_set_text(self->warnings, warnings);
    gtk_widget_set_visible(self->warnings_box, *warnings != '\0');
}

static void
on_checked(gpointer owner, gpointer data, const GError *error)
{
    GcaHostsPage *self = owner;
    const GcaHostCheck *result = data;
    g_autofree char *warnings = NULL;

    gca_assistant_page_fail(GCA_ASSISTANT_PAGE(self), error);
    if (result == NULL)
        return;
    g_autofree char *trouble = dup_error(result);
    warnings = result->warnings ? g_strjoinv("\n", result->warnings) : g_strdup("");
    gca_field_error_show(self->error, GCA_FIELD_WRONG, trouble);
    show_count(self, result->n_good, result->n_wrong);
    empty_names(self);
    for (guint i = 0; i < result->hosts->len; i++)
        add_host(self, g_ptr_array_index(result->hosts, i));
    show_subject(self, result->subject, warnings);
    gca_assistant_page_set_complete(GCA_ASSISTANT_PAGE(self), result->subject != NULL);
}

/* ---- typing ---- */

static void
on_changed(GcaHostsPage *self)
{
    GtkTextIter start, end;

    if (self->draft == NULL || self->draft->folder != NULL)
        return;
    gtk_text_buffer_get_bounds(self->buffer, &start, &end);
    g_free(self->draft->hosts);
    self->draft->hosts = gtk_text_buffer_get_text(self->buffer, &start, &end, FALSE);
    gca_assistant_page_set_complete(GCA_ASSISTANT_PAGE(self), FALSE);
    gca_live_task_touch(self->check);
    g_auto(GStrv) names = gca_application_draft_list_hosts(self->draft);
    if (names[0] != NULL)
        return;
    empty_names(self);
    gca_field_error_show(self->error, GCA_FIELD_WRONG, NULL);
    show_count(self, 0, 0);
    show_subject(self, NULL, "");
}

/* ---- the page ---- */

/* What the CA takes in one certificate. */
static void
show_intro(GcaHostsPage *self)
{
    guint limit = gca_profile_get_names_per_certificate(self->draft->profile);

    if (limit == 1) {
        gtk_label_set_text(self->intro,
                           _("For which host name is the certificate? This CA takes one in a "
                             "certificate: for another name make another request."));
    } else if (limit > 1) {
        g_autofree char *several = g_strdup_printf(
            _("For which host names is the certificate? One a line, at most %u; the first one is "
              "its main name (CN) and stands on the application form."),
            limit);
        gtk_label_set_text(self->intro, several);
    }
}

/* There is nothing to be typed any more: the list alone has the names. */
static void
show_made(GcaHostsPage *self)
{
    const GcaRequestFolder *folder = self->draft->folder;
    const char *const *names = gca_request_folder_get_names(folder);
    g_autofree char *subject = gca_name_to_string(gca_request_folder_get_subject(folder));

    gtk_label_set_text(self->intro,
                       _("The request is made: its host names stay as they are. For other names, "
                         "choose “Cancel” and make another request."));
    gtk_widget_hide(self->field);
    gca_field_error_show(self->error, GCA_FIELD_WRONG, NULL);
    show_count(self, g_strv_length((char **) names), 0);
    empty_names(self);
    for (guint i = 0; names[i] != NULL; i++)
        add_row(self, ROW_GOOD, names[i]);
    show_subject(self, subject, "");
    gca_assistant_page_set_complete(GCA_ASSISTANT_PAGE(self), TRUE);
}

/* The agency may be another one than before. */
static void
gca_hosts_page_enter(GcaAssistantPage *page)
{
    GcaHostsPage *self = GCA_HOSTS_PAGE(page);

    if (self->draft->folder != NULL) {
        show_made(self);
        return;
    }
    show_intro(self);
    gca_assistant_page_set_complete(page, FALSE);
    gca_live_task_touch_now(self->check);
}

static void
gca_hosts_page_dispose(GObject *object)
{
    g_clear_object(&GCA_HOSTS_PAGE(object)->check);
    G_OBJECT_CLASS(gca_hosts_page_parent_class)->dispose(object);
}

static void
gca_hosts_page_finalize(GObject *object)
{
    gca_application_draft_unref(GCA_HOSTS_PAGE(object)->draft);
    G_OBJECT_CLASS(gca_hosts_page_parent_class)->finalize(object);
}

static void
gca_hosts_page_class_init(GcaHostsPageClass *class)
{
    GtkWidgetClass *widget = GTK_WIDGET_CLASS(class);

    G_OBJECT_CLASS(class)->dispose = gca_hosts_page_dispose;
    G_OBJECT_CLASS(class)->finalize = gca_hosts_page_finalize;
    GCA_ASSISTANT_PAGE_CLASS(class)->enter = gca_hosts_page_enter;
    gtk_widget_class_set_template_from_resource(widget, "/tw/gca_toolkit/Wizard/hosts-page.ui");
    gtk_widget_class_bind_template_child(widget, GcaHostsPage, intro);
    gtk_widget_class_bind_template_child(widget, GcaHostsPage, field);
    gtk_widget_class_bind_template_child(widget, GcaHostsPage, text);
    gtk_widget_class_bind_template_child(widget, GcaHostsPage, buffer);
    gtk_widget_class_bind_template_child(widget, GcaHostsPage, error);
    gtk_widget_class_bind_template_child(widget, GcaHostsPage, count);
    gtk_widget_class_bind_template_child(widget, GcaHostsPage, names);
    gtk_widget_class_bind_template_child(widget, GcaHostsPage, subject_frame);
    gtk_widget_class_bind_template_child(widget, GcaHostsPage, subject);
    gtk_widget_class_bind_template_child(widget, GcaHostsPage, warnings_box);
    gtk_widget_class_bind_template_child(widget, GcaHostsPage, warnings);
    gtk_widget_class_bind_template_callback(widget, on_changed);
}

static void
gca_hosts_page_init(GcaHostsPage *self)
{
    const GcaWork work = {
        .lane = GCA_LANE_OTHER,
        .run = check,
        .done = on_checked,
        .free_data = question_free,
        .free_result = (GDestroyNotify) gca_host_check_free,
    };

    g_type_ensure(GCA_TYPE_FIELD_ERROR);
    gtk_widget_init_template(GTK_WIDGET(self));
    gca_field_error_set_field(self->error, GTK_WIDGET(self->text));
    self->check = gca_live_task_new(self, &work, ask_names);
}

GcaAssistantPage *
gca_hosts_page_new(GcaApplicationDraft *draft)
{
    GcaHostsPage *self = g_object_new(GCA_TYPE_HOSTS_PAGE, NULL);

    self->draft = gca_application_draft_ref(draft);
    return GCA_ASSISTANT_PAGE(self);
}
