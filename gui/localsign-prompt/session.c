#include "config.h"

#include "gui/localsign-prompt/session.h"

#include "base/error.h"
#include "gui/localsign-prompt/asker.h"
#include "gui/localsign-prompt/dialog.h"

#include <glib/gi18n-lib.h>
#include <stdio.h>

struct _GcaConsentSession {
    GcaAsker *asker;
    GtkWidget *dialog;
    GcaConsentDone done;
    gpointer data;
};

/* The asker, so its connection, ends first: it need not wait for the window to vanish. */
static void
finish(GcaConsentSession *self, const GError *error)
{
    GcaConsentDone done = self->done;
    gpointer data = self->data;

    g_clear_pointer(&self->asker, gca_asker_free);
    g_clear_pointer(&self->dialog, gtk_widget_destroy);
    g_free(self);
    done(error, data);
}

static void
on_response(GtkDialog *dialog, int response, gpointer data)
{
    GcaConsentSession *self = data;
    gboolean is_yes = response == GTK_RESPONSE_YES;
    g_autoptr(GcaSecret) pin = gca_consent_dialog_take_pin(GCA_CONSENT_DIALOG(dialog));

    gca_asker_answer(self->asker, is_yes, is_yes ? pin : NULL);
    finish(self, NULL);
}

static void
on_asked(GcaConsentQuestion *asked, const GError *error, gpointer data)
{
    GcaConsentSession *self = data;
    g_autoptr(GcaConsentQuestion) question = asked;
    g_autoptr(GError) gone = NULL;

    if (question == NULL) {
        gca_error_set(&gone, GCA_ERROR_CANCELLED, _("gca-localsign has taken its question back."));
        finish(self, error ? error : gone);
        return;
    }
    self->dialog = gca_consent_dialog_new(question);
    g_signal_connect(self->dialog, "response", G_CALLBACK(on_response), self);
    gtk_window_set_keep_above(GTK_WINDOW(self->dialog), TRUE);
    gtk_widget_show(self->dialog);
}

void
gca_consent_complain(const GError *error)
{
    fprintf(stderr, "%s: %s\n", g_get_prgname(), error->message);
}

void
gca_consent_session_start(int fd, GcaConsentDone done, gpointer data)
{
    g_autoptr(GError) error = NULL;
    GcaConsentSession *self = g_new0(GcaConsentSession, 1);

    self->done = done;
    self->data = data;
    self->asker = gca_asker_new(fd, on_asked, self, &error);
    if (self->asker == NULL)
        finish(self, error);
}
