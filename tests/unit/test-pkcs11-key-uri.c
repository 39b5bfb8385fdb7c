#include "tests/fake/p11/desk.h"

static EVP_PKEY *
find(Desk *desk, const char *uri, GError **error)
{
    return gca_token_find_key_by_uri(desk->token, uri, error);
}

/* A desk whose token has been logged in to; the scripted keys are cert1, SIGN, and cert2, KEYX. */
static Desk *
desk_with_login(const char *words)
{
    g_autoptr(GError) error = NULL;
    Desk *desk = desk_new();

    desk_find(desk, words);
    desk_login(desk, "123456", &error);
    g_assert_no_error(error);
    return desk;
}

static void
test_names_one(void)
{
    const struct {
        const char *uri;
        gboolean is_other;
    } rows[] = {
        {"pkcs11:object=cert1", FALSE},
        {"pkcs11:object=cert2", TRUE},
        {"pkcs11:id=SIGN", FALSE},
        {"pkcs11:id=%4B%45%59%58", TRUE},
        {"pkcs11:object=cert1;id=SIGN;type=private", FALSE},
        {"pkcs11:object=%63ert2;type=private?pin-source=file:/nonexistent", TRUE},
    };
    g_autoptr(Desk) desk = desk_with_login("");

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(EVP_PKEY) key = find(desk, rows[i].uri, &error);
        g_assert_no_error(error);
        g_assert_cmpint(EVP_PKEY_eq(key, rows[i].is_other ? desk->other_key : desk->key), ==, 1);
    }
    g_assert_cmpuint(desk_count(desk, "C_Login"), ==, 1);
}

static void
test_names_none(void)
{
    const char *uris[] = {
        "pkcs11:object=cert", "pkcs11:object=cert1%00", "pkcs11:object=cert1;id=KEYX",
        "pkcs11:id=",         "pkcs11:object=",         "pkcs11:id=SIG"};
    g_autoptr(Desk) desk = desk_with_login("");

    for (guint i = 0; i < G_N_ELEMENTS(uris); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(find(desk, uris[i], &error));
        g_assert_error(error, GCA_ERROR, GCA_ERROR_NO_KEY);
        g_assert_nonnull(strstr(error->message, "“cert1”: pkcs11:"));
        g_assert_nonnull(strstr(error->message, "“cert2”: pkcs11:"));
    }
}

/* What is listed can be given back as it is. */
static void
test_several_are_listed(void)
{
    g_autoptr(Desk) desk = desk_with_login("");
    g_autoptr(GError) error = NULL, second = NULL;

    g_assert_null(find(desk, "pkcs11:serial=TP00000000000001", &error));
    g_assert_error(error, GCA_ERROR, GCA_ERROR_USAGE);
    g_auto(GStrv) lines = g_strsplit(error->message, "\n", -1);
    g_assert_cmpuint(g_strv_length(lines), ==, 3);
    const char *listed = strstr(lines[2], "pkcs11:");
    g_assert_nonnull(strstr(listed, "serial=TP00000000000001"));
    g_autoptr(EVP_PKEY) key = find(desk, listed, &second);
    g_assert_no_error(second);
    g_assert_cmpint(EVP_PKEY_eq(key, desk->other_key), ==, 1);
}

static void
test_other_objects_are_refused(void)
{
    const char *uris[] = {"pkcs11:object=cert1;type=cert", "pkcs11:object=cert1;type=public",
                          "pkcs11:id=%zz", "cert1", ""};
    g_autoptr(Desk) desk = desk_with_login("");

    for (guint i = 0; i < G_N_ELEMENTS(uris); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(find(desk, uris[i], &error));
        g_assert_error(error, GCA_ERROR, GCA_ERROR_USAGE);
    }
}

static void
test_removed(void)
{
    const char *words[] = {"removed-at=C_FindObjectsInit", "removed-at=C_FindObjects"};

    for (guint i = 0; i < G_N_ELEMENTS(words); i++) {
        g_autoptr(Desk) desk = desk_with_login(words[i]);
        g_autoptr(GError) error = NULL;
        g_assert_null(find(desk, "pkcs11:object=cert1", &error));
        g_assert_error(error, GCA_ERROR, GCA_ERROR_CARD_REMOVED);
    }
}

static gboolean
login_with_any_characters(Desk *desk, const char *pin, GError **error)
{
    GcaLoginOptions options = {.pin_fd = -1, .any_characters = TRUE};

    desk->person->pin = pin;
    return gca_token_login(desk->token, &options, GCA_INTERACTION(desk->person), NULL, error);
}

static void
test_letters(void)
{
    g_autoptr(Desk) desk = desk_new();
    g_autoptr(GError) error = NULL;

    desk_find(desk, "label=HSM,pin=aB-3456");
    login_with_any_characters(desk, "aB-3456", &error);
    g_assert_no_error(error);
    g_assert_cmpuint(desk_count(desk, "C_Login"), ==, 1);
}

/* A letter costs a try on a card of the HiCOS family, whatever it is used for. */
static void
test_letters_are_kept_from_cards(void)
{
    const struct {
        const char *words, *pin;
    } rows[] = {
        {"pin=aB-3456", "aB-3456"}, {"label=HSM", "12345"},     {"label=HSM", "123456789"},
        {"label=HSM", ""},          {"label=HSM", "12345\xFF"},
    };
    g_autoptr(Desk) desk = desk_new();

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;
        desk_find(desk, rows[i].words);
        g_assert_false(login_with_any_characters(desk, rows[i].pin, &error));
        g_assert_error(error, GCA_ERROR, GCA_ERROR_PIN_POLICY);
        g_assert_cmpuint(desk_count(desk, "C_Login"), ==, 0);
    }
}

static void
test_place(void)
{
    const struct {
        const char *uri, *place;
    } rows[] = {
        {"pkcs11:token=HSM;object=web?pin-source=file:/root/pin", "pkcs11:token=HSM;object=web"},
        {"pkcs11:object=web?pin-value=123456", "pkcs11:object=web"},
        {"pkcs11:object=%e6%b8%ac?pin-value=1&pin-source=|sh", "pkcs11:object=%E6%B8%AC"},
    };
    g_autoptr(GError) error = NULL;

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *place = gca_token_key_uri_to_place(rows[i].uri, NULL);
        g_assert_cmpstr(place, ==, rows[i].place);
    }
    g_assert_null(gca_token_key_uri_to_place("web", &error));
    g_assert_error(error, GCA_ERROR, GCA_ERROR_USAGE);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/pkcs11/key-uri/label-or-id-names-one", test_names_one);
    g_test_add_func("/pkcs11/key-uri/names-none", test_names_none);
    g_test_add_func("/pkcs11/key-uri/several-are-listed", test_several_are_listed);
    g_test_add_func("/pkcs11/key-uri/other-objects-are-refused", test_other_objects_are_refused);
    g_test_add_func("/pkcs11/key-uri/removed-token-is-told", test_removed);
    g_test_add_func("/pkcs11/key-uri/pin-of-no-card-may-have-letters", test_letters);
    g_test_add_func("/pkcs11/key-uri/pin-of-card-has-digits", test_letters_are_kept_from_cards);
    g_test_add_func("/pkcs11/key-uri/place-tells-nothing-of-the-pin", test_place);
    return g_test_run();
}
