/* Addresses, taken apart by the same parser that connects. For this folder only. */
#pragma once

#include "http/curl-private.h"

G_BEGIN_DECLS

/* An absolute https address without user name and password; USAGE otherwise, or
 * INTERNAL: there is no libcurl. What else is here is for one that was parsed. */
CURLU *gca_http_url_parse(const char *text, GError **error);

/* TRUE if host and port are the same. */
gboolean gca_http_url_is_same_server(CURLU *a, CURLU *b);

/* "host" or "host:port", to be shown. */
char *gca_http_url_dup_host(CURLU *url);

G_END_DECLS
