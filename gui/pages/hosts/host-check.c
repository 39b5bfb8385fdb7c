#include "config.h"

#include "gui/pages/hosts/host-check.h"

#include "base/place.h"
#include "base/text.h"
#include "flow/application.h"
#include "profile/domain.h"

static void
host_free(gpointer data)
{
    GcaHost *host = data;

    g_free(host->typed);
    g_free(host->ascii);
    g_free(host->unicode);
    g_free(host->fault);
    g_free(host);
}

void
gca_host_check_free(GcaHostCheck *check)
{
    g_ptr_array_unref(check->hosts);
    g_free(check->subject);
    g_strfreev(check->warnings);
    g_clear_error(&check->error);
    g_free(check);
}

/* `seen` borrows the names of the hosts. */
static void
add_host(GcaHostCheck *check, GcaHost *host, GHashTable *seen)
{
    g_ptr_array_add(check->hosts, host);
    check->n_wrong += host->fault != NULL;
    if (host->fault != NULL)
        return;
    host->is_repeated = !g_hash_table_add(seen, host->ascii);
    check->n_good += !host->is_repeated;
}

static GcaHost *
check_host(const char *typed, const GcaProfile *profile)
{
    g_autoptr(GError) trouble = NULL;
    g_auto(GStrv) names = gca_domains_parse_certificate(typed, NULL, profile, &trouble);
    GcaHost *host = g_new0(GcaHost, 1);

    host->typed = gca_text_escape(typed);
    if (names == NULL) {
        host->fault = g_strdup(trouble->message);
        return host;
    }
    host->ascii = g_strdup(names[0]);
    g_autofree char *unicode = gca_domain_to_unicode(names[0]);
    if (!g_str_equal(unicode, names[0]))
        host->unicode = gca_text_escape(unicode);
    return host;
}

static void
check_all(GcaHostCheck *check, const char *const *names, const char *oid, GcaProfile *profile)
{
    g_autofree char *parent = gca_place_data("requests");
    const GcaApplicationWish wish = {
        .cn = names[0], .names = names + 1, .oid = oid, .parent = parent};
    g_autoptr(GcaRegister) agencies = gca_register_open(&check->error);
    g_autoptr(GcaApplication) application =
        agencies ? gca_application_new(&wish, profile, agencies, &check->error) : NULL;

    if (application == NULL)
        return;
    check->subject = gca_name_to_string(gca_application_get_subject(application));
    check->warnings = g_strdupv((char **) gca_application_get_warnings(application));
}

GcaHostCheck *
gca_host_check_new(const char *const *names, const char *oid, GcaProfile *profile)
{
    GcaHostCheck *check = g_new0(GcaHostCheck, 1);
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);

    check->hosts = g_ptr_array_new_with_free_func(host_free);
    for (guint i = 0; names[i] != NULL; i++)
        add_host(check, check_host(names[i], profile), seen);
    if (check->n_wrong == 0)
        check_all(check, names, oid, profile);
    return check;
}
