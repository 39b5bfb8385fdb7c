#include "config.h"

#include "base/error.h"
#include "base/text.h"
#include "cli/common/output.h"
#include "cli/gca-card/commands.h"
#include "pcsc/context.h"

#include <glib/gi18n.h>

static const char *
state_to_string(const GcaReader *reader)
{
    if (reader->is_in_use)
        return _("a card, held by another program");
    if (reader->is_mute)
        return _("a card that does not answer");
    return reader->has_card ? _("a card") : _("empty");
}

static json_t *
reader_to_json(const GcaReader *reader)
{
    g_autofree char *atr = reader->atr ? gca_text_hex(reader->atr) : NULL;
    json_t *object = json_object();

    json_object_set_new(object, "name", gca_output_json_string(reader->name));
    json_object_set_new(object, "card", json_boolean(reader->has_card));
    json_object_set_new(object, "mute", json_boolean(reader->is_mute));
    json_object_set_new(object, "in_use", json_boolean(reader->is_in_use));
    json_object_set_new(object, "atr", gca_output_json_string(atr));
    return object;
}

static void
print_readers(GcaInvocation *invocation, GPtrArray *readers)
{
    json_t *list = json_array();

    for (guint i = 0; i < readers->len; i++) {
        const GcaReader *reader = g_ptr_array_index(readers, i);
        g_autofree char *name = gca_text_escape(reader->name);
        if (gca_invocation_is_json(invocation))
            json_array_append_new(list, reader_to_json(reader));
        else
            gca_output_print("%s: %s\n", name, state_to_string(reader));
    }
    if (gca_invocation_is_json(invocation))
        gca_invocation_answer(invocation, json_pack("{sO}", "readers", list));
    json_decref(list);
    gca_output_flush();
}

static gboolean
any_card(GPtrArray *readers)
{
    for (guint i = 0; i < readers->len; i++) {
        const GcaReader *reader = g_ptr_array_index(readers, i);
        if (reader->has_card)
            return TRUE;
    }
    return FALSE;
}

static gboolean
refuse_none(GPtrArray *readers, GError **error)
{
    if (readers->len > 0)
        return TRUE;
    gca_error_set(error, GCA_ERROR_NO_READER, "%s", _("No card reader is connected."));
    return FALSE;
}

/* Lists once, until there is a card (`wait`), or at every change (`watch`). */
static gboolean
list(GcaInvocation *invocation, gboolean wait, gboolean watch, GError **error)
{
    GcaCancel *cancel = gca_invocation_get_cancel(invocation);
    g_autoptr(GcaPcsc) pcsc = gca_pcsc_new(error);
    if (pcsc == NULL)
        return FALSE;

    for (;;) {
        g_autoptr(GPtrArray) readers = gca_pcsc_list(pcsc, error);
        if (readers == NULL)
            return FALSE;
        gboolean waiting = wait && !any_card(readers);
        if (!waiting)
            print_readers(invocation, readers);
        if (!waiting && !watch)
            return refuse_none(readers, error);
        if (!gca_pcsc_wait(pcsc, -1, cancel, error))
            return FALSE;
    }
}

gboolean
gca_card_list(GcaInvocation *invocation, GError **error)
{
    gboolean wait = FALSE, watch = FALSE;
    const GOptionEntry entries[] = {
        {"wait", 'w', 0, G_OPTION_ARG_NONE, &wait, N_("Wait until a card is in a reader"), NULL},
        {"watch", 0, 0, G_OPTION_ARG_NONE, &watch, N_("List again at every change, until Ctrl-C"),
         NULL},
        G_OPTION_ENTRY_NULL};

    return gca_invocation_parse(invocation, entries, GCA_OPTIONS_NONE, 0, error) &&
           list(invocation, wait, watch, error);
}
