#include "config.h"

#include "gui/window-interaction.h"

#include "base/error.h"
#include "gui/pin-dialog.h"
#include "gui/question-dialog.h"

#include <glib-unix.h>
#include <glib/gi18n.h>

struct _GcaWindowInteraction {
    GObject parent;
    GWeakRef window;
};

static void interaction_init(GcaInteractionInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE(GcaWindowInteraction, gca_window_interaction, G_TYPE_OBJECT,
                              G_IMPLEMENT_INTERFACE(GCA_TYPE_INTERACTION, interaction_init))

enum { PROGRESS, NOTICE, N_SIGNALS };
static guint signals[N_SIGNALS];

/* ---- a question: the thread waits while the main loop shows a dialog ---- */

typedef struct {
    GcaWindowInteraction *interaction;
    GcaCancel *cancel;
    const GcaSecretPrompt *prompt; /* NULL: `text` is a question of yes or no */
    const char *text;
    GtkWidget *dialog; /* main loop only, as the next */
    guint withdrawal;  /* waits for `cancel`; or 0 */
    GMutex lock;
    GCond answered;
    gboolean is_answered;
    gboolean is_yes;
    GcaSecret *secret;
} Question;

static void
answer(Question *question, gboolean is_yes)
{
    if (is_yes && question->prompt != NULL)
        question->secret = gca_pin_dialog_take(GCA_PIN_DIALOG(question->dialog));
    question->dialog = NULL;
    g_clear_handle_id(&question->withdrawal, g_source_remove);
    g_mutex_lock(&question->lock);
    question->is_yes = is_yes;
    question->is_answered = TRUE;
    g_cond_signal(&question->answered); /* `question` is gone after the unlock */
    g_mutex_unlock(&question->lock);
}

static void
on_response(GtkDialog *dialog, int response, Question *question)
{
    g_signal_handlers_disconnect_by_data(dialog, question);
    answer(question, response == GTK_RESPONSE_OK || response == GTK_RESPONSE_YES);
    gtk_widget_destroy(GTK_WIDGET(dialog));
}

/* With its window. */
static void
on_destroy(GtkWidget *dialog, Question *question)
{
    answer(question, FALSE);
}

/* It is requested in any thread. */
static gboolean
on_withdrawn(int fd, GIOCondition condition, gpointer data)
{
    const Question *question = data;

    gtk_dialog_response(GTK_DIALOG(question->dialog), GTK_RESPONSE_CANCEL);
    return G_SOURCE_REMOVE;
}

static GtkWidget *
make_dialog(const Question *question, GtkWindow *window)
{
    if (question->prompt != NULL)
        return gca_pin_dialog_new(window, question->prompt);
    return gca_question_dialog_new(window, GTK_BUTTONS_YES_NO, question->text, NULL);
}

static gboolean
show_question(gpointer data)
{
    Question *question = data;
    g_autoptr(GtkWindow) window = g_weak_ref_get(&question->interaction->window);

    if (window == NULL || gca_cancel_is_requested(question->cancel)) {
        answer(question, FALSE);
        return G_SOURCE_REMOVE;
    }
    question->dialog = make_dialog(question, window);
    gtk_window_set_destroy_with_parent(GTK_WINDOW(question->dialog), TRUE);
    g_signal_connect(question->dialog, "response", G_CALLBACK(on_response), question);
    g_signal_connect(question->dialog, "destroy", G_CALLBACK(on_destroy), question);
    if (question->cancel != NULL)
        question->withdrawal =
            g_unix_fd_add(gca_cancel_get_fd(question->cancel), G_IO_IN, on_withdrawn, question);
    gtk_window_present(GTK_WINDOW(question->dialog));
    return G_SOURCE_REMOVE;
}

static gboolean
ask(Question *question, GError **error)
{
    g_mutex_init(&question->lock);
    g_cond_init(&question->answered);
    g_idle_add(show_question, question);
    g_mutex_lock(&question->lock);
    while (!question->is_answered)
        g_cond_wait(&question->answered, &question->lock);
    g_mutex_unlock(&question->lock);
    g_cond_clear(&question->answered);
    g_mutex_clear(&question->lock);
    if (!question->is_yes)
        gca_error_set(error, GCA_ERROR_CANCELLED, "%s",
                      question->prompt ? _("No PIN was entered.") : _("The answer was no."));
    return question->is_yes;
}

static GcaSecret *
ask_secret(GcaInteraction *self, const GcaSecretPrompt *prompt, GcaCancel *cancel, GError **error)
{
    Question question = {GCA_WINDOW_INTERACTION(self), cancel, .prompt = prompt};

    return ask(&question, error) ? question.secret : NULL;
}

static gboolean
confirm(GcaInteraction *self, const char *text, GcaCancel *cancel, GError **error)
{
    Question question = {GCA_WINDOW_INTERACTION(self), cancel, .text = text};

    return ask(&question, error);
}

/* ---- what is only told ---- */

typedef struct {
    GcaWindowInteraction *interaction;
    guint signal;
    guint done, total;
    int kind;
    char *text;
} Word;

static gboolean
tell(gpointer data)
{
    Word *word = data;

    if (word->signal == PROGRESS)
        g_signal_emit(word->interaction, signals[PROGRESS], 0, word->done, word->total, word->text);
    else
        g_signal_emit(word->interaction, signals[NOTICE], 0, word->kind, word->text);
    g_object_unref(word->interaction);
    g_free(word->text);
    g_free(word);
    return G_SOURCE_REMOVE;
}

static void
pass_on(GcaInteraction *self, Word word, const char *text)
{
    word.interaction = GCA_WINDOW_INTERACTION(g_object_ref(self));
    word.text = g_strdup(text);
    g_idle_add_full(G_PRIORITY_DEFAULT, tell, g_memdup2(&word, sizeof word), NULL);
}

static void
progress(GcaInteraction *self, guint done, guint total, const char *text)
{
    pass_on(self, (Word){.signal = PROGRESS, .done = done, .total = total}, text);
}

static void
notice(GcaInteraction *self, GcaNotice kind, const char *text)
{
    pass_on(self, (Word){.signal = NOTICE, .kind = (int) kind}, text);
}

static void
interaction_init(GcaInteractionInterface *iface)
{
    iface->ask_secret = ask_secret;
    iface->confirm = confirm;
    iface->progress = progress;
    iface->notice = notice;
}

static void
gca_window_interaction_finalize(GObject *object)
{
    g_weak_ref_clear(&GCA_WINDOW_INTERACTION(object)->window);
    G_OBJECT_CLASS(gca_window_interaction_parent_class)->finalize(object);
}

static void
gca_window_interaction_class_init(GcaWindowInteractionClass *class)
{
    GType type = G_TYPE_FROM_CLASS(class);

    G_OBJECT_CLASS(class)->finalize = gca_window_interaction_finalize;
    signals[PROGRESS] = g_signal_new("progress", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                     G_TYPE_NONE, 3, G_TYPE_UINT, G_TYPE_UINT, G_TYPE_STRING);
    signals[NOTICE] = g_signal_new("notice", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 2, G_TYPE_INT, G_TYPE_STRING);
}

static void
gca_window_interaction_init(GcaWindowInteraction *self)
{
}

GcaWindowInteraction *
gca_window_interaction_new(GtkWindow *window)
{
    GcaWindowInteraction *self = g_object_new(GCA_TYPE_WINDOW_INTERACTION, NULL);

    g_weak_ref_init(&self->window, window);
    return self;
}
