/* Turns, and the processes that do the work. */
#include "localsign/child.h"
#include "localsign/queue.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void
on_begin(gpointer data)
{
    (*(guint *) data)++;
}

static void
test_order(void)
{
    g_autoptr(GcaQueue) queue = gca_queue_new(1);
    guint begun[3] = {0};

    g_assert_true(gca_queue_is_empty(queue));
    GcaTurn *first = gca_queue_enter(queue, NULL, on_begin, &begun[0]);
    g_assert_true(gca_turn_is_now(first));
    GcaTurn *second = gca_queue_enter(queue, NULL, on_begin, &begun[1]);
    g_assert_false(gca_turn_is_now(second));
    g_assert_null(gca_queue_enter(queue, NULL, on_begin, &begun[2]));
    gca_turn_leave(first);
    g_assert_cmpuint(begun[0], ==, 0); /* it was told at once */
    g_assert_cmpuint(begun[1], ==, 1);
    GcaTurn *third = gca_queue_enter(queue, NULL, on_begin, &begun[2]);
    g_assert_nonnull(third);
    gca_turn_leave(second);
    g_assert_cmpuint(begun[2], ==, 1);
    gca_turn_leave(third);
    g_assert_true(gca_queue_is_empty(queue));
}

/* One that gives up while it waits does not let the next in before its time. */
static void
test_leaves_early(void)
{
    g_autoptr(GcaQueue) queue = gca_queue_new(2);
    guint begun[3] = {0};
    GcaTurn *first = gca_queue_enter(queue, NULL, on_begin, &begun[0]);
    GcaTurn *second = gca_queue_enter(queue, NULL, on_begin, &begun[1]);
    GcaTurn *third = gca_queue_enter(queue, NULL, on_begin, &begun[2]);

    gca_turn_leave(second);
    g_assert_cmpuint(begun[1] + begun[2], ==, 0);
    gca_turn_leave(first);
    g_assert_cmpuint(begun[1], ==, 0);
    g_assert_cmpuint(begun[2], ==, 1);
    gca_turn_leave(third);
}

/* Of one name, as many as others: they wait in the row and take no place of the others. */
static void
test_guests(void)
{
    g_autoptr(GcaQueue) queue = gca_queue_new(1);
    guint begun[4] = {0};
    GcaTurn *guest = gca_queue_enter(queue, "a", on_begin, &begun[0]);

    g_assert_null(gca_queue_enter(queue, "b", on_begin, NULL));
    GcaTurn *same = gca_queue_enter(queue, "a", on_begin, &begun[1]);
    g_assert_nonnull(same);
    g_assert_null(gca_queue_enter(queue, "a", on_begin, NULL));
    GcaTurn *first = gca_queue_enter(queue, NULL, on_begin, &begun[2]);
    GcaTurn *second = gca_queue_enter(queue, NULL, on_begin, &begun[3]);
    g_assert_nonnull(second);
    g_assert_null(gca_queue_enter(queue, NULL, on_begin, NULL));
    g_assert_true(gca_turn_is_now(guest));
    gca_turn_end_guest(guest);
    g_assert_true(gca_turn_is_now(guest));
    g_assert_null(gca_queue_enter(queue, NULL, on_begin, NULL));
    gca_turn_leave(guest);
    g_assert_cmpuint(begun[1], ==, 1);
    g_assert_null(gca_queue_enter(queue, "b", on_begin, NULL));
    gca_turn_leave(same);
    g_assert_cmpuint(begun[2], ==, 1);
    g_assert_null(gca_queue_enter(queue, NULL, on_begin, NULL));
    gca_turn_leave(first);
    g_assert_cmpuint(begun[3], ==, 1);
    gca_turn_leave(second);
}

/* ---- children ---- */

typedef struct {
    GMainLoop *loop;
    char *text;
    guint calls;
} Result;

static void
on_done(const char *text, gpointer data)
{
    Result *result = data;

    result->text = g_strdup(text);
    result->calls++;
    g_main_loop_quit(result->loop);
}

