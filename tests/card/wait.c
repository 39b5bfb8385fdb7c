/* gca-card-wait WHAT MS: waits until pcscd answers (service), until it has a
 * reader (reader), or until so many readers hold a card that gave an ATR
 * (1, 2). Exit status 1 if that does not come in time. */
#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <winscard.h>

/* Names of the readers, each ended by NUL, the list by an empty one. */
static gboolean
list_readers(SCARDCONTEXT context, char *names, DWORD size)
{
    return SCardListReaders(context, NULL, names, &size) == SCARD_S_SUCCESS && names[0] != '\0';
}

static guint
count_cards(SCARDCONTEXT context, const char *names)
{
    guint count = 0;

    for (; *names != '\0'; names += strlen(names) + 1) {
        SCARD_READERSTATE state = {.szReader = names, .dwCurrentState = SCARD_STATE_UNAWARE};

        if (SCardGetStatusChange(context, 0, &state, 1) == SCARD_S_SUCCESS &&
            (state.dwEventState & SCARD_STATE_PRESENT) && state.cbAtr > 0)
            count++;
    }
    return count;
}

static gboolean
is_there(SCARDCONTEXT *context, const char *what)
{
    char names[1024];

    if (SCardIsValidContext(*context) != SCARD_S_SUCCESS &&
        SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, context) != SCARD_S_SUCCESS)
        return FALSE;
    if (g_str_equal(what, "service"))
        return TRUE;
    if (!list_readers(*context, names, sizeof names))
        return FALSE;
    return g_str_equal(what, "reader") || count_cards(*context, names) >= (guint) atoi(what);
}

int
main(int argc, char **argv)
{
    SCARDCONTEXT context = 0;
    gint64 deadline;

    if (argc != 3) {
        fprintf(stderr, "usage: %s service|reader|1|2 MS\n", argv[0]);
        return 2;
    }
    deadline = g_get_monotonic_time() + atoi(argv[2]) * G_TIME_SPAN_MILLISECOND;
    while (!is_there(&context, argv[1])) {
        if (g_get_monotonic_time() >= deadline)
            return 1;
        g_usleep(3000);
    }
    SCardReleaseContext(context);
    return 0;
}
