/* What parsing and checking a message share. */
#pragma once

#include "cms/signed-data.h"

G_BEGIN_DECLS

struct _GcaSignedData {
    CMS_ContentInfo *cms;
    GcaX509Stack *certificates;
    GBytes *der;
    GBytes *content;
    gboolean is_der; /* as a whole, so its signed attributes too */
};

G_END_DECLS
