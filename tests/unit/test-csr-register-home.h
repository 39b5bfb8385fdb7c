/* Folders of a test program's own for registers: the user's and the package's. */
#pragma once

#include <glib/gstdio.h>

typedef struct {
    char *top;
    char *data;     /* the user's data folder */
    char *user;     /* path of the user's register */
    char *packaged; /* of the package's */
} RegisterHome;

/* Before anything asks GLib for the user's folders. */
static inline RegisterHome
register_home_enter(void)
{
    RegisterHome home = {.top = g_dir_make_tmp("gca-test-XXXXXX", NULL)};

    g_setenv("XDG_DATA_HOME", home.top, TRUE);
    g_setenv("XDG_CONFIG_HOME", "/nonexistent", TRUE);
    home.data = g_build_filename(home.top, "gca-toolkit", NULL);
    home.user = g_build_filename(home.data, "oid-register.txt", NULL);
    home.packaged = g_build_filename(home.top, "oid-register.txt", NULL);
    g_setenv("GCA_DATADIR", home.top, TRUE);
    return home;
}

static inline void
register_home_empty(const RegisterHome *home)
{
    g_unlink(home->user);
    g_unlink(home->packaged);
    g_rmdir(home->data);
}

static inline void
register_home_leave(RegisterHome *home)
{
    register_home_empty(home);
    g_assert_cmpint(g_rmdir(home->top), ==, 0);
    g_free(home->top);
    g_free(home->data);
    g_free(home->user);
    g_free(home->packaged);
}
