/* The user code: 6 to 10 letters, digits or symbols, case-sensitive. */
#include "test-letter-fixture.h"

static void
accepts_six_to_ten_of_the_keyboard(void)
{
    static const char *const good[] = {"abc123", "!\"#$%&'()*", "~zZ0{|}", "AAAAAAAAAA"};

    for (guint i = 0; i < G_N_ELEMENTS(good); i++) {
        g_autoptr(GcaSecret) code = make_code(good[i]);
        g_autoptr(GError) error = NULL;
        g_assert_true(gca_user_code_check(code, &error));
        g_assert_no_error(error);
    }
}

static void
refuses_others_without_naming_them(void)
{
    static const char *const bad[] = {"",        "abcd5",     "abcdefghijk", "abc 123",
                                      "abc\t12", "abcde\x7f", "密碼密碼",    "abcde\xe9"};

    for (guint i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(GcaSecret) code = make_code(bad[i]);
        g_autoptr(GError) error = NULL;
        g_assert_false(gca_user_code_check(code, &error));
        g_assert_error(error, GCA_ERROR, GCA_ERROR_USAGE);
        if (*bad[i] != '\0')
            g_assert_null(strstr(error->message, bad[i]));
    }
}

/* 密碼 are 2 characters and 6 bytes, 測試密碼 4 and 12. */
static void
other_characters_are_told_before_the_count(void)
{
    static const char *const bad[] = {"密碼", "測試密碼", "é", "測試密碼測試密碼"};

    for (guint i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(GcaSecret) code = make_code(bad[i]);
        g_autoptr(GError) error = NULL;
        g_assert_false(gca_user_code_check(code, &error));
        g_assert_nonnull(strstr(error->message, "English keyboard"));
    }
    g_autoptr(GcaSecret) code = make_code("abcd5");
    g_autoptr(GError) error = NULL;
    g_assert_false(gca_user_code_check(code, &error));
    g_assert_nonnull(strstr(error->message, "this one has 5"));
}

static void
refuses_an_embedded_nul(void)
{
    char text[] = {'a', 'b', '\0', 'c', 'd', 'e', 'f'};
    g_autoptr(GcaSecret) code = gca_secret_new_wiping(text, sizeof text);

    g_assert_false(gca_user_code_check(code, NULL));
}

/* Taking a byte modulo the number of signs would give some of them an eighth more than others. */
static void
makes_every_sign_alike_often(void)
{
    const guint codes = 40000;
    guint counts[256] = {0}, signs = 0;

    for (guint i = 0; i < codes; i++) {
        g_autoptr(GcaSecret) code = gca_user_code_generate();
        g_assert_true(gca_user_code_check(code, NULL));
        for (gsize at = 0; at < gca_secret_get_size(code); at++)
            counts[(guchar) gca_secret_get_data(code)[at]]++;
    }
    for (guint c = 0; c < G_N_ELEMENTS(counts); c++)
        signs += counts[c] > 0;
    for (guint c = 0; c < G_N_ELEMENTS(counts); c++) {
        if (counts[c] > 0)
            g_assert_cmpfloat_with_epsilon(counts[c] * signs / (codes * 10.0), 1, 0.07);
    }
    for (const char *c = "0O1lI|iSZ"; *c != '\0'; c++)
        g_assert_cmpuint(counts[(guchar) *c], ==, 0);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/letter/user-code/accepts-six-to-ten-of-the-keyboard",
                    accepts_six_to_ten_of_the_keyboard);
    g_test_add_func("/letter/user-code/refuses-others-without-naming-them",
                    refuses_others_without_naming_them);
    g_test_add_func("/letter/user-code/other-characters-are-told-before-the-count",
                    other_characters_are_told_before_the_count);
    g_test_add_func("/letter/user-code/refuses-an-embedded-nul", refuses_an_embedded_nul);
    g_test_add_func("/letter/user-code/makes-every-sign-alike-often", makes_every_sign_alike_often);
    return g_test_run();
}
