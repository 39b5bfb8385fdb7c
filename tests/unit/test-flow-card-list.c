/* One look into all readers, on a scripted service, and into a token of SoftHSM2. */
#include "base/error.h"
#include "flow/card-list.h"
#include "tests/fake/fake-hicos.h"
#include "tests/fake/fake-winscard.h"
#include "tests/unit/test-softhsm.h"

#include <openssl/pem.h>

#define READER "測試 Reader 00 00"
#define NUMBER "TP12345678901234"

static X509 *
load(const char *name)
{
    g_autofree char *path = g_build_filename(g_getenv("GCA_TEST_PKI"), name, NULL);
    FILE *file = fopen(path, "r");
    X509 *certificate = PEM_read_X509(file, NULL, NULL, NULL);

    fclose(file);
    g_assert_nonnull(certificate);
    return certificate;
}

static void
put(FakeHicos *card, const char *id, guint offset, const char *name)
{
    g_autoptr(X509) certificate = load(name);

    fake_hicos_add_certificate(card, id, offset, certificate);
}

static FakeHicos *
card_new(void)
{
    FakeHicos *card = fake_hicos_new(1);

    fake_winscard_reset();
    put(card, "CACert", 0, "ca.pem");
    put(card, "KEYX", 0x0700, "agency-keyx.pem");
    put(card, "SIGN", 0x0E00, "agency.pem");
    return card;
}

static void
insert(FakeHicos *card)
{
    fake_winscard_set_card(fake_hicos_answer, card);
    fake_winscard_add_reader(READER, SCARD_STATE_PRESENT);
}

static GPtrArray *
list(const GcaCardChoice *choice, gboolean with_others)
{
    g_autoptr(GError) error = NULL;
    GPtrArray *entries = gca_card_list(choice, with_others, NULL, &error);

    g_assert_no_error(error);
    g_assert_true(fake_winscard_is_clean());
    return entries;
}

/* In whatever order they lie on the card: the one to sign with, that to encrypt with, the CA's. */
static void
assert_certificates(const GcaCardEntry *entry, gboolean with_others)
{
    static const char *const names[] = {"agency.pem", "agency-keyx.pem", "ca.pem"};
    int expected = with_others ? G_N_ELEMENTS(names) : 1;

    g_assert_no_error(entry->trouble);
    g_assert_cmpint(sk_X509_num(entry->certificates), ==, expected);
    for (int i = 0; i < expected; i++) {
        g_autoptr(X509) certificate = load(names[i]);
        g_assert_cmpint(X509_cmp(sk_X509_value(entry->certificates, i), certificate), ==, 0);
    }
}

static void
test_no_reader(void)
{
    const GcaCardChoice any = {0};
    g_autoptr(GError) error = NULL;

    fake_winscard_reset();
    g_assert_null(gca_card_list(&any, TRUE, NULL, &error));
    g_assert_error(error, GCA_ERROR, GCA_ERROR_NO_READER);
}

static void
test_every_reader(gconstpointer data)
{
    gboolean with_others = GPOINTER_TO_INT(data);
    GcaCardChoice choice = {.reader = (char[]){"nothing of this name"}};
    g_autoptr(FakeHicos) fake = card_new();

    fake_winscard_add_reader("Empty 00 00", SCARD_STATE_EMPTY);
    insert(fake);
    g_autoptr(GPtrArray) entries = list(&choice, with_others);
    g_assert_cmpuint(entries->len, ==, 2);
    const GcaCardEntry *empty = g_ptr_array_index(entries, 0);
    const GcaCardEntry *full = g_ptr_array_index(entries, 1);
    g_assert_cmpstr(empty->reader, ==, "Empty 00 00");
    g_assert_true(!empty->has_card && empty->number == NULL && empty->trouble == NULL);
    g_assert_cmpint(sk_X509_num(empty->certificates), ==, 0);
    g_assert_cmpstr(full->reader, ==, READER);
    g_assert_true(full->has_card && full->label == NULL && full->module == NULL);
    g_assert_cmpstr(full->number, ==, NUMBER);
    assert_certificates(full, with_others);
}

/* The same certificates on a token that its module alone knows: what is listed is the same. */
static void
test_token(gconstpointer data)
{
    static const char *const names[] = {"ca.pem", "agency-keyx.pem", "agency.pem"};
    gboolean with_others = GPOINTER_TO_INT(data);
    SoftHsm hsm = softhsm_enter("測試");
    const GcaCardChoice choice = {.module = (char *) softhsm_get_module()};

    fake_winscard_reset();
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autoptr(X509) certificate = load(names[i]);
        softhsm_import_certificate(&hsm, certificate, "01");
    }
    g_autoptr(GPtrArray) entries = list(&choice, with_others);
    g_assert_cmpuint(entries->len, ==, 1);
    assert_certificates(g_ptr_array_index(entries, 0), with_others);
    softhsm_leave(&hsm);
}

