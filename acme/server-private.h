/* What is asked of every ACME server; not for other folders. */
#pragma once

#include "base/openssl-auto.h"
#include "http/client.h"

#include <jansson.h>

G_BEGIN_DECLS

typedef struct {
    const char *url;    /* the account's, which is the kid too */
    const char *nonces; /* newNonce */
    EVP_PKEY *key;
} GcaSignedRequest;

/* The object at `directory` (RFC 8555 section 7.1.1). */
json_t *gca_server_fetch_directory(GcaHttpClient *client, const char *directory, GcaCancel *cancel,
                                   GError **error);

/* POST-as-GET (section 6.3). A refused nonce is followed by the one given with the refusal, a few
 * times; any other answer is given back, whatever its status. */
GcaHttpResponse *gca_server_post_as_get(GcaHttpClient *client, const GcaSignedRequest *request,
                                        GcaCancel *cancel, GError **error);

/* The JSON object of an answer, SERVER if it is none. */
json_t *gca_server_parse_object(GcaHttpResponse *response, const char *url, GError **error);

G_END_DECLS
