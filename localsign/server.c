#include "config.h"

#include "localsign/server.h"

#include "localsign/gate.h"
#include "localsign/request.h"

#include <glib-unix.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#define LOOK_S 1
#define LAST_ANSWERS_MS 1000
#define MAY_WAIT_FOR_PERSON 1
#define MAY_WAIT_FOR_CARDS 8

typedef struct {
    GcaCounter counter;
    GPtrArray *gates;
    GMainLoop *loop;
    gint64 idle; /* it ends when nobody has called for so long; 0: never */
    gint64 last_busy;
} Server;

static gboolean
on_signal(int fd, GIOCondition condition, gpointer data)
{
    g_main_loop_quit(((Server *) data)->loop);
    return G_SOURCE_REMOVE;
}

/* They are blocked and come as bytes: no thread of GLib's, which fork() would not take along. */
static int
open_signals(void)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGHUP);
    sigprocmask(SIG_BLOCK, &set, NULL);
    signal(SIGPIPE, SIG_IGN);
    return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

/* An open dialog is a caller that waits; a no must not be forgotten by waiting for the end. */
static gboolean
on_look(gpointer data)
{
    Server *server = data;
    gint64 now = g_get_monotonic_time();

    for (guint i = 0; i < server->gates->len; i++) {
        gint64 last = gca_gate_get_last_busy(g_ptr_array_index(server->gates, i));
        server->last_busy = MAX(server->last_busy, last);
    }
    if (now - server->last_busy > server->idle &&
        gca_refusals_are_over(server->counter.desk.refusals, now))
        g_main_loop_quit(server->loop);
    return G_SOURCE_CONTINUE;
}

static gboolean
open_gates(Server *server, GArray *listeners, GError **error)
{
    for (guint i = 0; i < listeners->len; i++) {
        GcaGate *gate = gca_gate_open(&g_array_index(listeners, GcaListener, i), gca_request_handle,
                                      gca_request_complete, &server->counter, error);
        if (gate == NULL)
            return FALSE;
        g_ptr_array_add(server->gates, gate);
    }
    return TRUE;
}

static gboolean
on_too_long(gpointer data)
{
    *(gboolean *) data = TRUE;
    return G_SOURCE_CONTINUE;
}

/* Who waits is told that nothing comes any more. */
static void
let_answers_out(Server *server)
{
    gboolean is_too_long = FALSE;
    guint timer = g_timeout_add(LAST_ANSWERS_MS, on_too_long, &is_too_long);

    gca_request_end_all(&server->counter);
    while (server->counter.open > 0 && !is_too_long)
        g_main_context_iteration(NULL, TRUE);
    g_source_remove(timer);
    gca_request_end_all(&server->counter);
}

static void
serve(Server *server, const GcaServerOptions *options)
{
    int signals = open_signals();
    guint source = g_unix_fd_add(signals, G_IO_IN, on_signal, server);
    guint timer = server->idle > 0 ? g_timeout_add_seconds(LOOK_S, on_look, server) : 0;

    server->last_busy = g_get_monotonic_time();
    if (options->on_ready != NULL)
        options->on_ready(options->listeners);
    g_main_loop_run(server->loop);
    let_answers_out(server);
    /* NULL, where it was the signal that ended it. */
    GSource *left = g_main_context_find_source_by_id(NULL, source);
    if (left != NULL)
        g_source_destroy(left);
    g_clear_handle_id(&timer, g_source_remove);
    close(signals);
}

gboolean
gca_server_run(const GcaServerOptions *options, GError **error)
{
    Server server = {
        .counter = {.desk = {.person = gca_queue_new(MAY_WAIT_FOR_PERSON),
                             .refusals = gca_refusals_new(),
                             .cards = gca_queue_new(MAY_WAIT_FOR_CARDS),
                             .module = g_strdup(options->module),
                             .use_terminal = options->use_terminal,
                             .on_file_trouble = options->on_file_trouble},
                    .tokens = gca_tokens_new()},
        .gates = g_ptr_array_new_with_free_func((GDestroyNotify) gca_gate_close),
        .loop = g_main_loop_new(NULL, FALSE),
        .idle = options->idle_s * G_TIME_SPAN_SECOND,
    };
    gboolean is_open = open_gates(&server, options->listeners, error);

    if (is_open)
        serve(&server, options);
    g_ptr_array_unref(server.gates);
    g_main_loop_unref(server.loop);
    gca_tokens_free(server.counter.tokens);
    gca_queue_free(server.counter.desk.person);
    gca_queue_free(server.counter.desk.cards);
    gca_refusals_free(server.counter.desk.refusals);
    g_free(server.counter.desk.module);
    return is_open;
}
