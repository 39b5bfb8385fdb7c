/* HTTPS to where a profile points. */
#pragma once

#include "http/client.h"
#include "profile/profile.h"

G_BEGIN_DECLS

/* A client that trusts this system's CAs, the file `tls_ca` (or NULL) and the profile's own; NULL
 * for `profile` where the connection is no affair of a profile's. Errors of gca_http_client_new;
 * that of the profile's file names profile and path. */
GcaHttpClient *gca_connection_new(const GcaProfile *profile, const char *tls_ca, GError **error);

G_END_DECLS
