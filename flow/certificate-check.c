#include "config.h"

#include "flow/certificate-check.h"

#include "base/file.h"
#include "base/finding.h"
#include "csr/csr.h"
#include "csr/delivery.h"
#include "csr/examination.h"
#include "csr/key.h"
#include "csr/server-chain.h"

#include <glib/gi18n-lib.h>

typedef struct {
    GcaDelivery *delivery; /* the certificate and what stands in its file; or NULL */
    GcaDelivery *chain;    /* what is sent behind it; or NULL */
    GcaDelivery *roots;    /* or NULL */
    GcaX509Stack *known;
    GcaKeySource *key;
    X509_REQ *csr;
} Evidence;

static void
evidence_clear(Evidence *evidence)
{
    g_clear_pointer(&evidence->delivery, gca_delivery_free);
    g_clear_pointer(&evidence->chain, gca_delivery_free);
    g_clear_pointer(&evidence->roots, gca_delivery_free);
    g_clear_pointer(&evidence->known, gca_x509_stack_free);
    g_clear_pointer(&evidence->key, gca_key_source_free);
    g_clear_pointer(&evidence->csr, X509_REQ_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Evidence, evidence_clear)

static gboolean
read_certificates(Evidence *evidence, const GcaCheckWish *wish, GError **error)
{
    const char *const certificate[] = {wish->certificate, NULL};

    return (evidence->delivery = gca_delivery_read(certificate, error)) != NULL &&
           (evidence->known = gca_server_chain_load_known(error)) != NULL &&
           (wish->chain == NULL ||
            (evidence->chain = gca_delivery_read(wish->chain, error)) != NULL) &&
           (wish->anchors == NULL ||
            (evidence->roots = gca_delivery_read(wish->anchors, error)) != NULL);
}

static gboolean
read_csr(Evidence *evidence, const char *path, GError **error)
{
    g_autoptr(GBytes) bytes = gca_file_read(path, GCA_CSR_FILE_LIMIT, error);

    evidence->csr = bytes ? gca_csr_parse(bytes, path, error) : NULL;
    return evidence->csr != NULL;
}

static gboolean
read_key(Evidence *evidence, const GcaCheckWish *wish, GcaInteraction *interaction,
         GcaCancel *cancel, GError **error)
{
    const GcaLoginOptions login = {.pin_fd = -1};

    evidence->key =
        gca_key_source_open(wish->key, NULL, wish->passphrase, &login, interaction, cancel, error);
    return evidence->key != NULL;
}

/* The server's own certificate, wherever it stands among the others. */
static X509 *
dup_leaf(const GcaDelivery *delivery)
{
    g_autoptr(GcaX509Stack) leaves = gca_delivery_dup_leaves(delivery);
    X509 *leaf = sk_X509_num(leaves) > 0
                     ? sk_X509_value(leaves, 0)
                     : sk_X509_value(gca_delivery_get_certificates(delivery), 0);

    X509_up_ref(leaf);
    return leaf;
}

/* What the server sends, in its order: the certificate's file, then the chain's. */
static GcaX509Stack *
list_sent(const Evidence *evidence)
{
    GcaX509Stack *sent = X509_chain_up_ref(gca_delivery_get_certificates(evidence->delivery));

    if (evidence->chain != NULL)
        X509_add_certs(sent, gca_delivery_get_certificates(evidence->chain), X509_ADD_FLAG_UP_REF);
    return sent;
}

static void
examine_certificate(const Evidence *evidence, const GcaCheckWish *wish, const GcaProfile *profile,
                    GPtrArray *findings)
{
    g_autoptr(X509) leaf = dup_leaf(evidence->delivery);
    g_autoptr(GcaX509Stack) sent = list_sent(evidence);
    GcaExaminationWish examination = {
        .certificate = leaf,
        .key = evidence->key ? gca_key_source_get_key(evidence->key) : NULL,
        .csr = evidence->csr,
        .names = wish->names,
        .profile = profile,
    };

    gca_examination_run(&examination, findings);
    gca_delivery_examine(evidence->delivery, findings);
    gca_server_chain_examine(
        leaf, sent, evidence->known,
        evidence->roots ? gca_delivery_get_certificates(evidence->roots) : NULL, profile, findings);
}

/* A key and a request without a certificate. */
static void
compare_key(const Evidence *evidence, GPtrArray *findings)
{
    if (EVP_PKEY_eq(X509_REQ_get0_pubkey(evidence->csr), gca_key_source_get_key(evidence->key)) ==
        1)
        gca_findings_add(findings, "key", _("key"), GCA_FINDING_OK,
                         g_strdup(_("the request is of this key")), NULL, GCA_ERROR_INTERNAL);
    else
        gca_findings_add(findings, "key", _("key"), GCA_FINDING_FAILED,
                         g_strdup(_("the request is of another key")),
                         _("Look for the key that was made with this request; they lie in one "
                           "request folder."),
                         GCA_ERROR_CHECK_FAILED);
}

static void
examine_key(const Evidence *evidence, const GcaProfile *profile, GPtrArray *findings)
{
    g_autoptr(GError) trouble = NULL;

    if (!gca_key_check(gca_key_source_get_key(evidence->key), profile, &trouble))
        gca_findings_add_error(findings, "key-kind", _("kind of key"), trouble);
    else
        gca_findings_add(findings, "key-kind", _("kind of key"), GCA_FINDING_OK,
                         g_strdup(_("the CA takes it")), NULL, GCA_ERROR_INTERNAL);
}

GPtrArray *
gca_certificate_check(const GcaCheckWish *wish, const GcaProfile *profile,
                      GcaInteraction *interaction, GcaCancel *cancel, GError **error)
{
    g_auto(Evidence) evidence = {0};

    if ((wish->certificate != NULL && !read_certificates(&evidence, wish, error)) ||
        (wish->csr != NULL && !read_csr(&evidence, wish->csr, error)) ||
        (wish->key != NULL && !read_key(&evidence, wish, interaction, cancel, error)))
        return NULL;
    GPtrArray *findings =
        evidence.csr ? gca_csr_examine(evidence.csr, profile) : gca_findings_new();
    if (evidence.key != NULL)
        examine_key(&evidence, profile, findings);
    if (evidence.delivery != NULL)
        examine_certificate(&evidence, wish, profile, findings);
    else if (evidence.csr != NULL && evidence.key != NULL)
        compare_key(&evidence, findings);
    return findings;
}
