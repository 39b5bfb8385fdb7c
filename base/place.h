/* Where configuration, data and state lie (XDG Base Directory): the user's, the system's, ours. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* ~/.config/gca-toolkit, /etc/gca-toolkit, <datadir>/gca-toolkit, in this order. For tests and a
 * build tree $GCA_DATADIR takes the place of the last. */
char **gca_place_list_folders(void);

/* The path of `name` in the first folder that has it, or NULL. */
char *gca_place_find(const char *name);

/* The path of `name` in the user's configuration folder, there or not. */
char *gca_place_user(const char *name);

/* The path of `name` in the user's state folder, there or not. */
char *gca_place_state(const char *name);

/* The path of `name` in the user's data folder, there or not. */
char *gca_place_data(const char *name);

/* The value of `key` in `group` of the first config.ini that has it; NULL if none. A file that is
 * not a key file is BAD_DATA. */
char *gca_place_get_setting(const char *group, const char *key, GError **error);

G_END_DECLS
