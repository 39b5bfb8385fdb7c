/* What becomes of the host names typed: each by itself, and the subject of all. */
#pragma once

#include "profile/profile.h"

G_BEGIN_DECLS

typedef struct {
    char *typed;
    char *ascii;   /* the A-label form; NULL: `fault` says why not */
    char *unicode; /* the U-label form, where it is another; or NULL */
    char *fault;
    gboolean is_repeated; /* stands further up already */
} GcaHost;

typedef struct {
    GPtrArray *hosts; /* GcaHost * */
    guint n_good;     /* each once */
    guint n_wrong;
    char *subject; /* NULL: `error` or a host's fault says why not */
    GStrv warnings;
    GError *error; /* of all together; or NULL */
} GcaHostCheck;

/* `names` as typed; `oid` of the agency. Reads the register. */
GcaHostCheck *gca_host_check_new(const char *const *names, const char *oid, GcaProfile *profile);
void gca_host_check_free(GcaHostCheck *check);

G_END_DECLS
