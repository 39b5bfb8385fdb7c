#include "config.h"

#include "prereg/journal.h"

#include "base/error.h"
#include "base/file.h"
#include "base/json.h"
#include "base/log.h"
#include "base/place.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_NAME "journal.jsonl"
#define TAIL_SIZE (1024 * 1024) /* some thousand lines */
#define SHA256_HEX 64

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

void
gca_journal_entry_free(GcaJournalEntry *entry)
{
    g_clear_pointer(&entry->time, g_date_time_unref);
    g_strfreev(entry->domains);
    g_free(entry->account);
    g_free(entry->sha256);
    g_free(entry->file);
    g_free(entry);
}

/* NULL unless it is a list of text, with one at least. */
static GStrv
dup_domains(json_t *list)
{
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
    json_t *domain;
    gsize i;

    if (json_array_size(list) == 0)
        return NULL;
    json_array_foreach(list, i, domain)
    {
        if (!json_is_string(domain))
            return NULL;
        g_strv_builder_add(builder, json_string_value(domain));
    }
    return g_strv_builder_end(builder);
}

static gboolean
is_sha256(const char *text)
{
    return strlen(text) == SHA256_HEX && strspn(text, "0123456789abcdef") == SHA256_HEX;
}

/* NULL for what gca_journal_add does not write. */
static GcaJournalEntry *
parse_line(GBytes *line)
{
    g_autoptr(GError) trouble = NULL;
    g_autoptr(json_t) value = gca_json_parse(line, FILE_NAME, &trouble);
    g_autoptr(GcaJournalEntry) entry = g_new0(GcaJournalEntry, 1);
    const char *time, *account, *sha256, *file;
    json_t *domains;

    if (value == NULL) {
        gca_log("prereg", "%s", trouble->message);
        return NULL;
    }
    if (json_unpack(value, "{s:s, s:o, s:s, s:s, s:s !}", "time", &time, "domains", &domains,
                    "account", &account, "sha256", &sha256, "file", &file) != 0 ||
        !is_sha256(sha256) || !g_path_is_absolute(file))
        return NULL;
    entry->time = gca_text_parse_time(time);
    entry->domains = dup_domains(domains);
    entry->account = g_strdup(account);
    entry->sha256 = g_strdup(sha256);
    entry->file = g_strdup(file);
    return entry->time && entry->domains ? g_steal_pointer(&entry) : NULL;
}

/* The last lines, none of them cut; empty where there is no journal. */
static GBytes *
read_tail(const char *path, GError **error)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    struct stat st;

    if (fd < 0 && errno == ENOENT)
        return g_bytes_new(NULL, 0);
    if (fd < 0 || fstat(fd, &st) != 0) {
        g_autofree char *shown = gca_text_escape(path);
        gca_error_set(error, GCA_ERROR_FILE, _("The journal “%s” cannot be read: %s."), shown,
                      g_strerror(errno));
        if (fd >= 0)
            close(fd);
        return NULL;
    }
    g_autoptr(GBytes) bytes = NULL;
    off_t from = MAX(st.st_size - TAIL_SIZE, 0);
    if (gca_file_check_regular(st.st_mode, path, error)) {
        lseek(fd, from, SEEK_SET);
        /* others may add to it meanwhile */
        bytes = gca_file_read_fd(fd, path, 2 * TAIL_SIZE, NULL, error);
    }
    close(fd);
    if (bytes == NULL || from == 0)
        return g_steal_pointer(&bytes);

    gsize size;
    const char *data = g_bytes_get_data(bytes, &size), *end = memchr(data, '\n', size);
    gsize skipped = end ? (gsize) (end + 1 - data) : size;
    return g_bytes_new_from_bytes(bytes, skipped, size - skipped);
}

/* The last line of the first *size bytes, which are shortened by it. */
static GBytes *
take_last_line(GBytes *bytes, gsize *size)
{
    const char *data = g_bytes_get_data(bytes, NULL);
    gsize end = data[*size - 1] == '\n' ? *size - 1 : *size;
    const char *before = end > 0 ? memrchr(data, '\n', end) : NULL;
    gsize start = before ? (gsize) (before + 1 - data) : 0;

    *size = start;
    return g_bytes_new_from_bytes(bytes, start, end - start);
}

GPtrArray *
gca_journal_list(guint limit, GPtrArray *troubles, GError **error)
{
    g_autofree char *path = gca_place_state(FILE_NAME);
    g_autoptr(GBytes) bytes = read_tail(path, error);
    if (bytes == NULL)
        return NULL;

    GPtrArray *entries = g_ptr_array_new_with_free_func((GDestroyNotify) gca_journal_entry_free);
    gsize size = g_bytes_get_size(bytes);
    guint n_bad = 0;
    while (size > 0 && (limit == 0 || entries->len < limit)) {
        g_autoptr(GBytes) line = take_last_line(bytes, &size);
        GcaJournalEntry *entry = parse_line(line);
        if (entry != NULL)
            g_ptr_array_add(entries, entry);
        else
            n_bad++;
    }
    if (n_bad > 0 && troubles != NULL) {
        g_autofree char *shown = gca_text_escape(path);
        g_ptr_array_add(
            troubles,
            g_strdup_printf(
                ngettext("%u line of the journal “%s” cannot be read and is left out.",
                         "%u lines of the journal “%s” cannot be read and are left out.", n_bad),
                n_bad, shown));
    }
    return entries;
}
