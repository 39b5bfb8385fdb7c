#include "config.h"

#include "gui/pages/domains/name-check.h"

#include "profile/domain.h"

#include <glib/gi18n.h>

static void
name_free(gpointer data)
{
    GcaCheckedName *name = data;

    g_free(name->text);
    g_free(name);
}

static void
add(GcaNameCheck *check, GcaNameState state, char *text)
{
    GcaCheckedName *name = g_new(GcaCheckedName, 1);

    name->state = state;
    name->text = text;
    g_ptr_array_add(check->names, name);
}

static char *
describe(const char *domain)
{
    g_autofree char *unicode = gca_domain_to_unicode(domain);
    return g_str_equal(unicode, domain) ? g_strdup(domain)
                                        : g_strconcat(unicode, "\n", domain, NULL);
}

/* `seen` takes the A-label of a good one. */
static void
check_one(GcaNameCheck *check, const char *typed, const GcaProfile *profile, GHashTable *seen)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *domain = gca_domain_parse(typed, profile, &error);

    if (domain == NULL) {
        check->n_wrong++;
        add(check, GCA_NAME_WRONG, g_strdup(error->message));
    } else if (g_hash_table_contains(seen, domain)) {
        check->n_twice++;
        add(check, GCA_NAME_TWICE, describe(domain));
    } else {
        check->n_good++;
        add(check, GCA_NAME_GOOD, describe(domain));
        g_hash_table_add(seen, g_steal_pointer(&domain));
    }
}

GcaNameCheck *
gca_name_check_new(const char *text, const GcaProfile *profile)
{
    GcaNameCheck *check = g_new0(GcaNameCheck, 1);
    g_auto(GStrv) typed = gca_domains_split(text);
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    check->names = g_ptr_array_new_with_free_func(name_free);
    for (guint i = 0; typed[i] != NULL; i++)
        check_one(check, typed[i], profile, seen);
    if (check->n_good == 0)
        return check;
    g_autofree gpointer *good = g_hash_table_get_keys_as_array(seen, NULL); /* borrowed names */
    g_strfreev(gca_domains_parse((const char *const *) good, profile, &check->error));
    check->characters = gca_domains_count_characters((const char *const *) good);
    return check;
}

void
gca_name_check_free(GcaNameCheck *check)
{
    g_ptr_array_unref(check->names);
    g_clear_error(&check->error);
    g_free(check);
}
