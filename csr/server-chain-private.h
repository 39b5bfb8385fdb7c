/* Who issued whom; for this folder only. */
#pragma once

#include "csr/server-chain.h"

G_BEGIN_DECLS

/* TRUE if names, key identifiers (where both have one) and signature say that `issuer` has issued
 * `certificate`. */
gboolean gca_server_chain_is_issuer(X509 *issuer, X509 *certificate);

/* TRUE for a root. A CA's new key certified with its old one bears its own name as the issuer's,
 * too (RFC 5280 section 3.2, self-issued), but is not self-signed. */
gboolean gca_server_chain_is_self_signed(X509 *certificate);

/* By this computer's clock. */
gboolean gca_server_chain_is_valid_now(X509 *certificate);

/* A store of this computer's trusted CAs and those of `anchors` (may be NULL). */
X509_STORE *gca_server_chain_open_store(GcaX509Stack *anchors);

/* One chain that is looked at. */
typedef struct {
    X509 *leaf;
    GcaX509Stack *list; /* what stands beside the leaf; its members are borrowed */
    GcaX509Stack *path; /* what belongs there, the leaf's issuer first */
    X509 *end;          /* see gca_server_chain_build */
    const GcaProfile *profile;
    GPtrArray *findings;
    GcaFindingState weight; /* of a mistake in the list */
} GcaChainCase;

/* "chain-order", "chain-stray" and "chain-root" of the list. */
void gca_chain_case_note_mistakes(const GcaChainCase *look);

/* "chain": rules of RFC 5280 section 6 that are broken, as if the chain's end were trusted. FALSE
 * if none is. */
gboolean gca_chain_case_note_breaches(const GcaChainCase *look);

/* TRUE if there is a chain to a CA that this computer or `anchors` trust. */
gboolean gca_chain_case_is_trusted(const GcaChainCase *look, GcaX509Stack *anchors);

/* "trust", or "chain-issuer" where `known` has what is missing on the way. */
void gca_chain_case_note_trust(const GcaChainCase *look, GcaX509Stack *known, gboolean is_trusted);

/* Adds a failure; `text` is taken. */
void gca_chain_case_fail(const GcaChainCase *look, const char *name, const char *title, char *text,
                         const char *fix);

/* The last of the path, or the leaf. */
X509 *gca_chain_case_get_top(const GcaChainCase *look);

/* The issuer's name, to be shown. */
char *gca_chain_case_describe_issuer(X509 *certificate);

/* "“a”, “b”" of the subjects. */
char *gca_chain_case_list_names(GcaX509Stack *certificates);

/* What the CA's chain is called and where it is got, after the profile and the `top` whose issuer
 * is wanted (may be NULL): translated sentences. */
char *gca_chain_case_tell_source(const GcaChainCase *look, X509 *top);

/* What to do where the issuer of `top` is wanted, which `known` may have already. */
char *gca_chain_case_tell_remedy(const GcaChainCase *look, GcaX509Stack *known, X509 *top);

G_END_DECLS
