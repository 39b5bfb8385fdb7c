/* How far each application is: asked for, valid until when, due for renewal, expired. */
#pragma once

#include "csr/folder.h"

G_BEGIN_DECLS

typedef enum {
    GCA_OVERVIEW_REQUESTED, /* no certificate yet */
    GCA_OVERVIEW_VALID,
    GCA_OVERVIEW_DUE, /* the profile's share of the lifetime has passed */
    GCA_OVERVIEW_EXPIRED,
    GCA_OVERVIEW_BROKEN, /* cert.pem cannot be read, or the profile is not known */
} GcaOverviewState;

typedef struct {
    GcaRequestFolder *folder;
    GcaOverviewState state;
    GDateTime *not_after; /* of the certificate, or NULL */
    int days_left;        /* with a certificate; negative: over */
    GError *error;        /* what is broken */
} GcaOverview;

/* GcaOverview * of the folders in `parent`, the oldest first, as of `now`. `troubles` (may be NULL)
 * as in gca_request_folder_list. */
GPtrArray *gca_overview_list(const char *parent, GDateTime *now, GPtrArray *troubles,
                             GError **error);

const char *gca_overview_state_to_nick(GcaOverviewState state);
const char *gca_overview_state_to_string(GcaOverviewState state); /* translated */

G_END_DECLS
