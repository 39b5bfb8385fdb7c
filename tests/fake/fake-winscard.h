/* A scripted PC/SC service, linked instead of libpcsclite. */
#pragma once

#include <glib.h>
#include <winscard.h>

/* Answers one command, data and status word. */
typedef GByteArray *(*FakeCard)(const guint8 *command, gsize size, gpointer data);

/* No readers, no scripts, an empty log. */
void fake_winscard_reset(void);

/* Adds a reader; `state` is SCARD_STATE_EMPTY or PRESENT and what else goes with it. A card has the
 * ATR of the first generation unless it is mute. */
void fake_winscard_add_reader(const char *name, DWORD state);
void fake_winscard_remove_reader(const char *name);

/* Another state, with the event counted. */
void fake_winscard_set_state(const char *name, DWORD state);

/* The raw answer of SCardListReaders instead of the readers' names. */
void fake_winscard_set_list(const void *list, gsize size);

/* The `nth` next call (1: the next) of `call` answers `answer` and does nothing else. */
void fake_winscard_fail(const char *call, guint nth, LONG answer);

/* From the `nth` next one on, calls of `call` do not come back until fake_winscard_let_go. */
void fake_winscard_hang(const char *call, guint nth);
void fake_winscard_let_go(void);

/* The card in every reader, by function or by script: "00A4… > 9000", one line a command, in
 * hexadecimal and in order. A command not in the script fails the test. */
void fake_winscard_set_card(FakeCard card, gpointer data);
void fake_winscard_set_script(const char *const *lines);

void fake_winscard_set_protocol(DWORD protocol);

/* How often `call` was made. */
guint fake_winscard_count(const char *call);

/* Waits up to two seconds until `call` was made `count` times. */
void fake_winscard_await(const char *call, guint count);

/* The commands sent, in hexadecimal, one a line. */
char *fake_winscard_dup_commands(void);

/* The last argument of SCardDisconnect and SCardEndTransaction; the PCI of SCardTransmit. */
DWORD fake_winscard_last_disposition(void);
DWORD fake_winscard_last_pci(void);

/* TRUE if contexts, connections and transactions were all given back. */
gboolean fake_winscard_is_clean(void);

GByteArray *fake_from_hex(const char *hex);
char *fake_to_hex(const guint8 *data, gsize size);
