/* To apply for a TLS certificate: subject, key, request, folder. The steps in order; the command
 * line and the wizard show what lies between them. Nothing here prints. */
#pragma once

#include "base/secret.h"
#include "csr/folder.h"
#include "csr/register.h"
#include "profile/profile.h"
#include "x509/holder.h"

G_BEGIN_DECLS

/* What the user typed; all but `cn` may be NULL, and one of agency, organization and subject must
 * be there. */
typedef struct {
    const char *cn;
    const char *const *names; /* further ones, as typed */
    const char *oid;          /* to be looked up in the register */
    const GcaHolder *holder;  /* of a card, in place of the register or beside it */
    const char *organization;
    const char *locality;
    const char *subject; /* RFC 4514 */
    const char *parent;  /* where earlier requests lie, which are to be told of */
} GcaApplicationWish;

typedef struct _GcaApplication GcaApplication;

/* Checks everything; makes no key and writes nothing. OID and card that name different agencies are
 * USAGE, with both. May be called by several threads with one profile and register. */
GcaApplication *gca_application_new(const GcaApplicationWish *wish, GcaProfile *profile,
                                    const GcaRegister *agencies, GError **error);
void gca_application_free(GcaApplication *application);

const GcaProfile *gca_application_get_profile(const GcaApplication *application);
const GcaName *gca_application_get_subject(const GcaApplication *application);
const char *const *gca_application_get_names(const GcaApplication *application); /* CN first */
const char *gca_application_get_agency_name(const GcaApplication *application);  /* or NULL */
const char *gca_application_get_agency_oid(const GcaApplication *application);   /* or NULL */

/* Translated sentences that the user must see, such as an unconfirmed way of folding. */
const char *const *gca_application_get_warnings(const GcaApplication *application);

/* The key to be used: an existing one, or a new one. */
typedef struct {
    EVP_PKEY *key;         /* NULL: make one */
    const char *place;     /* of an existing one: path or URI */
    guint bits;            /* of a new one */
    GcaSecret *passphrase; /* for a new one; NULL: not encrypted */
} GcaApplicationKey;

/* Makes key and request and the folder in `parent`. */
GcaRequestFolder *gca_application_make(const GcaApplication *application,
                                       const GcaApplicationKey *key, const char *parent,
                                       GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(GcaApplication, gca_application_free)

G_END_DECLS
