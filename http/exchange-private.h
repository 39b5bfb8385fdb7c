/* One request and its answer, without redirects. For this folder only. */
#pragma once

#include "http/client-private.h"

G_BEGIN_DECLS

/* `deadline` is g_get_monotonic_time's. Errors are those of gca_http_client_send. */
GcaHttpResponse *gca_http_exchange(GcaHttpClient *client, const GcaHttpRequest *request, CURLU *url,
                                   gint64 deadline, GcaCancel *cancel, GError **error);

G_END_DECLS
