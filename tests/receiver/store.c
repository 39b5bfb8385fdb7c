#include "store.h"

#include "base/file.h"
#include "base/text.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#define RECEIPT_LIMIT 4096

static char *
path_of(const char *folder, const char *sha256, const char *suffix)
{
    g_autofree char *name = g_strconcat(sha256, suffix, NULL);
    return g_build_filename(folder, name, NULL);
}

static GBytes *
make_receipt(const char *sha256)
{
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();
    g_autofree char *received = gca_text_time(now);
    g_autofree char *id = g_uuid_string_random();
    json_t *receipt = json_pack("{s:s, s:s, s:s, s:s}", "sha256", sha256, "status", "accepted",
                                "received", received, "id", id);
    char *text = json_dumps(receipt, JSON_COMPACT | JSON_SORT_KEYS);
    GBytes *bytes = g_bytes_new(text, strlen(text));

    free(text);
    json_decref(receipt);
    return bytes;
}

GBytes *
store_take(const char *folder, const char *sha256, GBytes *message, gboolean *is_new,
           GError **error)
{
    g_autofree char *message_path = path_of(folder, sha256, ".p7m");
    g_autofree char *receipt_path = path_of(folder, sha256, ".receipt.json");
    g_autofree char *arrivals_path = path_of(folder, sha256, ".arrivals");

    /* The message first: a receipt promises that it is there. A receiver that was killed between
     * the two makes the receipt when the message comes again. */
    *is_new = !g_file_test(receipt_path, G_FILE_TEST_EXISTS);
    if (!gca_file_append_line(arrivals_path, "1", error))
        return NULL;
    if (!g_file_test(message_path, G_FILE_TEST_EXISTS) &&
        !gca_file_create(message_path, message, 0600, error))
        return NULL;
    if (*is_new) {
        g_autoptr(GBytes) receipt = make_receipt(sha256);
        if (!gca_file_create(receipt_path, receipt, 0600, error))
            return NULL;
    }
    return gca_file_read(receipt_path, RECEIPT_LIMIT, error);
}
