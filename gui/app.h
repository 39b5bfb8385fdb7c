/* The program: its options, its windows, and which card and CA they begin with. */
#pragma once

#include "flow/card-choice.h"
#include "profile/profile.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define GCA_APP_ID "tw.gca_toolkit.Wizard"

#define GCA_TYPE_APP (gca_app_get_type())
G_DECLARE_FINAL_TYPE(GcaApp, gca_app, GCA, APP, GtkApplication)

GcaApp *gca_app_new(void);

/* As the command line says; both borrowed. The profile is the usual one where none is named; NULL
 * with the reason where it cannot be loaded. */
const GcaCardChoice *gca_app_get_card_choice(GcaApp *app);
GcaProfile *gca_app_get_profile(GcaApp *app, GError **error);

/* TRUE for a file that is called as signed requests are. */
gboolean gca_app_is_request(const char *path);

G_END_DECLS
