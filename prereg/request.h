/* The pre-registration request: what is signed, described in docs/prereg-request.md. */
#pragma once

#include "base/contact.h"
#include "base/name.h"
#include "base/openssl-auto.h"

G_BEGIN_DECLS

typedef struct _GcaRequest GcaRequest;

/* What a request is made of; all but the marked are needed. Borrowed during the call. */
typedef struct {
    const char *profile;
    const char *account_uri;    /* verbatim */
    const char *thumbprint;     /* NULL: not known */
    EVP_PKEY *account_key;      /* of that thumbprint, for the proof; NULL: without */
    const char *const *domains; /* A-labels */
    const GcaName *subject;     /* of the TLS certificate, without CN */
    const char *organization_name;
    const GcaName *organization_dn;
    const char *organization_oid; /* NULL: not known */
    const char *card_serial;      /* NULL: not known */
    const GcaContact *contact;    /* may be empty */
} GcaRequestFields;

/* Refuses a subject that no request can hold (BAD_DATA). */
gboolean gca_request_accepts_subject(const GcaName *subject, GError **error);

/* A request created now with a new nonce. */
GcaRequest *gca_request_new(const GcaRequestFields *fields, GError **error);

/* Reads a content strictly: canonical (RFC 8785), every member known and well formed. CHECK_FAILED
 * with the member or byte that is wrong. */
GcaRequest *gca_request_parse(GBytes *content, GError **error);

GcaRequest *gca_request_ref(GcaRequest *request);
void gca_request_unref(GcaRequest *request);

GBytes *gca_request_get_content(const GcaRequest *request); /* the bytes that are signed */
const char *gca_request_get_profile(const GcaRequest *request);
const char *gca_request_get_account_uri(const GcaRequest *request);
const char *gca_request_get_thumbprint(const GcaRequest *request); /* or NULL */
const char *const *gca_request_get_domains(const GcaRequest *request);
const GcaName *gca_request_get_subject(const GcaRequest *request);
const char *gca_request_get_organization_name(const GcaRequest *request);
const char *gca_request_get_organization_dn(const GcaRequest *request);  /* as written */
const char *gca_request_get_organization_oid(const GcaRequest *request); /* or NULL */
const char *gca_request_get_card_serial(const GcaRequest *request);      /* or NULL */
const GcaContact *gca_request_get_contact(const GcaRequest *request);
gboolean gca_request_has_proof(const GcaRequest *request); /* whether it holds: prereg/proof.h */
GDateTime *gca_request_get_created(const GcaRequest *request);

/* Signs the content once with `key` and reads the finished message back: what it verifies as must
 * be this request. DER. */
GBytes *gca_request_sign(const GcaRequest *request, EVP_PKEY *key, X509 *signer,
                         GcaX509Stack *others, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(GcaRequest, gca_request_unref)

G_END_DECLS
