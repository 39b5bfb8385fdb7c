/* Certificates that stand in many messages, decoded once. */
#pragma once

#include "base/openssl-auto.h"
#include "x509/holder.h"

#include <glib.h>

G_BEGIN_DECLS

typedef struct _GcaCertificatePool GcaCertificatePool;

/* For one thread at a time. */
GcaCertificatePool *gca_certificate_pool_new(void);
void gca_certificate_pool_free(GcaCertificatePool *pool);

/* Reads a message whose certificates are then to be given to gca_certificate_pool_exchange: their
 * keys are not decoded. NULL, and OpenSSL's queue says why. */
CMS_ContentInfo *gca_certificate_pool_read(GcaCertificatePool *pool, const guint8 **at, long size);

/* In place of each certificate one of the same bytes, with its key. */
void gca_certificate_pool_exchange(GcaCertificatePool *pool, GcaX509Stack *certificates);

/* As gca_holder_new, of a certificate from gca_certificate_pool_exchange. */
GcaHolder *gca_certificate_pool_get_holder(GcaCertificatePool *pool, X509 *certificate,
                                           GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(GcaCertificatePool, gca_certificate_pool_free)

G_END_DECLS
