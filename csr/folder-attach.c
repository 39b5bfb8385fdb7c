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
#define KEPT_NAME "earlier-%.16s.pem" /* by the certificate's SHA-256 */

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

/* The leaf first; NULL where it cannot be read. */
static GcaX509Stack *
load_fullchain(const GcaRequestFolder *folder)
{
    g_autofree char *path = gca_request_folder_dup_file(folder, GCA_FOLDER_FULLCHAIN);
    return gca_certificate_load(path, NULL);
}

gboolean
gca_request_folder_holds(const GcaRequestFolder *folder, X509 *leaf, GcaX509Stack *chain)
{
    g_autoptr(X509) own = gca_request_folder_load_certificate(folder, NULL);
    g_autoptr(GcaX509Stack) all = own ? load_fullchain(folder) : NULL;

    if (all == NULL || X509_cmp(own, leaf) != 0 || X509_cmp(sk_X509_value(all, 0), leaf) != 0 ||
        sk_X509_num(all) != sk_X509_num(chain) + 1)
        return FALSE;
    for (int i = 0; i < sk_X509_num(chain); i++) {
        if (X509_cmp(sk_X509_value(all, i + 1), sk_X509_value(chain, i)) != 0)
            return FALSE;
    }
    return TRUE;
}

/* What takes its place may be the wrong one. */
static gboolean
keep_earlier(const GcaRequestFolder *folder, X509 *leaf, char **kept, GError **error)
{
    g_autoptr(X509) earlier = gca_request_folder_load_certificate(folder, NULL);
    g_autoptr(GcaX509Stack) all = earlier ? load_fullchain(folder) : NULL;

    *kept = NULL;
    if (earlier == NULL || X509_cmp(earlier, leaf) == 0)
        return TRUE;
    gboolean is_whole = all != NULL && X509_cmp(sk_X509_value(all, 0), earlier) == 0;
    g_autoptr(GBytes) bytes = is_whole ? encode(NULL, all, error) : encode(earlier, NULL, error);
    g_autofree char *sha256 = gca_certificate_fingerprint(earlier);
    g_autofree char *name = g_strdup_printf(KEPT_NAME, sha256);
    g_autofree char *path = gca_request_folder_dup_file(folder, name);
    if (bytes == NULL || !gca_file_replace(path, bytes, CERTIFICATE_MODE, error))
        return FALSE;
    *kept = g_steal_pointer(&path);
    return TRUE;
}

gboolean
gca_request_folder_attach(const GcaRequestFolder *folder, X509 *leaf, GcaX509Stack *chain,
                          char **kept, GError **error)
{
    g_autofree char *earlier = NULL;

    if (!check_key(folder, leaf, error) || !keep_earlier(folder, leaf, &earlier, error))
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
    if (!gca_file_replace_set(paths, bytes, G_N_ELEMENTS(paths), CERTIFICATE_MODE, error))
        return FALSE;
    *kept = g_steal_pointer(&earlier);
    return TRUE;
}
