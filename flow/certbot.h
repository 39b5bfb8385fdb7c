/* What certbot is to be called with, once an account is pre-registered. */
#pragma once

#include "acme/account.h"
#include "prereg/request.h"
#include "profile/profile.h"

G_BEGIN_DECLS

/* Command lines for a shell, ready to copy, one for each certificate: the profile says how many
 * names go into one, which directory, challenge and key. `domains`: A-labels. NULL where the
 * profile has no directory, or one of the names fits none of its challenges or is an address. */
char **gca_certbot_list_commands(const GcaProfile *profile, const char *const *domains);

/* The same for a request, with its own `profile` and `account` (NULL: its files are not at hand):
 * the directory and, of certbot's files, the account and its folder. NULL also where the account is
 * of another client or CA, or where its directory is not known. */
char **gca_certbot_list_commands_for(const GcaRequest *request, const GcaProfile *profile,
                                     const GcaAccount *account);

G_END_DECLS
