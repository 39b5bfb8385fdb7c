/* The protocol of docs/localsign.md, spoken with a dialog that the test plays. */
#include "base/error.h"
#include "base/json.h"
#include "localsign/prompt.h"

#include <glib-unix.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

typedef struct {
    char *home;
    char *path;
    int server, client;
    const char *answer; /* NULL: closes without one */
    json_t *question;
    GString *line;
    guint source;
    GMainLoop *loop;
    gboolean is_done, is_yes;
    char *pin;
    GError *error;
} Desk;

static const GcaPromptQuestion sign = {
    .kind = GCA_PROMPT_SIGN,
    .site = "https://www.example.gov.tw",
    .reader = "測試 reader",
    .holder = "行政院測試署",
    .text = "line\n\"測試\"",
    .size = 12,
    .sha256 = "ab",
    .asks_pin = TRUE,
    .tries_left = 2,
    .advice = "2 tries left",
};

static void
listen_at_socket(Desk *desk)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};

    g_strlcpy(address.sun_path, desk->path, sizeof address.sun_path);
    desk->server = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    g_assert_true(bind(desk->server, (struct sockaddr *) &address, sizeof address) == 0 &&
                  listen(desk->server, 5) == 0);
}

static void
set_up(Desk *desk, gconstpointer data)
{
    desk->home = g_build_filename(g_get_user_runtime_dir(), "gca-toolkit", NULL);
    g_assert_cmpint(g_mkdir(desk->home, 0700), ==, 0);
    desk->path = g_build_filename(g_get_user_runtime_dir(), GCA_PROMPT_SOCKET, NULL);
    desk->loop = g_main_loop_new(NULL, FALSE);
    desk->line = g_string_new(NULL);
    desk->server = desk->client = -1;
}

static void
tear_down(Desk *desk, gconstpointer data)
{
    if (desk->server >= 0)
        close(desk->server);
    if (desk->client >= 0)
        close(desk->client);
    g_unlink(desk->path);
    g_assert_cmpint(g_rmdir(desk->home), ==, 0);
    g_free(desk->home);
    g_free(desk->path);
    g_free(desk->pin);
    g_clear_error(&desk->error);
    g_clear_pointer(&desk->question, json_decref);
    g_string_free(desk->line, TRUE);
    g_main_loop_unref(desk->loop);
}

static gboolean
on_question(int fd, GIOCondition condition, gpointer data)
{
    Desk *desk = data;
    char buffer[4096];
    ssize_t n = read(fd, buffer, sizeof buffer);

    g_assert_cmpint(n, >, 0);
    g_string_append_len(desk->line, buffer, n);
    if (buffer[n - 1] != '\n')
        return G_SOURCE_CONTINUE;
    desk->question = json_loads(desk->line->str, 0, NULL);
    if (desk->answer != NULL)
        g_assert_cmpint(write(fd, desk->answer, strlen(desk->answer)), ==,
                        (gssize) strlen(desk->answer));
    close(fd);
    desk->client = -1;
    return G_SOURCE_REMOVE;
}

static gboolean
on_call(int fd, GIOCondition condition, gpointer data)
{
    Desk *desk = data;

    desk->client = accept(fd, NULL, NULL);
    g_unix_fd_add(desk->client, G_IO_IN, on_question, desk);
    return G_SOURCE_REMOVE;
}

static void
on_done(gboolean is_yes, GcaSecret *pin, const GError *error, gpointer data)
{
    Desk *desk = data;

    desk->is_done = TRUE;
    desk->is_yes = is_yes;
    desk->pin = pin ? g_strdup(gca_secret_get_data(pin)) : NULL;
    desk->error = error ? g_error_copy(error) : NULL;
    g_main_loop_quit(desk->loop);
}

static void
ask(Desk *desk, const GcaPromptQuestion *question, const char *answer)
{
    desk->answer = answer;
    listen_at_socket(desk);
    g_unix_fd_add(desk->server, G_IO_IN, on_call, desk);
    gca_prompt_ask(question, FALSE, on_done, desk);
    g_assert_false(desk->is_done);
    g_main_loop_run(desk->loop);
}

static const char *
member(Desk *desk, const char *name)
{
    return json_string_value(json_object_get(desk->question, name));
}

static void
test_yes_with_pin(Desk *desk, gconstpointer data)
{
    ask(desk, &sign, "{\"answer\":\"yes\",\"pin\":\"123456\"}\n");
    g_assert_no_error(desk->error);
    g_assert_true(desk->is_yes);
    g_assert_cmpstr(desk->pin, ==, "123456");
    g_assert_cmpstr(member(desk, "question"), ==, "sign");
    g_assert_cmpstr(member(desk, "site"), ==, sign.site);
    g_assert_cmpstr(member(desk, "reader"), ==, sign.reader);
    g_assert_cmpstr(member(desk, "holder"), ==, sign.holder);
    g_assert_cmpstr(member(desk, "text"), ==, sign.text);
    g_assert_cmpstr(member(desk, "sha256"), ==, sign.sha256);
    g_assert_cmpstr(member(desk, "advice"), ==, sign.advice);
    g_assert_cmpint(json_integer_value(json_object_get(desk->question, "size")), ==, 12);
    g_assert_cmpint(json_integer_value(json_object_get(desk->question, "tries_left")), ==, 2);
    g_assert_true(json_is_true(json_object_get(desk->question, "asks_pin")));
    g_assert_true(strchr(desk->line->str, '\n') == desk->line->str + desk->line->len - 1);
}

