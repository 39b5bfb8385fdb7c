#include "tests/fake/p11/desk.h"

static GcaToken *
find(Desk *desk, const char *serial, const char *reader, const char *uri, GError **error)
{
    GcaTokenWish wish = {.serial = serial, .reader = reader, .uri = uri};

    g_clear_pointer(&desk->token, gca_token_free);
    desk->token = gca_token_find(desk->module, &wish, error);
    return desk->token;
}

static void
assert_found(Desk *desk, const char *serial, const char *reader, const char *uri,
             const char *number)
{
    g_autoptr(GError) error = NULL;

    find(desk, serial, reader, uri, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(gca_token_get_serial(desk->token), ==, number);
}

static void
assert_refused(Desk *desk, const char *uri, GcaErrorCode code, const char *word)
{
    g_autoptr(GError) error = NULL;

    g_assert_null(find(desk, NULL, NULL, uri, &error));
    g_assert_error(error, GCA_ERROR, (int) code);
    g_assert_nonnull(strstr(error->message, word));
}

static void
test_only_one(void)
{
    g_autoptr(Desk) desk = desk_new();

    desk_open(desk, "empty,uninitialized");
    assert_found(desk, NULL, NULL, NULL, "TP00000000000001");
    g_assert_cmpstr(gca_token_get_label(desk->token), ==, "HiCOS PKI Smart Card");
    g_assert_cmpstr(gca_token_get_reader(desk->token), ==, "Fake Reader 00 00");
}

/* A module without any slot has no card either. */
static void
test_no_slot(void)
{
    g_autoptr(Desk) desk = desk_new();

    desk_open(desk, "tokens=0");
    assert_refused(desk, NULL, GCA_ERROR_NO_CARD, "shows no card");
}

static void
test_several_are_listed(void)
{
    g_autoptr(Desk) desk = desk_new();
    g_autoptr(GError) error = NULL;

    desk_open(desk, "tokens=2,serial=TP0,reader=Reader");
    g_assert_null(find(desk, NULL, NULL, NULL, &error));
    g_assert_error(error, GCA_ERROR, GCA_ERROR_USAGE);
    g_assert_nonnull(strstr(error->message, "number TP0, in “Reader”"));
    g_assert_nonnull(strstr(error->message, "number TP01, in “Reader1”"));
    g_assert_nonnull(strstr(gca_error_get_hint(error), "--serial"));
    g_assert_cmpuint(desk_count(desk, "C_OpenSession"), ==, 0);
}

static void
test_by_serial_and_reader(void)
{
    g_autoptr(Desk) desk = desk_new();
    g_autoptr(GError) error = NULL;

    desk_open(desk, "tokens=3,serial=TP0,reader=Reader");
    assert_found(desk, " tp01 ", NULL, NULL, "TP01");
    assert_found(desk, NULL, "Reader2", NULL, "TP02");
    g_assert_null(find(desk, "TP01", "Reader2", NULL, &error));
    g_assert_error(error, GCA_ERROR, GCA_ERROR_NO_CARD);
}

/* CK_SLOT_INFO.slotDescription has 64 bytes; a PC/SC name may have more */
static void
test_long_reader_is_cut(void)
{
    g_autoptr(Desk) desk = desk_new();
    g_autofree char *name = g_strnfill(70, 'r');
    g_autofree char *words = g_strdup_printf("reader=%s", name);
    g_autofree char *shorter = g_strnfill(63, 'r');
    g_autoptr(GError) error = NULL;

    desk_open(desk, words);
    assert_found(desk, NULL, name, NULL, "TP00000000000001");
    g_assert_null(find(desk, NULL, shorter, NULL, &error));
    g_assert_error(error, GCA_ERROR, GCA_ERROR_NO_CARD);
}

/* RFC 7512 section 2.3 and its slot attributes */
static void
test_by_uri(void)
{
    g_autoptr(Desk) desk = desk_new();

    desk_open(desk, "tokens=2,serial=TP0,label=My Card");
    assert_found(desk, NULL, NULL, "pkcs11:serial=TP01", "TP01");
    assert_found(desk, NULL, NULL, "pkcs11:token=My%20Card", "TP0");
    assert_found(desk, NULL, NULL, "pkcs11:slot-id=1", "TP01");
    assert_found(desk, NULL, NULL, "pkcs11:slot-description=Fake%20Reader%2000%20001", "TP01");
    assert_found(desk, NULL, NULL,
                 "pkcs11:model=T7S;manufacturer=Chunghwa%20TeleCom%20Co.%2C%20Ltd.;serial=TP0;"
                 "library-description=Fake%20PKCS%2311?pin-source=file:/dev/null",
                 "TP0");
    assert_refused(desk, "pkcs11:library-description=other;serial=TP0", GCA_ERROR_NO_CARD, "TP0");
    assert_refused(desk, "pkcs11:serial=TP0;unknown-attribute=1", GCA_ERROR_NO_CARD, "TP0");
}

static void
test_uri_with_pin_is_refused(void)
{
    g_autoptr(Desk) desk = desk_new();

    desk_open(desk, "");
    assert_refused(desk, "pkcs11:?pin-value=123456", GCA_ERROR_USAGE, "pin-value");
    assert_refused(desk, "pkcs11:?pin-source=%7Ccat%20pin", GCA_ERROR_USAGE, "pin-source=|");
    assert_refused(desk, "pkcs11:?pin-source=https://a.example/", GCA_ERROR_USAGE, "pin-source");
    assert_refused(desk, "token=x", GCA_ERROR_USAGE, "RFC 7512");
    assert_refused(desk, "pkcs11:token=%zz", GCA_ERROR_USAGE, "RFC 7512");
}

static void
test_no_card(void)
{
    g_autoptr(Desk) desk = desk_new();
    g_autoptr(GError) error = NULL;

    desk_open(desk, "tokens=0,empty,uninitialized");
    g_assert_null(find(desk, NULL, NULL, NULL, &error));
    g_assert_error(error, GCA_ERROR, GCA_ERROR_NO_CARD);
}

static void
test_tries_from_flags(void)
{
    const struct {
        const char *words;
        int tries;
    } rows[] = {{"tries=3", GCA_TRIES_UNKNOWN}, {"tries=2", 2}, {"tries=1", 1}, {"tries=0", 0}};
    g_autoptr(Desk) desk = desk_new();

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        desk_find(desk, rows[i].words);
        g_assert_cmpint(gca_token_get_tries_left(desk->token), ==, rows[i].tries);
    }
}

