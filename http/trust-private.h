/* The CA certificates a client trusts. For this folder only. */
#pragma once

#include "http/client-private.h"

G_BEGIN_DECLS

/* In PEM: of $SSL_CERT_FILE or else the system's file (`is_system`), and of the files
 * `extras` (may be NULL) beside it. FILE, BAD_DATA: a file that cannot be read or holds no
 * certificates; UNTRUSTED: there is none at all. */
GBytes *gca_http_trust_load(const char *const *extras, gboolean *is_system, GError **error);

/* Has the client remember the issuer of a certificate that is refused. */
CURLcode gca_http_trust_watch(CURL *easy, GcaHttpClient *client);

G_END_DECLS
