#include "config.h"

#include "base/text.h"
#include "csr/server-chain-private.h"
#include "x509/certificate.h"

#include <glib/gi18n-lib.h>

/* The leaf where it stands in `given`: -1 where it does not. The rest goes into the list. */
static int
sort_out(GcaChainCase *look, GcaX509Stack *given)
{
    int place = -1;

    for (int i = 0; i < sk_X509_num(given); i++) {
        X509 *certificate = sk_X509_value(given, i);
        if (place < 0 && X509_cmp(certificate, look->leaf) == 0)
            place = i;
        else
            sk_X509_push(look->list, certificate);
    }
    return place;
}

static void
note_leaf_place(const GcaChainCase *look, int place)
{
    if (place > 0)
        gca_chain_case_fail(
            look, "chain-order", _("order of the chain"),
            g_strdup_printf(_("The certificate itself stands at place %d of the chain."),
                            place + 1),
            _("Put it first: a web server takes the first certificate for its own."));
}

/* What stands first but has not issued the leaf, although it bears the name. */
static gboolean
is_namesake(const GcaChainCase *look)
{
    X509 *first = sk_X509_value(look->list, 0);
    return X509_NAME_cmp(X509_get_subject_name(first), X509_get_issuer_name(look->leaf)) == 0;
}

static void
note_no_issuer(const GcaChainCase *look, GcaX509Stack *known)
{
    g_autofree char *issuer = gca_chain_case_describe_issuer(look->leaf);
    g_autofree char *remedy = gca_chain_case_tell_remedy(look, known, look->leaf);

    if (sk_X509_num(look->list) == 0) {
        gca_chain_case_fail(
            look, "chain-leaf-only", _("chain"),
            g_strdup_printf(_("The certificate stands alone: that of its issuer, “%s”, is not "
                              "sent with it, so that many clients cannot trust it."),
                            issuer),
            remedy);
        return;
    }
    g_autofree char *first = gca_certificate_describe(sk_X509_value(look->list, 0));
    char *text =
        is_namesake(look)
            ? g_strdup_printf(_("The certificate was issued by “%s”, but the one of this name in "
                                "the chain has another key: it is of another generation."),
                              issuer)
            : g_strdup_printf(_("The certificate was issued by “%s”, but the next one in the "
                                "chain is “%s”."),
                              issuer, first);
    gca_chain_case_fail(look, "chain-issuer", _("issuer"), text, remedy);
}

static void
note_self_signed(const GcaChainCase *look)
{
    gca_chain_case_fail(look, "chain-issuer", _("issuer"),
                        g_strdup(_("The certificate is self-signed: no CA has issued it.")),
                        _("Give the certificate that the CA has handed out."));
}

static void
note_validity(const GcaChainCase *look)
{
    for (int i = 0; i < sk_X509_num(look->path); i++) {
        X509 *certificate = sk_X509_value(look->path, i);
        if (gca_server_chain_is_valid_now(certificate))
            continue;
        gboolean is_early = X509_cmp_current_time(X509_get0_notBefore(certificate)) > 0;
        g_autoptr(GDateTime) when = is_early ? gca_certificate_dup_not_before(certificate)
                                             : gca_certificate_dup_not_after(certificate);
        g_autofree char *day = when != NULL ? gca_text_day(when) : g_strdup("?");
        g_autofree char *name = gca_certificate_describe(certificate);
        g_autofree char *remedy = gca_chain_case_tell_source(look, certificate);
        gca_chain_case_fail(
            look, "chain-validity", _("validity of the chain"),
            g_strdup_printf(is_early ? _("The intermediate certificate “%s” is not valid before "
                                         "%s.")
                                     : _("The intermediate certificate “%s” expired on %s."),
                            name, day),
            remedy);
    }
}

static void
skip_trust(const GcaChainCase *look)
{
    gca_findings_add(look->findings, "trust", _("trust"), GCA_FINDING_SKIPPED,
                     g_strdup(_("not looked at")), NULL, GCA_ERROR_UNTRUSTED);
}

static void
note_good(const GcaChainCase *look)
{
    g_autofree char *names = gca_chain_case_list_names(look->path);

    gca_findings_add(look->findings, "chain", _("chain"), GCA_FINDING_OK,
                     *names != '\0' ? g_steal_pointer(&names)
                                    : g_strdup(_("none needed: a trusted CA has issued the "
                                                 "certificate itself")),
                     NULL, GCA_ERROR_CHECK_FAILED);
}

static void
judge(const GcaChainCase *look, GcaX509Stack *known, GcaX509Stack *anchors)
{
    gboolean trusted = gca_chain_case_is_trusted(look, anchors);
    gboolean is_self_signed = gca_server_chain_is_self_signed(look->leaf);

    gca_chain_case_note_mistakes(look);
    if (is_self_signed && !trusted) {
        note_self_signed(look);
        skip_trust(look);
        return;
    }
    if (sk_X509_num(look->path) == 0 && look->end == NULL && !trusted) {
        note_no_issuer(look, known);
        skip_trust(look);
        return;
    }
    note_validity(look);
    if (gca_chain_case_note_breaches(look))
        skip_trust(look);
    else
        gca_chain_case_note_trust(look, known, trusted);
}

/* The root that has issued the last of the chain, where only `pool` has it. */
static X509 *
find_root(const GcaChainCase *look, GcaX509Stack *pool)
{
    g_autoptr(X509) root = NULL;
    g_autoptr(GcaX509Stack) further =
        gca_server_chain_build(gca_chain_case_get_top(look), NULL, pool, &root);

    return sk_X509_num(further) == 0 ? g_steal_pointer(&root) : NULL;
}

void
gca_server_chain_examine(X509 *leaf, GcaX509Stack *given, GcaX509Stack *known,
                         GcaX509Stack *anchors, const GcaProfile *profile, GPtrArray *findings)
{
    g_autoptr(GPtrArray) own = gca_findings_new();
    g_autoptr(X509) end = NULL;
    GcaX509Stack *list = sk_X509_new_null();
    GcaChainCase look = {.leaf = leaf,
                         .list = list,
                         .profile = profile,
                         .findings = own,
                         .weight = GCA_FINDING_FAILED};

    note_leaf_place(&look, sort_out(&look, given));
    g_autoptr(GcaX509Stack) path = gca_server_chain_build(leaf, list, NULL, &end);
    look.path = path;
    if (end == NULL)
        end = find_root(&look, anchors);
    if (end == NULL)
        end = find_root(&look, known);
    look.end = end;
    judge(&look, known, anchors);
    if (gca_findings_get_failure(own) == NULL)
        note_good(&look);
    g_ptr_array_extend_and_steal(findings, g_steal_pointer(&own));
    sk_X509_free(list);
}
