#include "base/error.h"
#include "base/file.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct {
    char *folder, *path;
    GBytes *old, *new;
} Fixture;

static void
set_up(Fixture *fixture, const void *data)
{
    fixture->folder = g_dir_make_tmp("gca-test-XXXXXX", NULL);
    fixture->path = g_build_filename(fixture->folder, "file", NULL);
    fixture->old = g_bytes_new_static("old", 3);
    fixture->new = g_bytes_new_static("new", 3);
}

static void
tear_down(Fixture *fixture, const void *data)
{
    g_unlink(fixture->path);
    g_assert_cmpint(g_rmdir(fixture->folder), ==, 0); /* nothing else may have been left there */
    g_free(fixture->folder);
    g_free(fixture->path);
    g_bytes_unref(fixture->old);
    g_bytes_unref(fixture->new);
}

static void
assert_content(const Fixture *fixture, GBytes *expected)
{
    g_autoptr(GBytes) content = gca_file_read(fixture->path, 100, NULL);
    g_assert_nonnull(content);
    g_assert_true(g_bytes_equal(content, expected));
}

static void
test_never_over_a_file(Fixture *fixture, const void *data)
{
    g_autoptr(GError) error = NULL;

    g_assert_true(gca_file_create(fixture->path, fixture->old, 0600, NULL));
    g_assert_false(gca_file_create(fixture->path, fixture->new, 0600, &error));
    g_assert_error(error, GCA_ERROR, GCA_ERROR_FILE);
    assert_content(fixture, fixture->old);
}

static void
test_mode_whatever_the_umask(Fixture *fixture, const void *data)
{
    struct stat st;
    mode_t before = umask(0);

    g_assert_true(gca_file_create(fixture->path, fixture->old, 0600, NULL));
    umask(before);
    g_assert_cmpint(g_stat(fixture->path, &st), ==, 0);
    g_assert_cmpint(st.st_mode & 07777, ==, 0600);
}

static void
test_replace(Fixture *fixture, const void *data)
{
    g_assert_true(gca_file_create(fixture->path, fixture->old, 0600, NULL));
    g_assert_true(gca_file_replace(fixture->path, fixture->new, 0600, NULL));
    assert_content(fixture, fixture->new);
}

static void
test_append(Fixture *fixture, const void *data)
{
    g_autoptr(GBytes) both = g_bytes_new_static("a\nb\n", 4);

    g_assert_true(gca_file_append_line(fixture->path, "a", NULL));
    g_assert_true(gca_file_append_line(fixture->path, "b", NULL));
    assert_content(fixture, both);
}

static void
test_append_does_not_wait_for_a_fifo(Fixture *fixture, const void *data)
{
    g_autoptr(GError) error = NULL;

    g_assert_cmpint(mkfifo(fixture->path, 0600), ==, 0);
    g_assert_false(gca_file_append_line(fixture->path, "a", &error));
    g_assert_error(error, GCA_ERROR, GCA_ERROR_FILE);
}

static void
test_size_limit(Fixture *fixture, const void *data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) exact = NULL;

    g_assert_true(gca_file_create(fixture->path, fixture->old, 0600, NULL));
    exact = gca_file_read(fixture->path, 3, &error);
    g_assert_no_error(error);
    g_assert_null(gca_file_read(fixture->path, 2, &error));
    g_assert_error(error, GCA_ERROR, GCA_ERROR_BAD_DATA);
}

static void
test_odd_files(Fixture *fixture, const void *data)
{
    g_autoptr(GError) folder = NULL, fifo = NULL, missing = NULL;

    g_assert_null(gca_file_read(fixture->folder, 100, &folder));
    g_assert_error(folder, GCA_ERROR, GCA_ERROR_USAGE);
    g_assert_null(gca_file_read(fixture->path, 100, &missing));
    g_assert_error(missing, GCA_ERROR, GCA_ERROR_FILE);
    g_assert_cmpint(mkfifo(fixture->path, 0600), ==, 0);
    g_assert_null(gca_file_read(fixture->path, 100, &fifo)); /* and does not wait for a writer */
    g_assert_error(fifo, GCA_ERROR, GCA_ERROR_USAGE);
}

/* What a full disk does, at a byte that is known: write(2) fails with EFBIG. */
static void
limit_size(rlim_t size)
{
    struct rlimit limit;

    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &limit);
    limit.rlim_cur = size < limit.rlim_max ? size : limit.rlim_max;
    g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &limit), ==, 0);
}

static char *
content_of(const Fixture *fixture, const char *name)
{
    g_autofree char *path = g_build_filename(fixture->folder, name, NULL);
    char *content = NULL;

    g_file_get_contents(path, &content, NULL, NULL);
    return content;
}

