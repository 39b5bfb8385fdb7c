/* Cards and certificates as pages get them. */
#pragma once

#include "base/json.h"
#include "base/openssl-auto.h"

G_BEGIN_DECLS

/* `text` need not be UTF-8; NULL is "". */
void gca_card_json_set_text(json_t *object, const char *name, const char *text);
void gca_card_json_set_base64(json_t *object, const char *name, GBytes *bytes);

/* As “certb64”. */
void gca_card_json_set_certificate(json_t *object, X509 *certificate);

/* What an answer to /pkcs11info says of GcaCardEntry *; `entries` may be NULL. */
void gca_card_json_set_list(json_t *object, GPtrArray *entries, gboolean with_certificates);

G_END_DECLS
