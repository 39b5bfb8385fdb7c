/* One certificate or file of certificates, read strictly. */
#pragma once

#include "base/name.h"
#include "base/openssl-auto.h"

#include <glib.h>

G_BEGIN_DECLS

#define GCA_CERTIFICATE_FILE_LIMIT (1024 * 1024)
#define GCA_CRL_FILE_LIMIT (32 * 1024 * 1024)
#define GCA_OID_LENGTH_LIMIT 128 /* characters */

/* A certificate in DER; trailing bytes are refused (BAD_DATA). `name` is for messages. */
X509 *gca_certificate_parse(GBytes *der, const char *name, GError **error);

/* The certificates in a file: DER, or PEM with one or more and nothing else. Never empty. */
GcaX509Stack *gca_certificate_load(const char *path, GError **error);

/* The CRLs in a file, DER or PEM. Never empty. */
GcaX509CrlStack *gca_crl_load(const char *path, GError **error);

GBytes *gca_certificate_encode(X509 *certificate);

/* SHA-256 of the DER, lower-case hexadecimal. */
char *gca_certificate_fingerprint(X509 *certificate);

GcaName *gca_certificate_dup_subject(X509 *certificate, GError **error);
GcaName *gca_certificate_dup_issuer(X509 *certificate, GError **error);

GDateTime *gca_certificate_dup_not_before(X509 *certificate);
GDateTime *gca_certificate_dup_not_after(X509 *certificate);

/* UTC; NULL if `time` is not well formed. */
GDateTime *gca_asn1_time_to_date_time(const ASN1_TIME *time);

/* An X.509 name as text; BAD_DATA if a value cannot be turned into UTF-8 without NUL, or if an RDN
 * has several values. */
GcaName *gca_x509_name_to_name(const X509_NAME *x509_name, GError **error);

/* The subject as text to be shown in a message, or the fingerprint where it cannot be read. */
char *gca_certificate_describe(X509 *certificate);

/* The dotted form; NULL if it is longer than GCA_OID_LENGTH_LIMIT. */
char *gca_asn1_object_to_text(const ASN1_OBJECT *object);

/* UTF-8; NULL if it cannot be turned into UTF-8 without NUL. */
char *gca_asn1_string_to_text(const ASN1_STRING *string);

G_END_DECLS
