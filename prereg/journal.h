/* What this user's cards have signed, one JSON line each, in the state folder. */
#pragma once

#include "prereg/request.h"

G_BEGIN_DECLS

/* Adds time, domains, account, digest and file. The file's path is made absolute. */
gboolean gca_journal_add(const GcaRequest *request, const char *sha256, const char *path,
                         GError **error);

G_END_DECLS
