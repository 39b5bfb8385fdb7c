/* The pages that people see, in the language that their browser asks for. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a token is issued for (token.h). */
#define GCA_PAGE_POPUP "popup"
#define GCA_PAGE_SELF_TEST "selftest"

typedef enum {
    GCA_PAGE_SITE_ADDED,
    GCA_PAGE_SITE_REFUSED,    /* the person said no, or could not be asked */
    GCA_PAGE_SITE_IMPOSSIBLE, /* no address that can be trusted */
    GCA_PAGE_SITE_BUSY,
    GCA_PAGE_SITE_UNKEPT, /* the person said yes, and the file cannot be written */
} GcaPageOutcome;

/* HTML. `languages` is the header Accept-Language, or NULL for the service's own language. */
char *gca_page_popup(const char *token, const char *languages);
char *gca_page_self_test(const char *token, const char *languages);

/* The answer to addDomain; `site` comes from outside. */
char *gca_page_site(const char *site, GcaPageOutcome outcome, const char *languages);

/* For all else that a browser may show: “Not found” and the like. */
char *gca_page_refusal(guint status, const char *languages);

/* "zh_TW" or "en", the first of the two in RFC 9110's list; NULL: neither. */
const char *gca_page_choose_language(const char *languages);

G_END_DECLS
