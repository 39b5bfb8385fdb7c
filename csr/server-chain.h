/* The chain that a web server sends: the leaf's issuer first, the root left out. */
#pragma once

#include "base/finding.h"
#include "base/openssl-auto.h"
#include "csr/delivery.h"
#include "profile/profile.h"

#include <glib.h>

G_BEGIN_DECLS

/* From `leaf` upwards through `given`, then `known` (see gca_server_chain_load_known; both may be
 * NULL); each step by name, key identifier and signature. Of several issuers one that is valid now
 * goes first, and one that is not self-signed before a root. Ends before a self-signed certificate.
 * Without the leaf; empty where no issuer is known. *end (`end` may be NULL) is the last issuer's
 * self-signed certificate, or the trusted one of this computer's store that issued the last; NULL:
 * not known. *end is new. */
GcaX509Stack *gca_server_chain_build(X509 *leaf, GcaX509Stack *given, GcaX509Stack *known,
                                     X509 **end);

/* The CA certificates in the chain/ folders of the configuration: for all profiles. BAD_DATA, FILE.
 */
GcaX509Stack *gca_server_chain_load_known(GError **error);

/* Judges `given` (without or with the leaf in front) as it stands as the chain that is sent with
 * `leaf`: for what a server has, or for what gca_server_chain_build has made. Each mistake is a
 * finding of its own (GcaFinding *), a failure:
 *   "chain-leaf-only"  nothing is sent beside the leaf, and nobody trusts its issuer directly
 *   "chain-issuer"     an issuer is missing, or one of its name and another key stands there
 *   "chain-order"      not from the leaf's issuer upwards
 *   "chain-stray"      one that is not in this leaf's chain (or stands there twice)
 *   "chain-root"       the root sent along
 *   "chain-validity"   expired or not yet valid
 *   "chain"            another rule of RFC 5280 broken; or, where there is no failure, the chain
 *   "trust"            whether this computer's store or `anchors` (may be NULL) know its end: a
 *                      warning at most
 * `known` (may be NULL) is what is there beside it, roots too: for the remedies, as `profile` is.
 */
void gca_server_chain_examine(X509 *leaf, GcaX509Stack *given, GcaX509Stack *known,
                              GcaX509Stack *anchors, const GcaProfile *profile,
                              GPtrArray *findings);

/* What gca_server_chain_build has put right of a delivery for `leaf`, as warnings: "chain-order",
 * "chain-stray", "chain-root" and "form" (DER). `built` is what it has made; nothing is added where
 * that is empty. Other leaves of the delivery are no mistake. */
void gca_server_chain_note_delivery(X509 *leaf, const GcaDelivery *delivery, GcaX509Stack *built,
                                    GPtrArray *findings);

G_END_DECLS
