#include "config.h"

#include "base/error.h"
#include "letter/paper-private.h"
#include "letter/sheet-private.h"

#include <glib/gi18n-lib.h>
#include <openssl/crypto.h>
#include <string.h>

#define CELL_WIDTH 48.0
#define CELL_HEIGHT 78.0
#define BILINGUAL_CELL_HEIGHT 92.0
#define SIGN_TOP 6.0
#define KIND_TOP 47.0

typedef struct {
    GcaSecret *code;
    char *domain;
    gboolean is_bilingual;
} CodeSheet;

static const GcaStyle title_style = {GCA_FACE_SERIF, 20, TRUE, PANGO_ALIGN_CENTER};
static const GcaStyle text_style = {GCA_FACE_SERIF, 12, FALSE, PANGO_ALIGN_LEFT};
static const GcaStyle heading_style = {GCA_FACE_SANS, 11.5, TRUE, PANGO_ALIGN_LEFT};
static const GcaStyle sign_style = {GCA_FACE_FIXED, 30, FALSE, PANGO_ALIGN_CENTER};
static const GcaStyle kind_style = {GCA_FACE_SANS, 8.5, FALSE, PANGO_ALIGN_CENTER};

/* From “!” to “~”, letters and digits left out. */
static const char symbols[] = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";
static const char *const symbol_names[] = {
    "驚嘆號",   "雙引號", "井號", "錢號",   "百分號",   "和號",   "單引號",   "左圓括號",
    "右圓括號", "星號",   "加號", "逗號",   "減號",     "點",     "斜線",     "冒號",
    "分號",     "小於",   "等號", "大於",   "問號",     "小老鼠", "左方括號", "反斜線",
    "右方括號", "插入號", "底線", "反引號", "左大括號", "直線",   "右大括號", "波浪號",
};

G_STATIC_ASSERT(G_N_ELEMENTS(symbol_names) == sizeof symbols - 1);

/* ---- drawing ---- */

/* What tells O from 0, l from I and _ from -. */
static char *
dup_kind(char sign, gboolean is_bilingual)
{
    if (g_ascii_isupper(sign))
        return g_strdup(is_bilingual ? "大寫\ncapital" : "大寫");
    if (g_ascii_islower(sign))
        return g_strdup(is_bilingual ? "小寫\nsmall" : "小寫");
    if (g_ascii_isdigit(sign))
        return g_strdup(is_bilingual ? "數字\ndigit" : "數字");
    const char *name = symbol_names[strchr(symbols, sign) - symbols];
    return g_strconcat(is_bilingual ? "符號\nsymbol\n" : "符號\n", name, NULL);
}

static double
get_cell_height(const CodeSheet *content)
{
    return content->is_bilingual ? BILINGUAL_CELL_HEIGHT : CELL_HEIGHT;
}

/* Pango and cairo keep copies that nobody wipes. They are given one character at a time, so that
 * the code as a whole is in the GcaSecret and, drawn, in the page only. */
static gboolean
add_sign(GcaSheet *sheet, char sign, double x, const CodeSheet *content, GError **error)
{
    char text[] = {sign, '\0'};
    g_autofree char *kind = dup_kind(sign, content->is_bilingual);
    g_autoptr(PangoLayout) large = gca_sheet_set(sheet, &sign_style, text, CELL_WIDTH, error);
    g_autoptr(PangoLayout) small =
        large ? gca_sheet_set(sheet, &kind_style, kind, CELL_WIDTH, error) : NULL;

    OPENSSL_cleanse(text, sizeof text);
    if (small == NULL)
        return FALSE;
    gca_sheet_frame(sheet, x, sheet->y, CELL_WIDTH, get_cell_height(content), FALSE);
    gca_sheet_place(sheet, large, x, sheet->y + SIGN_TOP);
    gca_sheet_place(sheet, small, x, sheet->y + KIND_TOP);
    return TRUE;
}

static gboolean
add_code(GcaSheet *sheet, const CodeSheet *content, GError **error)
{
    gsize size = gca_secret_get_size(content->code);
    double x = (GCA_PAGE_WIDTH - (double) size * CELL_WIDTH) / 2;

    for (gsize i = 0; i < size; i++, x += CELL_WIDTH) {
        char sign = gca_secret_get_data(content->code)[i];
        if (!add_sign(sheet, sign, x, content, error))
            return FALSE;
    }
    sheet->y += get_cell_height(content);
    return TRUE;
}

