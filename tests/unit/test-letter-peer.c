/* The PDFs as other programs read them: poppler's and zbar's. */
#include "test-letter-fixture.h"

#include <glib/gstdio.h>

#define TITLE "測試文件"

/* ---- programs ---- */

static char *
run(const char *const *argv)
{
    g_autofree char *errors = NULL;
    g_autoptr(GError) error = NULL;
    char *output = NULL;
    int status;

    g_spawn_sync(NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &output, &errors,
                 &status, &error);
    g_assert_no_error(error);
    g_spawn_check_wait_status(status, &error);
    g_assert_no_error(error);
    return output;
}

/* What `program` says of the pages' PDF. Option and last argument may be NULL. */
static char *
read_with(GPtrArray *pages, const char *program, const char *option, const char *last)
{
    g_autofree char *folder = g_dir_make_tmp("gca-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(folder, "paper.pdf", NULL);
    const char *const argv[] = {program, option ? option : path, option ? path : NULL, last, NULL};
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) pdf = gca_pages_to_pdf(pages, TITLE, &error);

    g_assert_no_error(error);
    gsize size;
    const char *bytes = g_bytes_get_data(pdf, &size);
    g_assert_true(g_file_set_contents(path, bytes, (gssize) size, NULL));
    char *output = run(argv);
    g_assert_cmpint(g_unlink(path) | g_rmdir(folder), ==, 0);
    return output;
}

static char *
read_text(GPtrArray *pages)
{
    return read_with(pages, "pdftotext", "-layout", "-");
}

/* Each of them stands in the text. */
static void
assert_holds(const char *text, const char *const *wanted)
{
    for (guint i = 0; wanted[i] != NULL; i++) {
        if (strstr(text, wanted[i]) == NULL)
            g_test_fail_printf("“%s” is not in:\n%s", wanted[i], text);
    }
}

static GPtrArray *
wrap(GcaPage *page)
{
    GPtrArray *pages = g_ptr_array_new_with_free_func((GDestroyNotify) gca_page_free);

    g_assert_nonnull(page);
    g_ptr_array_add(pages, page);
    return pages;
}

/* ---- text ---- */

static const char *const form_fields[] = {"SSL類憑證申請表",
                                          "申請案號",
                                          "填寫日期",
                                          "民國 115年 11月21日",
                                          "網站資料",
                                          "憑證用途",
                                          "測試網站加密連線",
                                          "網站名稱(Domain Name)",
                                          "網站URL",
                                          "https://s01.example.gov.tw",
                                          "政府機關資料",
                                          "測試委員會資訊處",
                                          "機關/單位 OID",
                                          "2.16.886.101.20003.20060.20001",
                                          "憑證聯絡人資料",
                                          "姓名",
                                          "測小明",
                                          "公務電子郵件信箱",
                                          "tester@example.gov.tw",
                                          "公務通訊地址",
                                          "10051臺北市中正區測試路一段2號",
                                          "公務電話",
                                          "02-23450000#123",
                                          "公務傳真",
                                          "憑證請求檔 (CSR)",
                                          "0123 4567 89ab cdef",
                                          "0f1e 2d3c 4b5a 6978",
                                          "機關印信",
                                          "承辦人",
                                          "測試發展委員會",
                                          NULL};

static void
form_holds_every_field(Application *one, gconstpointer data)
{
    for (guint i = 0; i < 2; i++) {
        one->wish.is_bilingual = i == 1;
        g_autoptr(GPtrArray) forms = gca_paper_make_forms(&one->wish, NULL);
        g_autofree char *text = read_text(forms);
        assert_holds(text, form_fields);
        g_assert_true((strstr(text, "Purpose") != NULL) == one->wish.is_bilingual);
    }
}

static void
letter_holds_every_field(Application *one, gconstpointer data)
{
    static const char *const wanted[] = {"保存年限",
                                         "測試委員會資訊處",
                                         "函（稿）",
                                         "機關地址",
                                         "受文者：測試發展委員會",
                                         "發文日期：中華民國115年11月21日",
                                         "發文字號",
                                         "速別：普通件",
                                         "密等及解密條件或保密期限",
                                         "附件：如說明",
                                         "主旨：",
                                         "說明：",
                                         "一、",
                                         "（一）s01.example.gov.tw",
                                         "正本：測試發展委員會",
                                         "副本",
                                         NULL};
    g_autoptr(GPtrArray) letter = wrap(gca_paper_make_letter(&one->wish, NULL));
    g_autofree char *text = read_text(letter);

    assert_holds(text, wanted);
}

