/* The papers of an application by official letter: form, letter, user-code sheet. */
#pragma once

#include "base/contact.h"
#include "base/secret.h"
#include "letter/page.h"

G_BEGIN_DECLS

/* What an application's papers say; all are needed but what is marked. Borrowed during the call. */
typedef struct {
    const char *agency_name;
    const char *agency_oid;
    const char *domain;      /* the CN, an A-label */
    const char *spki_sha256; /* 64 digits, lower case */
    const GcaContact *contact;
} GcaPaperCase;

typedef struct {
    const GcaPaperCase *cases;
    gsize n_cases;
    const char *addressee; /* the profile's */
    GDateTime *date;       /* of the day it is written; local */
    gboolean is_bilingual; /* English words beside the field names */
} GcaPaperWish;

/* What a fault is about, for whoever can say where that is given. */
typedef enum {
    GCA_PAPER_CONTACT,
    GCA_PAPER_AGENCY,
    GCA_PAPER_OID,
    GCA_PAPER_DOMAIN,
    GCA_PAPER_REQUEST, /* itself: there is none, or without a key */
    GCA_PAPER_ADDRESSEE,
} GcaPaperItem;

typedef struct {
    GcaPaperItem item;
    GcaContactField field; /* of GCA_PAPER_CONTACT */
    char *sentence;        /* translated: what is wrong with which value */
} GcaPaperFault;

/* What is missing or does not fit, all of it at once: GcaPaperFault *; empty if nothing is. */
GPtrArray *gca_paper_list_faults(const GcaPaperWish *wish);

/* What the form finds wrong with that field of the contact of the agency of that name (or NULL), a
 * translated sentence; NULL if nothing is. That it is missing is wrong where the form needs it. */
char *gca_paper_dup_contact_fault(const GcaContact *contact, GcaContactField field,
                                  const char *agency_name);

/* TRUE if there are none; else USAGE with all of them, a line each. */
gboolean gca_paper_check(const GcaPaperWish *wish, GError **error);

/* The application form (憑證申請表), a page for each case. USAGE with the list of faults, a line
 * each. Its QR code holds "sha256:" and the 64 digits of spki_sha256. */
GPtrArray *gca_paper_make_forms(const GcaPaperWish *wish, GError **error);

/* What stands on the form of the first case, as text: to be read out. */
char *gca_paper_make_form_text(const GcaPaperWish *wish, GError **error);

/* The draft of the letter (函), one page for all cases: each listed, or, where they are too many,
 * their number. USAGE for faults and for cases of several agencies or contacts. */
GcaPage *gca_paper_make_letter(const GcaPaperWish *wish, GError **error);

/* The same as text for a document system: UTF-8, full-width punctuation, Chinese only. */
char *gca_paper_make_letter_text(const GcaPaperWish *wish, GError **error);

/* The user-code sheet (用戶代碼函): a page for one case, with the code and what each of its
 * characters is. The code is held as long as the page. USAGE. */
GcaPage *gca_paper_make_code_sheet(const GcaPaperWish *wish, GcaSecret *code, GError **error);

#define GCA_USER_CODE_MIN 6 /* characters */
#define GCA_USER_CODE_MAX 10

/* 6 to 10 ASCII letters, digits or symbols; USAGE with what is wrong (never with the code). */
gboolean gca_user_code_check(GcaSecret *code, GError **error);

/* Ten letters and digits that are not taken for one another. */
GcaSecret *gca_user_code_generate(void);

G_END_DECLS
