#include "config.h"

#include "localsign/prompt.h"

#include "base/error.h"
#include "base/json.h"
#include "base/text.h"
#include "localsign/child.h"
#include "localsign/prompt-terminal.h"
#include "profile/domain.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <glib/gi18n-lib.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define ANSWER_LIMIT 4096
#define PROGRAM "gca-localsign-prompt"
#define PROGRAM_FD 3

struct _GcaPrompt {
    int fd;
    guint source;
    GBytes *question;
    gsize sent;
    GcaSecret *answer;
    gsize size; /* of the answer so far */
    gboolean asks_pin;
    GError *trouble; /* nobody could be asked */
    GcaPromptDone done;
    gpointer data;
};

static void
prompt_free(GcaPrompt *prompt)
{
    if (prompt->source != 0)
        g_source_remove(prompt->source);
    if (prompt->fd >= 0)
        close(prompt->fd); /* the sign to put the terminal back and go */
    g_bytes_unref(prompt->question);
    gca_secret_unref(prompt->answer);
    g_clear_error(&prompt->trouble);
    g_free(prompt);
}

void
gca_prompt_withdraw(GcaPrompt *prompt)
{
    prompt_free(prompt);
}

/* ---- question and answer as JSON ---- */

/* An internationalised host as people type it, too, and never only so: its letters may look like
 * those of another. */
static char *
describe_site(const char *origin)
{
    const char *mark = strstr(origin, "://");
    const char *start = mark ? mark + strlen("://") : origin;
    g_autofree char *host = g_strndup(start, strcspn(start, ":"));
    g_autofree char *typed = gca_domain_to_unicode(host);
    g_autofree char *shown = gca_text_escape(typed);

    if (g_str_equal(typed, host))
        return g_strdup(origin);
    /* Translators: a host name as it is sent, and as people type it */
    return g_strdup_printf(_("%s (%s)"), origin, shown);
}

static json_t *
pack_question(const GcaPromptQuestion *question)
{
    g_autofree char *site = describe_site(question->site);

    if (question->kind == GCA_PROMPT_TRUST)
        return json_pack("{s:s, s:s}", "question", "trust", "site", site);
    return json_pack("{s:s, s:s, s:s, s:s, s:s?, s:I, s:s, s:b, s:i, s:s?}", "question", "sign",
                     "site", site, "reader", question->reader, "holder", question->holder, "text",
                     question->text, "size", (json_int_t) question->size, "sha256",
                     question->sha256, "asks_pin", question->asks_pin, "tries_left",
                     question->tries_left, "advice", question->advice);
}

static GBytes *
encode_question(const GcaPromptQuestion *question)
{
    g_autoptr(json_t) object = pack_question(question);
    char *text = json_dumps(object, JSON_COMPACT);
    g_autofree char *line = g_strconcat(text ? text : "", "\n", NULL);

    free(text);
    return g_bytes_new(line, strlen(line));
}

static gboolean
nobody(GError **error)
{
    gca_error_set(error, GCA_ERROR_USAGE, "%s", _("Nobody can be asked: no window can be shown."));
    return FALSE;
}

static gboolean
judge(GcaPrompt *prompt, json_t *answer, GcaSecret **pin, GError **error)
{
    const char *word = gca_json_get_string(answer, "answer", NULL);
    json_t *typed = json_object_get(answer, "pin");

    if (g_strcmp0(word, "no") == 0) {
        gca_error_set(error, GCA_ERROR_CANCELLED, "%s", _("The answer was no."));
        return FALSE;
    }
    if (g_strcmp0(word, "yes") != 0 || prompt->asks_pin != json_is_string(typed))
        return nobody(error);
    if (prompt->asks_pin) {
        *pin = gca_secret_new(json_string_length(typed));
        memcpy(gca_secret_get_data(*pin), json_string_value(typed), json_string_length(typed));
    }
    return TRUE;
}

static void
finish(GcaPrompt *prompt)
{
    g_autoptr(GcaSecret) pin = NULL;
    g_autoptr(GError) error = g_steal_pointer(&prompt->trouble);
    gboolean is_yes = FALSE;

    if (error == NULL) {
        gca_secret_truncate(prompt->answer, prompt->size);
        g_autoptr(GBytes) line = gca_secret_to_bytes(gca_secret_ref(prompt->answer));
        g_autoptr(json_t) answer = gca_json_parse(line, "prompt", NULL);
        is_yes = answer ? judge(prompt, answer, &pin, &error) : nobody(&error);
    }
    prompt->source = 0;
    prompt->done(is_yes, pin, error, prompt->data);
    prompt_free(prompt);
}

/* ---- the conversation ---- */

static gboolean
on_answer(int fd, GIOCondition condition, gpointer data)
{
    GcaPrompt *prompt = data;
    char *at = gca_secret_get_data(prompt->answer) + prompt->size;
    ssize_t n = read(fd, at, ANSWER_LIMIT - prompt->size);

    if (n < 0 && (errno == EINTR || errno == EAGAIN))
        return G_SOURCE_CONTINUE;
    char *end = n > 0 ? memchr(at, '\n', (gsize) n) : NULL;
    prompt->size += end ? (gsize) (end - at) : n > 0 ? (gsize) n : 0;
    if (end == NULL && n > 0 && prompt->size < ANSWER_LIMIT)
        return G_SOURCE_CONTINUE;
    if (end == NULL)
        nobody(&prompt->trouble);
    finish(prompt);
    return G_SOURCE_REMOVE;
}

