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

char *
gca_outbox_entry_dup_reason(const GcaOutboxEntry *entry)
{
    return entry->cause ? gca_outbox_cause_to_string(entry->cause, entry->is_refused) : NULL;
}

/* ---- reading ---- */

/* A time, or NULL; FALSE where there is something else. */
static gboolean
take_time(json_t *state, const char *name, GDateTime **when)
{
    json_t *value = json_object_get(state, name);

    *when = json_is_string(value) ? gca_text_parse_time(json_string_value(value)) : NULL;
    return *when != NULL || json_is_null(value);
}

/* NULL, or FALSE where there is something else. Earlier versions wrote a sentence. */
static gboolean
take_cause(json_t *state, GcaOutboxCause **cause)
{
    json_t *value = json_object_get(state, json_object_get(state, "cause") ? "cause" : "reason");

    return json_is_null(value) || gca_outbox_cause_parse(value, cause);
}

static gboolean
take(GcaOutboxEntry *entry, json_t *state)
{
    json_t *refused = json_object_get(state, "refused");
    const char *endpoint = json_string_value(json_object_get(state, "endpoint"));
    json_int_t tries = json_integer_value(json_object_get(state, "tries"));

    if (endpoint == NULL || !json_is_boolean(refused) || tries < 0 || tries > G_MAXINT ||
        json_integer_value(json_object_get(state, "version")) != VERSION ||
        !take_time(state, "added", &entry->added) || entry->added == NULL ||
        !take_time(state, "next", &entry->next) || !take_cause(state, &entry->cause))
        return FALSE;
    entry->endpoint = g_strdup(endpoint);
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

/* ---- writing ---- */

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
    json_t *cause = entry->cause ? gca_outbox_cause_encode(entry->cause) : json_null();
    g_autoptr(json_t) state =
        json_pack("{s:i, s:s, s:o, s:o, s:b, s:i, s:o}", "version", VERSION, "endpoint",
                  entry->endpoint, "added", pack_time(entry->added), "cause", cause, "refused",
                  entry->is_refused, "tries", (int) entry->tries, "next", pack_time(entry->next));
    char *text = json_dumps(state, JSON_INDENT(2) | JSON_SORT_KEYS);
    g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));

    free(text);
    return gca_file_replace(path, bytes, 0600, error);
}

static gboolean
note(GcaOutboxEntry *entry, GcaOutboxCause *cause, GDateTime *next, gboolean is_refused,
     GError **error)
{
    g_clear_pointer(&entry->cause, gca_outbox_cause_unref);
    entry->cause = gca_outbox_cause_ref(cause);
    g_clear_pointer(&entry->next, g_date_time_unref);
    entry->next = next ? g_date_time_ref(next) : NULL;
    entry->is_refused = is_refused;
    if (!entry->is_counted)
        entry->tries = MIN(entry->tries + 1, G_MAXINT);
    entry->is_counted = FALSE;
    return gca_outbox_state_save(entry, error);
}

gboolean
gca_outbox_begin(GcaOutboxEntry *entry, GError **error)
{
    g_autoptr(GcaOutboxCause) begun = gca_outbox_cause_new_begun();

    gboolean is_noted = note(entry, begun, NULL, FALSE, error);
    entry->is_counted = TRUE;
    return is_noted;
}

gboolean
gca_outbox_defer(GcaOutboxEntry *entry, GcaOutboxCause *cause, GDateTime *next, GError **error)
{
    return note(entry, cause, next, FALSE, error);
}

gboolean
gca_outbox_refuse(GcaOutboxEntry *entry, GcaOutboxCause *cause, GError **error)
{
    return note(entry, cause, NULL, TRUE, error);
}
