#include "config.h"

#include "cli/gca-prereg/tell-batch.h"

#include "base/text.h"
#include "cli/common/output.h"
#include "cli/gca-prereg/show-request.h"
#include "cli/gca-prereg/tell.h"

#include <glib/gi18n.h>

/* ---- what will be signed ---- */

void
gca_tell_batch_trust_notes(GcaInvocation *invocation, GPtrArray *rows)
{
    g_autoptr(GHashTable) told = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint i = 0; i < rows->len; i++) {
        const GcaPreregRow *row = g_ptr_array_index(rows, i);
        const GcaProfile *profile = row->prereg ? gca_prereg_get_profile(row->prereg) : NULL;
        if (profile != NULL && g_hash_table_add(told, (gpointer) gca_profile_get_name(profile)))
            gca_tell_trust_note(invocation, profile);
    }
}

static char *
show(GPtrArray *rows)
{
    GString *out = g_string_new(NULL);
    gboolean is_first = TRUE;

    for (guint i = 0; i < rows->len; i++) {
        const GcaPreregRow *row = g_ptr_array_index(rows, i);
        if (row->state != GCA_PREREG_ROW_LEFT)
            continue;
        const GcaRequest *request = gca_prereg_get_request(row->prereg);
        const GcaProfile *profile = gca_prereg_get_profile(row->prereg);
        if (is_first)
            gca_show_add_requester(out, request);
        is_first = FALSE;
        g_string_append_printf(out, _("\nLine %u of the table\n"), row->line);
        gca_show_add_wish(out, request, gca_profile_get_max_characters(profile));
    }
    return g_string_free(out, FALSE);
}

static void
add_line(GHashTable *sentences, GPtrArray *order, const char *sentence, guint line)
{
    GString *lines = g_hash_table_lookup(sentences, sentence);

    if (lines == NULL) {
        lines = g_string_new(NULL);
        g_hash_table_insert(sentences, (gpointer) sentence, lines);
        g_ptr_array_add(order, (gpointer) sentence);
    }
    g_autofree char *number = g_strdup_printf("%u", line);
    gca_text_add_item(lines, number);
}

static void
free_lines(gpointer lines)
{
    g_string_free(lines, TRUE);
}

/* A hundred rows bring one warning a hundred times: it is told once, with the lines. */
static void
tell_warnings(GcaInteraction *interaction, GPtrArray *rows)
{
    g_autoptr(GHashTable) sentences =
        g_hash_table_new_full(g_str_hash, g_str_equal, NULL, free_lines);
    g_autoptr(GPtrArray) order = g_ptr_array_new();

    for (guint i = 0; i < rows->len; i++) {
        const GcaPreregRow *row = g_ptr_array_index(rows, i);
        if (row->state != GCA_PREREG_ROW_LEFT)
            continue;
        const char *const *warnings = gca_prereg_get_warnings(row->prereg);
        const char *note = gca_prereg_get_note(row->prereg);
        for (guint j = 0; warnings[j] != NULL; j++)
            add_line(sentences, order, warnings[j], row->line);
        if (note != NULL)
            add_line(sentences, order, note, row->line);
    }
    for (guint i = 0; i < order->len; i++) {
        const char *sentence = g_ptr_array_index(order, i);
        const GString *lines = g_hash_table_lookup(sentences, sentence);
        gca_interaction_notice(interaction, GCA_NOTICE_WARNING, _("%s (line %s)"), sentence,
                               lines->str);
    }
}

static void
tell_left_out(GcaInteraction *interaction, GPtrArray *rows)
{
    for (guint i = 0; i < rows->len; i++) {
        const GcaPreregRow *row = g_ptr_array_index(rows, i);
        if (row->error != NULL)
            gca_interaction_notice(interaction, GCA_NOTICE_WARNING, _("Line %u is left out: %s"),
                                   row->line, row->error->message);
    }
}

