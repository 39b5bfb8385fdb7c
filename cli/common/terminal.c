#include "config.h"

#include "cli/common/terminal.h"

#include "base/error.h"
#include "base/file.h"
#include "cli/common/output.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#define MAX_LINE 256
#define BAR_WIDTH 20

struct _GcaTerminal {
    GObject parent;
    gboolean quiet;
    gint64 begun;         /* monotonic time of the first progress; 0: none */
    gboolean is_mid_line; /* a line of progress stands there, to be overwritten */
};

/* The terminal as it was before a prompt: process-wide state of the terminal itself. */
static struct {
    int fd;
    struct termios before;
} prompt = {.fd = -1};

static void gca_terminal_interaction_init(GcaInteractionInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE(GcaTerminal, gca_terminal, G_TYPE_OBJECT,
                              G_IMPLEMENT_INTERFACE(GCA_TYPE_INTERACTION,
                                                    gca_terminal_interaction_init))

void
gca_terminal_restore(void)
{
    if (prompt.fd >= 0)
        tcsetattr(prompt.fd, TCSAFLUSH, &prompt.before);
}

/* Opens the controlling terminal; input typed before the question was seen is thrown away, and for
 * a secret nothing is echoed and Ctrl-Z does not leave it so. */
static gboolean
begin_prompt(gboolean is_secret, const char *instead, GError **error)
{
    int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    if (fd < 0 || tcgetattr(fd, &prompt.before) != 0) {
        if (fd >= 0)
            close(fd);
        gca_error_set(error, GCA_ERROR_USAGE, "%s", _("There is no terminal to ask at."));
        gca_error_set_hint(error, instead);
        return FALSE;
    }
    struct termios during = prompt.before;
    if (is_secret) {
        during.c_lflag &= ~(tcflag_t) (ECHO | ECHOE | ECHOK | ECHONL);
        during.c_cc[VSUSP] = during.c_cc[VQUIT] = _POSIX_VDISABLE;
    }
    tcsetattr(fd, TCSAFLUSH, &during);
    prompt.fd = fd;
    return TRUE;
}

static void
end_prompt(void)
{
    gca_terminal_restore();
    close(prompt.fd);
    prompt.fd = -1;
}

static void
say(const char *text)
{
    gsize size = strlen(text);
    while (size > 0) {
        ssize_t n = write(prompt.fd, text, size);
        if (n < 0 && errno != EINTR)
            return;
        if (n > 0) {
            text += n;
            size -= (gsize) n;
        }
    }
}

/* One line, without its end, read straight into wiped memory. */
static GcaSecret *
read_line(GcaCancel *cancel, GError **error)
{
    g_autoptr(GcaSecret) line = gca_secret_new(MAX_LINE);
    gsize size = 0;

    for (;;) {
        if (!gca_file_wait(prompt.fd, cancel, error))
            return NULL;
        char *data = gca_secret_get_data(line);
        ssize_t n = read(prompt.fd, data + size, 1);
        if (n < 0 && (errno == EINTR || errno == EAGAIN))
            continue;
        if (n <= 0) {
            gca_error_set(error, GCA_ERROR_CANCELLED, "%s", _("Nothing was typed."));
            return NULL;
        }
        if (data[size] == '\n' || data[size] == '\r')
            break;
        if (++size == MAX_LINE) {
            gca_error_set(error, GCA_ERROR_USAGE, "%s", _("That line is too long."));
            return NULL;
        }
    }
    gca_secret_truncate(line, size);
    return g_steal_pointer(&line);
}

static GcaSecret *
ask_secret(GcaInteraction *interaction, const GcaSecretPrompt *wish, GcaCancel *cancel,
           GError **error)
{
    if (!begin_prompt(TRUE, wish->instead, error))
        return NULL;
    if (wish->advice != NULL) {
        say(wish->advice);
        say("\n");
    }
    say(wish->title);
    say(": ");
    GcaSecret *line = read_line(cancel, error);
    say("\n");
    end_prompt();
    return line;
}

static gboolean
is_yes(const char *answer)
{
    static const char *const words[] = {"y", "Y", "yes", "Yes", "YES", "是", "好", NULL};
    return g_strv_contains(words, answer);
}

static gboolean
confirm(GcaInteraction *interaction, const char *question, GcaCancel *cancel, GError **error)
{
    if (!begin_prompt(FALSE, _("Say --yes if the work is to be done without asking."), error))
        return FALSE;
    say(question);
    say(_(" [yes/no] "));
    g_autoptr(GcaSecret) line = read_line(cancel, error);
    end_prompt();
    if (line == NULL)
        return FALSE;
    g_autofree char *answer = g_strstrip(g_strdup(gca_secret_get_data(line)));
    if (is_yes(answer))
        return TRUE;
    gca_error_set(error, GCA_ERROR_CANCELLED, "%s", _("Not done: the answer was no."));
    return FALSE;
}

static void
leave_line(GcaTerminal *terminal)
{
    if (terminal->is_mid_line)
        gca_output_complain("\n");
    terminal->is_mid_line = FALSE;
}

static void
draw_bar(GcaTerminal *terminal, guint done, guint total, const char *text)
{
    double seconds = (double) (g_get_monotonic_time() - terminal->begun) / G_TIME_SPAN_SECOND;
    double rate = seconds >= 0.5 ? done / seconds : 0; /* too early to tell before */
    guint left = rate > 0 ? (guint) ((total - done) / rate) : 0;
    char bar[BAR_WIDTH + 1] = {0};

    for (guint i = 0; i < BAR_WIDTH; i++)
        bar[i] = (i + 1) * total <= done * BAR_WIDTH ? '#' : '.';
    gca_output_redraw(_("[%s] %u of %u, %.1f a second, %u:%02u left  %s"), bar, done, total, rate,
                      left / 60, left % 60, text);
    terminal->is_mid_line = TRUE;
    if (done == total)
        leave_line(terminal);
}

static void
progress(GcaInteraction *interaction, guint done, guint total, const char *text)
{
    GcaTerminal *terminal = GCA_TERMINAL(interaction);

    if (terminal->quiet)
        return;
    if (terminal->begun == 0)
        terminal->begun = g_get_monotonic_time();
    if (isatty(STDERR_FILENO))
        draw_bar(terminal, done, total, text);
    else
        gca_output_complain(_("%u of %u: %s\n"), done, total, text);
}

static void
notice(GcaInteraction *interaction, GcaNotice kind, const char *text)
{
    leave_line(GCA_TERMINAL(interaction));
    gboolean may_be_left_out = kind == GCA_NOTICE_PROGRESS || kind == GCA_NOTICE_INFO;

    if (may_be_left_out && GCA_TERMINAL(interaction)->quiet)
        return;
    if (kind == GCA_NOTICE_WARNING)
        gca_output_complain(_("Note: %s\n"), text);
    else
        gca_output_complain("%s\n", text);
}

static void
gca_terminal_interaction_init(GcaInteractionInterface *iface)
{
    iface->ask_secret = ask_secret;
    iface->confirm = confirm;
    iface->progress = progress;
    iface->notice = notice;
}

static void
gca_terminal_class_init(GcaTerminalClass *class)
{
}

static void
gca_terminal_init(GcaTerminal *terminal)
{
}

GcaInteraction *
gca_terminal_new(void)
{
    return g_object_new(GCA_TYPE_TERMINAL, NULL);
}

void
gca_terminal_set_quiet(GcaTerminal *terminal, gboolean quiet)
{
    terminal->quiet = quiet;
}
