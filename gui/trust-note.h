/* What a CA's profile says of how its certificates are trusted, to be known before work starts. */
#pragma once

#include "profile/profile.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define GCA_TYPE_TRUST_NOTE (gca_trust_note_get_type())
G_DECLARE_FINAL_TYPE(GcaTrustNote, gca_trust_note, GCA, TRUST_NOTE, GtkBox)

/* Shows that of `profile`; hidden where it has none. */
void gca_trust_note_set_profile(GcaTrustNote *note, const GcaProfile *profile);

G_END_DECLS
