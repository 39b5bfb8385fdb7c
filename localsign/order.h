/* What a page wants signed: the body of POST /sign, taken apart strictly. */
#pragma once

#include "base/secret.h"

G_BEGIN_DECLS

#define GCA_ORDER_BODY_LIMIT (1024 * 1024) /* bytes */

typedef enum { GCA_ORDER_PKCS7, GCA_ORDER_PKCS1 } GcaOrderForm;

typedef struct {
    GBytes *tbs; /* decoded: the bytes to sign; never empty */
    GcaOrderForm form;
    char *digest; /* "SHA256", "SHA384", "SHA512", "SHA1": OpenSSL knows them so */
    gboolean with_card_number;
    gboolean with_signing_time;
    char *reader;   /* slotDescription; NULL: none wanted */
    GcaSecret *pin; /* NULL: the page sends none */
    GBytes *nonce;  /* NULL: none */
} GcaOrder;

/* `body` is “tbsPackage=” and JSON. BAD_JSON, BAD_BASE64, BAD_PARAMETER (naming the member),
 * NOT_SUPPORTED: see hipki-code.h.
 *
 * Where the JSON begins with %7B and not with “{”, whoever posts it has form-encoded it as a whole:
 * that is undone once, as it is of any form, and each member stands for itself. Else the body is
 * what the page has made and the popup has passed on, and pages escape in three ways: some call
 * encodeURIComponent on members, some put %2B for each “+” of the JSON, some do nothing. So the
 * JSON is parsed, and then in each text member of its own:
 * 1. all %XX are decoded, where the text holds nothing but characters of a URI (RFC 3986 section 2)
 *    and whole %XX, and UTF-8 without NUL comes out; a “+” stays one;
 * 2. else %2B becomes “+”, where the JSON has no “+” anywhere;
 * 3. else it is taken as it stands.
 * Of the first way every text comes out right, for it gives nothing but such characters. Of the
 * others every text does that has no %XX of its own; with one, what cannot stand in a URI (a blank,
 * a quote, a Chinese character) shows that it is not escaped, and only a %2B stays in doubt. Where
 * doubt stays it is decoded, as the vendor's component does with all. */
GcaOrder *gca_order_parse(GcaSecret *body, GError **error);
void gca_order_free(GcaOrder *order);

/* The text as a person can read it, made safe to show; NULL where it is no text. */
char *gca_order_dup_text(const GcaOrder *order);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(GcaOrder, gca_order_free)

G_END_DECLS
