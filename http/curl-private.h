/* libcurl, loaded when it is first needed: some thirty libraries come with it (LDAP, Kerberos,
 * SSH, …), for which no window and no tool that sends nothing should wait. For this folder only. */
#pragma once

#include <curl/curl.h>
#include <glib.h>

G_BEGIN_DECLS

/* Those that are used, less "curl_". */
#define GCA_CURL_FUNCTIONS(FUNCTION)                                                               \
    FUNCTION(easy_cleanup)                                                                         \
    FUNCTION(easy_getinfo)                                                                         \
    FUNCTION(easy_header)                                                                          \
    FUNCTION(easy_init)                                                                            \
    FUNCTION(easy_nextheader)                                                                      \
    FUNCTION(easy_setopt)                                                                          \
    FUNCTION(easy_strerror)                                                                        \
    FUNCTION(free)                                                                                 \
    FUNCTION(getdate)                                                                              \
    FUNCTION(global_init)                                                                          \
    FUNCTION(multi_add_handle)                                                                     \
    FUNCTION(multi_cleanup)                                                                        \
    FUNCTION(multi_info_read)                                                                      \
    FUNCTION(multi_init)                                                                           \
    FUNCTION(multi_perform)                                                                        \
    FUNCTION(multi_poll)                                                                           \
    FUNCTION(multi_remove_handle)                                                                  \
    FUNCTION(slist_append)                                                                         \
    FUNCTION(slist_free_all)                                                                       \
    FUNCTION(url)                                                                                  \
    FUNCTION(url_cleanup)                                                                          \
    FUNCTION(url_get)                                                                              \
    FUNCTION(url_set)

/* Each of the type that curl/curl.h declares; but the value of an option nobody checks here: it has
 * to be long, curl_off_t or a pointer, as curl_easy_setopt(3) says of it. */
typedef struct {
#define GCA_CURL_MEMBER(name) __typeof__(curl_##name) *name;
    GCA_CURL_FUNCTIONS(GCA_CURL_MEMBER)
#undef GCA_CURL_MEMBER
} GcaCurl;

/* Fills `curl` from the library of that name; INTERNAL: it is not there, or is another. */
gboolean gca_curl_open(const char *soname, GcaCurl *curl, GError **error);

/* libcurl, ready for use; the same each time. INTERNAL: it cannot be loaded or started. */
const GcaCurl *gca_curl_load(GError **error);

/* For what is reached only after gca_curl_load has succeeded. */
const GcaCurl *gca_curl(void);

/* ---- its types, joined to g_autoptr ---- */

typedef struct curl_slist GcaCurlList;

static inline void
gca_curl_easy_free(CURL *easy)
{
    gca_curl()->easy_cleanup(easy);
}

static inline void
gca_curl_url_free(CURLU *url)
{
    gca_curl()->url_cleanup(url);
}

static inline void
gca_curl_list_free(GcaCurlList *list)
{
    gca_curl()->slist_free_all(list);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(CURL, gca_curl_easy_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CURLU, gca_curl_url_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GcaCurlList, gca_curl_list_free)

G_END_DECLS