static void
test_trust(Desk *desk, gconstpointer data)
{
    const GcaPromptQuestion trust = {.kind = GCA_PROMPT_TRUST, .site = sign.site};

    ask(desk, &trust, "{\"answer\":\"yes\"}\n");
    g_assert_true(desk->is_yes);
    g_assert_null(desk->pin);
    g_assert_cmpstr(member(desk, "question"), ==, "trust");
    g_assert_cmpuint(json_object_size(desk->question), ==, 2);
}

static void
test_site_in_both_forms(Desk *desk, gconstpointer data)
{
    const GcaPromptQuestion trust = {.kind = GCA_PROMPT_TRUST,
                                     .site = "https://xn--fsqu00a.xn--mxtq1m.tw:8443"};

    ask(desk, &trust, "{\"answer\":\"no\"}\n");
    g_assert_cmpstr(member(desk, "site"), ==,
                    "https://xn--fsqu00a.xn--mxtq1m.tw:8443 (例子.政府.tw)");
}

static void
test_no(Desk *desk, gconstpointer data)
{
    ask(desk, &sign, "{\"answer\":\"no\"}\n");
    g_assert_false(desk->is_yes);
    g_assert_error(desk->error, GCA_ERROR, GCA_ERROR_CANCELLED);
}

/* Whatever is no clear yes is none. */
static void
test_no_answer(Desk *desk, gconstpointer data)
{
    ask(desk, &sign, data);
    g_assert_false(desk->is_yes);
    g_assert_null(desk->pin);
    g_assert_error(desk->error, GCA_ERROR, GCA_ERROR_USAGE);
}

static void
test_nobody(Desk *desk, gconstpointer data)
{
    gca_prompt_ask(&sign, FALSE, on_done, desk);
    g_assert_false(desk->is_done);
    g_main_loop_run(desk->loop);
    g_assert_error(desk->error, GCA_ERROR, GCA_ERROR_USAGE);
}

/* What a person would see a part of only. */
static void
test_too_long(Desk *desk, gconstpointer data)
{
    g_autofree char *text = g_strnfill(GCA_PROMPT_LINE_LIMIT, 'x');
    GcaPromptQuestion question = sign;

    question.text = text;
    listen_at_socket(desk);
    gca_prompt_ask(&question, FALSE, on_done, desk);
    g_assert_false(desk->is_done);
    g_main_loop_run(desk->loop);
    g_assert_error(desk->error, GCA_ERROR, GCA_ERROR_BAD_DATA);
    g_assert_null(desk->question);
}

static void
test_withdrawn(Desk *desk, gconstpointer data)
{
    char byte;

    listen_at_socket(desk);
    GcaPrompt *prompt = gca_prompt_ask(&sign, FALSE, on_done, desk);
    desk->client = accept(desk->server, NULL, NULL);
    gca_prompt_withdraw(prompt);
    g_assert_cmpint(read(desk->client, &byte, 1), ==, 0);
    while (g_main_context_iteration(NULL, FALSE))
        continue;
    g_assert_false(desk->is_done);
}

int
main(int argc, char **argv)
{
    static const struct {
        const char *name, *answer;
    } unclear[] = {
        {"/localsign/prompt/unclear/closed", NULL},
        {"/localsign/prompt/unclear/unavailable", "{\"answer\":\"unavailable\"}\n"},
        {"/localsign/prompt/unclear/no-line", "{\"answer\":\"yes\",\"pin\":\"123456\"}"},
        {"/localsign/prompt/unclear/no-json", "yes\n"},
        {"/localsign/prompt/unclear/pin-missing", "{\"answer\":\"yes\"}\n"},
        {"/localsign/prompt/unclear/pin-no-text", "{\"answer\":\"yes\",\"pin\":123456}\n"},
        {"/localsign/prompt/unclear/answer-no-text", "{\"answer\":true,\"pin\":\"1\"}\n"},
    };
    char *runtime = g_dir_make_tmp("gca-prompt-XXXXXX", NULL);
    g_autofree char *flood = g_strnfill(10000, 'x');

    g_setenv("XDG_RUNTIME_DIR", runtime, TRUE);
    g_test_init(&argc, &argv, NULL);
    g_test_add("/localsign/prompt/yes-with-pin", Desk, NULL, set_up, test_yes_with_pin, tear_down);
    g_test_add("/localsign/prompt/trust", Desk, NULL, set_up, test_trust, tear_down);
    g_test_add("/localsign/prompt/site-in-both-forms", Desk, NULL, set_up, test_site_in_both_forms,
               tear_down);
    g_test_add("/localsign/prompt/no", Desk, NULL, set_up, test_no, tear_down);
    for (guint i = 0; i < G_N_ELEMENTS(unclear); i++)
        g_test_add(unclear[i].name, Desk, unclear[i].answer, set_up, test_no_answer, tear_down);
    g_test_add("/localsign/prompt/unclear/flood", Desk, flood, set_up, test_no_answer, tear_down);
    g_test_add("/localsign/prompt/nobody", Desk, NULL, set_up, test_nobody, tear_down);
    g_test_add("/localsign/prompt/too-long", Desk, NULL, set_up, test_too_long, tear_down);
    g_test_add("/localsign/prompt/withdrawn", Desk, NULL, set_up, test_withdrawn, tear_down);
    int status = g_test_run();
    g_assert_cmpint(g_rmdir(runtime), ==, 0);
    g_free(runtime);
    return status;
}
