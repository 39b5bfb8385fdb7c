#include "config.h"

#include "pcsc/context.h"

#include "base/error.h"
#include "base/log.h"
#include "pcsc/scard-error.h"
#include "pcsc/service.h"

#define PNP_READER "\\\\?PnP?\\Notification"

/* SCardCancel is lost when it comes just before SCardGetStatusChange begins to wait, and the PnP
 * reader of pcsc-lite < 2.3 says nothing of readers that came before: look again this often. */
#define SLICE_MS 1000

/* A service that reports the same over and over must not make us spin. */
#define BRAKE_US (100 * 1000)

/* Differences that are not a card or reader coming or going: others connect and disconnect. The
 * high word counts card events, so that a quick change is seen too. */
#define STATE_NOISE ((DWORD) (SCARD_STATE_CHANGED | SCARD_STATE_INUSE))

struct _GcaPcsc {
    SCARDCONTEXT context;        /* 0: none */
    GPtrArray *names;            /* as of the last list */
    GArray *states;              /* DWORD, one for each name */
    GcaInteraction *interaction; /* or NULL */
};

static void
close_context(GcaPcsc *pcsc)
{
    if (pcsc->context != 0)
        SCardReleaseContext(pcsc->context);
    pcsc->context = 0;
}

GcaPcsc *
gca_pcsc_new(GError **error)
{
    g_autoptr(GcaPcsc) pcsc = g_new0(GcaPcsc, 1);

    pcsc->names = g_ptr_array_new_with_free_func(g_free);
    pcsc->states = g_array_new(FALSE, FALSE, sizeof(DWORD));
    return gca_service_open(&pcsc->context, error) ? g_steal_pointer(&pcsc) : NULL;
}

void
gca_pcsc_free(GcaPcsc *pcsc)
{
    close_context(pcsc);
    g_ptr_array_unref(pcsc->names);
    g_array_unref(pcsc->states);
    g_clear_object(&pcsc->interaction);
    g_free(pcsc);
}

void
gca_pcsc_set_interaction(GcaPcsc *pcsc, GcaInteraction *interaction)
{
    g_set_object(&pcsc->interaction, interaction);
}

GcaInteraction *
gca_pcsc_get_interaction(const GcaPcsc *pcsc)
{
    return pcsc->interaction;
}

static gboolean
is_lost_service(LONG answer)
{
    return answer == SCARD_E_INVALID_HANDLE || answer == SCARD_E_NO_SERVICE ||
           answer == SCARD_E_SERVICE_STOPPED || answer == SCARD_F_COMM_ERROR;
}

/* A context does not outlive a restart of pcscd: a new one is tried, once. */
static GPtrArray *
fetch_names_again(GcaPcsc *pcsc, GError **error)
{
    LONG answer = SCARD_E_INVALID_HANDLE;
    GPtrArray *names = pcsc->context != 0 ? gca_service_list(pcsc->context, &answer) : NULL;

    if (names == NULL && is_lost_service(answer)) {
        close_context(pcsc);
        if (!gca_service_open(&pcsc->context, error))
            return NULL;
        names = gca_service_list(pcsc->context, &answer);
    }
    if (names == NULL)
        gca_scard_error_set(error, "SCardListReaders", answer, NULL);
    return names;
}

static GcaReader *
reader_new(const char *name, const SCARD_READERSTATE *state)
{
    GcaReader *reader = g_new0(GcaReader, 1);
    gsize atr_size = MIN(state->cbAtr, sizeof state->rgbAtr);

    reader->name = g_strdup(name);
    reader->has_card = (state->dwEventState & SCARD_STATE_PRESENT) != 0;
    reader->is_mute =
        reader->has_card && ((state->dwEventState & SCARD_STATE_MUTE) != 0 || atr_size == 0);
    reader->is_in_use = (state->dwEventState & SCARD_STATE_EXCLUSIVE) != 0;
    reader->events = (guint) (state->dwEventState >> 16);
    if (reader->has_card)
        reader->atr = g_bytes_new(state->rgbAtr, atr_size);
    return reader;
}

/* One call a reader: a reader that goes meanwhile takes no other with it, and pcsc-lite takes no
 * more than 16 at once. */
static gboolean
add_reader(GcaPcsc *pcsc, const char *name, GPtrArray *readers, GError **error)
{
    SCARD_READERSTATE state = {.szReader = name, .dwCurrentState = SCARD_STATE_UNAWARE};
    LONG answer = SCardGetStatusChange(pcsc->context, 0, &state, 1);

    if (answer == SCARD_E_UNKNOWN_READER || answer == SCARD_E_READER_UNAVAILABLE)
        return TRUE;
    if (answer != SCARD_S_SUCCESS && answer != SCARD_E_TIMEOUT) {
        gca_scard_error_set(error, "SCardGetStatusChange", answer, NULL);
        return FALSE;
    }
    DWORD seen = state.dwEventState & ~(DWORD) SCARD_STATE_CHANGED;
    g_ptr_array_add(pcsc->names, g_strdup(name));
    g_array_append_val(pcsc->states, seen);
    g_ptr_array_add(readers, reader_new(name, &state));
    return TRUE;
}

