/* Host names from a file and as typed. What passes is of the form that a request may hold. */
#include "profile/domain.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

static GcaProfile *
get_profile(void)
{
    static GcaProfile *profile;

    if (profile == NULL)
        profile = gca_profile_load("test", NULL);
    g_assert_nonnull(profile);
    return profile;
}

static void
check_name(const char *name)
{
    g_autofree char *shown = gca_domain_to_unicode(name);
    g_autofree char *again = gca_domain_parse(name, get_profile(), NULL);

    g_assert_cmpuint(strlen(name), <=, 253);
    g_assert_cmpuint(strspn(name, G_CSET_a_2_z G_CSET_DIGITS "-."), ==, strlen(name));
    g_assert_cmpstr(again, ==, name);
    g_assert_true(g_utf8_validate(shown, -1, NULL));
}

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    g_autoptr(GBytes) file = g_bytes_new_static(data, size);
    g_autoptr(GError) error = NULL;
    g_auto(GStrv) typed = gca_domains_split_file(file, "names", &error);

    g_assert_true((typed == NULL) == (error != NULL));
    if (typed == NULL)
        return 0;
    g_auto(GStrv) names = gca_domains_parse((const char *const *) typed, get_profile(), &error);
    g_assert_true((names == NULL) == (error != NULL));
    for (guint i = 0; names != NULL && names[i] != NULL; i++)
        check_name(names[i]);
    return 0;
}
