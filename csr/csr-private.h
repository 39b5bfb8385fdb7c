/* The parts of a certification request. */
#pragma once

#include "base/openssl-auto.h"

G_BEGIN_DECLS

typedef STACK_OF(X509_EXTENSION) GcaExtensionStack;

static inline void
gca_extension_stack_free(GcaExtensionStack *stack)
{
    sk_X509_EXTENSION_pop_free(stack, X509_EXTENSION_free);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(GENERAL_NAMES, GENERAL_NAMES_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GcaExtensionStack, gca_extension_stack_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(X509_NAME, X509_NAME_free)

/* The extensions it asks for; NULL if there are none or they cannot be read. */
GcaExtensionStack *gca_csr_dup_extensions(X509_REQ *csr);

/* Its subjectAltName; NULL if there is none, two, or it cannot be read. */
GENERAL_NAMES *gca_csr_dup_alternatives(X509_REQ *csr);

/* A dNSName as it stands (bytes that are no text, NUL too, escaped) or an address as inet_ntop
 * writes it; NULL for all else. */
char *gca_general_name_to_text(const GENERAL_NAME *name);

G_END_DECLS
