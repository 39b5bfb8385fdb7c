#include "config.h"

#include "base/text.h"
#include "letter/letter-lines-private.h"
#include "letter/paper-private.h"

#include <string.h>

/* Cases that have their lines in the letter, and the characters of their names: what is sure to fit
 * on its page. More are in the forms only. */
#define MOST_LISTED 8
#define MOST_CHARACTERS (MOST_LISTED * 64)

static const char *const subitems[MOST_LISTED] = {
    "（一）", "（二）", "（三）", "（四）", "（五）", "（六）", "（七）", "（八）",
};

static void
line_free(gpointer data)
{
    GcaLetterLine *line = data;

    g_free(line->text);
    g_free(line);
}

/* Takes `text`. */
static void
add(GPtrArray *lines, GcaLetterPart part, const char *label, const char *english, char *text)
{
    GcaLetterLine *line = g_new0(GcaLetterLine, 1);

    line->part = part;
    line->label = label;
    line->english = english;
    line->text = text;
    g_ptr_array_add(lines, line);
}

static char *
dup_field(const GcaContact *contact, GcaContactField field)
{
    const char *value = gca_contact_get(contact, field);
    return g_strdup(value ? value : "");
}

static void
add_head(GPtrArray *lines, const GcaPaperWish *wish)
{
    const GcaPaperCase *first = &wish->cases[0];
    const GcaContact *contact = first->contact;

    add(lines, GCA_LETTER_FILING, "檔　　號：", "File no.", g_strdup(""));
    add(lines, GCA_LETTER_FILING, "保存年限：", "Keep for", g_strdup(""));
    add(lines, GCA_LETTER_TITLE, "", NULL, g_strconcat(first->agency_name, "　函（稿）", NULL));
    add(lines, GCA_LETTER_SENDER, "機關地址：", "Address", gca_paper_dup_address(contact));
    add(lines, GCA_LETTER_SENDER, "承辦人：", "In charge", dup_field(contact, GCA_CONTACT_NAME));
    add(lines, GCA_LETTER_SENDER, "電話：", "Telephone", dup_field(contact, GCA_CONTACT_PHONE));
    add(lines, GCA_LETTER_SENDER, "傳真：", "Fax", dup_field(contact, GCA_CONTACT_FAX));
    add(lines, GCA_LETTER_SENDER, "電子信箱：", "E-mail", dup_field(contact, GCA_CONTACT_EMAIL));
}

/* Number and classification are the document system's to give. */
static void
add_fields(GPtrArray *lines, const GcaPaperWish *wish)
{
    add(lines, GCA_LETTER_FIELD, "受文者：", "To", g_strdup(wish->addressee));
    add(lines, GCA_LETTER_FIELD, "發文日期：", "Date", gca_paper_dup_letter_date(wish->date));
    add(lines, GCA_LETTER_FIELD, "發文字號：", "Number", g_strdup(""));
    add(lines, GCA_LETTER_FIELD, "速別：", "Speed", g_strdup("普通件"));
    add(lines, GCA_LETTER_FIELD, "密等及解密條件或保密期限：", "Classification", g_strdup(""));
    add(lines, GCA_LETTER_FIELD, "附件：", "Enclosures", g_strdup("如說明"));
}

static char *
dup_subject(const GcaPaperWish *wish)
{
    g_autofree char *domain = gca_paper_dup_domain(wish->cases[0].domain);

    if (wish->n_cases == 1)
        return g_strdup_printf(
            "為本機關網站「%s」啟用HTTPS加密連線，檢送SSL類憑證申請表1份，請核發。", domain);
    return g_strdup_printf("為本機關%u個網站啟用HTTPS加密連線，檢送SSL類憑證申請表%u份，請核發。",
                           (guint) wish->n_cases, (guint) wish->n_cases);
}

static gboolean
is_listed(const GcaPaperWish *wish)
{
    gsize characters = 0;

    for (gsize i = 0; i < wish->n_cases; i++)
        characters += strlen(wish->cases[i].domain);
    return wish->n_cases <= MOST_LISTED && characters <= MOST_CHARACTERS;
}

static void
add_listed(GPtrArray *lines, const GcaPaperWish *wish, const char *start)
{
    add(lines, GCA_LETTER_ITEM, "一、", NULL,
        g_strdup_printf(
            "%s，網站名稱及其憑證請求檔（CSR）公開金鑰之SHA-256指紋如下，請與上傳之請求檔"
            "核對：",
            start));
    for (gsize i = 0; i < wish->n_cases; i++) {
        g_autofree char *domain = gca_paper_dup_domain(wish->cases[i].domain);
        g_autofree char *print = gca_text_group_hex(wish->cases[i].spki_sha256);
        add(lines, GCA_LETTER_SUBITEM, subitems[i], NULL,
            g_strdup_printf("%s，指紋：%s", domain, print));
    }
}

static void
add_cases(GPtrArray *lines, const GcaPaperWish *wish)
{
    const GcaPaperCase *first = &wish->cases[0];
    g_autofree char *start =
        g_strdup_printf("本機關（機關／單位OID：%s）申請SSL類憑證，用途為「%s」", first->agency_oid,
                        gca_contact_get(first->contact, GCA_CONTACT_PURPOSE));

    if (is_listed(wish)) {
        add_listed(lines, wish, start);
        return;
    }
    add(lines, GCA_LETTER_ITEM, "一、", NULL,
        g_strdup_printf(
            "%s，計%u個網站；各網站名稱及其憑證請求檔（CSR）公開金鑰之SHA-256指紋，詳如附件"
            "申請表共%u張。",
            start, (guint) wish->n_cases, (guint) wish->n_cases));
}

static void
add_explanation(GPtrArray *lines, const GcaPaperWish *wish)
{
    const GcaContact *contact = wish->cases[0].contact;

    add(lines, GCA_LETTER_SUBJECT, "說明：", "Explanation", g_strdup(""));
    add_cases(lines, wish);
    add(lines, GCA_LETTER_ITEM, "二、", NULL,
        g_strdup("網域均由本機關註冊使用，一張憑證對應一個網域；金鑰由本機關自行產製及保管。"));
    add(lines, GCA_LETTER_ITEM, "三、", NULL,
        g_strdup_printf("檢附SSL類憑證申請表共%u張；憑證請求檔另於線上申請時上傳。",
                        (guint) wish->n_cases));
    add(lines, GCA_LETTER_ITEM, "四、", NULL,
        g_strdup_printf(
            "如有應補正事項，請逕洽憑證聯絡人%s（公務電話：%s，公務電子郵件信箱：%s）。",
            gca_contact_get(contact, GCA_CONTACT_NAME), gca_contact_get(contact, GCA_CONTACT_PHONE),
            gca_contact_get(contact, GCA_CONTACT_EMAIL)));
}

GPtrArray *
gca_letter_lines_new(const GcaPaperWish *wish)
{
    GPtrArray *lines = g_ptr_array_new_with_free_func(line_free);

    add_head(lines, wish);
    add_fields(lines, wish);
    add(lines, GCA_LETTER_SUBJECT, "主旨：", "Subject", dup_subject(wish));
    add_explanation(lines, wish);
    add(lines, GCA_LETTER_COPIES, "正本：", "Original to", g_strdup(wish->addressee));
    add(lines, GCA_LETTER_COPIES, "副本：", "Copies to", g_strdup(""));
    return lines;
}
