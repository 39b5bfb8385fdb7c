#include "config.h"

#include "x509/holder.h"

#include "base/error.h"
#include "base/text.h"
#include "x509/certificate.h"
#include "x509/directory.h"

#include <glib/gi18n-lib.h>
#include <openssl/err.h>
#include <string.h>

#define GCA_UNIT_NAME "政府憑證管理中心"
#define TEST_PREFIX "(測試用) "

struct _GcaHolder {
    gatomicrefcount refs;
    X509 *certificate;
    GcaName *dn;
    GcaName *issuer;
    char *organization;
    char *oid;
    GcaHolderKind kind;
    GcaCardRank rank;
    GDateTime *not_before;
    GDateTime *not_after;
};

/* Subject types below 2.16.886.1.100.3 and what is said of them. A type's subtypes are of its kind:
 * companies are seen as 2.2.1.1 where 2.2 are all that have a business number. */
static const struct {
    const char *subject_type;
    const char *nick;
    const char *text;
    const char *refusal; /* NULL: a GCA card, may sign */
} kinds[] = {
    [GCA_HOLDER_AGENCY] = {"2.16.886.1.100.3.2.1.1", "agency", N_("agency card"), NULL},
    [GCA_HOLDER_UNIT] = {"2.16.886.1.100.3.2.1.2", "unit", N_("card of an agency's unit"), NULL},
    [GCA_HOLDER_SCHOOL] =
        {"2.16.886.1.100.3.2.11", "school", N_("school card (not a GCA card)"),
         N_("This is a school's card (組織及團體憑證), not a GCA card: only the card of an agency "
            "or of its unit can sign.")},
    [GCA_HOLDER_COMPANY] =
        {"2.16.886.1.100.3.2.2", "company", N_("company card (not a GCA card)"),
         N_("This is a company card (工商憑證), not a GCA card: only the card of an agency or of "
            "its unit can sign.")},
    [GCA_HOLDER_CITIZEN] =
        {"2.16.886.1.100.3.1.1", "citizen", N_("citizen card (not a GCA card)"),
         N_("This is a citizen card (自然人憑證), not a GCA card: only the card of an agency or of "
            "its unit can sign.")},
    [GCA_HOLDER_SERVER] =
        {"2.16.886.1.100.3.3.1", "server", N_("server certificate (not a card)"),
         N_("This is a server's certificate (伺服器應用軟體憑證), not that of a card: only the "
            "card of an agency or of its unit can sign.")},
    [GCA_HOLDER_OTHER] =
        {NULL, "other", N_("card of another kind (not a GCA card)"),
         N_("The certificate does not say that this is the card of an agency or of its unit, and "
            "only such a card can sign.")},
};

static const struct {
    const char *nick;
    const char *text;
} ranks[] = {
    [GCA_CARD_RANK_UNKNOWN] = {"unknown", N_("not stated")},
    [GCA_CARD_RANK_PRIMARY] = {"primary", N_("primary card (正卡)")},
    [GCA_CARD_RANK_SECONDARY] = {"secondary", N_("secondary card (附卡)")},
    [GCA_CARD_RANK_MOBILE] = {"mobile", N_("mobile card")},
};

static gboolean
is_issued_by_gca(const GcaName *issuer)
{
    const char *unit = gca_name_find(issuer, "OU");

    if (unit != NULL && g_str_has_prefix(unit, TEST_PREFIX))
        unit += strlen(TEST_PREFIX);
    return g_strcmp0(unit, GCA_UNIT_NAME) == 0;
}

/* No real agency card's certificate is public, so the subject type is inferred from its siblings.
 * One from the GCA that lacks it counts as an agency's, unless an extended key usage tells that it
 * is a server's; a wrong guess is caught by the CA, a refusal would shut out a good card. */
static GcaHolderKind
find_kind(const char *subject_type, const GcaName *issuer, X509 *certificate)
{
    if (subject_type == NULL) {
        gboolean is_plain = X509_get_ext_by_NID(certificate, NID_ext_key_usage, -1) < 0;
        return is_plain && is_issued_by_gca(issuer) ? GCA_HOLDER_AGENCY : GCA_HOLDER_OTHER;
    }
    for (guint i = 0; i < GCA_HOLDER_OTHER; i++) {
        gsize length = strlen(kinds[i].subject_type);
        if (strncmp(subject_type, kinds[i].subject_type, length) == 0 &&
            (subject_type[length] == '\0' || subject_type[length] == '.'))
            return (GcaHolderKind) i;
    }
    return GCA_HOLDER_OTHER;
}

static GcaCardRank
find_rank(const char *rank)
{
    for (guint i = GCA_CARD_RANK_PRIMARY; i < G_N_ELEMENTS(ranks); i++) {
        if (g_strcmp0(rank, ranks[i].nick) == 0)
            return (GcaCardRank) i;
    }
    return GCA_CARD_RANK_UNKNOWN;
}

/* People and servers have no organisation but a CN. */
static char *
join_organization(const GcaName *dn)
{
    static const char *const types[] = {"ST", "L", "O", "OU", NULL};
    char *text = gca_name_join(dn, types, " ");

    if (*text != '\0')
        return text;
    g_free(text);
    const char *common_name = gca_name_find(dn, "CN");
    return g_strdup(common_name ? common_name : "");
}

static gboolean
read_dates(GcaHolder *holder, GError **error)
{
    holder->not_before = gca_certificate_dup_not_before(holder->certificate);
    holder->not_after = gca_certificate_dup_not_after(holder->certificate);
    if (holder->not_before != NULL && holder->not_after != NULL)
        return TRUE;
    gca_error_set(error, GCA_ERROR_BAD_DATA,
                  _("The certificate's period of validity is malformed."));
    return FALSE;
}

