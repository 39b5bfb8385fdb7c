/* A request folder: key, request, what was asked, and later the certificate.
 * docs/request-folder.md describes it. */
#pragma once

#include "base/name.h"
#include "base/openssl-auto.h"

G_BEGIN_DECLS

#define GCA_FOLDER_KEY "privkey.pem"
#define GCA_FOLDER_CSR "request.csr.pem"
#define GCA_FOLDER_REQUEST "request.json"
#define GCA_FOLDER_CERT "cert.pem"
#define GCA_FOLDER_CHAIN "chain.pem"
#define GCA_FOLDER_FULLCHAIN "fullchain.pem"

typedef struct _GcaRequestFolder GcaRequestFolder;

/* What was asked for; borrowed during the call. */
typedef struct {
    const char *profile;
    const char *const *names; /* A-labels and addresses, the CN first */
    const GcaName *subject;
    const char *agency_name; /* NULL: not known */
    const char *agency_oid;  /* NULL: not known */
    const char *key_place;   /* path or URI of a key that lies elsewhere; NULL: in the folder */
} GcaRequestFolderFields;

/* Makes the folder <cn>-<UTC time> in `parent`, whole or not at all. `key_pem` NULL: the key lies
 * elsewhere. FILE; BAD_DATA for what could not be read back. What runs that were killed have left
 * in `parent` is removed by gca_staging_sweep, once for many folders. */
GcaRequestFolder *gca_request_folder_create(const char *parent,
                                            const GcaRequestFolderFields *fields, GBytes *key_pem,
                                            X509_REQ *csr, GError **error);

/* Reads request.json alone. BAD_DATA with the member that is wrong, FILE, USAGE if `path` is no
 * request folder. */
GcaRequestFolder *gca_request_folder_load(const char *path, GError **error);
void gca_request_folder_free(GcaRequestFolder *folder);

/* Those in `parent` and `parent` itself if it is one, the oldest first. What looks like one and
 * cannot be read is left out and told in `troubles` (char *, translated; may be NULL). FILE. */
GPtrArray *gca_request_folder_list(const char *parent, GPtrArray *troubles, GError **error);

/* The path of a folder, `parent` itself or one in it, that has a request or an unencrypted private
 * key of `spki_sha256` and yet is no request folder, as request.json is missing or cannot be read.
 * NULL if there is none. */
char *gca_request_folder_find_key(const char *parent, const char *spki_sha256);

const char *gca_request_folder_get_path(const GcaRequestFolder *folder); /* absolute */
const char *gca_request_folder_get_profile(const GcaRequestFolder *folder);
const char *gca_request_folder_get_cn(const GcaRequestFolder *folder);
const char *const *gca_request_folder_get_names(const GcaRequestFolder *folder);
const GcaName *gca_request_folder_get_subject(const GcaRequestFolder *folder);
const char *gca_request_folder_get_agency_name(const GcaRequestFolder *folder); /* or NULL */
const char *gca_request_folder_get_agency_oid(const GcaRequestFolder *folder);  /* or NULL */
const char *gca_request_folder_get_spki_sha256(const GcaRequestFolder *folder);
GDateTime *gca_request_folder_get_created(const GcaRequestFolder *folder);

/* Path of the key file, or a pkcs11: URI. */
char *gca_request_folder_dup_key_place(const GcaRequestFolder *folder);
char *gca_request_folder_dup_file(const GcaRequestFolder *folder, const char *name);

/* cert.pem; NULL without an error where there is none yet. */
X509 *gca_request_folder_load_certificate(const GcaRequestFolder *folder, GError **error);

/* Writes chain.pem (none for an empty `chain`), fullchain.pem and, last, cert.pem; earlier ones
 * make room, and stay where one of the new ones cannot be written (FILE). `chain` is without the
 * leaf, its issuer first. Another certificate that was there is kept, with its chain: `kept` gets
 * the path, or NULL. NO_KEY if the certificate's key is not the folder's. */
gboolean gca_request_folder_attach(const GcaRequestFolder *folder, X509 *leaf, GcaX509Stack *chain,
                                   char **kept, GError **error);

/* TRUE where just that is what lies there. */
gboolean gca_request_folder_holds(const GcaRequestFolder *folder, X509 *leaf, GcaX509Stack *chain);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(GcaRequestFolder, gca_request_folder_free)

G_END_DECLS
