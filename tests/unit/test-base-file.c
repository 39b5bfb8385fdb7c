#include "base/error.h"
#include "base/file.h"

#include <glib/gstdio.h>
#include <sys/stat.h>

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

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name, function) g_test_add(name, Fixture, NULL, set_up, function, tear_down)
    ADD("/base/file/create-is-never-over-a-file", test_never_over_a_file);
    ADD("/base/file/mode-holds-whatever-the-umask", test_mode_whatever_the_umask);
    ADD("/base/file/replace-takes-the-place", test_replace);
    ADD("/base/file/append-adds-lines", test_append);
    ADD("/base/file/append-does-not-wait-for-a-fifo", test_append_does_not_wait_for_a_fifo);
    ADD("/base/file/limit-is-in-bytes", test_size_limit);
    ADD("/base/file/folder-fifo-and-missing-are-told-apart", test_odd_files);
    return g_test_run();
}
