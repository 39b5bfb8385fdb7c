#include "tests/fake/fake-winscard.h"

#include <string.h>

#define PNP_READER "\\\\?PnP?\\Notification"

static const guint8 card_atr[] = {0x3B, 0xB8, 0x13, 0x00, 0x81, 0x31, 0xFA, 0x52, 0x43,
                                  0x48, 0x54, 0x4D, 0x4F, 0x49, 0x43, 0x41, 0xA5};

const SCARD_IO_REQUEST g_rgSCardT0Pci = {SCARD_PROTOCOL_T0, sizeof(SCARD_IO_REQUEST)};
const SCARD_IO_REQUEST g_rgSCardT1Pci = {SCARD_PROTOCOL_T1, sizeof(SCARD_IO_REQUEST)};
const SCARD_IO_REQUEST g_rgSCardRawPci = {SCARD_PROTOCOL_RAW, sizeof(SCARD_IO_REQUEST)};

typedef struct {
    char *name;
    DWORD state;
    DWORD events;
} Reader;

typedef struct {
    char *call;
    guint number; /* of the call */
    LONG answer;
    gboolean hangs;
} Fault;

static struct {
    GPtrArray *readers;
    GBytes *list;
    GArray *faults;
    GHashTable *counts;
    GString *commands;
    FakeCard card;
    gpointer card_data;
    char **script;
    guint script_at;
    DWORD protocol, disposition, pci;
    int contexts, connections, transactions;
    SCARDCONTEXT next_context;
    gboolean is_cancelled, may_hang;
} fake;

static GMutex mutex;
static GCond cond;

static void
reader_free(gpointer data)
{
    Reader *reader = data;
    g_free(reader->name);
    g_free(reader);
}

static void
fault_clear(gpointer data)
{
    g_free(((Fault *) data)->call);
}

void
fake_winscard_reset(void)
{
    g_clear_pointer(&fake.readers, g_ptr_array_unref);
    g_clear_pointer(&fake.list, g_bytes_unref);
    g_clear_pointer(&fake.faults, g_array_unref);
    g_clear_pointer(&fake.counts, g_hash_table_unref);
    g_clear_pointer(&fake.script, g_strfreev);
    if (fake.commands != NULL)
        g_string_free(fake.commands, TRUE);
    memset(&fake, 0, sizeof fake);
    fake.readers = g_ptr_array_new_with_free_func(reader_free);
    fake.faults = g_array_new(FALSE, TRUE, sizeof(Fault));
    g_array_set_clear_func(fake.faults, fault_clear);
    fake.counts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    fake.commands = g_string_new(NULL);
    fake.protocol = SCARD_PROTOCOL_T1;
    fake.next_context = 1;
    fake.may_hang = TRUE;
}

static Reader *
find_reader(const char *name)
{
    for (guint i = 0; i < fake.readers->len; i++) {
        Reader *reader = fake.readers->pdata[i];
        if (g_str_equal(reader->name, name))
            return reader;
    }
    return NULL;
}

void
fake_winscard_add_reader(const char *name, DWORD state)
{
    g_mutex_lock(&mutex);
    Reader *reader = g_new0(Reader, 1);
    reader->name = g_strdup(name);
    reader->state = state;
    g_ptr_array_add(fake.readers, reader);
    g_cond_broadcast(&cond);
    g_mutex_unlock(&mutex);
}

void
fake_winscard_remove_reader(const char *name)
{
    g_mutex_lock(&mutex);
    g_assert_true(g_ptr_array_remove(fake.readers, find_reader(name)));
    g_cond_broadcast(&cond);
    g_mutex_unlock(&mutex);
}

void
fake_winscard_set_state(const char *name, DWORD state)
{
    g_mutex_lock(&mutex);
    Reader *reader = find_reader(name);
    /* only cards count as events, as in pcscd */
    if (((reader->state ^ state) & (SCARD_STATE_EMPTY | SCARD_STATE_PRESENT)) != 0)
        reader->events++;
    reader->state = state;
    g_cond_broadcast(&cond);
    g_mutex_unlock(&mutex);
}

