/* Folders that are whole or not there, whatever happens to the one who makes them. */
#include "base/error.h"
#include "base/file.h"
#include "base/staging.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define BIG 200000

typedef struct {
    char *parent;
    GBytes *small, *big;
} Fixture;

static void
set_up(Fixture *fixture, const void *data)
{
    fixture->parent = g_dir_make_tmp("gca-test-XXXXXX", NULL);
    fixture->small = g_bytes_new_static("small", 5);
    fixture->big = g_bytes_new_take(g_malloc0(BIG), BIG);
}

static void
remove_tree(const char *path)
{
    GDir *folder = g_file_test(path, G_FILE_TEST_IS_SYMLINK) ? NULL : g_dir_open(path, 0, NULL);
    const char *name;

    while (folder != NULL && (name = g_dir_read_name(folder)) != NULL) {
        g_autofree char *inner = g_build_filename(path, name, NULL);
        remove_tree(inner);
    }
    if (folder != NULL)
        g_dir_close(folder);
    g_assert_cmpint(g_remove(path), ==, 0);
}

static void
tear_down(Fixture *fixture, const void *data)
{
    remove_tree(fixture->parent);
    g_free(fixture->parent);
    g_bytes_unref(fixture->small);
    g_bytes_unref(fixture->big);
}

static guint
count(const char *path, const char *prefix)
{
    g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
    const char *name;
    guint n = 0;

    g_assert_nonnull(folder);
    while ((name = g_dir_read_name(folder)) != NULL)
        n += g_str_has_prefix(name, prefix);
    return n;
}

static int
mode_of(const char *folder, const char *name)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    struct stat st;

    g_assert_cmpint(g_lstat(path, &st), ==, 0);
    return st.st_mode & 07777;
}

/* Two files, and a name; NULL if anything fails. */
static char *
make_one(Fixture *fixture, const char *name)
{
    g_autoptr(GcaStaging) staging = gca_staging_new(fixture->parent, NULL);

    if (staging == NULL || !gca_staging_add(staging, "key", fixture->small, 0600, NULL) ||
        !gca_staging_add(staging, "request", fixture->big, 0644, NULL))
        return NULL;
    return gca_staging_publish(staging, name, NULL);
}

static void
test_whole_with_exact_modes(Fixture *fixture, const void *data)
{
    static const mode_t umasks[] = {0, 022, 077, 0777};

    for (guint i = 0; i < G_N_ELEMENTS(umasks); i++) {
        mode_t before = umask(umasks[i]);
        g_autofree char *path = make_one(fixture, "host");
        umask(before);
        g_assert_nonnull(path);
        g_assert_true(g_path_is_absolute(path));
        g_assert_cmpint(mode_of(path, "."), ==, 0700);
        g_assert_cmpint(mode_of(path, "key"), ==, 0600);
        g_assert_cmpint(mode_of(path, "request"), ==, 0644);
        g_autofree char *key = g_build_filename(path, "key", NULL);
        g_autoptr(GBytes) bytes = gca_file_read(key, 100, NULL);
        g_assert_true(g_bytes_equal(bytes, fixture->small));
    }
    g_assert_cmpuint(count(fixture->parent, ""), ==, G_N_ELEMENTS(umasks));
}

static void
test_not_seen_before_published(Fixture *fixture, const void *data)
{
    GcaStaging *staging = gca_staging_new(fixture->parent, NULL);

    g_assert_true(gca_staging_add(staging, "key", fixture->small, 0600, NULL));
    g_assert_cmpuint(count(fixture->parent, "."), ==, 1);
    g_assert_cmpuint(count(fixture->parent, ""), ==, 1);
    gca_staging_free(staging);
    g_assert_cmpuint(count(fixture->parent, ""), ==, 0);
}

static void
test_names_taken(Fixture *fixture, const void *data)
{
    g_autofree char *file = g_build_filename(fixture->parent, "host", NULL);
    g_autofree char *empty = g_build_filename(fixture->parent, "host-2", NULL);
    g_autofree char *nowhere = g_build_filename(fixture->parent, "host-3", NULL);

    g_assert_true(g_file_set_contents(file, "old", 3, NULL));
    g_assert_cmpint(g_mkdir(empty, 0755), ==, 0);
    g_assert_cmpint(symlink("/nonexistent", nowhere), ==, 0);
    for (guint i = 4; i < 7; i++) {
        g_autofree char *path = make_one(fixture, "host"), *name = g_path_get_basename(path);
        g_autofree char *expected = g_strdup_printf("host-%u", i);
        g_assert_cmpstr(name, ==, expected);
    }
    g_assert_true(g_file_test(file, G_FILE_TEST_IS_REGULAR));
    g_assert_cmpuint(count(empty, ""), ==, 0);
    g_assert_true(g_file_test(nowhere, G_FILE_TEST_IS_SYMLINK));
}

