/* A signed request is handed in: where it goes, a button that sends it, what has come of it. */
#pragma once

#include "profile/profile.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define GCA_TYPE_HAND_IN (gca_hand_in_get_type())
G_DECLARE_FINAL_TYPE(GcaHandIn, gca_hand_in, GCA, HAND_IN, GtkBox)

/* `path`: of the request; `profile` is its own, NULL where it is not known here. */
void gca_hand_in_show(GcaHandIn *hand_in, const char *path, const GcaProfile *profile);

G_END_DECLS
