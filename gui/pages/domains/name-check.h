/* Host names as typed, each judged by itself, and all together by the limit of the CA. */
#pragma once

#include "profile/profile.h"

G_BEGIN_DECLS

typedef enum {
    GCA_NAME_GOOD,
    GCA_NAME_TWICE, /* a good one that stands further up already */
    GCA_NAME_WRONG,
} GcaNameState;

typedef struct {
    GcaNameState state;
    char *text; /* A-label and, where it differs, U-label; or a sentence: what is wrong */
} GcaCheckedName;

typedef struct {
    GPtrArray *names; /* GcaCheckedName *, in the order given */
    guint n_good;
    guint n_twice;
    guint n_wrong;
    gsize characters; /* of the good ones, each once */
    GError *error;    /* the good ones together are refused: over the limit; or NULL */
} GcaNameCheck;

/* `text` as gca_domains_split takes it. Without I/O but for the list of public suffixes. */
GcaNameCheck *gca_name_check_new(const char *text, const GcaProfile *profile);
void gca_name_check_free(GcaNameCheck *check);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(GcaNameCheck, gca_name_check_free)

G_END_DECLS
