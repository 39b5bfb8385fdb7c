#include "config.h"

#include "csr/examination.h"

#include "base/text.h"
#include "csr/examination-private.h"
#include "csr/key.h"
#include "x509/certificate.h"

#include <glib/gi18n-lib.h>
#include <openssl/err.h>

#define MIN_RSA_BITS 2048
#define MIN_SECURITY_BITS 112
#define MIN_DIGEST_BYTES 32 /* SHA-256 */

void
gca_examination_add(GPtrArray *findings, const char *name, const char *title, GcaFindingState state,
                    char *text, const char *fix)
{
    gca_findings_add(findings, name, title, state, text, fix, GCA_ERROR_CHECK_FAILED);
}

/* TLS servers say no more than “key values mismatch” (X509_check_private_key). */
static void
examine_key(const GcaExaminationWish *wish, GPtrArray *findings)
{
    EVP_PKEY *of_certificate = X509_get0_pubkey(wish->certificate);
    g_autofree char *wanted = of_certificate ? gca_key_fingerprint(of_certificate) : g_strdup("?");
    g_autofree char *given = gca_key_fingerprint(wish->key);

    if (EVP_PKEY_eq(of_certificate, wish->key) == 1) {
        gca_examination_add(findings, "key", _("private key"), GCA_FINDING_OK,
                            g_strdup_printf(_("it is the certificate's (SHA-256 %s)"), given),
                            NULL);
        return;
    }
    gca_examination_add(
        findings, "key", _("private key"), GCA_FINDING_FAILED,
        g_strdup_printf(_("The certificate is not for this key: it is for the one with SHA-256 %s, "
                          "and this one has %s. Its request was made on another computer, or a "
                          "new key was made after the request had been sent."),
                        wanted, given),
        _("Look for the right key where the request was made. If it is lost, nobody can restore "
          "it: make a new request and apply for another certificate."));
}

static void
examine_request(const GcaExaminationWish *wish, GPtrArray *findings)
{
    if (EVP_PKEY_eq(X509_get0_pubkey(wish->certificate), X509_REQ_get0_pubkey(wish->csr)) == 1)
        gca_examination_add(findings, "request", _("request"), GCA_FINDING_OK,
                            g_strdup(_("the certificate has the request's key")), NULL);
    else
        gca_examination_add(
            findings, "request", _("request"), GCA_FINDING_FAILED,
            g_strdup(_("The certificate was not issued for this request: the keys differ.")),
            _("Compare the SHA-256 printed on the application form with the request's: another "
              "request may have been sent in."));
}

/* Its levels in one, however they are parted: a CA may fold them, with a hyphen or without. */
static char *
spell_organization(const GcaName *name)
{
    static const char *const types[] = {"O", "OU", NULL};
    g_autofree char *folded = gca_name_join(name, types, "-");
    g_auto(GStrv) parts = g_strsplit(folded, "-", -1);

    return g_strjoinv("", parts);
}

static gboolean
is_same_organization(const GcaName *asked, const GcaName *given)
{
    g_autofree char *before = spell_organization(asked);
    g_autofree char *after = spell_organization(given);

    return g_str_equal(before, after);
}

static void
add_other_holder(const GcaExaminationWish *wish, const char *before, const char *after,
                 GPtrArray *findings)
{
    gca_examination_add(
        findings, "subject", _("subject"),
        wish->takes_other_holder ? GCA_FINDING_WARNING : GCA_FINDING_FAILED,
        g_strdup_printf(_("The certificate is for another organisation: the CA has written “%s” "
                          "where “%s” was asked for."),
                        after, before),
        wish->takes_other_holder
            ? _("Tell the CA if the name is wrong.")
            : _("Ask the CA whether it has taken one request for another. If it says that the name "
                "is meant so, take the certificate all the same."));
}

static void
examine_subject(const GcaExaminationWish *wish, GPtrArray *findings)
{
    g_autoptr(GcaName) asked = gca_x509_name_to_name(X509_REQ_get_subject_name(wish->csr), NULL);
    g_autoptr(GcaName) given = gca_certificate_dup_subject(wish->certificate, NULL);
    g_autofree char *before = asked ? gca_name_to_string(asked) : g_strdup("?");
    g_autofree char *after = gca_certificate_describe(wish->certificate);

    if (asked != NULL && given != NULL && gca_name_equal(asked, given))
        gca_examination_add(findings, "subject", _("subject"), GCA_FINDING_OK,
                            g_steal_pointer(&after), NULL);
    else if (asked == NULL || given == NULL || !is_same_organization(asked, given))
        add_other_holder(wish, before, after, findings);
    else
        gca_examination_add(
            findings, "subject", _("subject"), GCA_FINDING_WARNING,
            g_strdup_printf(_("The CA has written “%s” where “%s” was asked for."), after, before),
            _("Web servers and browsers do not mind. Tell the CA if the name is "
              "wrong."));
}

