/* One look into all readers, on a scripted service. */
#include "base/error.h"
#include "flow/card-list.h"
#include "tests/fake/fake-hicos.h"
#include "tests/fake/fake-winscard.h"

#include <openssl/pem.h>
#include <string.h>

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

static FakeHicos *
card_new(void)
{
    FakeHicos *card = fake_hicos_new(1);
    g_autoptr(X509) agency = load("agency.pem");
    g_autoptr(X509) ca = load("ca.pem");

    fake_winscard_reset();
    fake_hicos_add_certificate(card, "SIGN", 0, agency);
    fake_hicos_add_certificate(card, "CACert", 0x0E00, ca);
    return card;
}

static void
insert(FakeHicos *card)
{
    fake_winscard_set_card(fake_hicos_answer, card);
    fake_winscard_add_reader(READER, SCARD_STATE_PRESENT);
}

static GPtrArray *
list(const GcaCardChoice *choice, gboolean with_ca)
{
    g_autoptr(GError) error = NULL;
    GPtrArray *entries = gca_card_list(choice, with_ca, NULL, &error);

    g_assert_no_error(error);
    g_assert_true(fake_winscard_is_clean());
    return entries;
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
    gboolean with_ca = GPOINTER_TO_INT(data);
    GcaCardChoice choice = {.reader = (char[]){"nothing of this name"}};
    g_autoptr(FakeHicos) fake = card_new();
    g_autoptr(X509) agency = load("agency.pem");

    fake_winscard_add_reader("Empty 00 00", SCARD_STATE_EMPTY);
    insert(fake);
    g_autoptr(GPtrArray) entries = list(&choice, with_ca);
    g_assert_cmpuint(entries->len, ==, 2);
    const GcaCardEntry *empty = g_ptr_array_index(entries, 0);
    const GcaCardEntry *full = g_ptr_array_index(entries, 1);
    g_assert_cmpstr(empty->reader, ==, "Empty 00 00");
    g_assert_true(!empty->has_card && empty->number == NULL && empty->trouble == NULL);
    g_assert_cmpint(sk_X509_num(empty->certificates), ==, 0);
    g_assert_cmpstr(full->reader, ==, READER);
    g_assert_true(full->has_card && full->label == NULL && full->module == NULL);
    g_assert_no_error(full->trouble);
    g_assert_cmpstr(full->number, ==, NUMBER);
    g_assert_cmpint(sk_X509_num(full->certificates), ==, with_ca ? 2 : 1);
    g_assert_cmpint(X509_cmp(sk_X509_value(full->certificates, 0), agency), ==, 0);
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
    g_test_add_data_func("/flow/card-list/every-reader-with-ca-certificates", GINT_TO_POINTER(TRUE),
                         test_every_reader);
    g_test_add_func("/flow/card-list/trouble-stays-with-its-reader",
                    test_trouble_stays_with_its_reader);
    g_test_add_func("/flow/card-list/card-pulled-while-it-is-read",
                    test_card_pulled_while_it_is_read);
    g_test_add_func("/flow/card-list/cancelled", test_cancelled);
    return g_test_run();
}
