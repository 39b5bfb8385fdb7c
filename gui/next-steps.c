#include "config.h"

#include "gui/next-steps.h"

#include "base/error.h"
#include "base/text.h"
#include "flow/account-status.h"
#include "flow/certbot.h"
#include "gui/busy-view.h"
#include "gui/copy-line.h"
#include "gui/error-view.h"
#include "gui/focus.h"
#include "gui/hand-in.h"
#include "gui/task.h"
#include "gui/window-interaction.h"

#include <glib/gi18n.h>

struct _GcaNextSteps {
    GtkBox parent;
    GcaHandIn *hand_in;
    GtkBox *page_lines;
    GtkWidget *status_box;
    GtkWidget *ask;
    GcaBusyView *busy;
    GtkLabel *status;
    GtkBox *trouble;
    GtkWidget *commands_box;
    GtkBox *commands;
    GtkSizeGroup *titles;
    GtkSizeGroup *numbers;

    GcaErrorView *error_view;
    char *account; /* its file; or NULL */
    char *profile; /* its name; or NULL */
    GcaTask *task; /* asks the CA; or NULL */
};

G_DEFINE_FINAL_TYPE(GcaNextSteps, gca_next_steps, GTK_TYPE_BOX)

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
show_status(GcaNextSteps *self, const GcaStatusReport *report)
{
    g_autofree char *text =
        report->advice ? g_strconcat(report->text, "\n", report->advice, NULL) : NULL;

    gtk_label_set_text(self->status, text ? text : report->text);
    gtk_widget_show(GTK_WIDGET(self->status));
    gca_focus_soon(GTK_WIDGET(self->status)); /* read out */
}

static void
on_answered(gpointer owner, gpointer result, const GError *error)
{
    GcaNextSteps *self = owner;

    self->task = NULL;
    gca_busy_view_end(self->busy);
    gtk_widget_hide(GTK_WIDGET(self->busy));
    gtk_widget_set_sensitive(self->ask, TRUE);
    gtk_widget_grab_focus(self->ask);
    if (result != NULL) {
        show_status(self, result);
    } else if (!g_error_matches(error, GCA_ERROR, GCA_ERROR_CANCELLED)) {
        gca_error_view_show(self->error_view, error);
        gca_focus_soon(GTK_WIDGET(self->error_view));
    }
}

static void
on_notice(GcaNextSteps *self, int kind, const char *text)
{
    gca_busy_view_set_notice(self->busy, text, NULL);
}

static void
on_ask(GcaNextSteps *self)
{
    GtkWindow *window = GTK_WINDOW(gtk_widget_get_toplevel(GTK_WIDGET(self)));
    g_autoptr(GcaWindowInteraction) interaction = gca_window_interaction_new(window);
    Question *question = g_new0(Question, 1);
    const GcaWork work = {
        .lane = GCA_LANE_OTHER,
        .run = ask,
        .done = on_answered,
        .data = question,
        .free_data = question_free,
        .free_result = (GDestroyNotify) gca_status_report_free,
    };

    question->account = g_strdup(self->account);
    question->profile = g_strdup(self->profile);
    gca_error_view_show(self->error_view, NULL);
    gtk_widget_set_sensitive(self->ask, FALSE);
    gtk_widget_show(GTK_WIDGET(self->busy));
    gca_busy_view_begin(self->busy, _("Asking the CA's server …"));
    g_signal_connect_object(interaction, "notice", G_CALLBACK(on_notice), self, G_CONNECT_SWAPPED);
    self->task = gca_task_start(self, &work, GCA_INTERACTION(interaction));
}

static void
on_stopped(GcaNextSteps *self)
{
    if (self->task != NULL)
        gca_task_cancel(self->task);
}

/* ---- what is to be done ---- */

/* The CA answers none but the holder of the account's key, whose signature the proof is. */
static void
offer_status(GcaNextSteps *self, const GcaRequest *request, const GcaProfile *profile,
             GcaAccount *account)
{
    g_free(self->account);
    self->account = g_strdup(account ? gca_account_get_path(account) : NULL);
    g_free(self->profile);
    self->profile = g_strdup(profile ? gca_profile_get_name(profile) : NULL);
    gtk_widget_set_visible(self->status_box,
                           self->account != NULL && gca_request_has_proof(request));
}