/* None to sign with is no trouble of reading: its number and what lies on it are there. */
static void
test_nothing_to_sign_with(void)
{
    const GcaCardChoice any = {0};
    g_autoptr(FakeHicos) fake = fake_hicos_new(1);
    g_autoptr(X509) keyx = load("agency-keyx.pem");
    g_autoptr(X509) ca = load("ca.pem");

    fake_winscard_reset();
    put(fake, "CACert", 0, "ca.pem");
    put(fake, "KEYX", 0x0700, "agency-keyx.pem");
    insert(fake);
    g_autoptr(GPtrArray) without = list(&any, FALSE);
    const GcaCardEntry *entry = g_ptr_array_index(without, 0);
    g_assert_no_error(entry->trouble);
    g_assert_true(entry->has_card);
    g_assert_cmpstr(entry->number, ==, NUMBER);
    g_assert_cmpint(sk_X509_num(entry->certificates), ==, 0);
    g_autoptr(GPtrArray) with = list(&any, TRUE);
    entry = g_ptr_array_index(with, 0);
    g_assert_cmpint(sk_X509_num(entry->certificates), ==, 2);
    g_assert_cmpint(X509_cmp(sk_X509_value(entry->certificates, 0), keyx), ==, 0);
    g_assert_cmpint(X509_cmp(sk_X509_value(entry->certificates, 1), ca), ==, 0);
}

static void
test_trouble_stays_with_its_reader(void)
{
    const GcaCardChoice any = {0};
    g_autoptr(FakeHicos) fake = card_new();

    fake_winscard_add_reader("Busy 00 00", SCARD_STATE_PRESENT | SCARD_STATE_EXCLUSIVE);
    insert(fake);
    g_autoptr(GPtrArray) entries = list(&any, FALSE);
    const GcaCardEntry *busy = g_ptr_array_index(entries, 0);
    const GcaCardEntry *full = g_ptr_array_index(entries, 1);
    g_assert_true(busy->has_card);
    g_assert_error(busy->trouble, GCA_ERROR, GCA_ERROR_BUSY);
    g_assert_cmpint(sk_X509_num(busy->certificates), ==, 0);
    g_assert_cmpstr(full->number, ==, NUMBER);
}

static void
test_card_pulled_while_it_is_read(void)
{
    const GcaCardChoice any = {0};
    g_autoptr(FakeHicos) fake = card_new();

    insert(fake);
    fake_winscard_fail("SCardTransmit", 3, SCARD_W_REMOVED_CARD);
    g_autoptr(GPtrArray) entries = list(&any, FALSE);
    const GcaCardEntry *entry = g_ptr_array_index(entries, 0);
    g_assert_true(!entry->has_card && entry->trouble == NULL);
}

static void
test_cancelled(void)
{
    const GcaCardChoice any = {0};
    g_autoptr(FakeHicos) fake = card_new();
    g_autoptr(GError) error = NULL;
    GcaCancel *cancel = gca_cancel_new();

    insert(fake);
    gca_cancel_request(cancel);
    g_assert_null(gca_card_list(&any, FALSE, cancel, &error));
    g_assert_error(error, GCA_ERROR, GCA_ERROR_CANCELLED);
    gca_cancel_unref(cancel);
}

int
main(int argc, char **argv)
{
    g_unsetenv("GCA_PKCS11_MODULE");
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/flow/card-list/no-reader", test_no_reader);
    g_test_add_data_func("/flow/card-list/every-reader", GINT_TO_POINTER(FALSE), test_every_reader);
    g_test_add_data_func("/flow/card-list/every-reader-with-others", GINT_TO_POINTER(TRUE),
                         test_every_reader);
    g_test_add_data_func("/flow/card-list/token", GINT_TO_POINTER(FALSE), test_token);
    g_test_add_data_func("/flow/card-list/token-with-others", GINT_TO_POINTER(TRUE), test_token);
    g_test_add_func("/flow/card-list/nothing-to-sign-with", test_nothing_to_sign_with);
    g_test_add_func("/flow/card-list/trouble-stays-with-its-reader",
                    test_trouble_stays_with_its_reader);
    g_test_add_func("/flow/card-list/card-pulled-while-it-is-read",
                    test_card_pulled_while_it_is_read);
    g_test_add_func("/flow/card-list/cancelled", test_cancelled);
    return g_test_run();
}
