/* What a request folder is made of; only for csr/. */
#pragma once

#include "csr/folder.h"

G_BEGIN_DECLS

#define GCA_FOLDER_REQUEST_VERSION 1
#define GCA_FOLDER_REQUEST_LIMIT (64 * 1024)

struct _GcaRequestFolder {
    char *path;
    char *profile;
    char **names;
    GcaName *subject;
    char *agency_name;
    char *agency_oid;
    char *key; /* as request.json names it */
    char *spki_sha256;
    GDateTime *created;
};

/* The folder that request.json in `bytes` describes, without its path. `name` is for messages.
 * BAD_DATA. */
GcaRequestFolder *gca_request_folder_parse(GBytes *bytes, const char *name, GError **error);

G_END_DECLS
