#include "config.h"

#include "localsign/page.h"

#include "base/text.h"
#include "localsign/site.h"

#include <glib/gi18n-lib.h>
#include <stdlib.h>
#include <string.h>

/* gettext looks at LANGUAGE anew when this has changed (its manual, “Being a gettext grok”). */
extern int _nl_msg_cat_cntr;

/* ---- language ---- */

const char *
gca_page_choose_language(const char *languages)
{
    g_auto(GStrv) ranges = g_strsplit(languages ? languages : "", ",", 16);

    for (guint i = 0; ranges[i] != NULL; i++) {
        const char *range = g_strstrip(ranges[i]);
        if (g_ascii_strncasecmp(range, "zh", 2) == 0 && strchr("-;", range[2]) != NULL)
            return "zh_TW";
        if (g_ascii_strncasecmp(range, "en", 2) == 0 && strchr("-;", range[2]) != NULL)
            return "en";
    }
    return NULL;
}

/* Gives what to hand to leave_language(); the service has one thread. */
static char *
enter_language(const char *languages)
{
    const char *language = gca_page_choose_language(languages);
    char *before = g_strdup(g_getenv("LANGUAGE"));

    if (language != NULL)
        setenv("LANGUAGE", language, TRUE);
    _nl_msg_cat_cntr++;
    return before;
}

static void
leave_language(char *before)
{
    if (before != NULL)
        setenv("LANGUAGE", before, TRUE);
    else
        unsetenv("LANGUAGE");
    _nl_msg_cat_cntr++;
    g_free(before);
}

/* ---- HTML ---- */

static void
add_escaped(GString *out, const char *text)
{
    g_autofree char *safe = gca_text_escape(text);
    g_autofree char *html = g_markup_escape_text(safe, -1);

    g_string_append(out, html);
}

static void
add_element(GString *out, const char *name, const char *text)
{
    g_string_append_printf(out, "<%s>", name);
    add_escaped(out, text);
    g_string_append_printf(out, "</%s>\n", name);
}

static void
add_data(GString *out, const char *name, const char *text)
{
    g_string_append_printf(out, " data-%s=\"", name);
    add_escaped(out, text);
    g_string_append_c(out, '"');
}

/* Up to the beginning of the body's start tag, which data attributes follow. */
static GString *
begin(const char *title)
{
    GString *out = g_string_new("<!DOCTYPE html>\n");
    gboolean is_chinese = g_str_has_prefix(gca_text_language(), "zh");

    g_string_append_printf(out,
                           "<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n"
                           "<meta name=\"viewport\" content=\"width=device-width\">\n"
                           "<link rel=\"stylesheet\" href=\"/style.css\">\n",
                           is_chinese ? "zh-Hant-TW" : "en");
    add_element(out, "title", title);
    g_string_append(out, "</head>\n<body");
    return out;
}

static char *
end(GString *out, const char *script)
{
    if (script != NULL)
        g_string_append_printf(out, "<script src=\"%s\"></script>\n", script);
    g_string_append(out, "</body>\n</html>\n");
    return g_string_free(out, FALSE);
}

/* ---- the pages ---- */

char *
gca_page_popup(const char *token, const char *languages)
{
    char *before = enter_language(languages);
    const char *title = _("Signing with your card");
    GString *out = begin(title);

    add_data(out, "token", token);
    add_data(out, "asking", _("Asking the web site what it wants …"));
    add_data(out, "working", _("A window asks you before the card is used."));
    add_data(out, "stranger", _("This page is no web site that can be trusted. Nothing was done."));
    add_data(out, "failed", _("The local signing service does not answer. Is it still running?"));
    add_data(out, "alone", _("A web site opens this window by itself. It can be closed."));
    g_string_append(out, ">\n");
    add_element(out, "h1", title);
    g_string_append(out,
                    "<p id=\"status\" role=\"status\"></p>\n<p><code id=\"site\"></code></p>\n");
    leave_language(before);
    return end(out, "/popup.js");
}

