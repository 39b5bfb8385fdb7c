#include "config.h"

#include "gui/hand-in.h"

#include "base/error.h"
#include "base/text.h"
#include "flow/submit.h"
#include "gui/busy-view.h"
#include "gui/error-view.h"
#include "gui/focus.h"
#include "gui/task.h"
#include "gui/window-interaction.h"

#include <glib/gi18n.h>

struct _GcaHandIn {
    GtkBox parent;
    GtkLabel *way;
    GtkWidget *send;
    GcaBusyView *busy;
    GtkLabel *sent;

    GcaErrorView *error_view;
    char *path;
    GcaTask *task; /* sends; or NULL */
};

G_DEFINE_FINAL_TYPE(GcaHandIn, gca_hand_in, GTK_TYPE_BOX)

/* ---- in the thread ---- */

static gpointer
submit(gpointer data, GcaInteraction *interaction, GcaCancel *cancel, GError **error)
{
    const char *const paths[] = {data, NULL};
    const GcaSubmitWish wish = {.paths = paths};

    return gca_submit_run(&wish, interaction, cancel, error);
}

/* ---- what has come of it ---- */

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

static char *
describe(const GcaSubmission *submission)
{
    const char *state = gca_submit_state_to_string(submission->state);
    g_autofree char *receipt = submission->received ? describe_receipt(submission) : NULL;

    if (receipt != NULL)
        return g_strdup_printf(_("%s: %s"), state, receipt);
    if (submission->state == GCA_SUBMIT_WAITING)
        return g_strdup(_("It waits in the outbox. Send it again here, or later with “gca-prereg "
                          "submit”."));
    return g_strdup(state);
}

static void
show_failure(GcaHandIn *self, const GError *error)
{
    gca_error_view_show(self->error_view, error);
    gca_focus_soon(GTK_WIDGET(self->error_view));
}

/* Read out, for it gets the focus, unless an error has more to tell. */
static void
show_submission(GcaHandIn *self, const GcaSubmission *submission)
{
    g_autofree char *text = describe(submission);

    gtk_label_set_text(self->sent, text);
    gtk_widget_show(GTK_WIDGET(self->sent));
    gtk_widget_set_sensitive(self->send, submission->received == NULL);
    if (submission->error != NULL)
        show_failure(self, submission->error);
    else
        gca_focus_soon(GTK_WIDGET(self->sent));
}

static void
on_submitted(gpointer owner, gpointer result, const GError *error)
{
    GcaHandIn *self = owner;
    const GPtrArray *submissions = result;

    self->task = NULL;
    gca_busy_view_end(self->busy);
    gtk_widget_hide(GTK_WIDGET(self->busy));
    gtk_widget_set_sensitive(self->send, TRUE);
    gtk_widget_grab_focus(self->send);
    if (submissions != NULL)
        show_submission(self, g_ptr_array_index(submissions, 0));
    else if (!g_error_matches(error, GCA_ERROR, GCA_ERROR_CANCELLED))
        show_failure(self, error);
}

/* ---- sending ---- */

static void
on_notice(GcaHandIn *self, int kind, const char *text)
{
    gca_busy_view_set_notice(self->busy, text, NULL);
}

static void
on_send(GcaHandIn *self)
{
    GtkWindow *window = GTK_WINDOW(gtk_widget_get_toplevel(GTK_WIDGET(self)));
    g_autoptr(GcaWindowInteraction) interaction = gca_window_interaction_new(window);
    const GcaWork work = {
        .lane = GCA_LANE_OTHER,
        .run = submit,
        .done = on_submitted,
        .data = g_strdup(self->path),
        .free_data = g_free,
        .free_result = (GDestroyNotify) g_ptr_array_unref,
    };

    gca_error_view_show(self->error_view, NULL);
    gtk_widget_set_sensitive(self->send, FALSE);
    gtk_widget_show(GTK_WIDGET(self->busy));
    gca_busy_view_begin(self->busy, _("Handing the request in …"));
    g_signal_connect_object(interaction, "notice", G_CALLBACK(on_notice), self, G_CONNECT_SWAPPED);
    self->task = gca_task_start(self, &work, GCA_INTERACTION(interaction));
}

static void
on_stopped(GcaHandIn *self)
{
    if (self->task != NULL)
        gca_task_cancel(self->task);
}

/* Where the profile knows no address, what it says of the way. */
void
gca_hand_in_show(GcaHandIn *self, const char *path, const GcaProfile *profile)
{
    const char *endpoint = profile ? gca_profile_get_endpoint(profile) : NULL;
    const char *next = profile ? gca_profile_get_next_step(profile) : NULL;
    g_autofree char *shown = endpoint ? gca_text_escape(endpoint) : NULL;
    g_autofree char *sending = shown ? g_strdup_printf(_("It goes to %s."), shown) : NULL;

    g_free(self->path);
    self->path = g_strdup(path);
    gtk_label_set_text(self->way,
                       sending ? sending : (next ? next : _("Ask the CA how it takes the file.")));
    gtk_widget_set_visible(self->send, endpoint != NULL);
}

/* ---- its making ---- */

static void
gca_hand_in_finalize(GObject *object)
{
    g_free(GCA_HAND_IN(object)->path);
    G_OBJECT_CLASS(gca_hand_in_parent_class)->finalize(object);
}

static void
gca_hand_in_class_init(GcaHandInClass *class)
{
    GtkWidgetClass *widget = GTK_WIDGET_CLASS(class);

    G_OBJECT_CLASS(class)->finalize = gca_hand_in_finalize;
    gtk_widget_class_set_template_from_resource(widget, "/tw/gca_toolkit/Wizard/hand-in.ui");
    gtk_widget_class_bind_template_child(widget, GcaHandIn, way);
    gtk_widget_class_bind_template_child(widget, GcaHandIn, send);
    gtk_widget_class_bind_template_child(widget, GcaHandIn, busy);
    gtk_widget_class_bind_template_child(widget, GcaHandIn, sent);
    gtk_widget_class_bind_template_callback(widget, on_send);
    gtk_widget_class_bind_template_callback(widget, on_stopped);
}

static void
gca_hand_in_init(GcaHandIn *self)
{
    g_type_ensure(GCA_TYPE_BUSY_VIEW);
    gtk_widget_init_template(GTK_WIDGET(self));
    self->error_view = GCA_ERROR_VIEW(gca_error_view_new());
    gtk_container_add(GTK_CONTAINER(self), GTK_WIDGET(self->error_view));
}
