#include "config.h"

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "csr/folder.h"
#include "csr/key.h"
#include "x509/certificate.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
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

gboolean
gca_request_folder_attach(const GcaRequestFolder *folder, X509 *leaf, GcaX509Stack *chain,
                          GError **error)
{
    if (!check_key(folder, leaf, error))
        return FALSE;
    /* No server takes an empty file; one of an earlier certificate must not stay. */
    gboolean has_chain = sk_X509_num(chain) > 0;
    g_autoptr(GBytes) rest = has_chain ? encode(NULL, chain, error) : NULL;
    if (has_chain && rest == NULL)
        return FALSE;
    g_autoptr(GBytes) all = encode(leaf, chain, error);
    g_autoptr(GBytes) own = all != NULL ? encode(leaf, NULL, error) : NULL;
    if (own == NULL)
        return FALSE;

    g_autofree char *chain_path = gca_request_folder_dup_file(folder, GCA_FOLDER_CHAIN);
    g_autofree char *all_path = gca_request_folder_dup_file(folder, GCA_FOLDER_FULLCHAIN);
    g_autofree char *own_path = gca_request_folder_dup_file(folder, GCA_FOLDER_CERT);
    /* cert.pem says that the others are there */
    const char *const paths[] = {chain_path, all_path, own_path};
    GBytes *const bytes[] = {rest, all, own};
    return gca_file_replace_set(paths, bytes, G_N_ELEMENTS(paths), CERTIFICATE_MODE, error);
}
