/* Recent work, to go on with: requests that were signed, and applications by letter. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
    GCA_RECENT_PREREG,      /* a signed request, from the journal */
    GCA_RECENT_APPLICATION, /* a request folder */
} GcaRecentKind;

typedef struct {
    GcaRecentKind kind;
    char *title;      /* the first name, and how many more; to be shown */
    char *state;      /* sentences: signed, waiting, sent …; translated, to be shown */
    GDateTime *when;  /* it was signed or made */
    char *path;       /* of the file or folder */
    gboolean is_gone; /* it is no longer there, which the state says too */
} GcaRecent;

void gca_recent_free(GcaRecent *recent);

/* GcaRecent *, the newest first, at most `limit` (0: all), of the journal and the request folders
 * in `parent` (may be NULL), as of `now`. What cannot be read is left out: nothing is an error
 * here. Reads files: not for the thread of a window. */
GPtrArray *gca_recent_list(const char *parent, guint limit, GDateTime *now);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(GcaRecent, gca_recent_free)

G_END_DECLS
