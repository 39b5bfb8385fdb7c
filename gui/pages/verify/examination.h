/* The work behind the view: a signed request is looked into, as by “gca-prereg verify”. */
#pragma once

#include "acme/account.h"
#include "gui/task.h"
#include "prereg/report.h"
#include "profile/profile.h"

G_BEGIN_DECLS

typedef struct {
    GcaReport *report;
    char *state;          /* what has become of it, where it was signed here; or NULL */
    GcaProfile *profile;  /* the request's, where it is known here; or NULL */
    GcaAccount *account;  /* that of a request signed here, where its files are; or NULL */
    gboolean has_anchors; /* else no chain could be checked */
} GcaExamination;

/* Without `done`; gives a GcaExamination. By the anchors of this computer, and the certificates in
 * the file `ca` (may be NULL). */
GcaWork gca_examination_work(const char *path, const char *ca);

G_END_DECLS
