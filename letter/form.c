#include "config.h"

#include "base/text.h"
#include "letter/form-private.h"
#include "letter/paper-private.h"

#define FINGERPRINT_GROUPS 4 /* in a line: read out and ticked off one line at a time */

/* The name of a CA is not in the title: the form goes to the one that the note at its end names. */
#define TITLE "SSL類憑證申請表"

static void
form_free(gpointer data)
{
    GcaForm *form = data;

    g_string_chunk_free(form->texts);
    g_array_unref(form->rows);
    g_free(form);
}

static const char *
keep(GcaForm *form, char *text)
{
    const char *kept = g_string_chunk_insert(form->texts, text);

    g_free(text);
    return kept;
}

/* A Chinese text, with the English one behind it where it is wished for. */
static const char *
join(GcaForm *form, const char *text, const char *separator, const char *english)
{
    return form->is_bilingual ? keep(form, g_strconcat(text, separator, english, NULL)) : text;
}

static const char *
call(GcaForm *form, const char *name, const char *english)
{
    return join(form, name, " ", english);
}

static void
add_field(GcaForm *form, const char *heading, const char *name, const char *value)
{
    const GcaFormRow row = {heading, name, g_string_chunk_insert(form->texts, value ? value : "")};

    g_array_append_val(form->rows, row);
}

static void
fill_site(GcaForm *form, const GcaPaperCase *one)
{
    const char *heading = call(form, "網站資料", "Web site");
    g_autofree char *domain = gca_paper_dup_domain(one->domain);
    g_autofree char *url = g_strconcat("https://", one->domain, NULL);

    add_field(form, heading, call(form, "憑證用途", "Purpose"),
              gca_contact_get(one->contact, GCA_CONTACT_PURPOSE));
    add_field(form, NULL, "網站名稱(Domain Name)", domain);
    add_field(form, NULL, "網站URL", url);
}

static void
fill_agency(GcaForm *form, const GcaPaperCase *one)
{
    const char *heading = call(form, "政府機關資料", "Government agency");

    add_field(form, heading, call(form, "名稱", "Name"), one->agency_name);
    add_field(form, NULL, call(form, "機關/單位 OID", "of the agency"), one->agency_oid);
}

static void
fill_contact(GcaForm *form, const GcaContact *contact)
{
    const char *heading = call(form, "憑證聯絡人資料", "Contact");
    g_autofree char *address = gca_paper_dup_address(contact);

    add_field(form, heading, call(form, "姓名", "Name"),
              gca_contact_get(contact, GCA_CONTACT_NAME));
    add_field(form, NULL, call(form, "公務電子郵件信箱", "E-mail"),
              gca_contact_get(contact, GCA_CONTACT_EMAIL));
    add_field(form, NULL, call(form, "公務通訊地址", "Address"), address);
    add_field(form, NULL, call(form, "公務電話", "Telephone"),
              gca_contact_get(contact, GCA_CONTACT_PHONE));
    add_field(form, NULL, call(form, "公務傳真", "Fax"), gca_contact_get(contact, GCA_CONTACT_FAX));
}

/* The digits in lines of four groups of four. */
static char *
dup_fingerprint(const char *hex)
{
    g_autofree char *grouped = gca_text_group_hex(hex);
    guint blanks = 0;

    for (char *at = grouped; *at != '\0'; at++) {
        if (*at == ' ' && ++blanks % FINGERPRINT_GROUPS == 0)
            *at = '\n';
    }
    return g_steal_pointer(&grouped);
}

static void
fill_csr(GcaForm *form, const char *spki_sha256)
{
    form->csr_heading = call(form, "憑證請求檔 (CSR)", "Certificate signing request");
    form->csr_note =
        join(form, "公開金鑰之SHA-256指紋（QR碼內容相同），請與上傳之請求檔核對：", "\n",
             "SHA-256 of the public key, also in the QR code; compare it with the upload");
    form->fingerprint = keep(form, dup_fingerprint(spki_sha256));
    form->qr = keep(form, g_strconcat("sha256:", spki_sha256, NULL));
}

static void
fill_frame(GcaForm *form, const GcaPaperWish *wish)
{
    g_autofree char *day = gca_paper_dup_form_date(wish->date);
    const char *note =
        keep(form, g_strdup_printf("本申請表請隨同公文送達%s，二者缺一不可；用戶代碼函"
                                   "請自行保存，勿隨文附送。",
                                   wish->addressee));

    form->title = join(form, TITLE, "\n", "Application for a TLS certificate");
    form->number = call(form, "申請案號", "Case number");
    form->date = keep(form, g_strdup_printf("%s：%s", call(form, "填寫日期", "Date"), day));
    form->agency_seal = call(form, "機關印信", "Seal of the agency");
    form->person_seal = call(form, "承辦人（簽章）", "Person in charge");
    form->note = join(form, note, "\n",
                      "Send this form together with the official letter; keep the user-code sheet");
}

static GcaForm *
fill(const GcaPaperWish *wish, const GcaPaperCase *one)
{
    GcaForm *form = g_new0(GcaForm, 1);

    form->texts = g_string_chunk_new(1024);
    form->rows = g_array_new(FALSE, FALSE, sizeof(GcaFormRow));
    form->is_bilingual = wish->is_bilingual;
    fill_frame(form, wish);
    fill_site(form, one);
    fill_agency(form, one);
    fill_contact(form, one->contact);
    fill_csr(form, one->spki_sha256);
    return form;
}

static GcaPage *
make_form(const GcaPaperWish *wish, const GcaPaperCase *one)
{
    GcaPage *page = gca_page_new(gca_form_draw, fill(wish, one), form_free);

    gca_page_set_date(page, wish->date);
    return page;
}

GPtrArray *
gca_paper_make_forms(const GcaPaperWish *wish, GError **error)
{
    if (!gca_paper_check(wish, error))
        return NULL;
    GPtrArray *forms = g_ptr_array_new_with_free_func((GDestroyNotify) gca_page_free);
    for (gsize i = 0; i < wish->n_cases; i++)
        g_ptr_array_add(forms, make_form(wish, &wish->cases[i]));
    return forms;
}

char *
gca_paper_make_form_text(const GcaPaperWish *wish, GError **error)
{
    if (!gca_paper_check(wish, error))
        return NULL;
    GcaForm *form = fill(wish, wish->cases);
    GString *text = g_string_new(NULL);
    g_string_append_printf(text, "%s\n%s\n%s\n", form->title, form->number, form->date);
    for (guint i = 0; i < form->rows->len; i++) {
        const GcaFormRow *row = &g_array_index(form->rows, GcaFormRow, i);
        if (row->heading != NULL)
            g_string_append_printf(text, "%s\n", row->heading);
        g_string_append_printf(text, "%s：%s\n", row->name, row->value);
    }
    g_string_append_printf(text, "%s\n%s\n%s\n%s\n%s\n%s\n", form->csr_heading, form->csr_note,
                           form->fingerprint, form->agency_seal, form->person_seal, form->note);
    form_free(form);
    return g_string_free(text, FALSE);
}
