#include "config.h"

#include "prereg/outbox-cause.h"

#include "base/text.h"

#include <glib/gi18n-lib.h>

#define BEGUN "begun"

struct _GcaOutboxCause {
    char *code;     /* of the table of errors; "begun"; NULL: not noted (by an earlier version) */
    guint status;   /* HTTP; 0: no answer */
    char *said;     /* in the receiver's words; NULL: none */
    char *location; /* NULL: not sent on */
    char *sentence; /* as it was told; NULL: made from the others */
    char *language; /* of `sentence`; NULL: not noted */
};

static void
clear(void *data)
{
    GcaOutboxCause *cause = data;

    g_free(cause->code);
    g_free(cause->said);
    g_free(cause->location);
    g_free(cause->sentence);
    g_free(cause->language);
}

GcaOutboxCause *
gca_outbox_cause_ref(GcaOutboxCause *cause)
{
    return g_rc_box_acquire(cause);
}

void
gca_outbox_cause_unref(GcaOutboxCause *cause)
{
    g_rc_box_release_full(cause, clear);
}

GcaOutboxCause *
gca_outbox_cause_new_begun(void)
{
    GcaOutboxCause *cause = g_rc_box_new0(GcaOutboxCause);

    cause->code = g_strdup(BEGUN);
    return cause;
}

GcaOutboxCause *
gca_outbox_cause_new_answer(guint status, const char *said, const char *location)
{
    GcaOutboxCause *cause = g_rc_box_new0(GcaOutboxCause);

    cause->code = g_strdup(gca_error_info(GCA_ERROR_SERVER)->name);
    cause->status = status;
    cause->said = said ? gca_text_escape(said) : NULL;
    cause->location = location ? gca_text_escape(location) : NULL;
    return cause;
}

GcaOutboxCause *
gca_outbox_cause_new_error(const GError *error)
{
    GcaOutboxCause *cause = g_rc_box_new0(GcaOutboxCause);

    cause->code = g_strdup(gca_error_info(gca_error_get_code(error))->name);
    cause->sentence = gca_text_escape(error->message);
    cause->language = g_strdup(gca_text_language());
    return cause;
}

/* ---- as a sentence ---- */

static char *
describe_answer(const GcaOutboxCause *cause, gboolean is_refused)
{
    g_autofree char *said = gca_text_escape(cause->said ? cause->said : "");
    g_autofree char *location = gca_text_escape(cause->location ? cause->location : "");

    if (cause->location != NULL)
        return g_strdup_printf(_("The receiver redirects to “%s”, which is not followed."),
                               location);
    if (cause->said == NULL)
        return g_strdup_printf(_("The receiver has answered with status %u, and no receipt."),
                               cause->status);
    if (is_refused)
        return g_strdup_printf(_("The receiver refuses the request: “%s”."), said);
    return g_strdup_printf(_("The receiver cannot take the request now: “%s”."), said);
}

static const GcaErrorInfo *
find_info(const char *name)
{
    for (int code = 0; code < GCA_ERROR_N_CODES; code++) {
        const GcaErrorInfo *info = gca_error_info((GcaErrorCode) code);
        if (g_strcmp0(info->name, name) == 0)
            return info;
    }
    return NULL;
}

char *
gca_outbox_cause_to_string(const GcaOutboxCause *cause, gboolean is_refused)
{
    const GcaErrorInfo *info = find_info(cause->code);

    if (g_strcmp0(cause->code, BEGUN) == 0)
        return g_strdup(_("It was begun, and the answer is not known: the program was stopped, or "
                          "is at it still."));
    if (cause->status != 0)
        return describe_answer(cause, is_refused);
    if (info != NULL && g_strcmp0(cause->language, gca_text_language()) != 0)
        return g_strdup(_(info->summary));
    return gca_text_escape(cause->sentence);
}

/* ---- as a file ---- */

json_t *
gca_outbox_cause_encode(const GcaOutboxCause *cause)
{
    return json_pack("{s:s?, s:i, s:s?, s:s?, s:s?, s:s?}", "code", cause->code, "status",
                     (int) cause->status, "said", cause->said, "location", cause->location,
                     "sentence", cause->sentence, "language", cause->language);
}

/* A text, or NULL; FALSE where there is something else. */
static gboolean
take_text(json_t *object, const char *name, char **text)
{
    json_t *value = json_object_get(object, name);

    *text = g_strdup(json_string_value(value));
    return *text != NULL || json_is_null(value);
}

static gboolean
take(GcaOutboxCause *cause, json_t *object)
{
    json_int_t status = json_integer_value(json_object_get(object, "status"));

    cause->status = (guint) CLAMP(status, 0, 999);
    return take_text(object, "code", &cause->code) && take_text(object, "said", &cause->said) &&
           take_text(object, "location", &cause->location) &&
           take_text(object, "sentence", &cause->sentence) &&
           take_text(object, "language", &cause->language) &&
           (cause->status != 0 || cause->sentence != NULL || g_strcmp0(cause->code, BEGUN) == 0);
}

gboolean
gca_outbox_cause_parse(json_t *value, GcaOutboxCause **cause)
{
    g_autoptr(GcaOutboxCause) read = g_rc_box_new0(GcaOutboxCause);

    read->sentence = g_strdup(json_string_value(value));
    if (read->sentence == NULL && !take(read, value))
        return FALSE;
    *cause = g_steal_pointer(&read);
    return TRUE;
}