void
fake_winscard_set_list(const void *list, gsize size)
{
    g_clear_pointer(&fake.list, g_bytes_unref);
    fake.list = g_bytes_new(list, size);
}

static void
add_fault(const char *call, guint nth, LONG answer, gboolean hangs)
{
    Fault fault = {g_strdup(call), fake_winscard_count(call) + nth, answer, hangs};
    g_array_append_val(fake.faults, fault);
}

void
fake_winscard_fail(const char *call, guint nth, LONG answer)
{
    add_fault(call, nth, answer, FALSE);
}

void
fake_winscard_hang(const char *call, guint nth)
{
    add_fault(call, nth, SCARD_S_SUCCESS, TRUE);
}

void
fake_winscard_let_go(void)
{
    g_mutex_lock(&mutex);
    fake.may_hang = FALSE;
    g_cond_broadcast(&cond);
    g_mutex_unlock(&mutex);
}

void
fake_winscard_set_card(FakeCard card, gpointer data)
{
    fake.card = card;
    fake.card_data = data;
}

void
fake_winscard_set_script(const char *const *lines)
{
    fake.script = g_strdupv((char **) lines);
}

void
fake_winscard_set_protocol(DWORD protocol)
{
    fake.protocol = protocol;
}

guint
fake_winscard_count(const char *call)
{
    g_mutex_lock(&mutex);
    guint count = GPOINTER_TO_UINT(g_hash_table_lookup(fake.counts, call));
    g_mutex_unlock(&mutex);
    return count;
}

void
fake_winscard_await(const char *call, guint count)
{
    for (int i = 0; i < 200 && fake_winscard_count(call) < count; i++)
        g_usleep(10 * 1000);
    g_assert_cmpuint(fake_winscard_count(call), >=, count);
}

char *
fake_winscard_dup_commands(void)
{
    return g_strdup(fake.commands->str);
}

DWORD
fake_winscard_last_disposition(void)
{
    return fake.disposition;
}

DWORD
fake_winscard_last_pci(void)
{
    return fake.pci;
}

gboolean
fake_winscard_is_clean(void)
{
    return fake.contexts == 0 && fake.connections == 0 && fake.transactions == 0;
}

GByteArray *
fake_from_hex(const char *hex)
{
    GByteArray *bytes = g_byte_array_new();
    for (; g_ascii_isxdigit(hex[0]) && g_ascii_isxdigit(hex[1]); hex += 2) {
        guint8 byte = (guint8) (g_ascii_xdigit_value(hex[0]) << 4 | g_ascii_xdigit_value(hex[1]));
        g_byte_array_append(bytes, &byte, 1);
    }
    return bytes;
}

char *
fake_to_hex(const guint8 *data, gsize size)
{
    GString *hex = g_string_new(NULL);
    for (gsize i = 0; i < size; i++)
        g_string_append_printf(hex, "%02X", data[i]);
    return g_string_free(hex, FALSE);
}

/* Counts the call and plays the fault that is due; the mutex is held from here to leave(). */
static LONG
enter(const char *call)
{
    g_mutex_lock(&mutex);
    guint count = GPOINTER_TO_UINT(g_hash_table_lookup(fake.counts, call)) + 1;
    g_hash_table_insert(fake.counts, g_strdup(call), GUINT_TO_POINTER(count));
    for (guint i = 0; i < fake.faults->len; i++) {
        const Fault *fault = &g_array_index(fake.faults, Fault, i);
        if (!g_str_equal(fault->call, call))
            continue;
        if (fault->hangs && count >= fault->number) {
            while (fake.may_hang)
                g_cond_wait(&cond, &mutex);
            return SCARD_S_SUCCESS;
        }
        if (!fault->hangs && count == fault->number)
            return fault->answer;
    }
    return SCARD_S_SUCCESS;
}

static LONG
leave(LONG answer)
{
    g_mutex_unlock(&mutex);
    return answer;
}