GPtrArray *
gca_pcsc_list(GcaPcsc *pcsc, GError **error)
{
    g_autoptr(GPtrArray) names = fetch_names_again(pcsc, error);
    if (names == NULL)
        return NULL;

    g_autoptr(GPtrArray) readers = g_ptr_array_new_with_free_func((GDestroyNotify) gca_reader_free);
    g_ptr_array_set_size(pcsc->names, 0);
    g_array_set_size(pcsc->states, 0);
    for (guint i = 0; i < names->len; i++) {
        if (!add_reader(pcsc, names->pdata[i], readers, error))
            return NULL;
    }
    gca_log("pcsc", "%u readers", readers->len);
    return g_steal_pointer(&readers);
}

static gboolean
names_are_as_listed(GcaPcsc *pcsc, GPtrArray *names)
{
    if (names->len != pcsc->names->len)
        return FALSE;
    for (guint i = 0; i < names->len; i++) {
        if (!g_ptr_array_find_with_equal_func(pcsc->names, names->pdata[i], g_str_equal, NULL))
            return FALSE;
    }
    return TRUE;
}

/* TRUE if one of the first `count` readers has changed in a way that matters; other changes are
 * taken over, so that they are not reported again and again. */
static gboolean
take_states(GcaPcsc *pcsc, const SCARD_READERSTATE *states, guint count)
{
    for (guint i = 0; i < count; i++) {
        DWORD *seen = &g_array_index(pcsc->states, DWORD, i);
        DWORD now = states[i].dwEventState & ~(DWORD) SCARD_STATE_CHANGED;
        if (((now ^ *seen) & ~STATE_NOISE) != 0)
            return TRUE;
        *seen = now;
    }
    return FALSE;
}

/* One slice of waiting: what the service answered, and whether something has changed. */
static LONG
wait_slice(GcaPcsc *pcsc, DWORD slice_ms, gboolean *changed)
{
    LONG answer;
    g_autoptr(GPtrArray) names = gca_service_list(pcsc->context, &answer);
    if (names == NULL)
        return answer;
    *changed = !names_are_as_listed(pcsc, names);
    if (*changed)
        return SCARD_S_SUCCESS;

    /* pcsc-lite refuses more than its own maximum, the PnP reader counted. */
    SCARD_READERSTATE states[PCSCLITE_MAX_READERS_CONTEXTS] = {0};
    guint count = MIN(pcsc->names->len, G_N_ELEMENTS(states)), all = count;
    for (guint i = 0; i < count; i++) {
        states[i].szReader = pcsc->names->pdata[i];
        states[i].dwCurrentState = g_array_index(pcsc->states, DWORD, i);
    }
    if (all < G_N_ELEMENTS(states))
        states[all++].szReader = PNP_READER;

    answer = SCardGetStatusChange(pcsc->context, slice_ms, states, all);
    if (answer == SCARD_E_UNKNOWN_READER) {
        *changed = TRUE;
        return SCARD_S_SUCCESS;
    }
    if (answer != SCARD_S_SUCCESS)
        return answer;
    *changed = take_states(pcsc, states, count);
    if (!*changed)
        g_usleep(BRAKE_US);
    return SCARD_S_SUCCESS;
}

static void
cancel_wait(gpointer data)
{
    const GcaPcsc *pcsc = data;

    SCardCancel(pcsc->context);
}

static gboolean
wait_for_change(GcaPcsc *pcsc, int timeout_ms, GcaCancel *cancel, GError **error)
{
    gint64 deadline = g_get_monotonic_time() + timeout_ms * G_TIME_SPAN_MILLISECOND;
    gboolean changed = FALSE;

    while (gca_cancel_check(cancel, error)) {
        gint64 left = (deadline - g_get_monotonic_time() + 999) / G_TIME_SPAN_MILLISECOND;
        DWORD slice = timeout_ms < 0 ? SLICE_MS : (DWORD) CLAMP(left, 0, SLICE_MS);
        LONG answer = wait_slice(pcsc, slice, &changed);

        if (answer != SCARD_S_SUCCESS && answer != SCARD_E_TIMEOUT && answer != SCARD_E_CANCELLED) {
            gca_scard_error_set(error, "SCardGetStatusChange", answer, NULL);
            return FALSE;
        }
        if (changed || (timeout_ms >= 0 && left <= 0))
            return changed;
    }
    return FALSE;
}

gboolean
gca_pcsc_wait(GcaPcsc *pcsc, int timeout_ms, GcaCancel *cancel, GError **error)
{
    if (pcsc->context == 0 && !gca_service_open(&pcsc->context, error))
        return FALSE;
    gca_cancel_connect(cancel, cancel_wait, pcsc);
    gboolean changed = wait_for_change(pcsc, timeout_ms, cancel, error);
    gca_cancel_disconnect(cancel);
    return changed;
}
