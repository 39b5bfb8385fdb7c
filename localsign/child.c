#include "config.h"

#include "localsign/child.h"

#include "base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <glib/gi18n-lib.h>
#include <malloc.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define TEXT_LIMIT (4 * 1024 * 1024)
#define PIPE_FD 3

struct _GcaChild {
    pid_t pid;
    int fd; /* the pipe's end that is read */
    guint watch, timer;
    GByteArray *text;
    GcaChildDone done;
    gpointer data;
};

/* ---- in the child ---- */

static gboolean
write_all(int fd, const char *text)
{
    gsize left = strlen(text);

    while (left > 0) {
        ssize_t n = write(fd, text, left);
        if (n < 0 && errno != EINTR)
            return FALSE;
        if (n > 0) {
            text += n;
            left -= (gsize) n;
        }
    }
    return TRUE;
}

static void
forget_signals(void)
{
    sigset_t none;

    for (int number = 1; number < NSIG; number++)
        signal(number, number == SIGPIPE ? SIG_IGN : SIG_DFL);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

/* The browser's connections and the listening sockets stay with the parent. */
static int
keep_descriptors(int pipe_fd, int keep)
{
    int null = open("/dev/null", O_RDONLY);
    int spare_pipe = fcntl(pipe_fd, F_DUPFD, GCA_CHILD_KEPT_FD + 1);
    int spare_keep = keep >= 0 ? fcntl(keep, F_DUPFD, GCA_CHILD_KEPT_FD + 1) : -1;

    dup2(null, STDIN_FILENO);
    dup2(spare_pipe, PIPE_FD);
    if (spare_keep >= 0)
        dup2(spare_keep, GCA_CHILD_KEPT_FD);
    close_range(spare_keep >= 0 ? GCA_CHILD_KEPT_FD + 1 : GCA_CHILD_KEPT_FD, ~0U, 0);
    fcntl(PIPE_FD, F_SETFD, FD_CLOEXEC);
    return PIPE_FD;
}

static G_GNUC_NORETURN void
be_child(pid_t parent, int pipe_fd, int keep, GcaChildWork work, gpointer work_data)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(EXIT_FAILURE);
    forget_signals();
    /* main.c has memory written over. A module may count on fresh memory being empty, and what this
     * process leaves goes with it. */
    mallopt(M_PERTURB, 0);
    int fd = keep_descriptors(pipe_fd, keep);
    char *text = work(work_data);
    gboolean is_written = text != NULL && write_all(fd, text);
    _exit(is_written ? EXIT_SUCCESS : EXIT_FAILURE);
}

/* ---- in the parent ---- */

static gboolean
end(GcaChild *child)
{
    int status = 0;

    if (child->watch != 0)
        g_source_remove(child->watch);
    if (child->timer != 0)
        g_source_remove(child->timer);
    close(child->fd);
    kill(child->pid, SIGKILL); /* nothing, where it has ended: it is still ours to wait for */
    while (waitpid(child->pid, &status, 0) < 0 && errno == EINTR)
        continue;
    return WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SUCCESS;
}

static void
child_free(GcaChild *child)
{
    g_byte_array_unref(child->text);
    g_free(child);
}

void
gca_child_kill(GcaChild *child)
{
    end(child);
    child_free(child);
}

static void
finish(GcaChild *child, gboolean is_whole)
{
    end(child);
    g_byte_array_append(child->text, (const guint8 *) "", 1);
    const char *text = (const char *) child->text->data;
    if (child->done != NULL)
        child->done(is_whole && *text != '\0' ? text : NULL, child->data);
    child_free(child);
}

static gboolean
on_time_over(gpointer data)
{
    GcaChild *child = data;

    child->timer = 0;
    finish(child, FALSE);
    return G_SOURCE_REMOVE;
}

static gboolean
on_text(int fd, GIOCondition condition, gpointer data)
{
    GcaChild *child = data;
    guint8 buffer[16384];
    ssize_t n = read(fd, buffer, sizeof buffer);

    if (n < 0 && (errno == EINTR || errno == EAGAIN))
        return G_SOURCE_CONTINUE;
    if (n > 0 && child->text->len + (gsize) n <= TEXT_LIMIT) {
        g_byte_array_append(child->text, buffer, (guint) n);
        return G_SOURCE_CONTINUE;
    }
    child->watch = 0;
    finish(child, n == 0);
    return G_SOURCE_REMOVE;
}

GcaChild *
gca_child_start(GcaChildWork work, gpointer work_data, int keep, guint limit_s, GcaChildDone done,
                gpointer data, GError **error)
{
    pid_t parent = getpid(), pid = -1;
    int ends[2];

    if (pipe2(ends, O_CLOEXEC) == 0 && (pid = fork()) < 0) {
        close(ends[0]);
        close(ends[1]);
    }
    if (pid < 0) {
        gca_error_set(error, GCA_ERROR_INTERNAL, _("No process can be made: %s."),
                      g_strerror(errno));
        return NULL;
    }
    if (pid == 0)
        be_child(parent, ends[1], keep, work, work_data);
    close(ends[1]);
    GcaChild *child = g_new0(GcaChild, 1);
    *child = (GcaChild){.pid = pid, .fd = ends[0], .done = done, .data = data};
    child->text = g_byte_array_new();
    fcntl(child->fd, F_SETFL, O_NONBLOCK);
    child->watch = g_unix_fd_add(child->fd, G_IO_IN | G_IO_HUP | G_IO_ERR, on_text, child);
    child->timer = limit_s > 0 ? g_timeout_add_seconds(limit_s, on_time_over, child) : 0;
    return child;
}
