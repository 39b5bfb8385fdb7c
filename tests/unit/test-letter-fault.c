/* What the form needs is asked for all at once, in words for window and terminal. */
#include "letter/address-private.h"
#include "test-letter-fixture.h"

/* ---- addresses ---- */

static void
takes_addresses_as_the_form_wants_them(void)
{
    static const char *const good[] = {
        "臺北市中正區濟南路一段2-2號", "台北市中正區濟南路一段2-2號", "台中市中區市府路1號",
        "臺南市新市區中心路6號",       "高雄市前鎮區中山二路5號",     "高雄市那瑪夏區瑪雅里1號",
        "嘉義縣阿里山鄉中山村1號",     "彰化縣田中鎮中州路1號",       "新竹縣竹北市光明六路10號",
        "新竹市東區中正路1號",         "臺北市 中正區 濟南路1號",     "連江縣南竿鄉介壽村76號",
        "臺東縣臺東市中山路276號",     "臺南市左鎮區左鎮里1號",       "苗栗縣頭份市中央路1號",
    };

    for (guint i = 0; i < G_N_ELEMENTS(good); i++)
        g_assert_cmpstr(gca_address_find_fault(good[i]), ==, NULL);
}

static void
names_what_is_wrong_with_an_address(void)
{
    static const struct {
        const char *address;
        const char *why;
    } bad[] = {
        {"10051臺北市中正區濟南路1號", "the postcode"},
        {"中正區濟南路1號", "one of the 22"},
        {"桃園縣中壢市測試路1號", "one of the 22"}, /* a city of districts since 2014 */
        {"臺北市濟南路一段2-2號", "a district must follow"},
        {"臺北市", "a district must follow"},
        {"臺北市臺北市中正區濟南路1號", "stands there twice"},
        {"臺北市中正區中正區濟南路1號", "repeated in the street"},
        {"臺北市中正區台北市濟南路1號", "repeated in the street"},
        {"臺北市中正區", "the street is missing"},
        {"", "one of the 22"},
        {"No. 2, Jinan Rd., Taipei", "one of the 22"},
    };

    for (guint i = 0; i < G_N_ELEMENTS(bad); i++) {
        const char *why = gca_address_find_fault(bad[i].address);
        g_assert_nonnull(why);
        g_assert_nonnull(strstr(why, bad[i].why));
    }
}

/* ---- all of them ---- */

static gboolean
mentions(GPtrArray *faults, const char *words)
{
    for (guint i = 0; i < faults->len; i++) {
        if (strstr(((const GcaPaperFault *) g_ptr_array_index(faults, i))->sentence, words) != NULL)
            return TRUE;
    }
    return FALSE;
}

static void
finds_none_in_a_whole_application(Application *one, gconstpointer data)
{
    one->wish.n_cases = G_N_ELEMENTS(one->cases);
    g_autoptr(GPtrArray) faults = gca_paper_list_faults(&one->wish);

    g_assert_cmpuint(faults->len, ==, 0);
}

static void
lists_all_that_is_missing_at_once(Application *one, gconstpointer data)
{
    static const char *const wanted[] = {
        "姓名",           "憑證用途",    "公務電子郵件信箱", "the contact's postcode",
        "postal address", "公務電話",    "full name",        "OID",
        "網站名稱",       "fingerprint", "Addressee"};
    g_autoptr(GcaContact) nobody = gca_contact_new();
    const GcaPaperCase empty[] = {{.contact = nobody}, {.contact = nobody}};
    const GcaPaperWish wish = {empty, 2, NULL, one->date, FALSE};
    g_autoptr(GPtrArray) faults = gca_paper_list_faults(&wish);

    for (guint i = 0; i < G_N_ELEMENTS(wanted); i++)
        g_assert_true(mentions(faults, wanted[i]));
    g_assert_false(mentions(faults, "--")); /* a window has no options */
    g_assert_cmpuint(faults->len, ==, 11);  /* each once, though two cases lack them; no fax */
}

