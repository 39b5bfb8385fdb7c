#include "config.h"

#include "base/error.h"
#include "base/text.h"
#include "flow/account-status.h"
#include "flow/certbot.h"
#include "flow/submit.h"
#include "gui/copy-button.h"
#include "gui/exact-label.h"
#include "gui/pages.h"

#include <glib/gi18n.h>

#define GCA_TYPE_RESULT_PAGE (gca_result_page_get_type())
G_DECLARE_FINAL_TYPE(GcaResultPage, gca_result_page, GCA, RESULT_PAGE, GcaAssistantPage)

struct _GcaResultPage {
    GcaAssistantPage parent;
    GtkBox *file_lines;
    GtkSizeGroup *file_heads;
    GtkLabel *way;
    GtkButton *send;
    GtkLabel *sent;
    GtkLabel *status;
    GtkWidget *commands_box;
    GtkBox *commands;
    GtkSizeGroup *numbers;

    GcaPreregDraft *draft;
};

G_DEFINE_FINAL_TYPE(GcaResultPage, gca_result_page, GCA_TYPE_ASSISTANT_PAGE)

/* A sentence that has just come: read out, for it gets the focus. */
static void
tell(GtkLabel *label, const char *sentence)
{
    gtk_label_set_text(label, sentence);
    gtk_widget_show(GTK_WIDGET(label));
    gtk_widget_grab_focus(GTK_WIDGET(label));
    gtk_label_select_region(label, 0, 0);
}

/* ---- handing in ---- */

static gpointer
submit(gpointer data, GcaInteraction *interaction, GcaCancel *cancel, GError **error)
{
    const char *const paths[] = {data, NULL};
    const GcaSubmitWish wish = {.paths = paths};

    return gca_submit_run(&wish, interaction, cancel, error);
}

static char *
describe_receipt(const GcaSubmission *submission)
{
    const GcaReceipt *receipt = submission->received;
    g_autofree char *id = gca_text_escape(gca_receipt_get_id(receipt));
    g_autofree char *time = gca_text_moment(gca_receipt_get_received(receipt));
    g_autofree char *shown = gca_text_escape(submission->receipt);

    if (gca_receipt_is_pending(receipt))
        return g_strdup_printf(_("received %s as “%s”, not decided yet\nreceipt: %s"), time, id,
                               shown);
    return g_strdup_printf(_("received %s as “%s”\nreceipt: %s"), time, id, shown);
}

static void
show_submission(GcaResultPage *self, const GcaSubmission *submission)
{
    const char *state = gca_submit_state_to_string(submission->state);

    if (submission->received != NULL) {
        g_autofree char *receipt = describe_receipt(submission);
        g_autofree char *text = g_strdup_printf(_("%s: %s"), state, receipt);
        gtk_widget_set_sensitive(GTK_WIDGET(self->send), FALSE);
        tell(self->sent, text);
        return;
    }
    gtk_label_set_text(self->sent,
                       submission->state == GCA_SUBMIT_WAITING
                           ? _("It waits in the outbox. Send it again here, or later with "
                               "“gca-prereg submit”.")
                           : state);
    gtk_widget_show(GTK_WIDGET(self->sent));
    gca_assistant_page_fail(GCA_ASSISTANT_PAGE(self), submission->error);
}

static void
on_submitted(gpointer owner, gpointer result, const GError *error)
{
    const GPtrArray *submissions = result;

    if (error != NULL && !g_error_matches(error, GCA_ERROR, GCA_ERROR_CANCELLED))
        gca_assistant_page_fail(owner, error);
    if (submissions != NULL)
        show_submission(owner, g_ptr_array_index(submissions, 0));
}

static void
on_send(GcaResultPage *self)
{
    const GcaWork work = {
        .lane = GCA_LANE_OTHER,
        .run = submit,
        .done = on_submitted,
        .data = g_strdup(self->draft->path),
        .free_data = g_free,
        .free_result = (GDestroyNotify) g_ptr_array_unref,
    };

    gca_assistant_page_fail(GCA_ASSISTANT_PAGE(self), NULL);
    gca_assistant_page_run(GCA_ASSISTANT_PAGE(self), &work, _("Handing the request in …"));
}

