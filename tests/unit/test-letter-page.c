/* What is drawn stays within the margins, whole and in glyphs that there are. */
#include "letter/sheet-private.h"
#include "test-letter-fixture.h"

#define MARGIN (20 / 25.4 * 72) /* 20 mm */

typedef GPtrArray *(*MakeFunc)(const GcaPaperWish *wish, GError **error);

static GPtrArray *
wrap(GcaPage *page)
{
    GPtrArray *pages = g_ptr_array_new_with_free_func((GDestroyNotify) gca_page_free);

    if (page != NULL)
        g_ptr_array_add(pages, page);
    return pages;
}

static GPtrArray *
make_letter(const GcaPaperWish *wish, GError **error)
{
    return wrap(gca_paper_make_letter(wish, error));
}

static GPtrArray *
make_code_sheet(const GcaPaperWish *wish, GError **error)
{
    g_autoptr(GcaSecret) code = make_code("aA0O_`l&~|");

    return wrap(gca_paper_make_code_sheet(wish, code, error));
}

static const MakeFunc makers[] = {gca_paper_make_forms, make_letter, make_code_sheet};

/* ---- margins ---- */

static void
check_ink(const GcaPage *page)
{
    cairo_surface_t *surface = cairo_recording_surface_create(CAIRO_CONTENT_COLOR_ALPHA, NULL);
    cairo_t *cairo = cairo_create(surface);
    g_autoptr(GError) error = NULL;
    double x, y, width, height;

    gca_page_draw(page, cairo, &error);
    g_assert_no_error(error);
    g_assert_cmpint(cairo_status(cairo), ==, CAIRO_STATUS_SUCCESS);
    cairo_recording_surface_ink_extents(surface, &x, &y, &width, &height);
    /* cairo reckons glyphs by whole points */
    g_assert_cmpfloat(x, >=, MARGIN - 1);
    g_assert_cmpfloat(y, >=, MARGIN - 1);
    g_assert_cmpfloat(x + width, <=, GCA_PAGE_WIDTH - MARGIN + 1);
    g_assert_cmpfloat(y + height, <=, GCA_PAGE_HEIGHT - MARGIN + 1);
    g_assert_cmpfloat(width, >, 300);
    g_assert_cmpfloat(height, >, 250);
    cairo_destroy(cairo);
    cairo_surface_destroy(surface);
}

static void
check_papers(Application *one)
{
    for (guint i = 0; i < 2 * G_N_ELEMENTS(makers); i++) {
        g_autoptr(GError) error = NULL;
        one->wish.is_bilingual = i % 2 == 1;
        if (one->wish.n_cases > 1 && makers[i / 2] == make_code_sheet)
            continue;
        g_autoptr(GPtrArray) pages = makers[i / 2](&one->wish, &error);
        g_assert_no_error(error);
        for (guint page = 0; page < pages->len; page++)
            check_ink(g_ptr_array_index(pages, page));
    }
}

static void
keeps_ordinary_papers_in_the_margins(Application *one, gconstpointer data)
{
    check_papers(one);
}

static void
keeps_many_cases_in_the_margins(Application *one, gconstpointer data)
{
    one->wish.n_cases = 8;
    check_papers(one);
    one->wish.n_cases = G_N_ELEMENTS(one->cases);
    check_papers(one);
}

static void
keeps_long_texts_in_the_margins(Application *one, gconstpointer data)
{
    g_autofree char *name = make_text("測試縣政府", 60);
    g_autofree char *address = make_text("高雄市那瑪夏區", 90); /* two lines and more */
    g_autofree char *purpose = make_text("", 100);
    g_autofree char *label = g_strnfill(63, 'm');
    /* 253 octets: RFC 1035 section 2.3.4 */
    g_autofree char *domain = g_strdup_printf("%s.%s.%s.%.50s.gov.tw", label, label, label, label);

    set_contact(one, GCA_CONTACT_NAME, "測試歐陽・馬躍古木Mayaw Kumu");
    set_contact(one, GCA_CONTACT_ADDRESS, address);
    set_contact(one, GCA_CONTACT_PURPOSE, purpose);
    for (guint i = 0; i < G_N_ELEMENTS(one->cases); i++) {
        one->cases[i].agency_name = name;
        one->cases[i].domain = domain;
    }
    g_assert_cmpuint(strlen(domain), <=, 253);
    check_papers(one);
    one->wish.n_cases = 8;
    check_papers(one);
}

/* ---- what cannot be drawn ---- */

static void
says_what_is_too_much(Application *one, gconstpointer data)
{
    g_autofree char *name = make_text("冗長之", 9000);
    one->cases[0].agency_name = name;

    for (guint i = 0; i < 2; i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(GPtrArray) pages = makers[i](&one->wish, NULL);
        g_assert_null(gca_pages_to_pdf(pages, "測試", &error));
        g_assert_error(error, GCA_ERROR, GCA_ERROR_USAGE);
        g_assert_nonnull(strstr(error->message, "冗長之"));
    }
}

