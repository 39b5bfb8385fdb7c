/* A configuration and state folder of a test program's own. */
#pragma once

#include <glib/gstdio.h>

/* Before anything asks GLib for the user's folders. */
static inline char *
test_home_enter(void)
{
    char *home = g_dir_make_tmp("gca-test-XXXXXX", NULL);
    g_autofree char *profiles = g_build_filename(home, "gca-toolkit", "profiles", NULL);

    g_assert_cmpint(g_mkdir_with_parents(profiles, 0700), ==, 0);
    g_setenv("XDG_CONFIG_HOME", home, TRUE);
    g_setenv("XDG_STATE_HOME", home, TRUE);
    return home;
}

/* Removes it; the test has removed its own files but `left` (may be NULL). */
static inline void
test_home_leave(char *home, const char *left)
{
    g_autofree char *folder = g_build_filename(home, "gca-toolkit", NULL);
    g_autofree char *profiles = g_build_filename(folder, "profiles", NULL);
    g_autofree char *file = left ? g_build_filename(folder, left, NULL) : NULL;

    if (file != NULL)
        g_unlink(file);
    g_assert_cmpint(g_rmdir(profiles) | g_rmdir(folder) | g_rmdir(home), ==, 0);
    g_free(home);
}