/* Where the profile knows no address, what it says of the way. */
static void
show_way(GcaResultPage *self, const GcaProfile *profile)
{
    const char *endpoint = gca_profile_get_endpoint(profile);
    const char *next = gca_profile_get_next_step(profile);
    g_autofree char *shown = endpoint ? gca_text_escape(endpoint) : NULL;
    g_autofree char *sending = shown ? g_strdup_printf(_("It goes to %s."), shown) : NULL;

    gtk_label_set_text(self->way,
                       sending ? sending : (next ? next : _("Ask the CA how it takes the file.")));
    gtk_widget_set_visible(GTK_WIDGET(self->send), endpoint != NULL);
}

/* ---- what the CA's server says ---- */

typedef struct {
    char *account;
    char *profile;
} Question;

static void
question_free(gpointer data)
{
    Question *question = data;

    g_free(question->account);
    g_free(question->profile);
    g_free(question);
}

static gpointer
ask(gpointer data, GcaInteraction *interaction, GcaCancel *cancel, GError **error)
{
    const Question *question = data;
    const GcaStatusWish wish = {.account = question->account, .profile = question->profile};

    return gca_status_ask(&wish, interaction, cancel, error);
}

static void
on_answered(gpointer owner, gpointer result, const GError *error)
{
    GcaResultPage *self = owner;
    const GcaStatusReport *report = result;
    g_autoptr(GError) told = error ? g_error_copy(error) : NULL;

    if (g_error_matches(error, GCA_ERROR, GCA_ERROR_NO_KEY))
        gca_error_set_hint(&told, _("Only the holder of the account's key gets an answer: ask on "
                                    "the server where it lies, with “gca-prereg status”."));
    if (error != NULL && !g_error_matches(error, GCA_ERROR, GCA_ERROR_CANCELLED))
        gca_assistant_page_fail(owner, told);
    if (report == NULL)
        return;
    g_autofree char *text =
        report->advice ? g_strconcat(report->text, "\n", report->advice, NULL) : NULL;
    tell(self->status, text ? text : report->text);
}

static void
on_status(GcaResultPage *self)
{
    Question *question = g_new0(Question, 1);
    const GcaWork work = {
        .lane = GCA_LANE_OTHER,
        .run = ask,
        .done = on_answered,
        .data = question,
        .free_data = question_free,
        .free_result = (GDestroyNotify) gca_status_report_free,
    };

    question->account = g_strdup(self->draft->account);
    question->profile = g_strdup(gca_profile_get_name(self->draft->profile));
    gca_assistant_page_fail(GCA_ASSISTANT_PAGE(self), NULL);
    gca_assistant_page_run(GCA_ASSISTANT_PAGE(self), &work, _("Asking the CA's server …"));
}

/* ---- what is there now ---- */

/* `shown` beside `title`, and a button that copies `text`. */
static void
add_line(GtkBox *lines, GtkSizeGroup *heads, const char *title, const char *shown,
         const char *copy_name, const char *text)
{
    GtkWidget *line = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 12);
    GtkWidget *value = gca_exact_label_new(shown);
    GtkWidget *head = g_object_new(GTK_TYPE_LABEL, "label", title, "xalign", 0.0, "yalign", 0.0,
                                   "visible", TRUE, NULL);

    gtk_style_context_add_class(gtk_widget_get_style_context(head), GTK_STYLE_CLASS_DIM_LABEL);
    gtk_style_context_add_class(gtk_widget_get_style_context(value), GTK_STYLE_CLASS_MONOSPACE);
    gtk_label_set_mnemonic_widget(GTK_LABEL(head), value);
    gtk_size_group_add_widget(heads, head);
    gtk_box_pack_start(GTK_BOX(line), head, FALSE, FALSE, 0);
    gtk_box_pack_start(GTK_BOX(line), value, TRUE, TRUE, 0);
    gtk_box_pack_start(GTK_BOX(line), gca_copy_button_new(copy_name, text), FALSE, FALSE, 0);
    gtk_widget_show(line);
    gtk_container_add(GTK_CONTAINER(lines), line);
}

