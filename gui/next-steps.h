/* What is to be done with a signed request: it is handed in, the CA is asked whether it was
 * accepted, and commands that get the certificates are copied. */
#pragma once

#include "acme/account.h"
#include "prereg/request.h"
#include "profile/profile.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define GCA_TYPE_NEXT_STEPS (gca_next_steps_get_type())
G_DECLARE_FINAL_TYPE(GcaNextSteps, gca_next_steps, GCA, NEXT_STEPS, GtkBox)

/* `path`: of the file; `profile` and `account` are the request's own, NULL where they are not at
 * hand, and with them what only they make possible. */
void gca_next_steps_show(GcaNextSteps *steps, const char *path, const GcaRequest *request,
                         const GcaProfile *profile, GcaAccount *account);

G_END_DECLS
