/* What libcurl's codes mean to the one who waits for the answer. For this folder only. */
#pragma once

#include "http/curl-private.h"

G_BEGIN_DECLS

typedef struct {
    CURL *easy; /* after the exchange */
    CURLcode code;
    const char *text;   /* libcurl's own words, or "" */
    const char *host;   /* escaped, with its port */
    const char *issuer; /* escaped; of the certificate that was refused, or NULL */
} GcaHttpFault;

void gca_http_fault_set(const GcaHttpFault *fault, GError **error);

/* NETWORK: what came is not the whole answer. */
void gca_http_fault_set_cut_off(const char *host, GError **error);

G_END_DECLS
