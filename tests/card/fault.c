#include "tests/card/fault.h"

#include <string.h>

typedef enum { ANY, SELECT, READ, VERIFY, SIGN, KINDS } Kind;

typedef struct {
    Kind kind;
    guint nth;
    guint16 sw;
} Moment;

struct Faults {
    GArray *sw; /* of Moment */
    Moment leave_at;
    Moment leave_after;
    guint seen[KINDS];
};

static gboolean
parse_moment(const char *text, Moment *moment)
{
    static const char *const names[KINDS] = {NULL, "select", "read", "verify", "sign"};
    g_auto(GStrv) parts = g_strsplit(text, ":", 2);
    const char *number = text;
    guint64 nth = 1;

    *moment = (Moment){ANY, 1, 0};
    for (Kind kind = SELECT; kind < KINDS; kind++)
        if (g_strcmp0(parts[0], names[kind]) == 0) {
            moment->kind = kind;
            number = parts[1];
        }
    if (number != NULL && !g_ascii_string_to_unsigned(number, 10, 1, G_MAXUINT, &nth, NULL))
        return FALSE;
    moment->nth = (guint) nth;
    return TRUE;
}

static gboolean
parse_sw(const char *text, Moment *moment)
{
    g_auto(GStrv) parts = g_strsplit(text, "=", 2);
    guint64 sw;

    if (g_strv_length(parts) != 2 || !parse_moment(parts[0], moment))
        return FALSE;
    if (!g_ascii_string_to_unsigned(parts[1], 16, 0x6000, 0x9FFF, &sw, NULL))
        return FALSE;
    moment->sw = (guint16) sw;
    return TRUE;
}

static gboolean
parse_all(Faults *faults, const Options *options)
{
    for (guint i = 0; options->sw != NULL && options->sw[i] != NULL; i++) {
        Moment moment;

        if (!parse_sw(options->sw[i], &moment))
            return FALSE;
        g_array_append_val(faults->sw, moment);
    }
    if (options->leave_at != NULL && !parse_moment(options->leave_at, &faults->leave_at))
        return FALSE;
    return options->leave_after == NULL || parse_moment(options->leave_after, &faults->leave_after);
}

Faults *
faults_new(const Options *options, GError **error)
{
    g_autoptr(Faults) faults = g_new0(Faults, 1);

    faults->sw = g_array_new(FALSE, FALSE, sizeof(Moment));
    if (!parse_all(faults, options)) {
        g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                    "--sw, --leave-at, --leave-after: see --help");
        return NULL;
    }
    return g_steal_pointer(&faults);
}

void
faults_free(Faults *faults)
{
    g_array_unref(faults->sw);
    g_free(faults);
}

gboolean
fault_is_verify(const Apdu *apdu)
{
    return apdu->ins == INS_VERIFY && apdu->length > 0;
}

gboolean
fault_is_sign(const Apdu *apdu)
{
    return apdu->ins == INS_GENERAL_AUTHENTICATE && apdu->cla == CLA_ISO;
}

static Kind
kind_of(const Apdu *apdu)
{
    if (fault_is_verify(apdu))
        return VERIFY;
    if (fault_is_sign(apdu))
        return SIGN;
    if (apdu->ins == INS_SELECT)
        return SELECT;
    return apdu->ins == INS_READ_BINARY || apdu->ins == INS_GET_DATA ? READ : ANY;
}

static gboolean
is_now(const Faults *faults, const Moment *moment, Kind kind)
{
    return (moment->kind == ANY || moment->kind == kind) &&
           moment->nth == faults->seen[moment->kind];
}

Fault
faults_next(Faults *faults, const Apdu *apdu)
{
    Kind kind = kind_of(apdu);
    Fault fault = {0, FALSE, FALSE};

    faults->seen[ANY]++;
    if (kind != ANY)
        faults->seen[kind]++;
    for (guint i = 0; i < faults->sw->len; i++) {
        const Moment *moment = &g_array_index(faults->sw, Moment, i);

        if (is_now(faults, moment, kind))
            fault.sw = moment->sw;
    }
    fault.leave_at = is_now(faults, &faults->leave_at, kind);
    fault.leave_after = is_now(faults, &faults->leave_after, kind);
    return fault;
}