/* Where the file is sent to nobody, its content is entered there. */
static void
show_page(GcaNextSteps *self, const GcaProfile *profile)
{
    const char *page =
        profile && gca_profile_get_endpoint(profile) == NULL ? gca_profile_get_page(profile) : NULL;

    gtk_widget_set_visible(GTK_WIDGET(self->page_lines), page != NULL);
    if (page == NULL)
        return;
    g_autofree char *shown = gca_text_escape(page);
    gca_copy_line_add(self->page_lines, self->titles, _("The CA's page"), shown,
                      _("Copy the address"), page);
}

static void
show_commands(GcaNextSteps *self, const GcaRequest *request, const GcaProfile *profile,
              GcaAccount *account)
{
    g_auto(GStrv) commands =
        profile ? gca_certbot_list_commands_for(request, profile, account) : NULL;

    for (int i = 0; commands != NULL && commands[i] != NULL; i++) {
        g_autofree char *number = g_strdup_printf("%d", i + 1);
        g_autofree char *name = g_strdup_printf(_("Copy command %d"), i + 1);
        gca_copy_line_add(self->commands, self->numbers, number, commands[i], name, commands[i]);
    }
    gtk_widget_set_visible(self->commands_box, commands != NULL);
}

static void
empty(GtkBox *lines)
{
    gtk_container_foreach(GTK_CONTAINER(lines), (GtkCallback) (void (*)(void)) gtk_widget_destroy,
                          NULL);
}

void
gca_next_steps_show(GcaNextSteps *self, const char *path, const GcaRequest *request,
                    const GcaProfile *profile, GcaAccount *account)
{
    empty(self->page_lines);
    empty(self->commands);
    gca_hand_in_show(self->hand_in, path, profile);
    show_page(self, profile);
    offer_status(self, request, profile, account);
    show_commands(self, request, profile, account);
}

/* ---- its making ---- */

static void
gca_next_steps_finalize(GObject *object)
{
    GcaNextSteps *self = GCA_NEXT_STEPS(object);

    g_free(self->account);
    g_free(self->profile);
    G_OBJECT_CLASS(gca_next_steps_parent_class)->finalize(object);
}

static void
gca_next_steps_class_init(GcaNextStepsClass *class)
{
    GtkWidgetClass *widget = GTK_WIDGET_CLASS(class);

    G_OBJECT_CLASS(class)->finalize = gca_next_steps_finalize;
    gtk_widget_class_set_template_from_resource(widget, "/tw/gca_toolkit/Wizard/next-steps.ui");
    gtk_widget_class_bind_template_child(widget, GcaNextSteps, hand_in);
    gtk_widget_class_bind_template_child(widget, GcaNextSteps, page_lines);
    gtk_widget_class_bind_template_child(widget, GcaNextSteps, status_box);
    gtk_widget_class_bind_template_child(widget, GcaNextSteps, ask);
    gtk_widget_class_bind_template_child(widget, GcaNextSteps, busy);
    gtk_widget_class_bind_template_child(widget, GcaNextSteps, status);
    gtk_widget_class_bind_template_child(widget, GcaNextSteps, trouble);
    gtk_widget_class_bind_template_child(widget, GcaNextSteps, commands_box);
    gtk_widget_class_bind_template_child(widget, GcaNextSteps, commands);
    gtk_widget_class_bind_template_child(widget, GcaNextSteps, titles);
    gtk_widget_class_bind_template_child(widget, GcaNextSteps, numbers);
    gtk_widget_class_bind_template_callback(widget, on_ask);
    gtk_widget_class_bind_template_callback(widget, on_stopped);
}

static void
gca_next_steps_init(GcaNextSteps *self)
{
    g_type_ensure(GCA_TYPE_BUSY_VIEW);
    g_type_ensure(GCA_TYPE_HAND_IN);
    gtk_widget_init_template(GTK_WIDGET(self));
    self->error_view = GCA_ERROR_VIEW(gca_error_view_new());
    gtk_container_add(GTK_CONTAINER(self->trouble), GTK_WIDGET(self->error_view));
    g_object_bind_property(self->error_view, "visible", self->trouble, "visible",
                           G_BINDING_SYNC_CREATE);
}
