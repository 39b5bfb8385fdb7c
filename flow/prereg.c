#include "config.h"

#include "flow/prereg.h"

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "cms/signed-data.h"
#include "prereg/journal.h"
#include "profile/domain.h"

#include <glib/gi18n-lib.h>
#include <openssl/err.h>

#define DOMAINS_FILE_LIMIT (1024 * 1024)

struct _GcaPrereg {
    GcaAccount *account;
    GcaProfile *profile;
    GStrv domains;
    GcaName *subject; /* the user's own, or NULL: folded from the holder's DN */
    const GcaContact *contact;
    GPtrArray *warnings; /* NULL-terminated */
    GcaRequest *request;
};

void
gca_prereg_free(GcaPrereg *prereg)
{
    g_clear_pointer(&prereg->account, gca_account_unref);
    g_clear_pointer(&prereg->profile, gca_profile_unref);
    g_clear_pointer(&prereg->domains, g_strfreev);
    g_clear_pointer(&prereg->subject, gca_name_unref);
    g_clear_pointer(&prereg->request, gca_request_unref);
    g_ptr_array_unref(prereg->warnings);
    g_free(prereg);
}

static void
warn(GcaPrereg *prereg, char *sentence)
{
    g_ptr_array_insert(prereg->warnings, (int) prereg->warnings->len - 1, sentence);
}

/* Names from options first, then those of the file. */
static GStrv
gather_domains(const GcaPreregWish *wish, const GcaProfile *profile, GError **error)
{
    g_autoptr(GStrvBuilder) typed = g_strv_builder_new();

    if (wish->domains != NULL)
        g_strv_builder_addv(typed, (const char **) wish->domains);
    if (wish->domains_file != NULL) {
        g_autoptr(GBytes) content = gca_file_read(wish->domains_file, DOMAINS_FILE_LIMIT, error);
        if (content == NULL)
            return NULL;
        g_auto(GStrv) lines = gca_domains_split_file(content, wish->domains_file, error);
        if (lines == NULL)
            return NULL;
        g_strv_builder_addv(typed, (const char **) lines);
    }
    g_auto(GStrv) all = g_strv_builder_end(typed);
    return gca_domains_parse((const char *const *) all, profile, error);
}

static void
warn_of_account(GcaPrereg *prereg, const char *wanted)
{
    const char *uri = gca_account_get_uri(prereg->account);
    const char *name = gca_profile_get_name(prereg->profile);
    const char *doubt = gca_account_get_doubt(prereg->account);
    g_autofree char *shown = gca_text_escape(uri);

    if (!gca_profile_fits_account(prereg->profile, uri))
        warn(prereg, g_strdup_printf(_("The account %s does not look like one of profile “%s” "
                                       "(%s). Check that it is meant."),
                                     shown, name, gca_profile_get_title(prereg->profile)));
    else if (wanted != NULL && !g_str_equal(wanted, name))
        warn(prereg, g_strdup_printf(_("The account belongs to profile “%s”; that one is used, "
                                       "not “%s”."),
                                     name, wanted));
    if (doubt != NULL)
        warn(prereg, g_strdup(doubt));
}

GcaPrereg *
gca_prereg_new(const GcaPreregWish *wish, GError **error)
{
    g_autoptr(GcaPrereg) prereg = g_new0(GcaPrereg, 1);
    prereg->warnings = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(prereg->warnings, NULL);
    prereg->contact = wish->contact;

    prereg->account = gca_account_load(wish->account, error);
    if (prereg->account == NULL)
        return NULL;
    prereg->profile = gca_profile_find(gca_account_get_uri(prereg->account), wish->profile, error);
    if (prereg->profile == NULL)
        return NULL;
    prereg->domains = gather_domains(wish, prereg->profile, error);
    if (prereg->domains == NULL)
        return NULL;
    if (wish->subject != NULL) {
        prereg->subject = gca_name_parse(wish->subject, error);
        if (prereg->subject == NULL || !gca_request_accepts_subject(prereg->subject, error))
            return NULL;
    }
    warn_of_account(prereg, wish->profile);
    return g_steal_pointer(&prereg);
}

const GcaProfile *
gca_prereg_get_profile(const GcaPrereg *prereg)
{
    return prereg->profile;
}

const char *const *
gca_prereg_get_warnings(const GcaPrereg *prereg)
{
    return (const char *const *) prereg->warnings->pdata;
}

const GcaRequest *
gca_prereg_get_request(const GcaPrereg *prereg)
{
    return prereg->request;
}

static void
warn_of_card(GcaPrereg *prereg, const GcaFoundCard *card, gboolean unconfirmed)
{
    const GcaHolder *holder = gca_found_card_get_holder(card);
    char *renewal = gca_found_card_dup_renewal_note(card, prereg->profile);
    char *doubt = gca_contact_dup_doubt(prereg->contact, gca_holder_get_organization(holder));

    if (renewal != NULL)
        warn(prereg, renewal);
    if (unconfirmed)
        warn(prereg, g_strdup(_("How the CA writes a local government's name is not published: "
                                "check the subject, and give another with --subject if the CA "
                                "says so.")));
    if (doubt != NULL)
        warn(prereg, doubt);
}

