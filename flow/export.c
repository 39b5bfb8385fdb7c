#include "config.h"

#include "flow/export.h"

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "csr/pkcs12.h"
#include "x509/certificate.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MODE 0600

char *
gca_export_dup_path(const GcaRequestFolder *folder)
{
    g_autofree char *name = g_strconcat(gca_request_folder_get_cn(folder), ".p12", NULL);

    g_strdelimit(name, "*:", '_');
    return gca_request_folder_dup_file(folder, name);
}

/* “www-2.p12” beside “www.p12”: the first that is not there yet. */
static char *
find_free_name(const char *path)
{
    const char *dot = strrchr(path, '.');
    gboolean has_suffix = dot != NULL && strchr(dot, '/') == NULL;
    g_autofree char *stem = has_suffix ? g_strndup(path, (gsize) (dot - path)) : g_strdup(path);
    char *free_path = g_strdup(path);

    for (guint i = 2; g_file_test(free_path, G_FILE_TEST_EXISTS); i++) {
        g_free(free_path);
        free_path = g_strdup_printf("%s-%u%s", stem, i, has_suffix ? dot : "");
    }
    return free_path;
}

char *
gca_export_dup_free_path(const GcaRequestFolder *folder)
{
    g_autofree char *path = gca_export_dup_path(folder);
    return find_free_name(path);
}

gboolean
gca_export_check_path(const char *path, GError **error)
{
    if (!g_file_test(path, G_FILE_TEST_EXISTS))
        return TRUE;
    g_autofree char *free_path = find_free_name(path);
    g_autofree char *other = g_path_get_basename(free_path);
    g_autofree char *shown = gca_text_escape(path), *shown_other = gca_text_escape(other);
    g_autofree char *hint = g_strdup_printf(
        _("Choose another name, such as “%s”, or move that file away first."), shown_other);
    gca_error_set(error, GCA_ERROR_FILE, _("“%s” is there already, and is not written over."),
                  shown);
    gca_error_set_hint(error, hint);
    return FALSE;
}

/* One that was given is looked at as one that is asked for. */
static GcaSecret *
get_passphrase(const GcaExportWish *wish, GcaInteraction *interaction, GcaCancel *cancel,
               GError **error)
{
    g_autoptr(GcaSecret) passphrase =
        wish->given ? gca_secret_ref(wish->given)
                    : gca_passphrase_get(&wish->passphrase, _("Passphrase of the new PKCS#12 file"),
                                         TRUE, interaction, cancel, error);

    if (passphrase == NULL || !gca_pkcs12_check_passphrase(passphrase, error))
        return NULL;
    return g_steal_pointer(&passphrase);
}

static X509 *
load_certificate(const GcaRequestFolder *folder, GError **error)
{
    g_autoptr(GError) trouble = NULL;
    X509 *certificate = gca_request_folder_load_certificate(folder, &trouble);

    if (certificate == NULL && trouble == NULL) {
        gca_error_set(&trouble, GCA_ERROR_NO_CERT, "%s",
                      _("The certificate is not there yet: there is nothing to export."));
        gca_error_set_hint(&trouble, _("Put it in with “gca-csr attach CERTIFICATE” first."));
    }
    if (trouble != NULL)
        g_propagate_error(error, g_steal_pointer(&trouble));
    return certificate;
}

static GcaKeySource *
open_key(const GcaRequestFolder *folder, const GcaExportWish *wish, GcaInteraction *interaction,
         GcaCancel *cancel, GError **error)
{
    g_autofree char *place = gca_request_folder_dup_key_place(folder);
    const GcaLoginOptions login = {.pin_fd = -1};

    if (!g_str_has_prefix(place, "pkcs11:"))
        return gca_key_source_open(place, NULL, &wish->key_passphrase, &login, interaction, cancel,
                                   error);
    gca_error_set(error, GCA_ERROR_NO_KEY, "%s",
                  _("The key lies behind a PKCS#11 module and does not leave it: a PKCS#12 file "
                    "cannot be made of it."));
    return NULL;
}

/* chain.pem is written beside every cert.pem; it is empty where a root issues by itself. */
static GcaX509Stack *
load_chain(const GcaRequestFolder *folder, GError **error)
{
    g_autofree char *path = gca_request_folder_dup_file(folder, GCA_FOLDER_FULLCHAIN);
    GcaX509Stack *chain = gca_certificate_load(path, error);

    if (chain != NULL)
        X509_free(sk_X509_shift(chain)); /* the leaf */
    return chain;
}

char *
gca_export_pkcs12(const GcaRequestFolder *folder, const GcaExportWish *wish,
                  GcaInteraction *interaction, GcaCancel *cancel, GError **error)
{
    g_autofree char *path = wish->path ? g_strdup(wish->path) : gca_export_dup_path(folder);
    g_autoptr(X509) certificate =
        gca_export_check_path(path, error) ? load_certificate(folder, error) : NULL;
    g_autoptr(GcaX509Stack) chain = certificate ? load_chain(folder, error) : NULL;
    g_autoptr(GcaKeySource) key = chain ? open_key(folder, wish, interaction, cancel, error) : NULL;

    if (key == NULL)
        return NULL;
    g_autoptr(GcaSecret) passphrase = get_passphrase(wish, interaction, cancel, error);
    if (passphrase == NULL)
        return NULL;
    g_autoptr(GBytes) p12 = gca_pkcs12_encode(gca_key_source_get_key(key), certificate, chain,
                                              gca_request_folder_get_cn(folder), passphrase,
                                              wish->is_compatible, error);
    if (p12 == NULL || !gca_file_create(path, p12, MODE, error))
        return NULL;
    return g_canonicalize_filename(path, NULL);
}
