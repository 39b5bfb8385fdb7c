/* gca-card-send READER APDU…: sends each APDU (hex) to the card in a reader,
 * counted from 0, and prints each answer as it is, one a line: no GET RESPONSE,
 * no second try. Exit status 1 and the PC/SC error if one cannot be sent. */
#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <winscard.h>

#define MAX_APDU 261
#define MAX_ANSWER 4096

static gsize
from_hex(const char *hex, BYTE *bytes)
{
    gsize length = 0;

    for (; g_ascii_isxdigit(hex[0]) && g_ascii_isxdigit(hex[1]) && length < MAX_APDU; hex += 2)
        bytes[length++] = (BYTE) (g_ascii_xdigit_value(hex[0]) << 4 | g_ascii_xdigit_value(hex[1]));
    return length;
}

static LONG
open_card(SCARDCONTEXT *context, SCARDHANDLE *card, int reader)
{
    char names[1024];
    DWORD size = sizeof names;
    DWORD protocol;
    const char *name = names;
    LONG rv = SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, context);

    if (rv == SCARD_S_SUCCESS)
        rv = SCardListReaders(*context, NULL, names, &size);
    if (rv != SCARD_S_SUCCESS)
        return rv;
    for (; reader > 0 && *name != '\0'; reader--)
        name += strlen(name) + 1;
    return SCardConnect(*context, name, SCARD_SHARE_SHARED, SCARD_PROTOCOL_ANY, card, &protocol);
}

static LONG
send_apdu(SCARDHANDLE card, const char *hex)
{
    BYTE command[MAX_APDU];
    BYTE answer[MAX_ANSWER];
    DWORD length = sizeof answer;
    LONG rv =
        SCardTransmit(card, SCARD_PCI_T1, command, from_hex(hex, command), NULL, answer, &length);

    if (rv != SCARD_S_SUCCESS)
        return rv;
    for (DWORD i = 0; i < length; i++)
        printf("%02X", answer[i]);
    printf("\n");
    fflush(stdout);
    return rv;
}

int
main(int argc, char **argv)
{
    SCARDCONTEXT context = 0;
    SCARDHANDLE card = 0;
    LONG rv;

    if (argc < 3) {
        fprintf(stderr, "usage: %s READER APDU...\n", argv[0]);
        return 2;
    }
    rv = open_card(&context, &card, atoi(argv[1]));
    for (int i = 2; i < argc && rv == SCARD_S_SUCCESS; i++)
        rv = send_apdu(card, argv[i]);
    if (rv != SCARD_S_SUCCESS)
        fprintf(stderr, "%s\n", pcsc_stringify_error(rv));
    SCardDisconnect(card, SCARD_LEAVE_CARD);
    SCardReleaseContext(context);
    return rv == SCARD_S_SUCCESS ? 0 : 1;
}
