#include "config.h"

#include "prereg/journal.h"

#include "base/file.h"
#include "base/json.h"
#include "base/place.h"
#include "base/text.h"

#define FILE_NAME "journal.jsonl"

static json_t *
encode_domains(const GcaRequest *request)
{
    json_t *list = json_array();

    for (const char *const *at = gca_request_get_domains(request); *at != NULL; at++)
        json_array_append_new(list, json_string(*at));
    return list;
}

gboolean
gca_journal_add(const GcaRequest *request, const char *sha256, const char *path, GError **error)
{
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();
    g_autofree char *time = gca_text_time(now);
    g_autofree char *journal = gca_place_state(FILE_NAME);
    g_autofree char *whole = g_canonicalize_filename(path, NULL);
    g_autofree char *shown = gca_text_escape(whole); /* a file's name need not be UTF-8 */

    g_autoptr(json_t) entry =
        json_pack("{s:s, s:o, s:s, s:s, s:s}", "time", time, "domains", encode_domains(request),
                  "account", gca_request_get_account_uri(request), "sha256", sha256, "file", shown);
    g_autoptr(GBytes) line = gca_json_encode_canonical(entry, error);
    if (line == NULL)
        return FALSE;
    gsize size;
    const char *data = g_bytes_get_data(line, &size);
    g_autofree char *text = g_strndup(data, size);
    return gca_file_append_line(journal, text, error);
}
