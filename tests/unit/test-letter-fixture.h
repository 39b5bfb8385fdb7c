/* An application as an invented agency would make it. */
#pragma once

#include "base/error.h"
#include "letter/paper.h"

#include <string.h>

#define FINGERPRINT "0123456789abcdef00112233445566778899aabbccddeeff0f1e2d3c4b5a6978"

typedef struct {
    GcaContact *contact;
    GDateTime *date;
    GcaPaperCase cases[20];
    GcaPaperWish wish;
} Application;

static inline void
set_contact(Application *one, GcaContactField field, const char *value)
{
    g_autoptr(GError) error = NULL;

    gca_contact_set(one->contact, field, value, &error);
    g_assert_no_error(error);
}

/* 20 cases of one agency, of which the wish names the first. */
static inline void
set_up(Application *one, gconstpointer data)
{
    static const char *const domains[20] = {
        "s01.example.gov.tw", "s02.example.gov.tw", "s03.example.gov.tw", "s04.example.gov.tw",
        "s05.example.gov.tw", "s06.example.gov.tw", "s07.example.gov.tw", "s08.example.gov.tw",
        "s09.example.gov.tw", "s10.example.gov.tw", "s11.example.gov.tw", "s12.example.gov.tw",
        "s13.example.gov.tw", "s14.example.gov.tw", "s15.example.gov.tw", "s16.example.gov.tw",
        "s17.example.gov.tw", "s18.example.gov.tw", "s19.example.gov.tw", "s20.example.gov.tw"};

    one->contact = gca_contact_new();
    set_contact(one, GCA_CONTACT_NAME, "測小明");
    set_contact(one, GCA_CONTACT_PURPOSE, "測試網站加密連線");
    set_contact(one, GCA_CONTACT_EMAIL, "tester@example.gov.tw");
    set_contact(one, GCA_CONTACT_POSTCODE, "10051");
    set_contact(one, GCA_CONTACT_ADDRESS, "臺北市中正區測試路一段2號");
    set_contact(one, GCA_CONTACT_PHONE, "02-23450000#123");
    one->date = g_date_time_new_local(2026, 11, 21, 9, 30, 0);
    for (guint i = 0; i < G_N_ELEMENTS(one->cases); i++)
        one->cases[i] = (GcaPaperCase){"測試委員會資訊處", "2.16.886.101.20003.20060.20001",
                                       domains[i], FINGERPRINT, one->contact};
    one->wish = (GcaPaperWish){one->cases, 1, "測試發展委員會", one->date, FALSE};
}

static inline void
tear_down(Application *one, gconstpointer data)
{
    gca_contact_free(one->contact);
    g_date_time_unref(one->date);
}

static inline GcaSecret *
make_code(const char *text)
{
    g_autofree char *copy = g_strdup(text);
    return gca_secret_new_wiping(copy, strlen(copy));
}

/* `characters` of them, in Chinese. */
static inline char *
make_text(const char *start, glong characters)
{
    GString *text = g_string_new(start);

    while (g_utf8_strlen(text->str, -1) < characters)
        g_string_append(text, "測試資訊服務");
    char *cut = g_utf8_substring(text->str, 0, characters);
    g_string_free(text, TRUE);
    return cut;
}