LONG
SCardEstablishContext(DWORD scope, LPCVOID reserved1, LPCVOID reserved2, LPSCARDCONTEXT context)
{
    LONG answer = enter("SCardEstablishContext");
    if (answer == SCARD_S_SUCCESS) {
        fake.contexts++;
        *context = fake.next_context++;
    }
    return leave(answer);
}

LONG
SCardReleaseContext(SCARDCONTEXT context)
{
    LONG answer = enter("SCardReleaseContext");
    fake.contexts--;
    return leave(answer);
}

static GBytes *
current_list(void)
{
    if (fake.list != NULL)
        return g_bytes_ref(fake.list);
    GByteArray *list = g_byte_array_new();
    for (guint i = 0; i < fake.readers->len; i++) {
        const char *name = ((const Reader *) fake.readers->pdata[i])->name;
        g_byte_array_append(list, (const guint8 *) name, (guint) strlen(name) + 1);
    }
    g_byte_array_append(list, (const guint8 *) "", 1);
    return g_byte_array_free_to_bytes(list);
}

LONG
SCardListReaders(SCARDCONTEXT context, LPCSTR groups, LPSTR readers, LPDWORD size)
{
    LONG answer = enter("SCardListReaders");
    if (answer != SCARD_S_SUCCESS)
        return leave(answer);
    if (fake.list == NULL && fake.readers->len == 0)
        return leave(SCARD_E_NO_READERS_AVAILABLE);
    g_autoptr(GBytes) list = current_list();
    gsize length;
    const void *data = g_bytes_get_data(list, &length);
    if (readers != NULL && *size < length)
        answer = SCARD_E_INSUFFICIENT_BUFFER;
    else if (readers != NULL && length > 0)
        memcpy(readers, data, length);
    *size = length;
    return leave(answer);
}

/* TRUE if the state asked about is not the present one. */
static gboolean
fill_state(LPSCARD_READERSTATE state, guint readers_before)
{
    if (g_str_equal(state->szReader, PNP_READER)) {
        state->dwEventState = fake.readers->len != readers_before ? SCARD_STATE_CHANGED : 0;
        return state->dwEventState != 0;
    }
    const Reader *reader = find_reader(state->szReader);
    if (reader == NULL) {
        state->dwEventState = SCARD_STATE_UNKNOWN | SCARD_STATE_CHANGED;
        return TRUE;
    }
    gboolean has_atr =
        (reader->state & SCARD_STATE_PRESENT) != 0 && (reader->state & SCARD_STATE_MUTE) == 0;
    state->cbAtr = has_atr ? sizeof card_atr : 0;
    memcpy(state->rgbAtr, card_atr, state->cbAtr);
    state->dwEventState = reader->state | reader->events << 16;
    if (state->dwCurrentState == state->dwEventState)
        return FALSE;
    state->dwEventState |= SCARD_STATE_CHANGED;
    return TRUE;
}

static gboolean
fill_states(LPSCARD_READERSTATE states, DWORD count, guint readers_before)
{
    gboolean changed = FALSE;
    for (DWORD i = 0; i < count; i++)
        changed = fill_state(&states[i], readers_before) || changed;
    return changed;
}

LONG
SCardGetStatusChange(SCARDCONTEXT context, DWORD timeout, LPSCARD_READERSTATE states, DWORD count)
{
    LONG answer = enter("SCardGetStatusChange");
    gint64 deadline = g_get_monotonic_time() + (gint64) timeout * G_TIME_SPAN_MILLISECOND;
    guint readers_before = fake.readers->len;

    if (answer != SCARD_S_SUCCESS)
        return leave(answer);
    if (count > PCSCLITE_MAX_READERS_CONTEXTS)
        return leave(SCARD_E_INVALID_PARAMETER);
    for (DWORD i = 0; i < count; i++) {
        if (!g_str_equal(states[i].szReader, PNP_READER) && find_reader(states[i].szReader) == NULL)
            return leave(SCARD_E_UNKNOWN_READER);
    }
    fake.is_cancelled = FALSE;
    while (!fill_states(states, count, readers_before)) {
        if (fake.is_cancelled)
            return leave(SCARD_E_CANCELLED);
        if (!g_cond_wait_until(&cond, &mutex, deadline))
            return leave(SCARD_E_TIMEOUT);
    }
    return leave(SCARD_S_SUCCESS);
}