static void
code_sheet_tells_each_character(Application *one, gconstpointer data)
{
    static const char *const wanted[] = {"用戶代碼函", "案件流水號", "s01.example.gov.tw",
                                         "大寫",       "小寫",       "數字",
                                         "底線",       "切勿隨公文", NULL};
    g_autoptr(GcaSecret) code = make_code("aB3_xy");
    g_autoptr(GPtrArray) sheet = wrap(gca_paper_make_code_sheet(&one->wish, code, NULL));
    g_autofree char *text = read_text(sheet);

    assert_holds(text, wanted);
    g_assert_true(g_regex_match_simple("a +B +3 +_ +x +y", text, 0, 0));
}

/* A host name that goes on in the next line gets no hyphen of the typesetter's. */
static void
breaks_a_host_name_without_a_hyphen(Application *one, gconstpointer data)
{
    g_autofree char *label = g_strnfill(63, 'm');
    g_autofree char *domain = g_strdup_printf("%s.%s.gov.tw", label, label);
    one->cases[0].domain = domain;
    g_autoptr(GPtrArray) forms = gca_paper_make_forms(&one->wish, NULL);
    g_autofree char *text = read_text(forms);

    g_assert_false(g_regex_match_simple("m[-\xe2\x80\x90]", text, 0, 0));
}

/* ---- file ---- */

static void
embeds_its_fonts_on_one_a4_page(Application *one, gconstpointer data)
{
    static const char *const wanted[] = {"Title:           " TITLE, "Pages:           1", "(A4)",
                                         "CreationDate:    2026-11-21", NULL};
    g_autoptr(GPtrArray) forms = gca_paper_make_forms(&one->wish, NULL);
    g_autofree char *info = read_with(forms, "pdfinfo", "-isodates", NULL);
    g_autofree char *fonts = read_with(forms, "pdffonts", NULL, NULL);

    assert_holds(info, wanted);
    g_assert_nonnull(strstr(fonts, "CJKtc")); /* the glyphs of Taiwan */
    g_auto(GStrv) lines = g_strsplit(g_strchomp(fonts), "\n", -1);
    for (guint i = 2; lines[i] != NULL; i++) /* name, type, encoding, emb, sub, uni */
        g_assert_true(g_regex_match_simple(" yes yes yes ", lines[i], 0, 0));
}

/* Printed and scanned at 150 dots per inch, as an office's copier does. */
static void
qr_code_gives_the_fingerprint(Application *one, gconstpointer data)
{
    g_autofree char *folder = g_dir_make_tmp("gca-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(folder, "form", NULL);
    g_autofree char *picture = g_strconcat(path, ".png", NULL);
    g_autofree char *pdf_path = g_strconcat(path, ".pdf", NULL);
    const char *const render[] = {"pdftoppm",    "-r",     "150", "-gray", "-png",
                                  "-singlefile", pdf_path, path,  NULL};
    const char *const scan[] = {"zbarimg", "-q", "--raw", picture, NULL};
    g_autoptr(GPtrArray) forms = gca_paper_make_forms(&one->wish, NULL);
    g_autoptr(GBytes) pdf = gca_pages_to_pdf(forms, TITLE, NULL);
    gsize size;
    const char *bytes = g_bytes_get_data(pdf, &size);

    g_assert_true(g_file_set_contents(pdf_path, bytes, (gssize) size, NULL));
    g_free(run(render));
    g_autofree char *scanned = run(scan);
    g_assert_cmpstr(scanned, ==, "sha256:" FINGERPRINT "\n");
    g_assert_cmpint(g_unlink(pdf_path) | g_unlink(picture) | g_rmdir(folder), ==, 0);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name, func) g_test_add("/letter/peer/" name, Application, NULL, set_up, func, tear_down)
    ADD("form-holds-every-field", form_holds_every_field);
    ADD("letter-holds-every-field", letter_holds_every_field);
    ADD("code-sheet-tells-each-character", code_sheet_tells_each_character);
    ADD("breaks-a-host-name-without-a-hyphen", breaks_a_host_name_without_a_hyphen);
    ADD("embeds-its-fonts-on-one-a4-page", embeds_its_fonts_on_one_a4_page);
    ADD("qr-code-gives-the-fingerprint", qr_code_gives_the_fingerprint);
    return g_test_run();
}