GcaHolder *
gca_holder_new(X509 *certificate, GError **error)
{
    g_autoptr(GcaHolder) holder = g_new0(GcaHolder, 1);
    g_auto(GcaDirectory) directory = {NULL};

    g_atomic_ref_count_init(&holder->refs);
    X509_up_ref(certificate);
    holder->certificate = certificate;
    holder->dn = gca_certificate_dup_subject(certificate, error);
    if (holder->dn == NULL)
        return NULL;
    holder->issuer = gca_certificate_dup_issuer(certificate, error);
    if (holder->issuer == NULL || !read_dates(holder, error) ||
        !gca_directory_read(certificate, &directory, error))
        return NULL;
    holder->organization = join_organization(holder->dn);
    holder->oid = g_steal_pointer(&directory.organization_oid);
    holder->kind = find_kind(directory.subject_type, holder->issuer, certificate);
    holder->rank = find_rank(directory.rank);
    return g_steal_pointer(&holder);
}

GcaHolder *
gca_holder_ref(GcaHolder *holder)
{
    g_atomic_ref_count_inc(&holder->refs);
    return holder;
}

void
gca_holder_unref(GcaHolder *holder)
{
    if (!g_atomic_ref_count_dec(&holder->refs))
        return;
    X509_free(holder->certificate);
    g_clear_pointer(&holder->dn, gca_name_unref);
    g_clear_pointer(&holder->issuer, gca_name_unref);
    g_free(holder->organization);
    g_free(holder->oid);
    g_clear_pointer(&holder->not_before, g_date_time_unref);
    g_clear_pointer(&holder->not_after, g_date_time_unref);
    g_free(holder);
}

X509 *
gca_holder_get_certificate(const GcaHolder *holder)
{
    return holder->certificate;
}

const GcaName *
gca_holder_get_dn(const GcaHolder *holder)
{
    return holder->dn;
}

const GcaName *
gca_holder_get_issuer(const GcaHolder *holder)
{
    return holder->issuer;
}

const char *
gca_holder_get_organization(const GcaHolder *holder)
{
    return holder->organization;
}

const char *
gca_holder_get_oid(const GcaHolder *holder)
{
    return holder->oid;
}

GcaHolderKind
gca_holder_get_kind(const GcaHolder *holder)
{
    return holder->kind;
}

GcaCardRank
gca_holder_get_rank(const GcaHolder *holder)
{
    return holder->rank;
}

GDateTime *
gca_holder_get_not_before(const GcaHolder *holder)
{
    return holder->not_before;
}

GDateTime *
gca_holder_get_not_after(const GcaHolder *holder)
{
    return holder->not_after;
}

int
gca_holder_days_left(const GcaHolder *holder, GDateTime *now)
{
    GTimeSpan left = g_date_time_difference(holder->not_after, now);

    /* rounded down, so that the first second after the end is already negative */
    return (int) (left / G_TIME_SPAN_DAY) - (left % G_TIME_SPAN_DAY < 0);
}

const char *
gca_holder_kind_to_string(GcaHolderKind kind)
{
    return _(kinds[kind].text);
}

const char *
gca_holder_kind_to_nick(GcaHolderKind kind)
{
    return kinds[kind].nick;
}

const char *
gca_card_rank_to_string(GcaCardRank rank)
{
    return _(ranks[rank].text);
}

const char *
gca_card_rank_to_nick(GcaCardRank rank)
{
    return ranks[rank].nick;
}

gboolean
gca_holder_kind_is_gca(GcaHolderKind kind)
{
    return kinds[kind].refusal == NULL;
}

gboolean
gca_certificate_can_sign(X509 *certificate)
{
    /* A holder's certificate always states its key usage. OpenSSL gives 0 where an extension is
     * malformed, and all bits where there is no key usage. */
    ERR_set_mark();
    guint32 usage = X509_get_key_usage(certificate);
    gboolean is_ca = (X509_get_extension_flags(certificate) & EXFLAG_CA) != 0;
    ERR_pop_to_mark();
    return !is_ca && usage != UINT32_MAX &&
           (usage & (X509v3_KU_DIGITAL_SIGNATURE | X509v3_KU_NON_REPUDIATION)) != 0;
}

gboolean
gca_holder_check_signing(const GcaHolder *holder, GDateTime *when, GError **error)
{
    if (!gca_holder_kind_is_gca(holder->kind)) {
        gca_error_set(error, GCA_ERROR_NO_CERT, "%s", _(kinds[holder->kind].refusal));
        return FALSE;
    }
    if (!gca_certificate_can_sign(holder->certificate)) {
        gca_error_set(error, GCA_ERROR_NO_CERT,
                      _("This certificate is not for signing: its key usage has neither "
                        "digitalSignature nor nonRepudiation."));
        return FALSE;
    }
    if (g_date_time_compare(when, holder->not_before) < 0) {
        g_autofree char *day = gca_text_day(holder->not_before);
        gca_error_set(error, GCA_ERROR_NO_CERT, _("The card's certificate is not valid before %s."),
                      day);
        return FALSE;
    }
    if (g_date_time_compare(when, holder->not_after) > 0) {
        g_autofree char *day = gca_text_day(holder->not_after);
        gca_error_set(error, GCA_ERROR_NO_CERT, _("The card's certificate expired on %s."), day);
        return FALSE;
    }
    return TRUE;
}