static void
test_never_over_a_file(Fixture *fixture, const void *data)
{
    g_autoptr(GcaStaging) staging = gca_staging_new(fixture->parent, NULL);
    g_autoptr(GError) error = NULL;

    g_assert_true(gca_staging_add(staging, "key", fixture->small, 0600, NULL));
    g_assert_false(gca_staging_add(staging, "key", fixture->big, 0600, &error));
    g_assert_error(error, GCA_ERROR, GCA_ERROR_FILE);
    g_autofree char *path = gca_staging_publish(staging, "host", NULL);
    g_autofree char *key = g_build_filename(path, "key", NULL);
    g_autoptr(GBytes) bytes = gca_file_read(key, 100, NULL);
    g_assert_true(g_bytes_equal(bytes, fixture->small));
}

static void
test_no_parent(Fixture *fixture, const void *data)
{
    g_autofree char *missing = g_build_filename(fixture->parent, "missing", NULL);
    g_autoptr(GError) error = NULL;

    g_assert_null(gca_staging_new(missing, &error));
    g_assert_error(error, GCA_ERROR, GCA_ERROR_FILE);
    g_assert_nonnull(strstr(error->message, missing));
    gca_staging_sweep(missing); /* says nothing */
}

/* The work in a process of its own, so that it can be killed or be short of something. */
static pid_t
run_child(int (*work)(Fixture *), Fixture *fixture)
{
    pid_t pid = fork();

    g_assert_cmpint(pid, >=, 0);
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL); /* a test that fails must leave nobody behind */
        _exit(work(fixture));
    }
    return pid;
}

static int
wait_for(pid_t pid)
{
    int status = 0;

    g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
    return status;
}

static int
make_short_of_room(Fixture *fixture)
{
    const struct rlimit limit = {BIG / 2, BIG / 2};
    g_autoptr(GError) error = NULL;
    GcaStaging *staging = gca_staging_new(fixture->parent, NULL);

    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &limit);
    int failed = gca_staging_add(staging, "key", fixture->small, 0600, NULL) &&
                         !gca_staging_add(staging, "request", fixture->big, 0644, &error) &&
                         g_error_matches(error, GCA_ERROR, GCA_ERROR_FILE)
                     ? 0
                     : 1;
    gca_staging_free(staging);
    return failed;
}

static int
make_short_of_descriptors(Fixture *fixture)
{
    int failed = 0;

    for (rlim_t n = 3; n < 10; n++) {
        const struct rlimit limit = {n, 64};
        setrlimit(RLIMIT_NOFILE, &limit);
        g_autofree char *path = make_one(fixture, "host");
        failed += path == NULL;
    }
    return failed == 0; /* some must have failed, and then left nothing */
}

static void
test_nothing_left_when_short(Fixture *fixture, const void *data)
{
    g_assert_cmpint(wait_for(run_child(make_short_of_room, fixture)), ==, 0);
    g_assert_cmpuint(count(fixture->parent, ""), ==, 0);

    g_assert_cmpint(wait_for(run_child(make_short_of_descriptors, fixture)), ==, 0);
    g_assert_cmpuint(count(fixture->parent, "."), ==, 0);
}

/* Leaves a hidden folder behind, as one that is killed does. */
static int
die_half_way(Fixture *fixture)
{
    GcaStaging *staging = gca_staging_new(fixture->parent, NULL);

    gca_staging_add(staging, "key", fixture->small, 0600, NULL);
    return kill(getpid(), SIGKILL);
}

static void
test_sweep_takes_the_dead(Fixture *fixture, const void *data)
{
    wait_for(run_child(die_half_way, fixture));
    wait_for(run_child(die_half_way, fixture));
    g_autoptr(GcaStaging) living = gca_staging_new(fixture->parent, NULL);

    g_assert_cmpuint(count(fixture->parent, ".gca-"), ==, 3);
    gca_staging_sweep(fixture->parent);
    g_assert_cmpuint(count(fixture->parent, ".gca-"), ==, 1);
    g_assert_true(gca_staging_add(living, "key", fixture->small, 0600, NULL));
    g_autofree char *path = gca_staging_publish(living, "host", NULL);
    g_assert_nonnull(path);
    gca_staging_sweep(fixture->parent);
    g_assert_cmpint(mode_of(path, "key"), ==, 0600);
}

static void
make_folder_with(Fixture *fixture, const char *name, const char *file)
{
    g_autofree char *folder = g_build_filename(fixture->parent, name, NULL);
    g_autofree char *path = g_build_filename(folder, file, NULL);

    g_assert_cmpint(g_mkdir(folder, 0700), ==, 0);
    g_assert_true(g_file_set_contents(path, "x", 1, NULL));
}

