#include "config.h"

#include "base/finding.h"
#include "base/text.h"
#include "csr/csr-private.h"
#include "csr/csr.h"
#include "csr/key.h"
#include "csr/subject.h"
#include "profile/domain.h"

#include <glib/gi18n-lib.h>
#include <openssl/err.h>

#define MAKE_ANEW _("Make the request anew, for instance with gca-csr.")

typedef struct {
    X509_REQ *csr;
    const GcaProfile *profile;
    GPtrArray *findings;
    const char *name; /* of the check */
    const char *title;
} Examination;

static void
add_ok(const Examination *examination, const char *text)
{
    gca_findings_add(examination->findings, examination->name, examination->title, GCA_FINDING_OK,
                     g_strdup(text), NULL, GCA_ERROR_CHECK_FAILED);
}

/* Takes `text`. */
static void
add_failure(const Examination *examination, char *text)
{
    gca_findings_add(examination->findings, examination->name, examination->title,
                     GCA_FINDING_FAILED, text, MAKE_ANEW, GCA_ERROR_CHECK_FAILED);
}

/* The request is what is wrong, not what was typed: neither the code USAGE nor its hint fits. */
static void
add_error(const Examination *examination, const GError *error)
{
    gboolean is_usage = gca_error_get_code(error) == GCA_ERROR_USAGE;
    const char *hint = is_usage ? NULL : gca_error_get_hint(error);

    gca_findings_add(examination->findings, examination->name, examination->title,
                     GCA_FINDING_FAILED, g_strdup(error->message), hint ? hint : MAKE_ANEW,
                     GCA_ERROR_CHECK_FAILED);
}

/* RFC 5280 section 4.1.2.4: TeletexString and BMPString are for old certificates only. */
static gboolean
has_old_strings(X509_REQ *csr)
{
    const X509_NAME *name = X509_REQ_get_subject_name(csr);

    for (int i = 0; i < X509_NAME_entry_count(name); i++) {
        int type = ASN1_STRING_type(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, i)));
        if (type != V_ASN1_PRINTABLESTRING && type != V_ASN1_UTF8STRING)
            return TRUE;
    }
    return FALSE;
}

static void
examine_subject(const Examination *examination)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GcaName) subject = gca_csr_dup_subject(examination->csr, &error);

    if (subject == NULL || !gca_subject_check(subject, examination->profile, &error)) {
        add_error(examination, error);
        return;
    }
    g_autofree char *text = gca_name_to_string(subject);
    if (has_old_strings(examination->csr))
        add_failure(examination,
                    g_strdup_printf(_("The names in “%s” are not written as UTF-8."), text));
    else
        add_ok(examination, text);
}

static gboolean
holds_name(char **names, const char *wanted)
{
    for (guint i = 0; names[i] != NULL; i++) {
        if (g_ascii_strcasecmp(names[i], wanted) == 0)
            return TRUE;
    }
    return FALSE;
}

/* Names are compared with what they are read as: that finds a comma or blank in one too. */
static void
examine_spelling(const Examination *examination, const char *cn, char **names)
{
    g_autoptr(GError) error = NULL;
    g_auto(GStrv) parsed = gca_domains_parse_certificate(cn, (const char *const *) names,
                                                         examination->profile, &error);

    if (parsed == NULL) {
        add_error(examination, error);
        return;
    }
    for (guint i = 0; names[i] != NULL; i++) {
        if (holds_name(parsed, names[i]))
            continue;
        g_autofree char *shown = gca_text_escape(names[i]);
        add_failure(examination,
                    g_strdup_printf(_("subjectAltName holds “%s”, which is no host name."), shown));
        return;
    }
    g_autofree char *text = gca_text_list((const char *const *) names);
    add_ok(examination, text);
}

static void
examine_names(const Examination *examination)
{
    g_autoptr(GENERAL_NAMES) alternatives = gca_csr_dup_alternatives(examination->csr);
    g_autoptr(GcaName) subject = gca_csr_dup_subject(examination->csr, NULL);
    const char *cn = subject ? gca_name_find(subject, "CN") : NULL;

    if (alternatives == NULL) {
        add_failure(examination,
                    g_strdup(_("The request has no subjectAltName that can be read; browsers "
                               "look for the host name nowhere else.")));
        return;
    }
    g_auto(GStrv) names = gca_csr_dup_names(examination->csr);
    if (g_strv_length(names) != (guint) sk_GENERAL_NAME_num(alternatives)) {
        add_failure(examination,
                    g_strdup(_("subjectAltName holds what is neither a host name nor an IP "
                               "address.")));
    } else if (cn == NULL) {
        gca_findings_add(examination->findings, examination->name, examination->title,
                         GCA_FINDING_SKIPPED, g_strdup(_("There is no CN to compare with.")), NULL,
                         GCA_ERROR_CHECK_FAILED);
    } else if (!holds_name(names, cn)) {
        g_autofree char *shown = gca_text_escape(cn);
        add_failure(examination, g_strdup_printf(_("The CN “%s” is not in subjectAltName; it must "
                                                   "stand there too."),
                                                 shown));
    } else {
        examine_spelling(examination, cn, names);
    }
}

