#include "config.h"

#include "flow/caa.h"

#include "acme/account.h"
#include "acme/resolver.h"
#include "acme/status.h"
#include "base/error.h"
#include "base/text.h"
#include "flow/connection.h"
#include "profile/domain.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define WILDCARD "*."

typedef struct {
    const GcaCaaWish *wish;
    GcaInteraction *interaction;
    GcaCancel *cancel;
    GcaAccount *account;
    GcaProfile *profile;
    GStrv issuers; /* the first is written */
    GcaResolver *resolver;
} Work;

static void
work_clear(Work *work)
{
    g_clear_pointer(&work->account, gca_account_unref);
    g_clear_pointer(&work->profile, gca_profile_unref);
    g_strfreev(work->issuers);
    g_clear_pointer(&work->resolver, gca_resolver_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Work, work_clear)

static void
entry_free(gpointer data)
{
    GcaCaaEntry *entry = data;

    g_free(entry->domain);
    g_free(entry->record);
    g_free(entry->found_at);
    g_strfreev(entry->found);
    g_free(entry->text);
    g_free(entry);
}

const char *
gca_caa_entry_get_nick(const GcaCaaEntry *entry)
{
    if (entry->answer == GCA_CAA_NOT_ASKED)
        return NULL;
    return entry->answer == GCA_CAA_ANSWERED ? gca_caa_verdict_to_nick(entry->verdict)
                                             : "no-answer";
}

/* ---- what the CA is called ---- */

/* Not a profile that was taken because the account tells nothing. */
static gboolean
is_profile_certain(const Work *work)
{
    return work->wish->profile != NULL ||
           gca_profile_fits_account(work->profile, gca_account_get_uri(work->account));
}

static const char *
find_directory(const Work *work)
{
    const char *own = gca_account_get_directory(work->account);

    return own || !is_profile_certain(work) ? own : gca_profile_get_directory(work->profile);
}

static GStrv
fetch_issuers(const Work *work, const char *directory, GError **error)
{
    const GcaProfile *own = is_profile_certain(work) ? work->profile : NULL;
    g_autoptr(GcaHttpClient) client = gca_connection_new(own, work->wish->tls_ca, error);
    if (client == NULL)
        return NULL;
    g_autofree char *shown = gca_text_escape(directory);

    gca_interaction_notice(work->interaction, GCA_NOTICE_PROGRESS, _("Asking “%s” …"), shown);
    return gca_directory_fetch_caa_identities(client, directory, work->cancel, error);
}

static GStrv
dup_list(const char *name)
{
    const char *const list[] = {name, NULL};

    return g_strdupv((char **) list);
}

static GStrv
find_issuers(const Work *work, GError **error)
{
    const char *directory = find_directory(work);
    const char *identity = gca_profile_get_caa_identity(work->profile);
    g_auto(GStrv) fetched = NULL;

    if (work->wish->issuer != NULL)
        return dup_list(work->wish->issuer);
    if (identity != NULL && is_profile_certain(work))
        return dup_list(identity);
    if (work->wish->check && directory != NULL &&
        (fetched = fetch_issuers(work, directory, error)) == NULL)
        return NULL;
    if (fetched != NULL && fetched[0] != NULL)
        return g_steal_pointer(&fetched);
    gca_error_set(error, GCA_ERROR_USAGE, "%s",
                  fetched != NULL
                      ? _("The ACME directory does not tell the CA's name in CAA records.")
                      : _("The CA's name in CAA records is not known."));
    gca_error_set_hint(error, work->wish->check
                                  ? _("Ask the CA for it, and name it with --issuer.")
                                  : _("Ask the CA for it and name it with --issuer, or have its "
                                      "ACME directory asked with --check."));
    return NULL;
}

/* ---- what DNS says ---- */

static GStrv
list_records(GPtrArray *records)
{
    GPtrArray *list = g_ptr_array_new();

    for (guint i = 0; i < records->len; i++)
        g_ptr_array_add(list, gca_caa_record_to_string(g_ptr_array_index(records, i)));
    g_ptr_array_add(list, NULL);
    return (GStrv) g_ptr_array_free(list, FALSE);
}

static char *
explain(const GcaCaaEntry *entry)
{
    const char *at = entry->found_at ? entry->found_at : entry->domain;

    switch (entry->verdict) {
    case GCA_CAA_PRESENT:
        return g_strdup_printf(_("present, at %s"), at);
    case GCA_CAA_UNBOUND:
        return g_strdup_printf(_("not bound to the account: by the records at %s this CA may give "
                                 "certificates to any of its accounts"),
                               at);
    case GCA_CAA_ABSENT:
        return g_strdup(_("absent: any CA may give certificates for it"));
    case GCA_CAA_OTHER:
        return g_strdup_printf(_("refused: by the records at %s the CA may not give this account "
                                 "certificates"),
                               at);
    }
    g_return_val_if_reached(NULL);
}

/* FALSE if nobody has answered. */
static gboolean
ask(const Work *work, GcaCaaEntry *entry, GError **error)
{
    gboolean is_wildcard = g_str_has_prefix(entry->domain, WILDCARD);
    const GcaCaaUse use = {
        .issuers = (const char *const *) work->issuers,
        .account_uri = gca_account_get_uri(work->account),
        .methods = is_profile_certain(work) ? gca_profile_get_challenges(work->profile) : NULL,
        .is_wildcard = is_wildcard,
    };
    g_autoptr(GPtrArray) records =
        gca_resolver_fetch_caa(work->resolver, entry->domain + (is_wildcard ? strlen(WILDCARD) : 0),
                               &entry->found_at, work->cancel, error);
    if (records == NULL)
        return FALSE;

    entry->answer = GCA_CAA_ANSWERED;
    entry->verdict = gca_caa_judge(records, &use);
    entry->found = list_records(records);
    entry->text = explain(entry);
    return TRUE;
}

/* Where nobody answers, nobody is asked any more: each question takes seconds then. */
static gboolean
ask_all(const Work *work, GPtrArray *entries, GError **error)
{
    gboolean is_answering = TRUE;

    gca_interaction_notice(work->interaction, GCA_NOTICE_PROGRESS, "%s", _("Asking DNS …"));
    for (guint i = 0; i < entries->len; i++) {
        GcaCaaEntry *entry = g_ptr_array_index(entries, i);
        g_autoptr(GError) trouble = NULL;
        if (is_answering && ask(work, entry, &trouble))
            continue;
        if (trouble != NULL && gca_error_get_code(trouble) != GCA_ERROR_NETWORK) {
            g_propagate_error(error, g_steal_pointer(&trouble));
            return FALSE;
        }
        entry->answer = GCA_CAA_NO_ANSWER;
        entry->text = g_strdup(trouble ? trouble->message : _("not asked for any more"));
        is_answering = is_answering && gca_resolver_is_answering(work->resolver);
    }
    return TRUE;
}

static GPtrArray *
format_all(const Work *work, char **domains, GError **error)
{
    g_autoptr(GPtrArray) entries = g_ptr_array_new_with_free_func(entry_free);

    for (guint i = 0; domains[i] != NULL; i++) {
        GcaCaaEntry *entry = g_new0(GcaCaaEntry, 1);
        g_ptr_array_add(entries, entry);
        entry->domain = g_strdup(domains[i]);
        entry->record =
            gca_caa_format(domains[i], work->issuers[0], gca_account_get_uri(work->account), error);
        if (entry->record == NULL)
            return NULL;
    }
    return g_steal_pointer(&entries);
}

GPtrArray *
gca_caa_examine(const GcaCaaWish *wish, GcaInteraction *interaction, GcaCancel *cancel,
                GError **error)
{
    g_auto(Work) work = {.wish = wish, .interaction = interaction, .cancel = cancel};

    if ((work.account = gca_account_load(wish->account, error)) == NULL ||
        (work.profile =
             gca_profile_find(gca_account_get_uri(work.account), wish->profile, error)) == NULL)
        return NULL;
    g_auto(GStrv) domains = gca_domains_parse(wish->domains, work.profile, error);
    if (domains == NULL ||
        (wish->check && (work.resolver = gca_resolver_new(wish->dns, error)) == NULL) ||
        (work.issuers = find_issuers(&work, error)) == NULL)
        return NULL;
    g_autoptr(GPtrArray) entries = format_all(&work, domains, error);
    if (entries == NULL || (wish->check && !ask_all(&work, entries, error)))
        return NULL;
    return g_steal_pointer(&entries);
}