static void
puts_all_of_them_into_the_error(Application *one, gconstpointer data)
{
    g_autoptr(GError) error = NULL;

    set_contact(one, GCA_CONTACT_PHONE, NULL);
    one->wish.addressee = "";
    g_assert_null(gca_paper_make_forms(&one->wish, &error));
    g_assert_error(error, GCA_ERROR, GCA_ERROR_USAGE);
    g_assert_nonnull(strstr(error->message, "公務電話"));
    g_assert_nonnull(strstr(error->message, "Addressee"));
    g_clear_error(&error);
    g_assert_null(gca_paper_make_letter(&one->wish, &error));
    g_assert_error(error, GCA_ERROR, GCA_ERROR_USAGE);
    g_clear_error(&error);
    g_assert_null(gca_paper_make_letter_text(&one->wish, &error));
    g_assert_error(error, GCA_ERROR, GCA_ERROR_USAGE);
}

static void
asks_for_five_digits_of_a_postcode(Application *one, gconstpointer data)
{
    static const char *const others[] = {"100", "100051"};

    for (guint i = 0; i < G_N_ELEMENTS(others); i++) {
        set_contact(one, GCA_CONTACT_POSTCODE, others[i]);
        g_autoptr(GPtrArray) faults = gca_paper_list_faults(&one->wish);
        g_assert_cmpuint(faults->len, ==, 1);
        g_assert_true(mentions(faults, others[i]));
        const GcaPaperFault *fault = faults->pdata[0];
        g_assert_cmpint(fault->item, ==, GCA_PAPER_CONTACT);
        g_assert_cmpint(fault->field, ==, GCA_CONTACT_POSTCODE);
    }
}

static void
doubts_an_agency_as_a_person(Application *one, gconstpointer data)
{
    set_contact(one, GCA_CONTACT_NAME, "測試委員會資訊處");
    g_autoptr(GPtrArray) faults = gca_paper_list_faults(&one->wish);

    g_assert_cmpuint(faults->len, ==, 1);
    g_assert_cmpint(((const GcaPaperFault *) faults->pdata[0])->field, ==, GCA_CONTACT_NAME);
}

static void
refuses_names_that_no_form_can_have(Application *one, gconstpointer data)
{
    static const char *const bad[] = {"*.example.gov.tw",   "192.0.2.1", "2001:db8::1",
                                      "www example.gov.tw", "localhost", "\xff.gov.tw"};

    for (guint i = 0; i < G_N_ELEMENTS(bad); i++) {
        one->cases[0].domain = bad[i];
        g_autoptr(GPtrArray) faults = gca_paper_list_faults(&one->wish);
        g_assert_cmpuint(faults->len, ==, 1);
        const GcaPaperFault *fault = faults->pdata[0];
        g_assert_true(g_utf8_validate(fault->sentence, -1, NULL));
        g_assert_cmpint(fault->item, ==, GCA_PAPER_DOMAIN);
    }
}

static void
refuses_text_that_would_not_show(Application *one, gconstpointer data)
{
    one->cases[0].agency_name = "測試\xe2\x80\xae"
                                "委員會"; /* U+202E, right-to-left override */
    one->cases[0].agency_oid = "2.16.886.101\n二、";
    one->cases[0].spki_sha256 = "ABC";
    one->wish.addressee = "測\x1b"
                          "試";
    g_autoptr(GPtrArray) faults = gca_paper_list_faults(&one->wish);

    g_assert_cmpuint(faults->len, ==, 4);
}

static void
needs_a_case(Application *one, gconstpointer data)
{
    one->wish.n_cases = 0;
    g_assert_null(gca_paper_make_forms(&one->wish, NULL));
    g_assert_null(gca_paper_make_letter(&one->wish, NULL));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/letter/address/takes-addresses-as-the-form-wants-them",
                    takes_addresses_as_the_form_wants_them);
    g_test_add_func("/letter/address/names-what-is-wrong", names_what_is_wrong_with_an_address);
#define ADD(name, func)                                                                            \
    g_test_add("/letter/fault/" name, Application, NULL, set_up, func, tear_down)
    ADD("finds-none-in-a-whole-application", finds_none_in_a_whole_application);
    ADD("lists-all-that-is-missing-at-once", lists_all_that_is_missing_at_once);
    ADD("puts-all-of-them-into-the-error", puts_all_of_them_into_the_error);
    ADD("asks-for-five-digits-of-a-postcode", asks_for_five_digits_of_a_postcode);
    ADD("doubts-an-agency-as-a-person", doubts_an_agency_as_a_person);
    ADD("refuses-names-that-no-form-can-have", refuses_names_that_no_form_can_have);
    ADD("refuses-text-that-would-not-show", refuses_text_that_would_not_show);
    ADD("needs-a-case", needs_a_case);
    return g_test_run();
}
