#include "config.h"

#include "base/text.h"
#include "csr/server-chain-private.h"
#include "x509/certificate.h"

#include <glib/gi18n-lib.h>

static int
find(GcaX509Stack *list, X509 *certificate)
{
    for (int i = 0; i < sk_X509_num(list); i++) {
        if (X509_cmp(sk_X509_value(list, i), certificate) == 0)
            return i;
    }
    return -1;
}

/* `remedy` is for a file that is used as it is; a delivery is put right by us. `text` is taken. */
static void
add(const GcaChainCase *look, const char *name, const char *title, char *text, const char *remedy)
{
    gboolean is_mended = look->weight != GCA_FINDING_FAILED;

    gca_findings_add(look->findings, name, title, look->weight, text,
                     is_mended ? _("The chain that is written is right all the same.") : remedy,
                     GCA_ERROR_CHECK_FAILED);
}

static gboolean
is_in_reverse(const GcaX509Stack *path, GcaX509Stack *list)
{
    for (int i = 1; i < sk_X509_num(path); i++) {
        if (find(list, sk_X509_value(path, i)) > find(list, sk_X509_value(path, i - 1)))
            return FALSE;
    }
    return TRUE;
}

/* RFC 8446 section 4.4.2: each certificate should certify the one before it. */
static void
note_order(const GcaChainCase *look)
{
    int last = -1;
    gboolean is_ordered = TRUE;

    for (int i = 0; i < sk_X509_num(look->path); i++) {
        int place = find(look->list, sk_X509_value(look->path, i));
        is_ordered = is_ordered && (place < 0 || place > last);
        last = MAX(last, place);
    }
    if (is_ordered)
        return;
    g_autofree char *right = gca_chain_case_list_names(look->path);
    g_autofree char *remedy =
        g_strdup_printf(_("Put them in this order: the certificate itself, then %s."), right);
    const char *text = is_in_reverse(look->path, look->list)
                           ? _("The chain stands in reverse order, the root's side first.")
                           : _("The chain's certificates stand in the wrong order.");
    add(look, "chain-order", _("order of the chain"), g_strdup(text), remedy);
}

/* The older generation of a CA bears the same name, so its name alone would only confuse. */
static char *
describe_stray(const GcaChainCase *look, X509 *stray)
{
    g_autofree char *name = gca_certificate_describe(stray);

    for (int i = -1; i < sk_X509_num(look->path); i++) {
        X509 *below = i < 0 ? look->leaf : sk_X509_value(look->path, i);
        if (X509_NAME_cmp(X509_get_issuer_name(below), X509_get_subject_name(stray)) == 0 &&
            !gca_server_chain_is_issuer(stray, below)) {
            g_autofree char *print = gca_certificate_fingerprint(stray);
            return g_strdup_printf(
                _("“%s” does not belong to this certificate: it bears its issuer's name but is of "
                  "another generation, with another key (the one with SHA-256 %s)."),
                name, print);
        }
    }
    return g_strdup_printf(_("“%s” does not belong to this certificate's chain; it may be left "
                             "from an earlier certificate or from another CA."),
                           name);
}

static void
note_stray(const GcaChainCase *look, X509 *stray)
{
    add(look, "chain-stray", _("what does not belong there"), describe_stray(look, stray),
        _("Take it out of the chain file: clients that take the chain as it stands fail."));
}

static void
note_twice(const GcaChainCase *look, X509 *certificate)
{
    g_autofree char *name = gca_certificate_describe(certificate);

    add(look, "chain-stray", _("what does not belong there"),
        g_strdup_printf(_("“%s” stands there twice."), name),
        _("Take it out of the chain file once."));
}

/* The self-signed certificate of a CA in the chain, be it the end or one beside a
 * cross-certificate.
 */
static gboolean
is_root_of(const GcaChainCase *look, X509 *root)
{
    if (!gca_server_chain_is_self_signed(root))
        return FALSE;
    if (gca_server_chain_is_issuer(root, look->leaf))
        return TRUE;
    for (int i = 0; i < sk_X509_num(look->path); i++) {
        if (gca_server_chain_is_issuer(root, sk_X509_value(look->path, i)))
            return TRUE;
    }
    return FALSE;
}

static void
note_root(const GcaChainCase *look, X509 *root)
{
    g_autofree char *name = gca_certificate_describe(root);

    add(look, "chain-root", _("root"),
        g_strdup_printf(_("The root “%s” is sent along: who trusts it has it, who does not will "
                          "not believe it."),
                        name),
        _("Take it out of the chain file."));
}

void
gca_chain_case_note_mistakes(const GcaChainCase *look)
{
    note_order(look);
    for (int i = 0; i < sk_X509_num(look->list); i++) {
        X509 *certificate = sk_X509_value(look->list, i);
        if (find(look->list, certificate) < i)
            note_twice(look, certificate);
        else if (is_root_of(look, certificate))
            note_root(look, certificate);
        else if (find(look->path, certificate) < 0)
            note_stray(look, certificate);
    }
}

static gboolean
contains(GcaX509Stack *list, X509 *certificate)
{
    return find(list, certificate) >= 0;
}

void
gca_server_chain_note_delivery(X509 *leaf, const GcaDelivery *delivery, GcaX509Stack *built,
                               GPtrArray *findings)
{
    GcaX509Stack *all = gca_delivery_get_certificates(delivery);
    g_autoptr(GcaX509Stack) leaves = gca_delivery_dup_leaves(delivery);
    GcaX509Stack *list = sk_X509_new_null();
    GcaChainCase look = {.leaf = leaf,
                         .list = list,
                         .path = built,
                         .findings = findings,
                         .weight = GCA_FINDING_WARNING};

    for (int i = 0; i < sk_X509_num(all); i++) {
        X509 *certificate = sk_X509_value(all, i);
        if (!contains(leaves, certificate) && X509_cmp(certificate, leaf) != 0)
            sk_X509_push(list, certificate);
    }
    if (sk_X509_num(built) > 0) {
        gca_chain_case_note_mistakes(&look);
        if (gca_delivery_has_der(delivery))
            add(&look, "form", _("form of the files"),
                g_strdup(_("The CA has handed out DER or PKCS#7, where a web server needs PEM.")),
                NULL);
    }
    sk_X509_free(list);
}
