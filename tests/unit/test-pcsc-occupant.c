#include "pcsc/occupant.h"

#include <glib.h>
#include <glib/gstdio.h>
#include <unistd.h>

#define LIBRARY "7f00-7f01 r-xp 00000000 08:01 42 /usr/lib/x86_64-linux-gnu/libpcsclite.so.1.0.0\n"
#define OTHER "7f00-7f01 r-xp 00000000 08:01 42 /usr/lib/x86_64-linux-gnu/libc.so.6\n"

static GPtrArray *paths; /* to be removed, folders before what is in them */

static char *
make(const char *parent, const char *name, const char *content)
{
    char *path = g_build_filename(parent, name, NULL);

    if (content == NULL)
        g_assert_cmpint(g_mkdir(path, 0700), ==, 0);
    else
        g_assert_true(g_file_set_contents(path, content, -1, NULL));
    g_ptr_array_add(paths, path);
    return path;
}

static void
make_process(const char *proc, int pid, const char *comm, const char *maps)
{
    g_autofree char *name = g_strdup_printf("%d", pid);
    const char *folder = make(proc, name, NULL);

    make(folder, "comm", comm);
    make(folder, "maps", maps);
}

static char *
make_proc(void)
{
    char *proc = g_dir_make_tmp("gca-proc-XXXXXX", NULL);

    g_assert_nonnull(proc);
    paths = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(paths, g_strdup(proc));
    return proc;
}

static void
remove_proc(void)
{
    for (guint i = paths->len; i > 0; i--)
        g_remove(paths->pdata[i - 1]);
    g_ptr_array_unref(paths);
}

static void
test_names_processes(void)
{
    g_autofree char *proc = make_proc();
    make_process(proc, 2000000030, "scdaemon\n", OTHER LIBRARY);
    make_process(proc, 2000000004, "a\033[2J\n", LIBRARY);
    make_process(proc, 2000000005, "bash\n", OTHER);
    make_process(proc, 2000000006, "pcscd\n", LIBRARY);
    make_process(proc, getpid(), "ourselves\n", LIBRARY);
    make(proc, "version", "LIBRARY");
    g_autofree char *text = gca_occupant_describe(proc);
    g_assert_cmpstr(text, ==, "a\\u{1B}[2J (2000000004), scdaemon (2000000030)");
    remove_proc();
}

static void
test_names_no_more_than_can_be_read(void)
{
    g_autofree char *proc = make_proc();
    for (int i = 0; i < 9; i++)
        make_process(proc, 2000000000 + i, "p\n", LIBRARY);
    g_autofree char *text = gca_occupant_describe(proc);
    g_assert_cmpstr(text, ==,
                    "p (2000000000), p (2000000001), p (2000000002), p (2000000003), "
                    "p (2000000004), …");
    remove_proc();
}

static void
test_says_nothing_when_nothing_is_known(void)
{
    g_autofree char *proc = make_proc();
    make_process(proc, 2000000005, "bash\n", OTHER);
    g_assert_null(gca_occupant_describe(proc));
    remove_proc();
    g_assert_null(gca_occupant_describe(proc));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/pcsc/occupant/names-processes", test_names_processes);
    g_test_add_func("/pcsc/occupant/names-a-few", test_names_no_more_than_can_be_read);
    g_test_add_func("/pcsc/occupant/may-be-unknown", test_says_nothing_when_nothing_is_known);
    return g_test_run();
}