void
gca_tell_batch(GcaInvocation *invocation, GPtrArray *rows, const GcaBatchManner *manner)
{
    GcaInteraction *interaction = gca_invocation_get_interaction(invocation);
    g_autofree char *list = show(rows);

    if (manner->dry_run && !gca_invocation_is_json(invocation))
        gca_output_print("%s", list);
    else if ((!manner->yes && !manner->dry_run) || !gca_invocation_is_quiet(invocation))
        gca_output_complain("%s\n%s", _("These will be signed:"), list);
    tell_warnings(interaction, rows);
    tell_left_out(interaction, rows);
}

/* ---- what has become of it ---- */

static json_t *
row_to_json(const GcaPreregRow *row)
{
    static const char *const empty[] = {NULL};
    const char *const *warnings = row->prereg ? gca_prereg_get_warnings(row->prereg) : empty;
    const GcaRequest *request = row->prereg ? gca_prereg_get_request(row->prereg) : NULL;
    const char *note = row->prereg ? gca_prereg_get_note(row->prereg) : NULL;
    json_t *list = json_array();
    json_t *object = row->state == GCA_PREREG_ROW_SIGNED
                         ? gca_signed_to_json(row->prereg, row->message, row->path)
                         : json_pack("{snsnsosns[]}", "file", "sha256", "request",
                                     request ? gca_request_to_json(request) : json_null(),
                                     "next_step", "certbot");

    for (guint i = 0; warnings[i] != NULL; i++)
        json_array_append_new(list, gca_output_json_string(warnings[i]));
    json_object_set_new(object, "line", json_integer(row->line));
    json_object_set_new(object, "account", gca_output_json_string(row->account));
    json_object_set_new(object, "state", json_string(gca_prereg_row_state_to_nick(row->state)));
    json_object_set_new(object, "message",
                        gca_output_json_string(row->error ? row->error->message : NULL));
    json_object_set_new(object, "note", gca_output_json_string(note));
    json_object_set_new(object, "warnings", list);
    return object;
}

static void
answer(GcaInvocation *invocation, GPtrArray *rows)
{
    json_t *list = json_array();

    for (guint i = 0; i < rows->len; i++)
        json_array_append_new(list, row_to_json(g_ptr_array_index(rows, i)));
    gca_invocation_answer(invocation, json_pack("{so}", "rows", list));
}

static const char *
state_to_string(GcaPreregRowState state)
{
    static const char *const words[] = {N_("not begun"), N_("signed"), N_("left out"),
                                        N_("left out"), N_("NOT SIGNED")};
    return _(words[state]);
}

static void
print_rows(GPtrArray *rows)
{
    for (guint i = 0; i < rows->len; i++) {
        const GcaPreregRow *row = g_ptr_array_index(rows, i);
        g_autofree char *sha256 = row->message ? gca_text_sha256(row->message) : NULL;
        g_autofree char *groups = sha256 ? gca_text_group_hex(sha256) : NULL;
        g_autofree char *path = row->path ? gca_text_escape(row->path) : NULL;
        gca_output_print(_("Line %u: %s"), row->line, state_to_string(row->state));
        if (path != NULL)
            gca_output_print("  %s\n  SHA-256 %s\n", path, groups);
        else
            gca_output_print("%s%s\n", row->error ? "  " : "",
                             row->error ? row->error->message : "");
    }
}

static void
tell_next_steps(GcaInteraction *interaction, GPtrArray *rows)
{
    g_autoptr(GHashTable) told = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint i = 0; i < rows->len; i++) {
        const GcaPreregRow *row = g_ptr_array_index(rows, i);
        const char *next = row->state == GCA_PREREG_ROW_SIGNED
                               ? gca_profile_get_next_step(gca_prereg_get_profile(row->prereg))
                               : NULL;
        if (next != NULL && g_hash_table_add(told, (gpointer) next))
            gca_interaction_notice(interaction, GCA_NOTICE_INFO, _("Next: %s"), next);
    }
}

void
gca_tell_batch_report(GcaInvocation *invocation, GPtrArray *rows)
{
    if (gca_invocation_is_json(invocation)) {
        answer(invocation, rows);
        return;
    }
    print_rows(rows);
    tell_next_steps(gca_invocation_get_interaction(invocation), rows);
}