static void
add_self_test_data(GString *out, const char *token)
{
    add_data(out, "token", token);
    add_data(out, "empty", _("no card"));
    add_data(out, "unknown", _("a card of a kind that is not known here"));
    add_data(out, "card", _("card"));
    add_data(out, "none", _("No card reader is connected."));
    add_data(out, "fault", _("The cards cannot be read; code"));
    add_data(out, "failed", _("The local signing service does not answer. Load this page anew."));
}

static void
add_permission(GString *out)
{
    add_element(out, "h2", _("When a web site finds no service"));
    add_element(out, "p",
                _("New browsers ask you before a web site may reach programs on this computer "
                  "(“local network access”, “apps on this device”). If you said no, or no question "
                  "came, open the site's settings (the icon in front of its address) and allow it "
                  "there, then load the site anew."));
    add_element(out, "p",
                _("Sites that open a small window to sign work without this permission, but the "
                  "browser must let them open it (pop-ups)."));
}

char *
gca_page_self_test(const char *token, const char *languages)
{
    char *before = enter_language(languages);
    const char *title = _("The local signing service is running");
    GString *out = begin(title);

    add_self_test_data(out, token);
    g_string_append(out, ">\n");
    add_element(out, "h1", title);
    add_element(out, "p",
                _("Government web sites can ask it to sign with your card. It asks you each time, "
                  "and shows what will be signed."));
    add_element(out, "h2", _("Readers and cards"));
    add_element(out, "p", _("They are looked at when you say so; no PIN is needed."));
    g_string_append(out, "<p><button id=\"look\" type=\"button\">");
    add_escaped(out, _("Look at readers and cards"));
    g_string_append(out, "</button></p>\n<ul id=\"found\" aria-live=\"polite\"></ul>\n");
    add_permission(out);
    add_element(out, "h2", _("Sites that may use the card"));
    add_element(out, "p",
                _("A site is asked about once, and is then kept in the file “trusted-sites” in "
                  "the folder “gca-toolkit” of your configuration. Take its line out there, and "
                  "it is asked about again."));
    leave_language(before);
    return end(out, "/selftest.js");
}

static char *
describe_refusal(void)
{
    g_autofree char *path = gca_site_dup_path();

    return g_strdup_printf(
        _("This site may not use the card: nobody said yes. After a no it is "
          "not asked about for ten minutes; nor is any other site after three "
          "noes within a minute. To let it use the card before that, write its address as "
          "a line into the file “%s”."),
        path);
}

static char *
describe_file(void)
{
    g_autofree char *path = gca_site_dup_path();

    return g_strdup_printf(_("This site may not use the card: the file “%s”, where your yes would "
                             "be kept, cannot be read or written. “gca-localsign --doctor” says "
                             "more."),
                           path);
}

static char *
describe_outcome(GcaPageOutcome outcome)
{
    switch (outcome) {
    case GCA_PAGE_SITE_ADDED:
        return g_strdup(_("This site may use the card now. You are still asked before anything is "
                          "signed."));
    case GCA_PAGE_SITE_REFUSED:
        return describe_refusal();
    case GCA_PAGE_SITE_IMPOSSIBLE:
        return g_strdup(_("This is not the address of a site that can be trusted: it must be "
                          "https:// and a host name."));
    case GCA_PAGE_SITE_BUSY:
        return g_strdup(_("Another question is still open. Answer it first, then try again."));
    case GCA_PAGE_SITE_UNKEPT:
        return describe_file();
    }
    return g_strdup("");
}

char *
gca_page_site(const char *site, GcaPageOutcome outcome, const char *languages)
{
    char *before = enter_language(languages);
    const char *title = _("A site that may use the card");
    GString *out = begin(title);

    g_string_append(out, ">\n");
    add_element(out, "h1", title);
    add_element(out, "code", site);
    g_autofree char *words = describe_outcome(outcome);
    add_element(out, "p", words);
    leave_language(before);
    return end(out, NULL);
}

char *
gca_page_refusal(guint status, const char *languages)
{
    char *before = enter_language(languages);
    const char *title = status == 404 ? _("There is no such page here")
                                      : _("The local signing service does not answer this");
    GString *out = begin(title);

    g_string_append(out, ">\n");
    add_element(out, "h1", title);
    leave_language(before);
    return end(out, NULL);
}
