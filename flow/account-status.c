#include "config.h"

#include "flow/account-status.h"

#include "acme/account-key.h"
#include "acme/jwk.h"
#include "base/error.h"
#include "base/json.h"
#include "base/text.h"
#include "flow/connection.h"

#include <glib/gi18n-lib.h>
#include <string.h>

void
gca_status_report_free(GcaStatusReport *report)
{
    g_clear_pointer(&report->account, gca_account_unref);
    g_free(report->thumbprint);
    g_free(report->directory);
    g_clear_pointer(&report->state, gca_account_state_free);
    g_free(report->text);
    g_free(report->advice);
    g_free(report);
}

static EVP_PKEY *
load_key(const GcaStatusWish *wish, const GcaAccount *account, GError **error)
{
    const char *path = wish->key ? wish->key : gca_account_get_key_path(account);

    if (path != NULL)
        return gca_account_key_load(path, error);
    g_autofree char *where = gca_text_escape(wish->account);
    if (gca_account_get_path(account) == NULL)
        gca_error_set(error, GCA_ERROR_NO_KEY, "%s",
                      _("The server tells an account's status to its key alone, and no file of it "
                        "is known."));
    else
        gca_error_set(error, GCA_ERROR_NO_KEY, _("There is no key beside the account “%s”."),
                      where);
    gca_error_set_hint(error, _("Take the account's folder with its key, which certbot calls "
                                "private_key.json (on the command line: name that file with "
                                "--key)."));
    return NULL;
}

/* The one that the account belongs to; NULL where nothing tells. */
static gboolean
find_profile(const GcaStatusWish *wish, const GcaAccount *account, GcaProfile **profile,
             GError **error)
{
    const char *uri = gca_account_get_uri(account);
    g_autoptr(GcaProfile) found = gca_profile_find(uri, wish->profile, error);

    if (found == NULL)
        return FALSE;
    if (gca_profile_fits_account(found, uri) || wish->profile != NULL)
        *profile = g_steal_pointer(&found);
    return TRUE;
}

/* The account's own directory, by its client's folders; else that of its profile, if it is of the
 * account's server: the profile's may be another one of the CA's. */
static char *
find_directory(const GcaStatusWish *wish, const GcaAccount *account, const GcaProfile *profile,
               GError **error)
{
    const char *uri = gca_account_get_uri(account);
    const char *known = wish->directory ? wish->directory : gca_account_get_directory(account);
    const char *usual = profile ? gca_profile_get_directory(profile) : NULL;

    if (known == NULL && usual != NULL && gca_account_uri_is_of_server(uri, usual))
        known = usual;
    if (known != NULL)
        return g_strdup(known);
    gca_error_set(error, GCA_ERROR_USAGE, _("The ACME directory of the account “%s” is not known."),
                  uri);
    gca_error_set_hint(error,
                       _("Ask with “gca-prereg status --directory URL”, the address that the "
                         "ACME client was told."));
    return NULL;
}

/* What the next command needs: the place in a form that a shell takes. */
static char *
dup_place(const GcaStatusWish *wish, const GcaAccount *account)
{
    const char *place =
        g_str_equal(wish->account, "-") ? gca_account_get_uri(account) : wish->account;
    gboolean is_plain =
        strspn(place, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "/._-:@+") == strlen(place);

    return is_plain ? g_strdup(place) : g_shell_quote(place);
}

static char *
advise_anew(const GcaStatusReport *report)
{
    g_autofree char *directory = gca_text_escape(report->directory);

    return g_strdup_printf(
        _("Register the account anew with the ACME client; certbot does it with: "
          "certbot register --server %s"),
        directory);
}

static char *
advise_preregistration(const GcaStatusReport *report, const GcaStatusWish *wish)
{
    g_autofree char *place = dup_place(wish, report->account);
    g_autofree char *shown = gca_text_escape(place);

    return g_strdup_printf(_("Pre-register now: gca-prereg --account %s -d NAME"), shown);
}

static void
explain(GcaStatusReport *report, const GcaStatusWish *wish)
{
    g_autofree char *word = gca_text_escape(report->state->word ? report->state->word : "");

    switch (report->state->status) {
    case GCA_STATUS_VALID:
        report->text = g_strdup(_("The account is valid."));
        break;
    case GCA_STATUS_PENDING:
        report->text = g_strdup(_("The account waits for its pre-registration."));
        report->advice = advise_preregistration(report, wish);
        break;
    case GCA_STATUS_DEACTIVATED:
        report->text = g_strdup(_("The account was deactivated by its owner, for good."));
        report->advice = advise_anew(report);
        break;
    case GCA_STATUS_REVOKED:
        report->text = g_strdup(_("The account was revoked by the CA."));
        report->advice = g_strdup(_("Ask the CA why, before you register the account anew."));
        break;
    case GCA_STATUS_UNKNOWN:
        report->text = g_strdup(_("The server does not know the account."));
        report->advice = advise_anew(report);
        break;
    case GCA_STATUS_OTHER:
        report->text =
            g_strdup_printf(_("The account has a status that is not known here: “%s”."), word);
        report->advice = g_strdup(_("Ask the CA what it means."));
        break;
    }
}

/* Its own words often say more than the status, and may be all that tells what to do. */
static void
add_words(GcaStatusReport *report)
{
    if (report->state->detail == NULL)
        return;
    g_autofree char *text = g_steal_pointer(&report->text);
    g_autofree char *words = gca_text_escape(report->state->detail);

    report->text = g_strdup_printf(_("%s The server says: “%s”"), text, words);
}

static gboolean
check_standard_input(const GcaStatusWish *wish, GError **error)
{
    if (g_strcmp0(wish->account, "-") != 0 || g_strcmp0(wish->key, "-") != 0)
        return TRUE;
    gca_error_set(error, GCA_ERROR_USAGE, "%s",
                  _("Standard input can give only one of account and key."));
    return FALSE;
}

GcaStatusReport *
gca_status_ask(const GcaStatusWish *wish, GcaInteraction *interaction, GcaCancel *cancel,
               GError **error)
{
    g_autoptr(GcaStatusReport) report = g_new0(GcaStatusReport, 1);
    g_autoptr(GcaProfile) profile = NULL;

    if (!check_standard_input(wish, error) ||
        (report->account = gca_account_load(wish->account, error)) == NULL ||
        !find_profile(wish, report->account, &profile, error) ||
        (report->directory = find_directory(wish, report->account, profile, error)) == NULL)
        return NULL;
    g_autoptr(EVP_PKEY) key = load_key(wish, report->account, error);
    g_autoptr(json_t) jwk = key ? gca_account_key_to_jwk(key, error) : NULL;
    report->thumbprint = jwk ? gca_jwk_thumbprint(jwk, error) : NULL;
    g_autoptr(GcaHttpClient) client =
        report->thumbprint ? gca_connection_new(profile, wish->tls_ca, error) : NULL;
    if (client == NULL)
        return NULL;

    const char *doubt = gca_account_get_doubt(report->account);
    if (doubt != NULL && wish->key == NULL)
        gca_interaction_notice(interaction, GCA_NOTICE_WARNING, "%s", doubt);
    g_autofree char *shown = gca_text_escape(report->directory);
    gca_interaction_notice(interaction, GCA_NOTICE_PROGRESS, _("Asking “%s” …"), shown);
    report->state = gca_account_state_fetch(
        client, report->directory, gca_account_get_uri(report->account), key, cancel, error);
    if (report->state == NULL)
        return NULL;
    explain(report, wish);
    add_words(report);
    return g_steal_pointer(&report);
}
