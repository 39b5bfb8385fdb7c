/* The client's insides, for this folder only. */
#pragma once

#include "http/client.h"
#include "http/curl-private.h"

G_BEGIN_DECLS

#define GCA_HTTP_HEADERS_LIMIT (64 * 1024)

typedef struct {
    guint connect_ms; /* until the connection stands, encryption included */
    guint silence_s;  /* without a byte */
    guint total_ms;   /* of one gca_http_client_send, with its redirects */
} GcaHttpLimits;

struct _GcaHttpClient {
    CURLM *multi; /* keeps connections for the next exchange */
    GBytes *trusted;
    gboolean is_system_trusted; /* not so if $SSL_CERT_FILE has taken the system's place */
    GcaHttpLimits limits;
    char *issuer; /* of the last certificate that was refused */
};

/* For tests, which cannot wait as long as a user does. */
void gca_http_client_set_limits(GcaHttpClient *client, const GcaHttpLimits *limits);

G_END_DECLS