static void
examine_key(const Examination *examination)
{
    g_autoptr(GError) error = NULL;
    EVP_PKEY *key = X509_REQ_get0_pubkey(examination->csr);

    if (key == NULL) {
        add_failure(examination, g_strdup(_("The public key cannot be read.")));
    } else if (!gca_key_check(key, examination->profile, &error)) {
        add_error(examination, error);
    } else {
        g_autofree char *text =
            g_strdup_printf(_("%s, %d bits"), EVP_PKEY_get0_type_name(key), EVP_PKEY_bits(key));
        add_ok(examination, text);
    }
}

/* SHA-2 of 256 bits and more: CA/Browser Forum, Baseline Requirements section 7.1.3.2. */
static void
examine_digest(const Examination *examination)
{
    int signature = X509_REQ_get_signature_nid(examination->csr), digest = NID_undef;

    if (OBJ_find_sigid_algs(signature, &digest, NULL) &&
        (digest == NID_sha256 || digest == NID_sha384 || digest == NID_sha512))
        add_ok(examination, OBJ_nid2ln(signature));
    else
        add_failure(examination, g_strdup_printf(_("The request is signed with “%s”, where SHA-256 "
                                                   "is wanted."),
                                                 OBJ_nid2ln(signature)));
}

static void
examine_identity(const Examination *examination)
{
    g_autoptr(GcaExtensionStack) extensions = gca_csr_dup_extensions(examination->csr);

    /* 12,911 TLS certificates were revoked in 2024 for carrying it. */
    if (X509v3_get_ext_by_NID(extensions, NID_subject_directory_attributes, -1) >= 0)
        add_failure(examination,
                    g_strdup(_("The request asks for a card holder's attributes (2.5.29.9), which "
                               "must not be in a TLS certificate: it would be revoked.")));
    else
        add_ok(examination, _("No attributes of a card holder (2.5.29.9)."));
}

static guint
count_attributes(X509_REQ *csr, int nid)
{
    guint found = 0;

    for (int at = -1; (at = X509_REQ_get_attr_by_NID(csr, nid, at)) >= 0;)
        found++;
    return found;
}

static void
examine_attributes(const Examination *examination)
{
    X509_REQ *csr = examination->csr;
    g_autoptr(GcaExtensionStack) extensions = gca_csr_dup_extensions(csr);
    guint found = count_attributes(csr, NID_ext_req) + count_attributes(csr, NID_ms_ext_req);

    if (found > 1 || (found == 1 && extensions == NULL))
        add_failure(examination, g_strdup(_("The request asks for extensions in more than one "
                                            "place, or in a form that cannot be read.")));
    else if (count_attributes(csr, NID_pkcs9_challengePassword) > 0)
        add_failure(examination, g_strdup(_("The request holds a challenge password, which anybody "
                                            "who has the request can read.")));
    else
        add_ok(examination, _("No challenge password."));
}

GPtrArray *
gca_csr_examine(X509_REQ *csr, const GcaProfile *profile)
{
    const struct {
        const char *name, *title;
        void (*examine)(const Examination *examination);
    } checks[] = {
        {"csr-subject", _("CSR: subject"), examine_subject},
        {"csr-names", _("CSR: names"), examine_names},
        {"csr-key", _("CSR: key"), examine_key},
        {"csr-digest", _("CSR: digest"), examine_digest},
        {"csr-identity", _("CSR: identity"), examine_identity},
        {"csr-attributes", _("CSR: attributes"), examine_attributes},
    };
    GPtrArray *findings = gca_findings_new();

    for (guint i = 0; i < G_N_ELEMENTS(checks); i++) {
        Examination examination = {csr, profile, findings, checks[i].name, checks[i].title};
        checks[i].examine(&examination);
    }
    ERR_clear_error();
    return findings;
}
