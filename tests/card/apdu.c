#include "tests/card/apdu.h"

static gsize
expected(guint8 le)
{
    return le == 0 ? 256 : le;
}

gboolean
apdu_parse(const guint8 *command, gsize length, Apdu *apdu)
{
    if (length < 4)
        return FALSE;
    *apdu = (Apdu){command[0], command[1], command[2], command[3], NULL, 0, 0};
    if (length == 4)
        return TRUE;
    if (length == 5) {
        apdu->le = expected(command[4]);
        return TRUE;
    }
    apdu->length = command[4];
    apdu->data = command + 5;
    if (apdu->length == 0 || length < 5 + apdu->length || length > 6 + apdu->length)
        return FALSE;
    if (length == 6 + apdu->length)
        apdu->le = expected(command[length - 1]);
    return TRUE;
}
