/* CAA records (RFC 8659) that bind a domain to one ACME account (RFC 8657). */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A record as DNS has it; nothing in it is checked. */
typedef struct {
    guint8 flags;
    char *tag;
    GBytes *value;
} GcaCaaRecord;

GcaCaaRecord *gca_caa_record_new(guint8 flags, const char *tag, GBytes *value);
void gca_caa_record_free(GcaCaaRecord *record);

/* The line of a zone file by which only `issuer` gives certificates for `domain` (A-labels; "*." in
 * front: the issuewild of the name behind it), and to that account alone. USAGE: `issuer` is none;
 * BAD_DATA: the URI holds what the record cannot (“;”). */
char *gca_caa_format(const char *domain, const char *issuer, const char *account_uri,
                     GError **error);

/* A record as a zone file has it, without name and class; safe to show. */
char *gca_caa_record_to_string(const GcaCaaRecord *record);

typedef enum {
    GCA_CAA_PRESENT, /* the issuer may, for this account alone */
    GCA_CAA_UNBOUND, /* the issuer may, for any account */
    GCA_CAA_ABSENT,  /* any CA may: there is no record that restricts it */
    GCA_CAA_OTHER,   /* the issuer must refuse: another one, account, method, or a critical record
                        that it may not know */
} GcaCaaVerdict;

typedef struct {
    const char *const *issuers; /* names that the CA knows itself by */
    const char *account_uri;
    const char *const *methods; /* "http-01": one of them is used; NULL: not known */
    gboolean is_wildcard;
} GcaCaaUse;

/* What a CA makes of the records (GcaCaaRecord *) that are relevant for a domain. A value that is
 * not as RFC 8659 section 4.2 wants it permits nobody. */
GcaCaaVerdict gca_caa_judge(GPtrArray *records, const GcaCaaUse *use);

const char *gca_caa_verdict_to_nick(GcaCaaVerdict verdict); /* "present" */

G_DEFINE_AUTOPTR_CLEANUP_FUNC(GcaCaaRecord, gca_caa_record_free)

G_END_DECLS
