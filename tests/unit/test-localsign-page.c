/* The pages that a browser shows, and the files they need. */
#include "localsign/page-file.h"
#include "localsign/page.h"

#include <string.h>

static void
assert_has(const char *page, const char *words)
{
    if (strstr(page, words) == NULL)
        g_error("“%s” is not in %s", words, page);
}

static void
test_language(void)
{
    g_assert_cmpstr(gca_page_choose_language("zh-TW,zh;q=0.9,en;q=0.8"), ==, "zh_TW");
    g_assert_cmpstr(gca_page_choose_language("ZH-hant"), ==, "zh_TW");
    g_assert_cmpstr(gca_page_choose_language("fr, zh;q=0.5"), ==, "zh_TW");
    g_assert_cmpstr(gca_page_choose_language("en-GB,zh-TW;q=0.5"), ==, "en");
    g_assert_cmpstr(gca_page_choose_language("en"), ==, "en");
    g_assert_null(gca_page_choose_language("fr,zha,enm"));
    g_assert_null(gca_page_choose_language(",,;q="));
    g_assert_null(gca_page_choose_language(""));
    g_assert_null(gca_page_choose_language(NULL));
}

static void
test_popup(void)
{
    g_autofree char *page = gca_page_popup("a-b-c", NULL);

    assert_has(page, "data-token=\"a-b-c\"");
    assert_has(page, "<script src=\"/popup.js\">");
    assert_has(page, "<meta charset=\"utf-8\">");
    assert_has(page, "lang=\"en\"");
}

static void
test_self_test(void)
{
    g_autofree char *page = gca_page_self_test("a-b-c", NULL);

    assert_has(page, "data-token=\"a-b-c\"");
    assert_has(page, "local network access");
    assert_has(page, "trusted-sites");
}

static void
test_site(void)
{
    g_autofree char *page = gca_page_site("<script>\"\u202ewt.vog", GCA_PAGE_SITE_IMPOSSIBLE, NULL);

    g_assert_null(strstr(page, "<script"));
    g_assert_null(strstr(page, "\u202e"));
    assert_has(page, "&lt;script&gt;");
    assert_has(page, "https://");
}

/* Whatever the page asks for is served. */
static void
test_files(void)
{
    static const char *const needed[] = {"/popup.js", "/selftest.js", "/style.css", "/waiting.gif"};

    for (guint i = 0; i < G_N_ELEMENTS(needed); i++) {
        const GcaPageFile *file = gca_page_files;
        while (file->path != NULL && !g_str_equal(file->path, needed[i]))
            file++;
        g_assert_nonnull(file->path);
        g_assert_cmpuint(file->size, >, 100);
    }
}

/* Nothing of a page comes from elsewhere, and nothing of the handshake goes to just anybody. */
static void
test_scripts(void)
{
    for (const GcaPageFile *file = gca_page_files; file->path != NULL; file++) {
        g_autofree char *text = g_strndup((const char *) file->data, file->size);
        if (!g_str_has_suffix(file->path, ".js"))
            continue;
        g_assert_null(strstr(text, "//"));
        g_assert_null(strstr(text, "innerHTML"));
        const char *anybody = strstr(text, "\"*\"");
        g_assert_true(anybody == NULL || strstr(anybody + 1, "\"*\"") == NULL);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/localsign/page/language", test_language);
    g_test_add_func("/localsign/page/popup", test_popup);
    g_test_add_func("/localsign/page/self-test", test_self_test);
    g_test_add_func("/localsign/page/site", test_site);
    g_test_add_func("/localsign/page/files", test_files);
    g_test_add_func("/localsign/page/scripts", test_scripts);
    return g_test_run();
}