static gboolean
add_pair(GcaSheet *sheet, const CodeSheet *content, const GcaStyle *style, const char *text,
         const char *english, GError **error)
{
    return gca_sheet_add_text(sheet, style, text, error) &&
           (!content->is_bilingual || gca_sheet_add_text(sheet, style, english, error));
}

static gboolean
add_warning(GcaSheet *sheet, const CodeSheet *content, GError **error)
{
    gca_sheet_add_gap(sheet, 14);
    if (!add_pair(
            sheet, content, &text_style,
            "※ 日後查詢申請進度及辦理憑證各項作業均須使用用戶代碼。憑證管理中心無法代為查詢，遺失亦"
            "無從找回，請務必妥善保存。",
            "Every later step needs this code; nobody can look it up", error))
        return FALSE;
    gca_sheet_add_gap(sheet, 6);
    if (!add_pair(sheet, content, &text_style, "※ 本函請由承辦人自行保管，切勿隨公文或申請表附送。",
                  "Keep this sheet yourself; never attach it to letter or form", error))
        return FALSE;
    gca_sheet_add_gap(sheet, 16);
    return TRUE;
}

static gboolean
add_table(GcaSheet *sheet, const CodeSheet *content, GError **error)
{
    return gca_sheet_add_row(sheet, content->is_bilingual ? "案件流水號 Case number" : "案件流水號",
                             "", error) &&
           gca_sheet_add_row(sheet, "網站名稱(Domain Name)", content->domain, error);
}

static gboolean
compose(GcaSheet *sheet, gconstpointer data, GError **error)
{
    const CodeSheet *content = data;

    if (!add_pair(sheet, content, &title_style, "用戶代碼函", "User code", error) ||
        !add_warning(sheet, content, error) ||
        !gca_sheet_add_text(sheet, &heading_style,
                            content->is_bilingual ? "用戶代碼資料 Application" : "用戶代碼資料",
                            error))
        return FALSE;
    gca_sheet_add_gap(sheet, 2);
    if (!add_table(sheet, content, error))
        return FALSE;
    gca_sheet_add_gap(sheet, 18);
    if (!gca_sheet_add_text(sheet, &heading_style,
                            content->is_bilingual ? "用戶代碼 User code" : "用戶代碼", error))
        return FALSE;
    gca_sheet_add_gap(sheet, 6);
    if (!add_code(sheet, content, error))
        return FALSE;
    gca_sheet_add_gap(sheet, 8);
    return add_pair(sheet, content, &text_style,
                    "英文字母大小寫有別，請依各字元下方之標示由左至右輸入，中間不含空白。",
                    "Upper and lower case differ; there are no blanks in it", error);
}

static gboolean
draw(cairo_t *cairo, gconstpointer data, GError **error)
{
    return gca_sheet_compose(cairo, compose, data, error);
}

static void
code_sheet_free(gpointer data)
{
    CodeSheet *content = data;

    gca_secret_unref(content->code);
    g_free(content->domain);
    g_free(content);
}

/* ---- content ---- */

GcaPage *
gca_paper_make_code_sheet(const GcaPaperWish *wish, GcaSecret *code, GError **error)
{
    g_autoptr(GPtrArray) faults = gca_paper_faults_new();

    if (wish->n_cases != 1) {
        gca_error_set(error, GCA_ERROR_USAGE,
                      _("Each application has a user code of its own: name one request folder."));
        return NULL;
    }
    gca_paper_add_domain_fault(faults, wish->cases[0].domain);
    if (!gca_paper_accept(g_steal_pointer(&faults), error) || !gca_user_code_check(code, error))
        return NULL;
    CodeSheet *content = g_new0(CodeSheet, 1);
    content->code = gca_secret_ref(code);
    content->domain = gca_paper_dup_domain(wish->cases[0].domain);
    content->is_bilingual = wish->is_bilingual;
    GcaPage *page = gca_page_new(draw, content, code_sheet_free);
    gca_page_set_date(page, wish->date);
    return page;
}