/* Of the planes that no font of Debian has: U+31350, CJK extension H. */
static void
names_a_character_without_a_glyph(Application *one, gconstpointer data)
{
    one->cases[0].agency_name = "測試\xf0\xb1\x8d\x90"
                                "委員會";

    for (guint i = 0; i < 2; i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(GPtrArray) pages = makers[i](&one->wish, NULL);
        g_assert_null(gca_pages_to_pdf(pages, "測試", &error));
        g_assert_error(error, GCA_ERROR, GCA_ERROR_FILE);
        g_assert_nonnull(strstr(error->message, "\xf0\xb1\x8d\x90"));
        g_assert_nonnull(strstr(error->message, "U+31350"));
        g_assert_nonnull(strstr(gca_error_get_hint(error), "fonts-noto-cjk"));
    }
}

/* ---- one sheet ---- */

static gboolean
note_scale(GcaSheet *sheet, gconstpointer data, GError **error)
{
    const GcaStyle style = {GCA_FACE_SERIF, 20, FALSE, PANGO_ALIGN_LEFT};
    g_autoptr(PangoLayout) layout = gca_sheet_set(sheet, &style, "測", GCA_SHEET_WIDTH, error);

    g_assert_nonnull(layout);
    g_assert_cmpfloat(gca_sheet_get_height(layout), >=, 8); /* no smaller than 8 points */
    *(double *) data = sheet->scale;
    sheet->y += 1000 * sheet->scale;
    return TRUE;
}

static void
sets_text_smaller_until_it_fits(void)
{
    cairo_surface_t *surface = cairo_recording_surface_create(CAIRO_CONTENT_COLOR_ALPHA, NULL);
    cairo_t *cairo = cairo_create(surface);
    double scale = 0;

    g_assert_true(gca_sheet_compose(cairo, note_scale, &scale, NULL));
    g_assert_cmpfloat(MARGIN + 1000 * scale, <=, GCA_PAGE_HEIGHT - MARGIN);
    g_assert_cmpfloat(MARGIN + 1000 * (scale + 0.06), >, GCA_PAGE_HEIGHT - MARGIN);
    cairo_destroy(cairo);
    cairo_surface_destroy(surface);
}

/* ---- PDF ---- */

static GBytes *
make_pdf(const GcaPaperWish *wish, MakeFunc make)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) pages = make(wish, &error);
    g_assert_no_error(error);
    GBytes *pdf = gca_pages_to_pdf(pages, "測試", &error);
    g_assert_no_error(error);
    return pdf;
}

static void
makes_the_same_bytes_of_the_same_application(Application *one, gconstpointer data)
{
    for (guint i = 0; i < G_N_ELEMENTS(makers); i++) {
        g_autoptr(GBytes) first = make_pdf(&one->wish, makers[i]);
        g_autoptr(GDateTime) later = g_date_time_add_hours(one->date, 2);
        one->wish.date = later;
        g_autoptr(GBytes) second = make_pdf(&one->wish, makers[i]);
        one->wish.date = one->date;
        g_assert_true(g_bytes_equal(first, second));
    }
}

/* 15 grows past the first allocation of what holds the PDF. */
static void
makes_a_page_for_each_case(Application *one, gconstpointer data)
{
    one->wish.n_cases = 15;
    g_autoptr(GPtrArray) forms = gca_paper_make_forms(&one->wish, NULL);
    g_assert_cmpuint(forms->len, ==, 15);
    g_autoptr(GBytes) pdf = gca_pages_to_pdf(forms, "測試", NULL);
    gsize size;
    const char *bytes = g_bytes_get_data(pdf, &size);

    g_assert_cmpuint(size, >, 64 * 1024);
    g_assert_cmpmem(bytes, 5, "%PDF-", 5);
    g_assert_cmpmem(bytes + size - 6, 6, "%%EOF\n", 6);
}

/* The papers say what was wished for when they were made. */
static void
keeps_what_it_was_made_of(Application *one, gconstpointer data)
{
    g_autoptr(GBytes) wanted = make_pdf(&one->wish, gca_paper_make_forms);
    g_autoptr(GPtrArray) forms = gca_paper_make_forms(&one->wish, NULL);

    set_contact(one, GCA_CONTACT_NAME, "測大華");
    memset(one->cases, 0, sizeof one->cases);
    g_autoptr(GBytes) pdf = gca_pages_to_pdf(forms, "測試", NULL);
    g_assert_true(g_bytes_equal(pdf, wanted));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/letter/sheet/sets-text-smaller-until-it-fits",
                    sets_text_smaller_until_it_fits);
#define ADD(name, func) g_test_add("/letter/page/" name, Application, NULL, set_up, func, tear_down)
    ADD("keeps-ordinary-papers-in-the-margins", keeps_ordinary_papers_in_the_margins);
    ADD("keeps-many-cases-in-the-margins", keeps_many_cases_in_the_margins);
    ADD("keeps-long-texts-in-the-margins", keeps_long_texts_in_the_margins);
    ADD("says-what-is-too-much", says_what_is_too_much);
    ADD("names-a-character-without-a-glyph", names_a_character_without_a_glyph);
    ADD("makes-the-same-bytes-of-the-same-application",
        makes_the_same_bytes_of_the_same_application);
    ADD("makes-a-page-for-each-case", makes_a_page_for_each_case);
    ADD("keeps-what-it-was-made-of", keeps_what_it_was_made_of);
    return g_test_run();
}
