/* When the certificate comes back: find the folder whose key it is for, check it, put it there. */
#pragma once

#include "csr/delivery.h"
#include "csr/folder.h"

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
    const char *const *paths;   /* what the CA handed out; a request folder: what lies in it */
    const char *const *folders; /* where to look for request folders */
    const char *const *anchors; /* files of roots to trust beside this computer's; may be NULL */
    const char *const *taken;   /* SHA-256 of certificates that are good although they are for
                                   another organisation than was asked for; may be NULL */
} GcaAttachWish;

/* What became of one certificate. */
typedef struct {
    X509 *certificate;
    GcaRequestFolder *folder; /* NULL: no folder has its key; `findings` says what that means */
    GPtrArray *findings;      /* GcaFinding * */
    gboolean was_there;       /* the folder has it already */
    gboolean is_attached;     /* no finding is a failure, and the files are written */
    gboolean is_to_decide;    /* it is for another organisation, and else there is no failure: see
                                 `taken` */
} GcaAttachment;

/* One GcaAttachment * for each certificate that is no CA's. NULL where nothing could be begun. */
GPtrArray *gca_attach_run(const GcaAttachWish *wish, GError **error);

G_END_DECLS
