#include "config.h"

#include "base/text.h"
#include "csr/server-chain-private.h"
#include "x509/certificate.h"

#include <glib/gi18n-lib.h>

void
gca_chain_case_fail(const GcaChainCase *look, const char *name, const char *title, char *text,
                    const char *fix)
{
    gca_findings_add(look->findings, name, title, GCA_FINDING_FAILED, text, fix,
                     GCA_ERROR_CHECK_FAILED);
}

X509 *
gca_chain_case_get_top(const GcaChainCase *look)
{
    int length = sk_X509_num(look->path);
    return length > 0 ? sk_X509_value(look->path, length - 1) : look->leaf;
}

char *
gca_chain_case_describe_issuer(X509 *certificate)
{
    g_autoptr(GcaName) issuer = gca_certificate_dup_issuer(certificate, NULL);
    return issuer != NULL ? gca_name_to_string(issuer) : g_strdup("?");
}

char *
gca_chain_case_list_names(GcaX509Stack *certificates)
{
    GString *names = g_string_new(NULL);

    for (int i = 0; i < sk_X509_num(certificates); i++) {
        g_autofree char *name = gca_certificate_describe(sk_X509_value(certificates, i));
        gca_text_add_quoted(names, name);
    }
    return g_string_free(names, FALSE);
}

/* Where the certificate itself says that its issuer's lies (RFC 5280 section 4.2.2.1), or NULL. */
static char *
get_issuer_address(X509 *certificate)
{
    AUTHORITY_INFO_ACCESS *all = X509_get_ext_d2i(certificate, NID_info_access, NULL, NULL);
    char *address = NULL;

    for (int i = 0; i < sk_ACCESS_DESCRIPTION_num(all) && address == NULL; i++) {
        const ACCESS_DESCRIPTION *entry = sk_ACCESS_DESCRIPTION_value(all, i);
        if (OBJ_obj2nid(entry->method) == NID_ad_ca_issuers && entry->location->type == GEN_URI) {
            const ASN1_IA5STRING *uri = entry->location->d.uniformResourceIdentifier;
            address =
                gca_text_escape_bytes(ASN1_STRING_get0_data(uri), (gsize) ASN1_STRING_length(uri));
        }
    }
    AUTHORITY_INFO_ACCESS_free(all);
    return address;
}

char *
gca_chain_case_tell_source(const GcaChainCase *look, X509 *top)
{
    const GcaProfile *profile = look->profile;
    const char *const *titles = profile ? gca_profile_get_chain(profile) : NULL;
    const char *download = profile ? gca_profile_get_chain_download(profile) : NULL;
    g_autofree char *address = top ? get_issuer_address(top) : NULL;
    GString *text = g_string_new(NULL);

    if (titles != NULL) {
        g_autofree char *joined = gca_text_list(titles);
        g_autofree char *line =
            g_strdup_printf(_("The chain of %s is: %s."), gca_profile_get_title(profile), joined);
        gca_text_add_sentence(text, line);
    }
    if (download != NULL) {
        g_autofree char *line =
            g_strdup_printf(_("The CA offers it for download as “%s”."), download);
        gca_text_add_sentence(text, line);
    }
    if (address != NULL) {
        g_autofree char *line =
            g_strdup_printf(_("The issuer's certificate should be found at %s."), address);
        gca_text_add_sentence(text, line);
    }
    if (text->len == 0)
        gca_text_add_sentence(text, _("Ask the CA for its intermediate certificates."));
    return g_string_free(text, FALSE);
}

char *
gca_chain_case_tell_remedy(const GcaChainCase *look, GcaX509Stack *known, X509 *top)
{
    for (int i = 0; i < sk_X509_num(known); i++) {
        X509 *issuer = sk_X509_value(known, i);
        if (!gca_server_chain_is_issuer(issuer, top) || gca_server_chain_is_self_signed(issuer))
            continue;
        g_autofree char *name = gca_certificate_describe(issuer);
        return g_strdup_printf(_("Put “%s” behind it: that certificate is known here, and is "
                                 "written behind it when the certificate is put into its request "
                                 "folder."),
                               name);
    }
    g_autofree char *source = gca_chain_case_tell_source(look, top);
    return g_strdup_printf(_("Add the CA's file with the intermediate certificates, too; a ZIP "
                             "archive will do as it is. %s"),
                           source);
}
