/* The subject of a TLS certificate as it is asked for: C, L, O and CN. */
#pragma once

#include "base/name.h"
#include "base/openssl-auto.h"
#include "profile/profile.h"

G_BEGIN_DECLS

/* What it is made of; all may be NULL but one of `agency`, `organization` and `subject`. */
typedef struct {
    const GcaName *agency;    /* the DN in the register or on the card, folded by the profile */
    const char *organization; /* in place of the folded O */
    const char *locality;     /* in place of the profile's L */
    const char *subject;      /* RFC 4514, in place of all but CN, which it may leave out */
} GcaSubjectWish;

/* Root first, CN last. `cn` is one of gca_domains_parse_certificate. *unconfirmed is set where the
 * CA has not published how it folds. USAGE with a sentence for what gca_subject_check finds, or for
 * a CN in `subject` that is not `cn`; BAD_DATA if the agency's name cannot be folded. The hint says
 * what to write. */
GcaName *gca_subject_make(const GcaSubjectWish *wish, const GcaProfile *profile, const char *cn,
                          gboolean *unconfirmed, GError **error);

/* The mistakes that have been seen in requests, each with its own sentence (BAD_DATA): values that
 * openssl.cnf or keytool proposes, no C or one that is not two capital letters, OU, an e-mail
 * address, several CN, mojibake (UTF-8 or Big5 taken for Latin-1), replacement characters (“??”
 * too), control characters, a value longer than X.520 allows (RFC 5280 appendix A.1), a CN that is
 * no host name or IP address but a URL, a path, a name with port, final dot… */
gboolean gca_subject_check(const GcaName *subject, const GcaProfile *profile, GError **error);

/* C as PrintableString, all else as UTF8String, one attribute per RDN. CRYPTO. */
X509_NAME *gca_subject_encode(const GcaName *subject, GError **error);

G_END_DECLS
