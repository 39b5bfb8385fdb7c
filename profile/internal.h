/* What a profile holds; for this folder only. */
#pragma once

#include "profile/profile.h"

/* How a value is written, and the type of the member that keeps it. */
typedef enum {
    GCA_PROFILE_TEXT,       /* char * */
    GCA_PROFILE_TRANSLATED, /* char *; Key=, and Key[zh_TW]= beside it */
    GCA_PROFILE_LINK,       /* char * */
    GCA_PROFILE_HOST,       /* char * */
    GCA_PROFILE_FILE,       /* char *, a path; in the profile's folder unless it is absolute */
    GCA_PROFILE_FINGERPRINT,
    GCA_PROFILE_DATE,
    GCA_PROFILE_LIST,       /* char ** */
    GCA_PROFILE_PARTS,      /* char **, attribute types */
    GCA_PROFILE_CHALLENGES, /* char **, of ACME */
    GCA_PROFILE_TITLES,     /* char **, none empty */
    GCA_PROFILE_NUMBER,     /* guint */
    GCA_PROFILE_PERCENT,    /* guint, 1 to 99 */
    GCA_PROFILE_BITS,       /* guint *, 0 at the end */
    GCA_PROFILE_SWITCH,     /* gboolean */
    GCA_PROFILE_KEY_TYPES,  /* nothing: only RSA is known */
    GCA_PROFILE_OTHER,      /* nothing: may stand there; not asked for by this program */
} GcaProfileKind;

struct _GcaProfile {
    gatomicrefcount refs;
    char *name;
    char *title;
    char *directory;
    char *caa_identity; /* or NULL */
    char **accounts;    /* glob patterns of normalised URIs, or NULL */
    char *page;
    char *endpoint;
    char *next_step;
    guint max_characters;
    gboolean wildcard;
    gboolean ip_address;
    guint per_certificate; /* names; 0: no limit */
    char **challenges;     /* or NULL */
    guint *bits;           /* of RSA keys, ascending, 0 at the end; NULL: 2048 alone */
    char **chain;          /* or NULL */
    char *chain_download;  /* or NULL */
    char *addressee;       /* or NULL */
    guint renewal_percent;
    char *country;
    char *locality; /* or NULL */
    char *prefix;   /* or NULL */
    char *separator;
    char **parts;       /* attribute types that make up O */
    char **local_parts; /* the same for a DN with L */
    gboolean local_confirmed;
    char *tls_ca; /* or NULL */
    char *trust_note;
    char *trust_note_date;
    char *renewal_place;
    char *unblock_place;
    GPtrArray *anchors; /* GcaProfileAnchor * */
};

/* An empty profile, to be filled. */
GcaProfile *gca_profile_new(const char *name);

/* The profile in the file `path`. */
GcaProfile *gca_profile_read(const char *path, const char *name, GError **error);

/* Keeps `value` in the member `field` of the type that `kind` has. NULL, or what is wrong with it,
 * translated. */
const char *gca_profile_keep(GcaProfileKind kind, const char *value, gpointer field);

/* The IP address in `typed`, in full-width or brackets too, as inet_ntop writes it; NULL if it is
 * none. */
char *gca_address_dup_text(const char *typed);

/* FALSE, USAGE with the reason, if the address is not public or the profile takes names only. */
gboolean gca_address_check(const char *address, const GcaProfile *profile, GError **error);