/* RFC 5280 section 4.2.1.8; cards carry it, and TLS certificates that did were revoked. */
static void
examine_identity(X509 *certificate, GPtrArray *findings)
{
    if (X509_get_ext_by_NID(certificate, NID_subject_directory_attributes, -1) < 0) {
        gca_examination_add(findings, "identity", _("identity data"), GCA_FINDING_OK,
                            g_strdup(_("no identity data of a card holder in it (2.5.29.9)")),
                            NULL);
        return;
    }
    gca_examination_add(
        findings, "identity", _("identity data"), GCA_FINDING_FAILED,
        g_strdup(_("The certificate carries identity data of a card holder (2.5.29.9), which "
                   "belong on cards only: 12,911 TLS certificates were revoked for it in 2024.")),
        _("Do not install it. Tell the CA and ask for another one; check that your own request "
          "does not ask for such data."));
}

static char *
find_usage_fault(X509 *certificate)
{
    guint32 flags = X509_get_extension_flags(certificate);
    guint32 usage = X509_get_key_usage(certificate);
    guint32 extended = X509_get_extended_key_usage(certificate);
    guint32 wanted = X509v3_KU_DIGITAL_SIGNATURE;
    EVP_PKEY *key = X509_get0_pubkey(certificate);

    if (key != NULL && EVP_PKEY_is_a(key, "RSA"))
        wanted |= X509v3_KU_KEY_ENCIPHERMENT;
    if ((flags & EXFLAG_INVALID) != 0)
        return g_strdup(_("An extension of the certificate is malformed."));
    if ((flags & EXFLAG_CA) != 0)
        return g_strdup(_("It is the certificate of a CA, not of a web server."));
    /* all bits are set where there is no extension */
    if ((flags & EXFLAG_XKUSAGE) == 0 || (extended & XKU_SSL_SERVER) == 0)
        return g_strdup(_("It is not for web servers: its extended key usage has no serverAuth."));
    if ((usage & wanted) == 0)
        return g_strdup(_("Its key usage allows no TLS: neither digitalSignature nor (for RSA) "
                          "keyEncipherment."));
    return NULL;
}

static void
examine_usage(X509 *certificate, GPtrArray *findings)
{
    g_autofree char *fault = find_usage_fault(certificate);

    if (fault == NULL)
        gca_examination_add(findings, "usage", _("key usage"), GCA_FINDING_OK,
                            g_strdup(_("for a web server (serverAuth)")), NULL);
    else
        gca_examination_add(findings, "usage", _("key usage"), GCA_FINDING_FAILED,
                            g_steal_pointer(&fault),
                            _("Give the TLS server certificate that the CA has issued."));
}

/* RFC 8032 signatures name no digest: their own strength counts. */
static gboolean
is_digest_weak(X509 *certificate)
{
    int digest = NID_undef, security_bits = 0;

    if (!X509_get_signature_info(certificate, &digest, NULL, &security_bits, NULL))
        return TRUE;
    if (digest == NID_undef)
        return security_bits < MIN_SECURITY_BITS;
    const EVP_MD *kind = EVP_get_digestbynid(digest);
    return kind == NULL || EVP_MD_get_size(kind) < MIN_DIGEST_BYTES;
}

static void
examine_strength(X509 *certificate, GPtrArray *findings)
{
    EVP_PKEY *key = X509_get0_pubkey(certificate);
    int bits = key != NULL ? EVP_PKEY_get_bits(key) : 0;
    gboolean is_rsa = key != NULL && EVP_PKEY_is_a(key, "RSA");
    const char *kind = key != NULL ? EVP_PKEY_get0_type_name(key) : NULL;
    gboolean is_short = is_rsa ? bits < MIN_RSA_BITS
                               : key == NULL || EVP_PKEY_get_security_bits(key) < MIN_SECURITY_BITS;

    if (is_short)
        gca_examination_add(
            findings, "strength", _("strength"), GCA_FINDING_FAILED,
            g_strdup_printf(_("The key (%s, %d bits) is too short: no browser accepts it."),
                            kind ? kind : "?", bits),
            _("Make a new request with RSA 2048."));
    else if (is_digest_weak(certificate))
        gca_examination_add(findings, "strength", _("strength"), GCA_FINDING_FAILED,
                            g_strdup(_("It is signed with a digest weaker than SHA-256: no browser "
                                       "accepts it.")),
                            _("Ask the CA for another one."));
    else
        gca_examination_add(
            findings, "strength", _("strength"), GCA_FINDING_OK,
            g_strdup_printf(_("%s, %d bits, SHA-256 or better"), kind ? kind : "?", bits), NULL);
}

void
gca_examination_run(const GcaExaminationWish *wish, GPtrArray *findings)
{
    g_autoptr(GDateTime) now = wish->now ? g_date_time_ref(wish->now) : g_date_time_new_now_utc();

    ERR_set_mark();
    if (wish->key != NULL)
        examine_key(wish, findings);
    if (wish->csr != NULL)
        examine_request(wish, findings);
    gca_examination_check_names(wish->certificate, wish->names, findings);
    if (wish->csr != NULL)
        examine_subject(wish, findings);
    gca_examination_check_validity(wish->certificate, wish->profile, now, findings);
    examine_usage(wish->certificate, findings);
    examine_identity(wish->certificate, findings);
    examine_strength(wish->certificate, findings);
    ERR_pop_to_mark();
}
