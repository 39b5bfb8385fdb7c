#include "base/secret.h"

#include <string.h>

static void
test_source_is_wiped(void)
{
    char pin[] = "123456";
    g_autoptr(GcaSecret) secret = gca_secret_new_wiping(pin, 6);

    g_assert_cmpstr(gca_secret_get_data(secret), ==, "123456");
    for (guint i = 0; i < 6; i++)
        g_assert_cmpint(pin[i], ==, 0);
}

static void
test_truncation_wipes_the_rest(void)
{
    char pin[] = "123456\n";
    g_autoptr(GcaSecret) secret = gca_secret_new_wiping(pin, 7);

    gca_secret_truncate(secret, 4);
    g_assert_cmpuint(gca_secret_get_size(secret), ==, 4);
    g_assert_cmpmem(gca_secret_get_data(secret), 8, "1234\0\0\0\0", 8);
}

static void
test_equal(void)
{
    char a[] = "123456", b[] = "123456", c[] = "123457", d[] = "12345";
    g_autoptr(GcaSecret) first = gca_secret_new_wiping(a, 6);
    g_autoptr(GcaSecret) same = gca_secret_new_wiping(b, 6);
    g_autoptr(GcaSecret) other = gca_secret_new_wiping(c, 6);
    g_autoptr(GcaSecret) shorter = gca_secret_new_wiping(d, 5);

    g_assert_true(gca_secret_equal(first, same));
    g_assert_false(gca_secret_equal(first, other));
    g_assert_false(gca_secret_equal(first, shorter));
}

static void
test_last_reference_frees(void)
{
    GcaSecret *secret = gca_secret_new(6);
    g_autoptr(GcaSecret) second = gca_secret_ref(secret);

    strcpy(gca_secret_get_data(secret), "123456");
    gca_secret_unref(secret);
    g_assert_cmpstr(gca_secret_get_data(second), ==, "123456");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/base/secret/taking-wipes-the-source", test_source_is_wiped);
    g_test_add_func("/base/secret/truncation-wipes-the-rest", test_truncation_wipes_the_rest);
    g_test_add_func("/base/secret/equality-is-of-bytes", test_equal);
    g_test_add_func("/base/secret/lives-to-the-last-reference", test_last_reference_frees);
    return g_test_run();
}
