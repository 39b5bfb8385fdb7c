/* Every name in a real extract of the OID register can be folded. Needs $GCA_TEST_DATA. */
#include "profile/profile.h"

#include <string.h>

#define DN_COLUMN 4

/* One field of a CSV line without its quotes (RFC 4180; no quote stands inside of a quoted DN). */
static char *
take_field(const char *line, guint column)
{
    gboolean quoted = FALSE;
    const char *at = line;

    for (; column > 0; at++) {
        g_assert_cmpint(*at, !=, '\0');
        if (*at == '"')
            quoted = !quoted;
        else if (*at == ',' && !quoted)
            column--;
    }
    return *at == '"' ? g_strndup(at + 1, strcspn(at + 1, "\"")) : g_strndup(at, strcspn(at, ","));
}

/* "ou o l c": the types, leaf first. */
static char *
describe_shape(const GcaName *dn)
{
    GString *shape = g_string_new(NULL);

    for (guint i = gca_name_get_length(dn); i > 0; i--)
        g_string_append_printf(shape, "%s%s", shape->len ? " " : "", gca_name_get_type(dn, i - 1));
    return g_string_free(shape, FALSE);
}

static void
fold_row(const GcaProfile *profile, const char *text, GHashTable *counts)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GcaName) dn = gca_name_parse(text, &error);
    g_assert_no_error(error);
    gboolean unconfirmed;
    g_autoptr(GcaName) subject = gca_profile_fold(profile, dn, &unconfirmed, &error);
    g_assert_no_error(error);

    /* what the subject says of the organisation is the name below C, no more and no less */
    static const char *const below[] = {"L", "O", "OU", NULL};
    g_autofree char *joined = gca_name_join(dn, below, "-");
    g_assert_true(g_str_has_suffix(gca_name_find(subject, "O"), joined));
    g_assert_true(unconfirmed == (gca_name_find(dn, "L") != NULL));
    char *shape = describe_shape(dn);
    guint count = GPOINTER_TO_UINT(g_hash_table_lookup(counts, shape));
    g_hash_table_replace(counts, shape, GUINT_TO_POINTER(count + 1));
}

static void
fold_all(const char *profile_name, GHashTable *counts)
{
    g_autofree char *path = g_build_filename(g_getenv("GCA_TEST_DATA"), "GDS-2014.csv", NULL);
    g_autofree char *text = NULL;
    g_autoptr(GcaProfile) profile = gca_profile_load(profile_name, NULL);

    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    g_auto(GStrv) lines = g_strsplit(text, "\r\n", -1);
    for (guint i = 1; lines[i] != NULL; i++) {
        if (*lines[i] == '\0')
            continue;
        g_autofree char *dn = take_field(lines[i], DN_COLUMN);
        fold_row(profile, dn, counts);
    }
}

static void
test_every_row_folds(void)
{
    static const struct {
        const char *shape;
        guint count;
    } shapes[] = {
        {"OU OU OU O C", 834},
        {"OU OU O C", 393},
        {"OU OU OU OU O C", 213},
        {"OU O L L C", 113},
        {"OU O C", 74},
        {"O L L C", 62},
        {"OU O L C", 53},
        {"OU OU O L C", 53},
        {"L L C", 31},
        {"O C", 8},
        {"O L C", 3},
        {"L C", 2},
    };
    g_autoptr(GHashTable) counts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    fold_all("gtlsca", counts);
    g_assert_cmpuint(g_hash_table_size(counts), ==, G_N_ELEMENTS(shapes));
    for (gsize i = 0; i < G_N_ELEMENTS(shapes); i++)
        g_assert_cmpuint(GPOINTER_TO_UINT(g_hash_table_lookup(counts, shapes[i].shape)), ==,
                         shapes[i].count);
}

static void
test_every_row_folds_with_a_prefix(void)
{
    g_autoptr(GHashTable) counts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    fold_all("twca", counts);
    g_assert_cmpuint(g_hash_table_size(counts), ==, 12);
}

int
main(int argc, char **argv)
{
    g_autofree char *data = g_build_filename(g_getenv("GCA_SOURCE_DIR"), "data", NULL);

    g_setenv("GCA_DATADIR", data, TRUE);
    g_setenv("XDG_CONFIG_HOME", "/nonexistent", TRUE);
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/profile/register/every-row-folds", test_every_row_folds);
    g_test_add_func("/profile/register/every-row-folds-with-a-prefix",
                    test_every_row_folds_with_a_prefix);
    return g_test_run();
}
