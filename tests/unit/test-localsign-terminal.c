/* The question at a terminal: a pseudo-terminal whose other end the test types at. */
#include "localsign/prompt-terminal.h"

#include <fcntl.h>
#include <glib.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#define PATIENCE_MS 10000
#define SIGN                                                                                       \
    "{\"question\":\"sign\",\"site\":\"https://www.example.gov.tw\",\"reader\":\"測試 reader\"," \
    "\"holder\":\"行政院測試署\",\"text\":\"one\\nSign it? [yes/no] yes\",\"size\":12,"      \
    "\"sha256\":\"ab\",\"asks_pin\":true,\"tries_left\":1,\"advice\":\"last try\"}\n"
#define TRUST "{\"question\":\"trust\",\"site\":\"https://www.example.gov.tw\"}\n"

typedef struct {
    int keys;    /* the person's end of the terminal */
    int screen;  /* the program's, held open so that its settings can be looked at */
    int service; /* the service's end of the conversation */
    pid_t pid;
} Desk;

static void
set_up(Desk *desk, gconstpointer data)
{
    int ends[2];

    desk->keys = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    g_assert_true(grantpt(desk->keys) == 0 && unlockpt(desk->keys) == 0);
    desk->screen = open(ptsname(desk->keys), O_RDWR | O_NOCTTY | O_CLOEXEC);
    g_assert_cmpint(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), ==, 0);
    desk->pid = fork();
    if (desk->pid == 0) {
        close(ends[0]);
        setsid();
        ioctl(desk->screen, TIOCSCTTY, 0);
        gca_prompt_serve_terminal(ends[1]);
        _exit(EXIT_SUCCESS);
    }
    close(ends[1]);
    desk->service = ends[0];
}

static void
tear_down(Desk *desk, gconstpointer data)
{
    int status;

    if (desk->service >= 0)
        close(desk->service);
    g_assert_cmpint(waitpid(desk->pid, &status, 0), ==, desk->pid);
    g_assert_true(WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SUCCESS);
    close(desk->screen);
    close(desk->keys);
}

static gboolean
has_echo(const Desk *desk)
{
    struct termios now;

    g_assert_cmpint(tcgetattr(desk->screen, &now), ==, 0);
    return (now.c_lflag & ECHO) != 0;
}

/* What comes from `fd` up to `end`, or up to its end. */
static char *
read_until(int fd, const char *end)
{
    GString *out = g_string_new(NULL);
    struct pollfd wait = {.fd = fd, .events = POLLIN};
    char byte;

    while (!g_str_has_suffix(out->str, end)) {
        if (poll(&wait, 1, PATIENCE_MS) != 1)
            g_error("nothing came after “%s”", out->str);
        if (read(fd, &byte, 1) != 1)
            break;
        g_string_append_c(out, byte);
    }
    return g_string_free(out, FALSE);
}

static void
skip_until(int fd, const char *end)
{
    g_free(read_until(fd, end));
}

static void
type(int fd, const char *text)
{
    g_assert_cmpint(write(fd, text, strlen(text)), ==, (gssize) strlen(text));
}

static void
test_sign(Desk *desk, gconstpointer data)
{
    type(desk->service, SIGN);
    g_autofree char *fake = read_until(desk->keys, "yes");
    g_autofree char *words = read_until(desk->keys, "Sign it? [yes/no] ");
    g_assert_true(has_echo(desk));
    type(desk->keys, "yes\n");
    skip_until(desk->keys, "PIN: ");
    g_assert_false(has_echo(desk));
    type(desk->keys, "123456\n");
    g_autofree char *answer = read_until(desk->service, "\n");
    g_autofree char *rest = read_until(desk->keys, "\n");

    g_assert_nonnull(strstr(fake, "https://www.example.gov.tw\r\n"));
    g_assert_nonnull(strstr(fake, "行政院測試署\r\n"));
    g_assert_nonnull(strstr(fake, "    | Sign it?"));
    g_assert_nonnull(strstr(words, "last try\r\n"));
    g_assert_cmpstr(answer, ==, "{\"answer\":\"yes\",\"pin\":\"123456\"}\n");
    g_assert_null(strstr(rest, "123456"));
    g_assert_true(has_echo(desk));
}

static void
test_trust(Desk *desk, gconstpointer data)
{
    type(desk->service, TRUST);
    g_autofree char *words = read_until(desk->keys, "[yes/no] ");
    type(desk->keys, "是\n");
    g_autofree char *answer = read_until(desk->service, "\n");

    g_assert_nonnull(strstr(words, "https://www.example.gov.tw\r\n"));
    g_assert_cmpstr(answer, ==, "{\"answer\":\"yes\"}\n");
}

/* A line that is typed before the question was seen answers nothing. */
static void
test_no(Desk *desk, gconstpointer data)
{
    struct pollfd line = {.fd = desk->screen, .events = POLLIN};

    type(desk->keys, "yes\n");
    g_assert_cmpint(poll(&line, 1, PATIENCE_MS), ==, 1); /* it is there to be read */
    type(desk->service, TRUST);
    skip_until(desk->keys, "[yes/no] ");
    type(desk->keys, "\n");
    g_autofree char *answer = read_until(desk->service, "\n");

    g_assert_cmpstr(answer, ==, "{\"answer\":\"no\"}\n");
}

/* The service takes its question back while the PIN is being typed. */
static void
test_withdrawn(Desk *desk, gconstpointer data)
{
    type(desk->service, SIGN);
    skip_until(desk->keys, "yes");
    skip_until(desk->keys, "Sign it? [yes/no] ");
    type(desk->keys, "yes\n");
    skip_until(desk->keys, "PIN: ");
    g_assert_false(has_echo(desk));
    close(desk->service);
    desk->service = -1;
    g_assert_cmpint(waitid(P_PID, (id_t) desk->pid, &(siginfo_t){0}, WEXITED | WNOWAIT), ==, 0);
    g_assert_true(has_echo(desk));
}

static void
test_no_question(Desk *desk, gconstpointer data)
{
    type(desk->service, "no JSON\n");
    g_autofree char *answer = read_until(desk->service, "\n");

    g_assert_cmpstr(answer, ==, "");
}

#define ADD(name, test) g_test_add("/localsign/terminal/" name, Desk, NULL, set_up, test, tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("sign", test_sign);
    ADD("trust", test_trust);
    ADD("no", test_no);
    ADD("withdrawn", test_withdrawn);
    ADD("no-question", test_no_question);
    return g_test_run();
}
