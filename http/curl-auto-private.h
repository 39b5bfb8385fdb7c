/* libcurl's types joined to g_autoptr, once. */
#pragma once

#include <curl/curl.h>
#include <glib.h>

typedef struct curl_slist GcaCurlList;

G_DEFINE_AUTOPTR_CLEANUP_FUNC(CURL, curl_easy_cleanup)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CURLU, curl_url_cleanup)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GcaCurlList, curl_slist_free_all)
