#include "config.h"

#include "flow/account-status.h"

#include "acme/account-key.h"
#include "base/error.h"
#include "base/text.h"
#include "profile/profile.h"

#include <glib/gi18n-lib.h>
#include <string.h>

void
gca_status_report_free(GcaStatusReport *report)
{
    g_clear_pointer(&report->account, gca_account_unref);
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
    gca_error_set_hint(error, _("Name the file with --key: certbot calls it private_key.json."));
    return NULL;
}

/* The account's own directory, by its client's folders; else that of the profile it fits. */
static char *
find_directory(const GcaStatusWish *wish, const GcaAccount *account, GError **error)
{
    const char *uri = gca_account_get_uri(account);
    const char *known = wish->directory ? wish->directory : gca_account_get_directory(account);

    if (known != NULL)
        return g_strdup(known);
    g_autoptr(GcaProfile) profile = gca_profile_find(uri, wish->profile, error);
    if (profile == NULL)
        return NULL;
    if (gca_profile_fits_account(profile, uri) || wish->profile != NULL)
        known = gca_profile_get_directory(profile);
    if (known != NULL)
        return g_strdup(known);
    gca_error_set(error, GCA_ERROR_USAGE, _("The ACME directory of the account “%s” is not known."),
                  uri);
    gca_error_set_hint(error, _("Name it with --directory, as the ACME client was told it."));
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

    if (!check_standard_input(wish, error) ||
        (report->account = gca_account_load(wish->account, error)) == NULL ||
        (report->directory = find_directory(wish, report->account, error)) == NULL)
        return NULL;
    g_autoptr(EVP_PKEY) key = load_key(wish, report->account, error);
    g_autoptr(GcaHttpClient) client = key ? gca_http_client_new(wish->tls_ca, error) : NULL;
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
    return g_steal_pointer(&report);
}