static void
show_file(GcaResultPage *self)
{
    g_autofree char *sha256 = gca_text_sha256(self->draft->message);
    g_autofree char *groups = gca_text_group_hex(sha256);
    g_autofree char *path = gca_text_escape(self->draft->path);

    add_line(self->file_lines, self->file_heads, _("Saved as"), path, _("Copy the path"),
             self->draft->path);
    add_line(self->file_lines, self->file_heads, "SHA-256", groups, _("Copy the digest"), sha256);
}

static void
show_commands(GcaResultPage *self, const GcaPrereg *prereg)
{
    g_auto(GStrv) commands = gca_certbot_list_commands_for(prereg);

    for (int i = 0; commands != NULL && commands[i] != NULL; i++) {
        g_autofree char *number = g_strdup_printf("%d", i + 1);
        g_autofree char *name = g_strdup_printf(_("Copy command %d"), i + 1);
        add_line(self->commands, self->numbers, number, commands[i], name, commands[i]);
    }
    gtk_widget_set_visible(self->commands_box, commands != NULL);
}

/* There is no way back: it is entered once. */
static void
gca_result_page_enter(GcaAssistantPage *page)
{
    GcaResultPage *self = GCA_RESULT_PAGE(page);
    const GcaPrereg *prereg = self->draft->prereg;

    show_file(self);
    show_way(self, gca_prereg_get_profile(prereg));
    show_commands(self, prereg);
}

static void
on_show_folder(GcaResultPage *self)
{
    GtkWindow *window = GTK_WINDOW(gtk_widget_get_toplevel(GTK_WIDGET(self)));
    g_autofree char *folder = g_path_get_dirname(self->draft->path);
    g_autofree char *uri = g_filename_to_uri(folder, NULL, NULL);
    g_autofree char *shown = gca_text_escape(folder);
    g_autoptr(GError) trouble = NULL;

    if (uri != NULL && gtk_show_uri_on_window(window, uri, gtk_get_current_event_time(), &trouble))
        return;
    g_autofree char *sentence =
        g_strdup_printf(_("No program here can show the folder “%s”."), shown);
    gca_assistant_page_warn(GCA_ASSISTANT_PAGE(self), sentence);
}

/* ---- its making ---- */

static void
gca_result_page_finalize(GObject *object)
{
    gca_prereg_draft_unref(GCA_RESULT_PAGE(object)->draft);
    G_OBJECT_CLASS(gca_result_page_parent_class)->finalize(object);
}

static void
gca_result_page_class_init(GcaResultPageClass *class)
{
    GtkWidgetClass *widget = GTK_WIDGET_CLASS(class);

    G_OBJECT_CLASS(class)->finalize = gca_result_page_finalize;
    GCA_ASSISTANT_PAGE_CLASS(class)->enter = gca_result_page_enter;
    gtk_widget_class_set_template_from_resource(widget, "/tw/gca_toolkit/Wizard/result-page.ui");
    gtk_widget_class_bind_template_child(widget, GcaResultPage, file_lines);
    gtk_widget_class_bind_template_child(widget, GcaResultPage, file_heads);
    gtk_widget_class_bind_template_child(widget, GcaResultPage, way);
    gtk_widget_class_bind_template_child(widget, GcaResultPage, send);
    gtk_widget_class_bind_template_child(widget, GcaResultPage, sent);
    gtk_widget_class_bind_template_child(widget, GcaResultPage, status);
    gtk_widget_class_bind_template_child(widget, GcaResultPage, commands_box);
    gtk_widget_class_bind_template_child(widget, GcaResultPage, commands);
    gtk_widget_class_bind_template_child(widget, GcaResultPage, numbers);
    gtk_widget_class_bind_template_callback(widget, on_show_folder);
    gtk_widget_class_bind_template_callback(widget, on_send);
    gtk_widget_class_bind_template_callback(widget, on_status);
}

static void
gca_result_page_init(GcaResultPage *self)
{
    gtk_widget_init_template(GTK_WIDGET(self));
}

GcaAssistantPage *
gca_result_page_new(GcaPreregDraft *draft)
{
    GcaResultPage *self = g_object_new(GCA_TYPE_RESULT_PAGE, NULL);

    self->draft = gca_prereg_draft_ref(draft);
    return GCA_ASSISTANT_PAGE(self);
}