LONG
SCardCancel(SCARDCONTEXT context)
{
    LONG answer = enter("SCardCancel");
    fake.is_cancelled = TRUE;
    g_cond_broadcast(&cond);
    return leave(answer);
}

LONG
SCardConnect(SCARDCONTEXT context, LPCSTR name, DWORD mode, DWORD protocols, LPSCARDHANDLE handle,
             LPDWORD protocol)
{
    LONG answer = enter("SCardConnect");
    if (answer != SCARD_S_SUCCESS)
        return leave(answer);
    g_assert_cmpuint(mode, ==, SCARD_SHARE_SHARED);
    const Reader *reader = find_reader(name);
    if (reader == NULL)
        return leave(SCARD_E_UNKNOWN_READER);
    if ((reader->state & SCARD_STATE_PRESENT) == 0)
        return leave(SCARD_E_NO_SMARTCARD);
    if ((reader->state & SCARD_STATE_MUTE) != 0)
        return leave(SCARD_W_UNRESPONSIVE_CARD);
    if ((reader->state & SCARD_STATE_EXCLUSIVE) != 0)
        return leave(SCARD_E_SHARING_VIOLATION);
    fake.connections++;
    *handle = 1;
    *protocol = fake.protocol;
    return leave(SCARD_S_SUCCESS);
}

LONG
SCardReconnect(SCARDHANDLE handle, DWORD mode, DWORD protocols, DWORD initialization,
               LPDWORD protocol)
{
    LONG answer = enter("SCardReconnect");
    fake.disposition = initialization;
    *protocol = fake.protocol;
    return leave(answer);
}

LONG
SCardDisconnect(SCARDHANDLE handle, DWORD disposition)
{
    LONG answer = enter("SCardDisconnect");
    fake.connections--;
    fake.disposition = disposition;
    return leave(answer);
}

LONG
SCardBeginTransaction(SCARDHANDLE handle)
{
    LONG answer = enter("SCardBeginTransaction");
    if (answer == SCARD_S_SUCCESS)
        fake.transactions++;
    return leave(answer);
}

LONG
SCardEndTransaction(SCARDHANDLE handle, DWORD disposition)
{
    LONG answer = enter("SCardEndTransaction");
    fake.transactions--;
    g_assert_cmpuint(disposition, ==, SCARD_LEAVE_CARD);
    return leave(answer);
}

static GByteArray *
play_script(const char *command)
{
    g_assert_nonnull(fake.script);
    const char *line = fake.script[fake.script_at];
    g_assert_nonnull(line);
    g_auto(GStrv) parts = g_strsplit(line, " > ", 2);
    g_assert_cmpstr(command, ==, parts[0]);
    fake.script_at++;
    return fake_from_hex(parts[1]);
}

LONG
SCardTransmit(SCARDHANDLE handle, const SCARD_IO_REQUEST *pci, LPCBYTE command, DWORD size,
              SCARD_IO_REQUEST *receive_pci, LPBYTE answer, LPDWORD answer_size)
{
    LONG result = enter("SCardTransmit");
    fake.pci = pci->dwProtocol;
    g_autofree char *hex = fake_to_hex(command, size);
    g_string_append_printf(fake.commands, "%s\n", hex);
    if (result != SCARD_S_SUCCESS)
        return leave(result);
    g_assert_cmpint(fake.transactions, >, 0);
    g_autoptr(GByteArray) bytes =
        fake.card ? fake.card(command, size, fake.card_data) : play_script(hex);
    if (bytes->len > *answer_size)
        return leave(SCARD_E_INSUFFICIENT_BUFFER);
    if (bytes->len > 0)
        memcpy(answer, bytes->data, bytes->len);
    *answer_size = bytes->len;
    return leave(SCARD_S_SUCCESS);
}