static gboolean
on_room(int fd, GIOCondition condition, gpointer data)
{
    GcaPrompt *prompt = data;
    gsize size;
    const char *text = g_bytes_get_data(prompt->question, &size);
    ssize_t n = send(fd, text + prompt->sent, size - prompt->sent, MSG_NOSIGNAL);

    if (n < 0 && (errno == EINTR || errno == EAGAIN))
        return G_SOURCE_CONTINUE;
    if (n < 0) {
        nobody(&prompt->trouble);
        finish(prompt);
        return G_SOURCE_REMOVE;
    }
    prompt->sent += (gsize) n;
    if (prompt->sent < size)
        return G_SOURCE_CONTINUE;
    prompt->source = g_unix_fd_add(fd, G_IO_IN | G_IO_HUP | G_IO_ERR, on_answer, prompt);
    return G_SOURCE_REMOVE;
}

static gboolean
on_nobody(gpointer data)
{
    GcaPrompt *prompt = data;

    if (prompt->trouble == NULL)
        nobody(&prompt->trouble);
    finish(prompt);
    return G_SOURCE_REMOVE;
}

/* ---- who answers ---- */

/* The program that waits at the socket, where the user manager or the desktop has one. */
static int
connect_socket(void)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    g_autofree char *path = g_build_filename(g_get_user_runtime_dir(), GCA_PROMPT_SOCKET, NULL);
    struct ucred owner = {0};
    socklen_t size = sizeof owner;

    if (g_strlcpy(address.sun_path, path, sizeof address.sun_path) >= sizeof address.sun_path)
        return -1;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd >= 0 && connect(fd, (struct sockaddr *) &address, sizeof address) == 0 &&
        getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &owner, &size) == 0 && owner.uid == getuid())
        return fd;
    if (fd >= 0)
        close(fd);
    return -1;
}

/* Beside this program, or in its build folder. */
static char *
find_program(void)
{
    static const char *const places[] = {".", "../gui/localsign-prompt"};
    g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
    g_autofree char *folder = g_path_get_dirname(self ? self : "/");

    for (guint i = 0; i < G_N_ELEMENTS(places); i++) {
        g_autofree char *path = g_build_filename(folder, places[i], PROGRAM, NULL);
        if (g_file_test(path, G_FILE_TEST_IS_EXECUTABLE))
            return g_steal_pointer(&path);
    }
    return NULL;
}

/* Our own are blocked: they come through a descriptor. */
static void
unblock_signals(gpointer data)
{
    sigset_t none;

    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

static int
spawn_program(void)
{
    g_autofree char *path = find_program();
    const char *const words[] = {path, "--fd", G_STRINGIFY(PROGRAM_FD), NULL};
    const int to = PROGRAM_FD;
    int ends[2];

    if (path == NULL || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return -1;
    gboolean runs = g_spawn_async_with_pipes_and_fds(NULL, words, NULL, G_SPAWN_DEFAULT,
                                                     unblock_signals, NULL, -1, -1, -1, &ends[1],
                                                     &to, 1, NULL, NULL, NULL, NULL, NULL);
    close(ends[1]);
    if (runs)
        return ends[0];
    close(ends[0]);
    return -1;
}

gboolean
gca_prompt_find(char **where)
{
    int fd = connect_socket();

    if (fd < 0)
        *where = find_program();
    else
        *where = g_build_filename(g_get_user_runtime_dir(), GCA_PROMPT_SOCKET, NULL);
    if (fd >= 0)
        close(fd);
    return *where != NULL;
}

/* A question that shows a part only would be no question. */
static gboolean
check_size(GBytes *question, GError **error)
{
    if (g_bytes_get_size(question) < GCA_PROMPT_LINE_LIMIT)
        return TRUE;
    gca_error_set(error, GCA_ERROR_BAD_DATA, "%s",
                  _("What would be signed is too long to be shown whole, so nobody was asked."));
    return FALSE;
}

static char *
serve_terminal(gpointer data)
{
    gca_prompt_serve_terminal(GCA_CHILD_KEPT_FD);
    return NULL;
}

static int
start_terminal(void)
{
    GcaChild *child;
    int ends[2];

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return -1;
    child = gca_child_start(serve_terminal, NULL, ends[1], 0, NULL, NULL, NULL);
    close(ends[1]);
    if (child != NULL) /* ends, and is forgotten, by itself */
        return ends[0];
    close(ends[0]);
    return -1;
}

static int
start_dialog(gboolean use_terminal)
{
    if (use_terminal)
        return start_terminal();
    int fd = connect_socket();
    return fd >= 0 ? fd : spawn_program();
}

GcaPrompt *
gca_prompt_ask(const GcaPromptQuestion *question, gboolean use_terminal, GcaPromptDone done,
               gpointer data)
{
    GcaPrompt *prompt = g_new0(GcaPrompt, 1);

    prompt->question = encode_question(question);
    prompt->answer = gca_secret_new(ANSWER_LIMIT);
    prompt->asks_pin = question->asks_pin;
    prompt->done = done;
    prompt->data = data;
    prompt->fd = check_size(prompt->question, &prompt->trouble) ? start_dialog(use_terminal) : -1;
    if (prompt->fd < 0) {
        prompt->source = g_idle_add(on_nobody, prompt);
        return prompt;
    }
    fcntl(prompt->fd, F_SETFL, O_NONBLOCK);
    prompt->source = g_unix_fd_add(prompt->fd, G_IO_OUT | G_IO_HUP | G_IO_ERR, on_room, prompt);
    return prompt;
}
