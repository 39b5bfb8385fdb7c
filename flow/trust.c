#include "config.h"

#include "flow/trust.h"

#include "base/error.h"
#include "base/file.h"
#include "base/place.h"
#include "base/text.h"
#include "x509/certificate.h"

#include <glib/gi18n-lib.h>

struct _GcaTrustImport {
    X509 *certificate;
    char *fingerprint;
    GcaProfile *profile;
};

void
gca_trust_import_free(GcaTrustImport *import)
{
    X509_free(import->certificate);
    g_clear_pointer(&import->profile, gca_profile_unref);
    g_free(import->fingerprint);
    g_free(import);
}

GcaTrustImport *
gca_trust_import_new(const char *path, const GcaProfile *profile, GError **error)
{
    g_autoptr(GcaX509Stack) certificates = gca_certificate_load(path, error);
    g_autofree char *shown = gca_text_escape(path);
    if (certificates == NULL)
        return NULL;
    if (sk_X509_num(certificates) != 1) {
        gca_error_set(error, GCA_ERROR_BAD_DATA,
                      _("“%s” holds %d certificates; take them in one by one."), shown,
                      sk_X509_num(certificates));
        return NULL;
    }
    X509 *certificate = sk_X509_value(certificates, 0);
    if (X509_check_ca(certificate) == 0) {
        gca_error_set(error, GCA_ERROR_NO_CERT, _("“%s” is not the certificate of a CA."), shown);
        return NULL;
    }
    GcaTrustImport *import = g_new0(GcaTrustImport, 1);
    X509_up_ref(certificate);
    import->certificate = certificate;
    import->fingerprint = gca_certificate_fingerprint(certificate);
    import->profile = gca_profile_ref((GcaProfile *) profile);
    return import;
}

X509 *
gca_trust_import_get_certificate(const GcaTrustImport *import)
{
    return import->certificate;
}

const char *
gca_trust_import_get_fingerprint(const GcaTrustImport *import)
{
    return import->fingerprint;
}

const GcaProfileAnchor *
gca_trust_import_get_anchor(const GcaTrustImport *import)
{
    return gca_profile_find_anchor(import->profile, import->fingerprint);
}

char *
gca_trust_import_save(const GcaTrustImport *import, GError **error)
{
    g_autofree char *folder = gca_place_user("card-ca");
    g_autofree char *name = g_strconcat(import->fingerprint, ".der", NULL);
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_autoptr(GBytes) der = gca_certificate_encode(import->certificate);

    if (g_file_test(path, G_FILE_TEST_EXISTS)) {
        g_autoptr(GBytes) there = gca_file_read(path, GCA_CERTIFICATE_FILE_LIMIT, error);
        if (there == NULL)
            return NULL;
        if (g_bytes_equal(there, der))
            return g_steal_pointer(&path);
        g_autofree char *shown = gca_text_escape(path);
        gca_error_set(error, GCA_ERROR_FILE,
                      _("“%s” should hold this certificate but holds something else; remove it."),
                      shown);
        return NULL;
    }
    if (!gca_file_make_folder(folder, error) || !gca_file_create(path, der, 0644, error))
        return NULL;
    return g_steal_pointer(&path);
}
