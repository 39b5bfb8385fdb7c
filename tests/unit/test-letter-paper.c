/* The letter's wording, in the prescribed layout, as text. */
#include "test-letter-fixture.h"

static char *
make_text_of(const GcaPaperWish *wish)
{
    g_autoptr(GError) error = NULL;
    char *text = gca_paper_make_letter_text(wish, &error);

    g_assert_no_error(error);
    return text;
}

static void
follows_the_prescribed_order(Application *one, gconstpointer data)
{
    static const char *const order[] = {
        "檔　　號：\n",
        "保存年限：\n",
        "\n測試委員會資訊處　函（稿）\n",
        "機關地址：10051臺北市中正區測試路一段2號\n",
        "承辦人：測小明\n",
        "電話：02-23450000#123\n",
        "傳真：\n",
        "電子信箱：tester@example.gov.tw\n",
        "受文者：測試發展委員會\n",
        "發文日期：中華民國115年11月21日\n",
        "發文字號：\n",
        "速別：普通件\n",
        "密等及解密條件或保密期限：\n",
        "附件：如說明\n",
        "主旨：",
        "請核發。\n",
        "說明：\n",
        "\n一、",
        "（一）s01.example.gov.tw，",
        "0123 4567 89ab cdef 0011 2233 4455 6677 8899 aabb ccdd eeff 0f1e 2d3c 4b5a 6978\n",
        "\n二、",
        "\n三、",
        "\n正本：測試發展委員會\n",
        "副本：\n"};
    g_autofree char *text = make_text_of(&one->wish);
    const char *at = text;

    for (guint i = 0; i < G_N_ELEMENTS(order); i++) {
        at = strstr(at, order[i]);
        g_assert_nonnull(at);
        at += strlen(order[i]) - 1; /* a line's end may be the next one's start */
    }
    g_assert_cmpstr(at, ==, "\n");
}

/* Half-width marks may stand in addresses and names, never in the sentences. */
static void
uses_full_width_punctuation(Application *one, gconstpointer data)
{
    g_autofree char *text = make_text_of(&one->wish);
    const char *subject = strstr(text, "主旨：");

    g_assert_null(strpbrk(subject, ",;()?!"));
    for (const char *at = subject; (at = strpbrk(at, ".:-")) != NULL; at++)
        g_assert_true(g_ascii_isalnum(at[-1]) && g_ascii_isalnum(at[1]));
}

static void
lists_up_to_eight_and_counts_more(Application *one, gconstpointer data)
{
    one->wish.n_cases = 8;
    g_autofree char *eight = make_text_of(&one->wish);
    g_assert_nonnull(strstr(eight, "（八）s08.example.gov.tw，"));
    g_assert_nonnull(strstr(eight, "8個網站"));

    one->wish.n_cases = 9;
    g_autofree char *nine = make_text_of(&one->wish);
    g_assert_null(strstr(nine, "（一）"));
    g_assert_null(strstr(nine, "s01.example.gov.tw"));
    g_assert_nonnull(strstr(nine, "詳如附件申請表共9張"));
}

static void
counts_names_that_are_too_long_to_list(Application *one, gconstpointer data)
{
    g_autofree char *label = g_strnfill(63, 'm');
    g_autofree char *domain = g_strdup_printf("%s.%s.gov.tw", label, label);

    for (guint i = 0; i < 5; i++)
        one->cases[i].domain = domain;
    one->wish.n_cases = 5;
    g_autofree char *text = make_text_of(&one->wish);
    g_assert_nonnull(strstr(text, "詳如附件申請表共5張"));
}

/* RFC 5890: 例子.政府.tw */
static void
shows_both_forms_of_a_name(Application *one, gconstpointer data)
{
    one->cases[0].domain = "xn--fsqu00a.xn--mxtq1m.tw";
    g_autofree char *text = make_text_of(&one->wish);

    g_assert_nonnull(strstr(text, "（一）xn--fsqu00a.xn--mxtq1m.tw（例子.政府.tw）"));
}

