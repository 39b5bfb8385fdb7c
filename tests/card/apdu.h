#pragma once

#include <glib.h>

/* The status words of ISO 7816-4 that this card uses. */
#define SW_OK 0x9000
#define SW_MORE 0x6100
#define SW_END_OF_FILE 0x6282
#define SW_TRIES_LEFT 0x63C0
#define SW_WRONG_LENGTH 0x6700
#define SW_SECURITY_STATUS 0x6982
#define SW_BLOCKED 0x6983
#define SW_NO_CURRENT_FILE 0x6986
#define SW_LENGTH_DISLIKED 0x6987
#define SW_WRONG_DATA 0x6A80
#define SW_NOT_FOUND 0x6A82
#define SW_WRONG_P1P2 0x6A86
#define SW_WRONG_OFFSET 0x6B00
#define SW_USE_LE 0x6C00
#define SW_UNKNOWN_INS 0x6D00
#define SW_UNKNOWN_CLA 0x6E00
#define SW_FAILED 0x6F00

#define INS_VERIFY 0x20
#define INS_CHANGE_PIN 0x24
#define INS_RESET_RETRY 0x2C
#define INS_GENERAL_AUTHENTICATE 0x87
#define INS_SELECT 0xA4
#define INS_READ_BINARY 0xB0
#define INS_GET_RESPONSE 0xC0
#define INS_GET_DATA 0xCB

#define CLA_ISO 0x00
#define CLA_CHAINED 0x10
#define CLA_HICOS 0x80

typedef struct {
    guint8 cla;
    guint8 ins;
    guint8 p1;
    guint8 p2;
    const guint8 *data; /* into the command given to apdu_parse */
    gsize length;
    gsize le; /* 0: no answer expected; 00 on the wire is 256 */
} Apdu;

/* Short APDUs only. FALSE: the lengths do not fit (6700). */
gboolean apdu_parse(const guint8 *command, gsize length, Apdu *apdu);
