#include "config.h"

#include "localsign/prompt-terminal.h"

#include "base/json.h"
#include "base/secret.h"
#include "localsign/prompt.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <termios.h>
#include <unistd.h>

#define LINE_LIMIT 256

typedef struct {
    int service;
    int tty;
} Desk;

/* Waits for the terminal; FALSE when the service has closed its end. */
static gboolean
wait_for_key(const Desk *desk)
{
    struct pollfd fds[] = {{.fd = desk->tty, .events = POLLIN}, {.fd = desk->service}};

    while (poll(fds, G_N_ELEMENTS(fds), -1) < 0) {
        if (errno != EINTR)
            return FALSE;
    }
    return (fds[1].revents & (POLLHUP | POLLERR)) == 0 && (fds[0].revents & POLLIN) != 0;
}

static GcaSecret *
read_line(const Desk *desk)
{
    g_autoptr(GcaSecret) line = gca_secret_new(LINE_LIMIT);
    char *data = gca_secret_get_data(line);

    for (gsize size = 0; size < LINE_LIMIT && wait_for_key(desk); size++) {
        if (read(desk->tty, data + size, 1) != 1)
            return NULL;
        if (data[size] == '\n' || data[size] == '\r') {
            gca_secret_truncate(line, size);
            return g_steal_pointer(&line);
        }
    }
    return NULL;
}

/* What was typed before the question was seen is thrown away; a PIN is not shown. */
static GcaSecret *
ask(const Desk *desk, const char *question, gboolean is_secret)
{
    struct termios before;

    if (tcgetattr(desk->tty, &before) != 0)
        return NULL;
    struct termios during = before;
    if (is_secret)
        during.c_lflag &= ~(tcflag_t) (ECHO | ECHOE | ECHOK | ECHONL);
    tcsetattr(desk->tty, TCSAFLUSH, &during);
    dprintf(desk->tty, "%s", question);
    GcaSecret *line = read_line(desk);
    tcsetattr(desk->tty, TCSAFLUSH, &before);
    if (is_secret || line == NULL)
        dprintf(desk->tty, "\n");
    return line;
}

/* ---- the words ---- */

static void
add_field(GString *out, const char *label, json_t *question, const char *name)
{
    const char *value = json_string_value(json_object_get(question, name));

    if (value != NULL)
        g_string_append_printf(out, "%s %s\n", label, value);
}

/* Each line is marked, so that none can look like one of ours. */
static void
add_text(GString *out, json_t *question)
{
    const char *text = json_string_value(json_object_get(question, "text"));
    g_auto(GStrv) lines = g_strsplit(text ? text : "", "\n", -1);

    if (text == NULL) {
        g_string_append_printf(out, "%s\n", _("What will be signed is not text."));
        return;
    }
    g_string_append_printf(out, "%s\n", _("Text to be signed:"));
    for (guint i = 0; lines[i] != NULL; i++)
        g_string_append_printf(out, "    | %s\n", lines[i]);
}

static char *
describe(json_t *question)
{
    gboolean is_sign = g_strcmp0(gca_json_get_string(question, "question", NULL), "sign") == 0;
    GString *out = g_string_new("\n");

    g_string_append_printf(out, "%s\n",
                           is_sign ? _("A web site asks for a signature with your card.")
                                   : _("A web site wants to use your card."));
    add_field(out, _("Site:"), question, "site");
    if (is_sign) {
        add_field(out, _("Reader:"), question, "reader");
        add_field(out, _("Holder:"), question, "holder");
        g_string_append_printf(out, _("Size: %zu bytes"),
                               (gsize) json_integer_value(json_object_get(question, "size")));
        g_string_append_c(out, '\n');
        add_field(out, "SHA-256:", question, "sha256");
        add_text(out, question);
        add_field(out, _("Note:"), question, "advice");
    }
    g_string_append_printf(out, "%s%s",
                           is_sign ? _("Sign it?") : _("May it use the card from now on?"),
                           _(" [yes/no] "));
    return g_string_free(out, FALSE);
}

static gboolean
is_yes(GcaSecret *line)
{
    static const char *const words[] = {"y", "Y", "yes", "Yes", "YES", "是", "好", NULL};

    return line != NULL && g_strv_contains(words, gca_secret_get_data(line));
}

/* ---- the other end ---- */

static json_t *
read_question(int fd)
{
    g_autoptr(GByteArray) text = g_byte_array_new();
    guint8 buffer[16384];
    ssize_t n;

    while (text->len < GCA_PROMPT_LINE_LIMIT && (n = read(fd, buffer, sizeof buffer)) > 0) {
        g_byte_array_append(text, buffer, (guint) n);
        if (buffer[n - 1] == '\n')
            break;
    }
    g_autoptr(GBytes) bytes = g_byte_array_free_to_bytes(g_steal_pointer(&text));
    return gca_json_parse(bytes, "question", NULL);
}

/* `pin` may be NULL. */
static void
answer(int fd, const char *word, GcaSecret *pin)
{
    g_autoptr(json_t) object = json_pack("{s:s}", "answer", word);

    if (pin != NULL)
        json_object_set_new(object, "pin",
                            json_stringn(gca_secret_get_data(pin), gca_secret_get_size(pin)));
    json_dumpfd(object, fd, JSON_COMPACT);
    send(fd, "\n", 1, MSG_NOSIGNAL);
}

void
gca_prompt_serve_terminal(int fd)
{
    Desk desk = {.service = fd, .tty = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)};
    static const int ignored[] = {SIGHUP, SIGINT, SIGPIPE, SIGQUIT, SIGTERM, SIGTSTP};
    g_autoptr(json_t) question = read_question(fd);

    /* It ends when the service closes the socket, and puts the terminal back first. */
    prctl(PR_SET_PDEATHSIG, 0);
    for (guint i = 0; i < G_N_ELEMENTS(ignored); i++)
        signal(ignored[i], SIG_IGN);
    if (desk.tty < 0 || question == NULL)
        return; /* and the end of the connection says that nobody can be asked */
    g_autofree char *words = describe(question);
    g_autoptr(GcaSecret) line = ask(&desk, words, FALSE);
    if (!is_yes(line)) {
        answer(fd, "no", NULL);
        return;
    }
    gboolean asks_pin = json_is_true(json_object_get(question, "asks_pin"));
    g_autoptr(GcaSecret) pin = asks_pin ? ask(&desk, _("PIN: "), TRUE) : NULL;
    answer(fd, asks_pin && pin == NULL ? "no" : "yes", pin);
}