/* AD less 1911, nothing padded; of the day where the letter is written, not of UTC. */
static void
dates_in_the_calendar_of_the_republic(Application *one, gconstpointer data)
{
    static const struct {
        int year, month, day;
        const char *wanted;
    } days[] = {{2017, 2, 20, "中華民國106年2月20日\n"},
                {2010, 12, 31, "中華民國99年12月31日\n"},
                {2011, 1, 1, "中華民國100年1月1日\n"}};

    for (guint i = 0; i < G_N_ELEMENTS(days); i++) {
        g_autoptr(GTimeZone) zone = g_time_zone_new_offset(8 * 3600);
        g_autoptr(GDateTime) date =
            g_date_time_new(zone, days[i].year, days[i].month, days[i].day, 0, 30, 0);
        one->wish.date = date;
        g_autofree char *text = make_text_of(&one->wish);
        g_assert_nonnull(strstr(text, days[i].wanted));
    }
}

static void
is_in_chinese_alone_as_text(Application *one, gconstpointer data)
{
    g_autofree char *plain = make_text_of(&one->wish);
    one->wish.is_bilingual = TRUE;
    g_autofree char *bilingual = make_text_of(&one->wish);

    g_assert_cmpstr(plain, ==, bilingual);
}

static void
is_of_one_agency_and_one_contact(Application *one, gconstpointer data)
{
    g_autoptr(GError) error = NULL;

    one->wish.n_cases = 2;
    one->cases[1].agency_oid = "2.16.886.101.20007";
    g_assert_null(gca_paper_make_letter(&one->wish, &error));
    g_assert_error(error, GCA_ERROR, GCA_ERROR_USAGE);
    g_clear_error(&error);
    g_assert_null(gca_paper_make_letter_text(&one->wish, &error));
    g_assert_error(error, GCA_ERROR, GCA_ERROR_USAGE);
    g_autoptr(GPtrArray) forms = gca_paper_make_forms(&one->wish, NULL);
    g_assert_nonnull(forms);
}

static void
makes_a_code_sheet_for_one_case_and_a_good_code(Application *one, gconstpointer data)
{
    g_autoptr(GcaSecret) good = make_code("aB3$xy"), bad = make_code("aB3$x");
    g_autoptr(GError) error = NULL;

    g_assert_null(gca_paper_make_code_sheet(&one->wish, bad, &error));
    g_assert_error(error, GCA_ERROR, GCA_ERROR_USAGE);
    one->wish.n_cases = 2;
    g_assert_null(gca_paper_make_code_sheet(&one->wish, good, NULL));
    one->wish.n_cases = 1;
    set_contact(one, GCA_CONTACT_PHONE, NULL); /* not on this sheet */
    g_autoptr(GcaPage) page = gca_paper_make_code_sheet(&one->wish, good, NULL);
    g_assert_nonnull(page);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name, func)                                                                            \
    g_test_add("/letter/paper/" name, Application, NULL, set_up, func, tear_down)
    ADD("follows-the-prescribed-order", follows_the_prescribed_order);
    ADD("uses-full-width-punctuation", uses_full_width_punctuation);
    ADD("lists-up-to-eight-and-counts-more", lists_up_to_eight_and_counts_more);
    ADD("counts-names-that-are-too-long-to-list", counts_names_that_are_too_long_to_list);
    ADD("shows-both-forms-of-a-name", shows_both_forms_of_a_name);
    ADD("dates-in-the-calendar-of-the-republic", dates_in_the_calendar_of_the_republic);
    ADD("is-in-chinese-alone-as-text", is_in_chinese_alone_as_text);
    ADD("is-of-one-agency-and-one-contact", is_of_one_agency_and_one_contact);
    ADD("makes-a-code-sheet-for-one-case-and-a-good-code",
        makes_a_code_sheet_for_one_case_and_a_good_code);
    return g_test_run();
}
