#include "config.h"

#include "base/error.h"
#include "base/text.h"
#include "flow/account-status.h"
#include "flow/certbot.h"
#include "gui/copy-button.h"
#include "gui/exact-label.h"
#include "gui/focus.h"
#include "gui/hand-in.h"
#include "gui/pages.h"

#include <glib/gi18n.h>

#define GCA_TYPE_RESULT_PAGE (gca_result_page_get_type())
G_DECLARE_FINAL_TYPE(GcaResultPage, gca_result_page, GCA, RESULT_PAGE, GcaAssistantPage)

struct _GcaResultPage {
    GcaAssistantPage parent;
    GtkBox *file_lines;
    GtkSizeGroup *file_heads;
    GcaHandIn *hand_in;
    GtkBox *page_lines;
    GtkWidget *status_box;
    GtkLabel *status;
    GtkWidget *commands_box;
    GtkBox *commands;
    GtkSizeGroup *numbers;

    GcaPreregDraft *draft;
};

G_DEFINE_FINAL_TYPE(GcaResultPage, gca_result_page, GCA_TYPE_ASSISTANT_PAGE)

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

    if (error != NULL && !g_error_matches(error, GCA_ERROR, GCA_ERROR_CANCELLED))
        gca_assistant_page_fail(owner, error);
    if (report == NULL)
        return;
    g_autofree char *text =
        report->advice ? g_strconcat(report->text, "\n", report->advice, NULL) : NULL;
    gtk_label_set_text(self->status, text ? text : report->text);
    gtk_widget_show(GTK_WIDGET(self->status));
    gca_focus_soon(GTK_WIDGET(self->status)); /* read out */
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

/* Where the file is sent to nobody, its content is entered there. */
static void
show_page(GcaResultPage *self, const GcaProfile *profile)
{
    const char *page = gca_profile_get_page(profile);

    if (page == NULL || gca_profile_get_endpoint(profile) != NULL)
        return;
    g_autofree char *shown = gca_text_escape(page);
    add_line(self->page_lines, self->file_heads, _("The CA's page"), shown, _("Copy the address"),
             page);
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
    gca_hand_in_show(self->hand_in, self->draft->path, gca_prereg_get_profile(prereg));
    show_page(self, gca_prereg_get_profile(prereg));
    /* the CA answers none but the holder of the account's key, whose signature the proof is */
    gtk_widget_set_visible(self->status_box, gca_request_has_proof(gca_prereg_get_request(prereg)));
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
    gtk_widget_class_bind_template_child(widget, GcaResultPage, hand_in);
    gtk_widget_class_bind_template_child(widget, GcaResultPage, page_lines);
    gtk_widget_class_bind_template_child(widget, GcaResultPage, status_box);
    gtk_widget_class_bind_template_child(widget, GcaResultPage, status);
    gtk_widget_class_bind_template_child(widget, GcaResultPage, commands_box);
    gtk_widget_class_bind_template_child(widget, GcaResultPage, commands);
    gtk_widget_class_bind_template_child(widget, GcaResultPage, numbers);
    gtk_widget_class_bind_template_callback(widget, on_show_folder);
    gtk_widget_class_bind_template_callback(widget, on_status);
}

static void
gca_result_page_init(GcaResultPage *self)
{
    g_type_ensure(GCA_TYPE_HAND_IN);
    gtk_widget_init_template(GTK_WIDGET(self));
}

GcaAssistantPage *
gca_result_page_new(GcaPreregDraft *draft)
{
    GcaResultPage *self = g_object_new(GCA_TYPE_RESULT_PAGE, NULL);

    self->draft = gca_prereg_draft_ref(draft);
    return GCA_ASSISTANT_PAGE(self);
}