static GcaName *
choose_subject(GcaPrereg *prereg, const GcaHolder *holder, gboolean *unconfirmed, GError **error)
{
    *unconfirmed = FALSE;
    if (prereg->subject != NULL)
        return gca_name_ref(prereg->subject);
    return gca_profile_fold(prereg->profile, gca_holder_get_dn(holder), unconfirmed, error);
}

static GcaRequest *
compose(GcaPrereg *prereg, const GcaFoundCard *card, gboolean *unconfirmed, GError **error)
{
    GcaHolder *holder = gca_found_card_get_holder(card);
    g_autoptr(GcaName) subject = choose_subject(prereg, holder, unconfirmed, error);
    if (subject == NULL)
        return NULL;

    GcaRequestFields fields = {
        .profile = gca_profile_get_name(prereg->profile),
        .account_uri = gca_account_get_uri(prereg->account),
        .thumbprint = gca_account_get_thumbprint(prereg->account),
        .domains = (const char *const *) prereg->domains,
        .subject = subject,
        .organization_name = gca_holder_get_organization(holder),
        .organization_dn = gca_holder_get_dn(holder),
        .organization_oid = gca_holder_get_oid(holder),
        .card_serial = gca_found_card_get_number(card),
        .contact = prereg->contact,
    };
    return gca_request_new(&fields, error);
}

gboolean
gca_prereg_bind(GcaPrereg *prereg, const GcaFoundCard *card, GError **error)
{
    GcaHolder *holder = gca_found_card_get_holder(card);
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();
    gboolean unconfirmed;

    if (!gca_holder_check_signing(holder, now, error)) {
        if (gca_holder_days_left(holder, now) < 0)
            gca_error_set_hint(error, gca_profile_get_renewal_place(prereg->profile));
        return FALSE;
    }
    prereg->request = compose(prereg, card, &unconfirmed, error);
    if (prereg->request == NULL)
        return FALSE;
    warn_of_card(prereg, card, unconfirmed);
    return TRUE;
}

/* Time and nonce are those of the signature, not of the moment the request was first shown. */
static gboolean
refresh(GcaPrereg *prereg, const GcaFoundCard *card, GError **error)
{
    gboolean unconfirmed;
    GcaRequest *fresh = compose(prereg, card, &unconfirmed, error);
    if (fresh == NULL)
        return FALSE;
    gca_request_unref(prereg->request);
    prereg->request = fresh;
    return TRUE;
}

GBytes *
gca_prereg_sign(GcaPrereg *prereg, GcaFoundCard *card, const GcaLoginOptions *login,
                GcaInteraction *interaction, GcaCancel *cancel, GError **error)
{
    const char *unblock_place = gca_profile_get_unblock_place(prereg->profile);

    if (!gca_found_card_login(card, login, unblock_place, interaction, cancel, error))
        return NULL;
    g_autoptr(EVP_PKEY) key = gca_found_card_find_key(card, error);
    if (key == NULL || !refresh(prereg, card, error))
        return NULL;

    gca_interaction_notice(interaction, GCA_NOTICE_PROGRESS, "%s", _("Signing …"));
    GcaHolder *holder = gca_found_card_get_holder(card);
    g_autoptr(GError) trouble = NULL;
    GBytes *message = gca_request_sign(prereg->request, key, gca_holder_get_certificate(holder),
                                       gca_found_card_get_ca_certificates(card), &trouble);
    /* What the card or its module said is in OpenSSL's queue. */
    if (g_error_matches(trouble, GCA_ERROR, GCA_ERROR_CRYPTO) && ERR_peek_error() != 0)
        gca_token_set_error(gca_found_card_get_token(card, NULL), "sign", error);
    else if (trouble != NULL)
        g_propagate_error(error, g_steal_pointer(&trouble));
    return message;
}

static char *
default_path(const GcaRequest *request)
{
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();
    g_autofree char *time = g_date_time_format(now, "%Y%m%dT%H%M%SZ");
    g_autofree char *first = g_strdup(gca_request_get_domains(request)[0]);

    g_autofree char *stem =
        g_strdup_printf("gca-prereg-%s-%s", g_strdelimit(first, "*", '_'), time);
    char *path = g_strconcat(stem, ".p7m", NULL);

    /* more than one within a second */
    for (guint i = 2; g_file_test(path, G_FILE_TEST_EXISTS); i++) {
        g_free(path);
        path = g_strdup_printf("%s-%u.p7m", stem, i);
    }
    return path;
}

char *
gca_prereg_save(const GcaPrereg *prereg, GBytes *message, const char *path, gboolean pem,
                GError **error)
{
    g_autofree char *target = path ? g_strdup(path) : default_path(prereg->request);
    g_autoptr(GBytes) content = pem ? gca_signed_data_to_pem(message) : g_bytes_ref(message);
    g_autofree char *sha256 = gca_text_sha256(message);

    if (!gca_file_create(target, content, 0600, error))
        return NULL;
    if (!gca_journal_add(prereg->request, sha256, target, error)) {
        g_autofree char *shown = gca_text_escape(target);
        g_autofree char *detail = g_strdup((*error)->message);
        gca_error_replace(error, GCA_ERROR_FILE,
                          _("“%s” is written and complete, but the journal was not: %s"), shown,
                          detail);
        return NULL;
    }
    return g_steal_pointer(&target);
}
