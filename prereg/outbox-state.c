#include "config.h"

#include "base/error.h"
#include "base/file.h"
#include "base/json.h"
#include "base/text.h"
#include "prereg/outbox-private.h"

#include <glib/gi18n-lib.h>

#define VERSION 1

char *
gca_outbox_path(const char *sha256, const char *suffix)
{
    g_autofree char *folder = gca_outbox_dup_folder();
    g_autofree char *name = g_strconcat(sha256, suffix, NULL);

    return g_build_filename(folder, name, NULL);
}

/* A time, or NULL; FALSE where there is something else. */
static gboolean
take_time(json_t *state, const char *name, GDateTime **when)
{
    json_t *value = json_object_get(state, name);

    *when = json_is_string(value) ? gca_text_parse_time(json_string_value(value)) : NULL;
    return *when != NULL || json_is_null(value);
}

static gboolean
take(GcaOutboxEntry *entry, json_t *state)
{
    json_t *reason = json_object_get(state, "reason"), *refused = json_object_get(state, "refused");
    const char *endpoint = json_string_value(json_object_get(state, "endpoint"));
    json_int_t tries = json_integer_value(json_object_get(state, "tries"));

    if (endpoint == NULL || !json_is_boolean(refused) || tries < 0 || tries > G_MAXINT ||
        !(json_is_string(reason) || json_is_null(reason)) ||
        json_integer_value(json_object_get(state, "version")) != VERSION ||
        !take_time(state, "added", &entry->added) || entry->added == NULL ||
        !take_time(state, "next", &entry->next))
        return FALSE;
    entry->endpoint = g_strdup(endpoint);
    entry->reason = g_strdup(json_string_value(reason));
    entry->is_refused = json_is_true(refused);
    entry->tries = (guint) tries;
    return TRUE;
}

gboolean
gca_outbox_state_load(GcaOutboxEntry *entry, GError **error)
{
    g_autofree char *path = gca_outbox_path(entry->sha256, GCA_OUTBOX_STATE_SUFFIX);
    g_autoptr(GBytes) bytes = gca_file_read(path, GCA_OUTBOX_STATE_LIMIT, error);
    g_autoptr(json_t) state = bytes ? gca_json_parse(bytes, path, error) : NULL;

    if (state == NULL)
        return FALSE;
    if (take(entry, state))
        return TRUE;
    g_autofree char *shown = gca_text_escape(path);
    gca_error_set(error, GCA_ERROR_BAD_DATA, _("“%s” is not what the outbox writes."), shown);
    return FALSE;
}

static json_t *
pack_time(GDateTime *when)
{
    g_autofree char *text = when ? gca_text_time(when) : NULL;

    return text ? json_string(text) : json_null();
}

gboolean
gca_outbox_state_save(const GcaOutboxEntry *entry, GError **error)
{
    g_autofree char *path = gca_outbox_path(entry->sha256, GCA_OUTBOX_STATE_SUFFIX);
    g_autofree char *reason = entry->reason ? gca_text_escape(entry->reason) : NULL;
    g_autoptr(json_t) state =
        json_pack("{s:i, s:s, s:o, s:s?, s:b, s:i, s:o}", "version", VERSION, "endpoint",
                  entry->endpoint, "added", pack_time(entry->added), "reason", reason, "refused",
                  entry->is_refused, "tries", (int) entry->tries, "next", pack_time(entry->next));
    char *text = json_dumps(state, JSON_INDENT(2) | JSON_SORT_KEYS);
    g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));

    free(text);
    return gca_file_replace(path, bytes, 0600, error);
}
