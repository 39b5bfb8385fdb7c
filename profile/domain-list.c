#include "config.h"

#include "base/error.h"
#include "base/text.h"
#include "profile/domain.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Blanks around a comma are a habit; other white space there is a mistake to be named. */
static char *
strip_blanks(char *text)
{
    text += strspn(text, " ");
    for (gsize size = strlen(text); size > 0 && text[size - 1] == ' '; size--)
        text[size - 1] = '\0';
    return text;
}

/* Adds each name of one option, unless it is there already. */
static gboolean
add_domains(GPtrArray *domains, GHashTable *seen, const char *typed, const GcaProfile *profile,
            GError **error)
{
    g_auto(GStrv) names = g_strsplit(typed, ",", -1);

    if (names[0] == NULL) /* g_strsplit makes nothing of "" */
        return gca_domain_parse("", profile, error) != NULL;
    for (guint i = 0; names[i] != NULL; i++) {
        char *domain = gca_domain_parse(strip_blanks(names[i]), profile, error);
        if (domain == NULL)
            return FALSE;
        if (g_hash_table_add(seen, domain))
            g_ptr_array_add(domains, g_strdup(domain));
    }
    return TRUE;
}

static gboolean
check_limit(GPtrArray *domains, const GcaProfile *profile, GError **error)
{
    gsize count = gca_domains_count_characters((const char *const *) domains->pdata);
    guint limit = gca_profile_get_max_characters(profile);

    if (limit == 0 || count <= limit)
        return TRUE;
    gca_error_set(
        error, GCA_ERROR_USAGE,
        _("The domain names have %zu characters together; “%s” takes at most %u in one request."),
        count, gca_profile_get_title(profile), limit);
    return FALSE;
}

char **
gca_domains_parse(const char *const *typed, const GcaProfile *profile, GError **error)
{
    g_autoptr(GPtrArray) domains = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    for (guint i = 0; typed[i] != NULL; i++) {
        if (!add_domains(domains, seen, typed[i], profile, error))
            return NULL;
    }
    if (domains->len == 0) {
        gca_error_set(error, GCA_ERROR_USAGE, _("No domain name was given."));
        return NULL;
    }
    g_ptr_array_add(domains, NULL);
    if (!check_limit(domains, profile, error))
        return NULL;
    return (char **) g_ptr_array_free(g_steal_pointer(&domains), FALSE);
}

static void
refuse_byte(GError **error, const char *name, const char *start, const char *wrong)
{
    g_autofree char *shown = gca_text_escape(name);
    guint line = 1;

    for (; start < wrong; start++)
        line += *start == '\n';
    gca_error_set(error, GCA_ERROR_BAD_DATA,
                  _("“%s” is not UTF-8 text in line %u; save it as UTF-8."), shown, line);
}

char **
gca_domains_split_file(GBytes *content, const char *name, GError **error)
{
    gsize size;
    const char *data = g_bytes_get_data(content, &size), *wrong;

    if (size >= 3 && memcmp(data, "\xEF\xBB\xBF", 3) == 0) {
        data += 3;
        size -= 3;
    }
    if (size > 0 && !g_utf8_validate_len(data, size, &wrong)) {
        refuse_byte(error, name, data, wrong);
        return NULL;
    }
    g_autofree char *text = g_strndup(size > 0 ? data : "", size);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    GPtrArray *names = g_ptr_array_new();
    for (guint i = 0; lines[i] != NULL; i++) {
        lines[i][strcspn(lines[i], "#")] = '\0';
        g_auto(GStrv) words = g_strsplit_set(lines[i], ", \t\r", -1);
        for (guint j = 0; words[j] != NULL; j++) {
            if (*words[j] != '\0')
                g_ptr_array_add(names, g_strdup(words[j]));
        }
    }
    g_ptr_array_add(names, NULL);
    return (char **) g_ptr_array_free(names, FALSE);
}

gsize
gca_domains_count_characters(const char *const *domains)
{
    gsize count = 0;

    for (guint i = 0; domains[i] != NULL; i++)
        count += strlen(domains[i]);
    return count;
}
