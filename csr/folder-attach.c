#include "config.h"

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "csr/folder.h"
#include "csr/key.h"
#include "x509/certificate.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <openssl/pem.h>

#define CERTIFICATE_MODE 0644

X509 *
gca_request_folder_load_certificate(const GcaRequestFolder *folder, GError **error)
{
    g_autofree char *path = gca_request_folder_dup_file(folder, GCA_FOLDER_CERT);
    g_autoptr(GError) trouble = NULL;
    g_autoptr(GcaX509Stack) certificates = gca_certificate_load(path, &trouble);

    if (certificates != NULL)
        return sk_X509_shift(certificates);
    if (gca_error_get_native(trouble) != ENOENT)
        g_propagate_error(error, g_steal_pointer(&trouble));
    return NULL;
}

static gboolean
check_key(const GcaRequestFolder *folder, X509 *leaf, GError **error)
{
    EVP_PKEY *key = X509_get0_pubkey(leaf);
    g_autofree char *fingerprint = key ? gca_key_fingerprint(key) : NULL;

    if (g_strcmp0(fingerprint, gca_request_folder_get_spki_sha256(folder)) == 0)
        return TRUE;
    g_autofree char *subject = gca_certificate_describe(leaf);
    g_autofree char *shown = gca_text_escape(gca_request_folder_get_path(folder));
    gca_error_set(error, GCA_ERROR_NO_KEY,
                  _("The certificate “%s” is for another key than the one of the request in “%s”."),
                  subject, shown);
    gca_error_set_hint(error, _("Look for the folder that its request came from; a certificate "
                                "cannot be used without its own key."));
    return FALSE;
}

/* PEM of the leaf, if there is one, and the chain. */
static GBytes *
encode(X509 *leaf, GcaX509Stack *chain, GError **error)
{
    g_autoptr(BIO) bio = BIO_new(BIO_s_mem());
    gboolean is_written = bio != NULL && (leaf == NULL || PEM_write_bio_X509(bio, leaf) == 1);

    for (int i = 0; is_written && i < sk_X509_num(chain); i++)
        is_written = PEM_write_bio_X509(bio, sk_X509_value(chain, i)) == 1;
    if (!is_written) {
        gca_error_set_openssl(error, GCA_ERROR_CRYPTO, _("The certificate cannot be written."));
        return NULL;
    }
    char *data;
    long size = BIO_get_mem_data(bio, &data);
    return g_bytes_new(data, (gsize) size);
}

static gboolean
write_pem(const GcaRequestFolder *folder, const char *name, X509 *leaf, GcaX509Stack *chain,
          GError **error)
{
    g_autofree char *path = gca_request_folder_dup_file(folder, name);
    g_autoptr(GBytes) pem = encode(leaf, chain, error);

    return pem != NULL && gca_file_replace(path, pem, CERTIFICATE_MODE, error);
}

/* No server takes an empty file; one of an earlier certificate must not stay. */
static gboolean
write_chain(const GcaRequestFolder *folder, GcaX509Stack *chain, GError **error)
{
    g_autofree char *path = gca_request_folder_dup_file(folder, GCA_FOLDER_CHAIN);

    if (sk_X509_num(chain) > 0)
        return write_pem(folder, GCA_FOLDER_CHAIN, NULL, chain, error);
    if (g_unlink(path) == 0 || errno == ENOENT)
        return TRUE;
    int saved = errno;
    g_autofree char *shown = gca_text_escape(path);
    gca_error_set(error, GCA_ERROR_FILE,
                  _("The file “%s” of an earlier certificate cannot be "
                    "removed: %s."),
                  shown, g_strerror(saved));
    gca_error_set_native(error, "unlink", g_strerror(saved), (gulong) saved);
    return FALSE;
}

gboolean
gca_request_folder_attach(const GcaRequestFolder *folder, X509 *leaf, GcaX509Stack *chain,
                          GError **error)
{
    /* cert.pem says that the others are there */
    return check_key(folder, leaf, error) && write_chain(folder, chain, error) &&
           write_pem(folder, GCA_FOLDER_FULLCHAIN, leaf, chain, error) &&
           write_pem(folder, GCA_FOLDER_CERT, leaf, NULL, error);
}