/* What the child says, to be freed. */
static char *
run(GcaChildWork work, gpointer data, int keep, guint limit_s)
{
    Result result = {.loop = g_main_loop_new(NULL, FALSE)};
    g_autoptr(GError) error = NULL;

    g_assert_nonnull(gca_child_start(work, data, keep, limit_s, on_done, &result, &error));
    g_assert_no_error(error);
    g_main_loop_run(result.loop);
    g_assert_cmpuint(result.calls, ==, 1);
    g_main_loop_unref(result.loop);
    return result.text;
}

static char *
say(gpointer data)
{
    return g_strdup(data);
}

static char *
say_much(gpointer data)
{
    return g_strnfill(3 * 1024 * 1024, 'x');
}

static char *
say_too_much(gpointer data)
{
    return g_strnfill(5 * 1024 * 1024, 'x');
}

static char *
say_nothing(gpointer data)
{
    return NULL;
}

static char *
crash(gpointer data)
{
    raise(SIGKILL);
    return NULL;
}

static char *
hang(gpointer data)
{
    for (;;)
        pause();
    return NULL;
}

/* "open 0 1 2 …", and the signals that are blocked or caught. */
static char *
look_around(gpointer data)
{
    GString *out = g_string_new(NULL);
    struct sigaction action;
    sigset_t blocked;

    for (int fd = 0; fd < 256; fd++) {
        if (fcntl(fd, F_GETFD) != -1)
            g_string_append_printf(out, "%d ", fd);
    }
    sigprocmask(SIG_SETMASK, NULL, &blocked);
    sigaction(SIGTERM, NULL, &action);
    if (sigismember(&blocked, SIGTERM) || action.sa_handler != SIG_DFL)
        g_string_append(out, "SIGTERM");
    return g_string_free(out, FALSE);
}

static void
test_child_answers(void)
{
    g_autofree char *text = run(say, (gpointer) "測試", -1, 10);
    g_autofree char *much = run(say_much, NULL, -1, 10);

    g_assert_cmpstr(text, ==, "測試");
    g_assert_cmpuint(strlen(much), ==, 3 * 1024 * 1024);
}

static void
test_child_fails(void)
{
    g_assert_null(run(say_nothing, NULL, -1, 10));
    g_assert_null(run(crash, NULL, -1, 10));
    g_assert_null(run(say_too_much, NULL, -1, 10));
    g_assert_null(run(hang, NULL, -1, 1));
}

static void
test_child_has_nothing_of_ours(void)
{
    sigset_t set, before;
    int ends[2];

    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigprocmask(SIG_BLOCK, &set, &before);
    g_assert_cmpint(pipe(ends), ==, 0);
    g_autofree char *without = run(look_around, NULL, -1, 10);
    g_autofree char *with = run(look_around, NULL, ends[0], 10);
    sigprocmask(SIG_SETMASK, &before, NULL);
    close(ends[0]);
    close(ends[1]);
    g_assert_cmpstr(without, ==, "0 1 2 3 ");
    g_assert_cmpstr(with, ==, "0 1 2 3 4 ");
}

static void
test_child_killed(void)
{
    Result result = {0};
    GcaChild *child = gca_child_start(hang, NULL, -1, 10, on_done, &result, NULL);

    gca_child_kill(child);
    while (g_main_context_iteration(NULL, FALSE))
        continue;
    g_assert_cmpuint(result.calls, ==, 0);
    g_assert_cmpint(waitpid(-1, NULL, WNOHANG), ==, -1);
    g_assert_cmpint(errno, ==, ECHILD);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/localsign/queue/order", test_order);
    g_test_add_func("/localsign/queue/leaves-early", test_leaves_early);
    g_test_add_func("/localsign/queue/guests", test_guests);
    g_test_add_func("/localsign/child/answers", test_child_answers);
    g_test_add_func("/localsign/child/fails", test_child_fails);
    g_test_add_func("/localsign/child/has-nothing-of-ours", test_child_has_nothing_of_ours);
    g_test_add_func("/localsign/child/killed", test_child_killed);
    return g_test_run();
}