static void
test_sweep_leaves_the_rest(Fixture *fixture, const void *data)
{
    g_autofree char *file = g_build_filename(fixture->parent, ".gca-AAAAAA", NULL);
    g_autofree char *link = g_build_filename(fixture->parent, ".gca-BBBBBB", NULL);
    g_autofree char *link_inside = g_build_filename(fixture->parent, ".gca-CCCCCC", "l", NULL);
    g_autofree char *fifo = g_build_filename(fixture->parent, ".gca-DDDDDD", "fifo", NULL);
    g_autofree char *folder = g_build_filename(fixture->parent, ".gca-EEEEEE", "sub", NULL);

    g_assert_true(g_file_set_contents(file, "x", 1, NULL)); /* gca_file_create's */
    make_folder_with(fixture, "kept", "key");
    g_assert_cmpint(symlink("kept", link), ==, 0);
    make_folder_with(fixture, ".gca-CCCCCC", "key");
    g_assert_cmpint(symlink("../kept/key", link_inside), ==, 0);
    make_folder_with(fixture, ".gca-DDDDDD", "key");
    g_assert_cmpint(mkfifo(fifo, 0600), ==, 0);
    make_folder_with(fixture, ".gca-EEEEEE", "key");
    g_assert_cmpint(g_mkdir(folder, 0700), ==, 0);
    make_folder_with(fixture, ".gca-short", "key");
    make_folder_with(fixture, ".gca-toolong", "key");
    make_folder_with(fixture, ".gca-FF.FFF", "key");
    make_folder_with(fixture, ".gca-GGGGGG", "key"); /* the one to go */

    guint before = count(fixture->parent, "");
    gca_staging_sweep(fixture->parent);
    g_assert_cmpuint(count(fixture->parent, ""), ==, before - 1);
    g_assert_false(g_file_test(file, G_FILE_TEST_IS_DIR));
    g_autofree char *kept = g_build_filename(fixture->parent, "kept", NULL);
    g_assert_cmpint(mode_of(kept, "key"), !=, 0);
    g_assert_cmpuint(count(fixture->parent, ".gca-GGGGGG"), ==, 0);
    g_autofree char *inside = g_build_filename(fixture->parent, ".gca-CCCCCC", NULL);
    g_assert_cmpuint(count(inside, ""), ==, 2);
}

static int
make_for_ever(Fixture *fixture)
{
    for (;;)
        g_free(make_one(fixture, "host"));
    return 0;
}

/* Each folder that can be seen has all of both files; what cannot be seen is swept. */
static void
test_killed_at_any_moment(Fixture *fixture, const void *data)
{
    for (guint i = 0; i < 40; i++) {
        pid_t pid = run_child(make_for_ever, fixture);
        g_usleep((gulong) g_test_rand_int_range(0, 20000));
        kill(pid, SIGKILL);
        wait_for(pid);
    }
    gca_staging_sweep(fixture->parent);

    g_autoptr(GDir) parent = g_dir_open(fixture->parent, 0, NULL);
    const char *name;
    while ((name = g_dir_read_name(parent)) != NULL) {
        g_autofree char *key = g_build_filename(fixture->parent, name, "key", NULL);
        g_autofree char *request = g_build_filename(fixture->parent, name, "request", NULL);
        g_assert_cmpint(*name, !=, '.');
        g_autoptr(GBytes) small = gca_file_read(key, BIG, NULL);
        g_autoptr(GBytes) big = gca_file_read(request, BIG, NULL);
        g_assert_true(g_bytes_equal(small, fixture->small));
        g_assert_true(g_bytes_equal(big, fixture->big));
    }
}

static int
sweep_for_ever(Fixture *fixture)
{
    for (;;)
        gca_staging_sweep(fixture->parent);
    return 0;
}

static gpointer
make_many(gpointer data)
{
    for (guint i = 0; i < 25; i++) {
        g_autofree char *path = make_one(data, "host");
        g_assert_nonnull(path);
    }
    return NULL;
}

static void
test_sweep_never_takes_the_living(Fixture *fixture, const void *data)
{
    pid_t sweepers[] = {run_child(sweep_for_ever, fixture), run_child(sweep_for_ever, fixture)};
    GThread *threads[4];

    for (guint i = 0; i < G_N_ELEMENTS(threads); i++)
        threads[i] = g_thread_new("maker", make_many, fixture);
    for (guint i = 0; i < G_N_ELEMENTS(threads); i++)
        g_thread_join(threads[i]);
    for (guint i = 0; i < G_N_ELEMENTS(sweepers); i++) {
        kill(sweepers[i], SIGKILL);
        wait_for(sweepers[i]);
    }
    g_assert_cmpuint(count(fixture->parent, ""), ==, 25 * G_N_ELEMENTS(threads));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name, function) g_test_add(name, Fixture, NULL, set_up, function, tear_down)
    ADD("/base/staging/whole-with-exact-modes-whatever-the-umask", test_whole_with_exact_modes);
    ADD("/base/staging/not-seen-before-it-is-published", test_not_seen_before_published);
    ADD("/base/staging/takes-the-next-name-that-is-free", test_names_taken);
    ADD("/base/staging/never-over-a-file", test_never_over_a_file);
    ADD("/base/staging/missing-parent-is-named", test_no_parent);
    ADD("/base/staging/leaves-nothing-when-short-of-room", test_nothing_left_when_short);
    ADD("/base/staging/sweep-takes-the-dead-only", test_sweep_takes_the_dead);
    ADD("/base/staging/sweep-leaves-what-is-not-ours", test_sweep_leaves_the_rest);
    ADD("/base/staging/killed-at-any-moment-it-is-whole-or-not-there", test_killed_at_any_moment);
    ADD("/base/staging/sweep-never-takes-one-just-made", test_sweep_never_takes_the_living);
    return g_test_run();
}