static void
test_certificates_without_login(void)
{
    g_autoptr(Desk) desk = desk_new();
    g_autoptr(GError) error = NULL;

    desk_find(desk, "");
    g_autoptr(GcaX509Stack) list = gca_token_list_certificates(desk->token, &error);
    g_assert_no_error(error);
    g_assert_cmpint(sk_X509_num(list), ==, 2);
    g_assert_cmpint(X509_cmp(sk_X509_value(list, 0), desk->certificate), ==, 0);
    g_assert_cmpuint(desk_count(desk, "C_Login"), ==, 0);
}

static void
assert_key(Desk *desk, X509 *certificate, const char *id, EVP_PKEY *expected)
{
    g_autoptr(GBytes) bytes = id ? g_bytes_new_static(id, strlen(id)) : NULL;
    g_autoptr(GError) error = NULL;
    g_autoptr(EVP_PKEY) key = gca_token_find_key(desk->token, certificate, bytes, &error);

    g_assert_no_error(error);
    g_assert_cmpint(EVP_PKEY_eq(key, expected), ==, 1);
}

static void
test_key_by_public_key(void)
{
    g_autoptr(Desk) desk = desk_new();
    g_autoptr(EVP_PKEY) stranger = EVP_RSA_gen(2048);
    g_autoptr(X509) certificate = certificate_new(stranger, "stranger");
    g_autoptr(GError) error = NULL;

    desk_find(desk, "");
    g_assert_true(desk_login(desk, "123456", NULL));
    assert_key(desk, desk->certificate, "SIGN", desk->key);
    assert_key(desk, desk->other_certificate, NULL, desk->other_key);
    assert_key(desk, desk->other_certificate, "SIGN", desk->other_key); /* a wrong CKA_ID */
    g_assert_null(gca_token_find_key(desk->token, certificate, NULL, &error));
    g_assert_error(error, GCA_ERROR, GCA_ERROR_NO_KEY);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/pkcs11/token/passes-over-empty-and-uninitialized", test_only_one);
    g_test_add_func("/pkcs11/token/module-without-slots", test_no_slot);
    g_test_add_func("/pkcs11/token/several-are-listed-never-guessed", test_several_are_listed);
    g_test_add_func("/pkcs11/token/by-serial-and-reader", test_by_serial_and_reader);
    g_test_add_func("/pkcs11/token/long-reader-name-is-cut-at-64", test_long_reader_is_cut);
    g_test_add_func("/pkcs11/token/by-rfc7512-uri", test_by_uri);
    g_test_add_func("/pkcs11/token/uri-with-pin-is-refused", test_uri_with_pin_is_refused);
    g_test_add_func("/pkcs11/token/none-is-no-card", test_no_card);
    g_test_add_func("/pkcs11/token/tries-from-flags", test_tries_from_flags);
    g_test_add_func("/pkcs11/token/certificates-without-login", test_certificates_without_login);
    g_test_add_func("/pkcs11/token/key-by-public-key", test_key_by_public_key);
    return g_test_run();
}