static void
assert_contents(const Fixture *fixture, const char *a, const char *b, const char *c)
{
    g_autofree char *of_a = content_of(fixture, "a"), *of_b = content_of(fixture, "b"),
                    *of_c = content_of(fixture, "c");
    g_autoptr(GDir) folder = g_dir_open(fixture->folder, 0, NULL);
    guint n = 0;

    while (g_dir_read_name(folder) != NULL)
        n++;
    g_assert_cmpuint(n, ==, (a != NULL) + (b != NULL) + (c != NULL)); /* and no hidden file */
    g_assert_cmpstr(of_a, ==, a);
    g_assert_cmpstr(of_b, ==, b);
    g_assert_cmpstr(of_c, ==, c);
}

static void
test_set_is_all_or_nothing(Fixture *fixture, const void *data)
{
    g_autofree char *a = g_build_filename(fixture->folder, "a", NULL);
    g_autofree char *b = g_build_filename(fixture->folder, "b", NULL);
    g_autofree char *c = g_build_filename(fixture->folder, "c", NULL);
    const char *const paths[] = {a, b, c};
    g_autoptr(GBytes) big = g_bytes_new_static("too large", 9);
    GBytes *const first[] = {fixture->old, fixture->old, NULL};
    GBytes *const second[] = {NULL, fixture->new, fixture->new};
    GBytes *const third[] = {fixture->old, NULL, big};
    g_autoptr(GError) error = NULL, of_folder = NULL;

    g_assert_true(gca_file_replace_set(paths, first, 3, 0644, NULL));
    assert_contents(fixture, "old", "old", NULL);
    g_assert_true(gca_file_replace_set(paths, second, 3, 0644, NULL));
    assert_contents(fixture, NULL, "new", "new");

    limit_size(8);
    gboolean is_written = gca_file_replace_set(paths, third, 3, 0644, &error);
    limit_size(RLIM_INFINITY);
    g_assert_false(is_written);
    g_assert_error(error, GCA_ERROR, GCA_ERROR_FILE);
    g_assert_nonnull(strstr(error->message, c));
    assert_contents(fixture, NULL, "new", "new");

    g_assert_cmpint(g_remove(c), ==, 0);
    g_assert_cmpint(g_mkdir(c, 0700), ==, 0);
    g_assert_false(gca_file_replace_set(paths, third, 3, 0644, &of_folder));
    g_assert_error(of_folder, GCA_ERROR, GCA_ERROR_FILE);
    g_assert_cmpint(g_rmdir(c), ==, 0);
    assert_contents(fixture, NULL, "new", NULL);
    g_assert_cmpint(g_remove(b), ==, 0);
}

/* SIGXFSZ kills in the middle of the writing. */
static void
test_killed_writer_leaves_nothing(Fixture *fixture, const void *data)
{
    const int flags = O_TMPFILE | O_WRONLY;
    int fd = open(fixture->folder, flags, 0600);
    g_autofree char *text = g_strnfill(10000, 'x');
    g_autoptr(GBytes) big = g_bytes_new(text, 10000);

    g_assert_true(gca_file_create(fixture->path, fixture->old, 0600, NULL));
    for (guint i = 0; i < 2 && fd >= 0; i++) { /* where there is no O_TMPFILE one is left */
        pid_t pid = fork();
        int status;
        if (pid == 0) {
            limit_size(5000);
            signal(SIGXFSZ, SIG_DFL);
            setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
            g_autofree char *other = g_build_filename(fixture->folder, "other", NULL);
            if (i == 0)
                gca_file_replace(fixture->path, big, 0600, NULL);
            else
                gca_file_create(other, big, 0600, NULL);
            _exit(0);
        }
        g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
        g_assert_true(WIFSIGNALED(status));
        assert_content(fixture, fixture->old); /* tear_down sees that there is nothing else */
    }
    if (fd >= 0)
        close(fd);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name, function) g_test_add(name, Fixture, NULL, set_up, function, tear_down)
    ADD("/base/file/create-is-never-over-a-file", test_never_over_a_file);
    ADD("/base/file/mode-holds-whatever-the-umask", test_mode_whatever_the_umask);
    ADD("/base/file/replace-takes-the-place", test_replace);
    ADD("/base/file/set-is-all-or-nothing", test_set_is_all_or_nothing);
    ADD("/base/file/killed-writer-leaves-nothing", test_killed_writer_leaves_nothing);
    ADD("/base/file/append-adds-lines", test_append);
    ADD("/base/file/append-does-not-wait-for-a-fifo", test_append_does_not_wait_for_a_fifo);
    ADD("/base/file/limit-is-in-bytes", test_size_limit);
    ADD("/base/file/folder-fifo-and-missing-are-told-apart", test_odd_files);
    return g_test_run();
}
