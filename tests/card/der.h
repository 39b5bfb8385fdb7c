#pragma once

#include <glib.h>

#define DER_BOOLEAN 0x01
#define DER_INTEGER 0x02
#define DER_BIT_STRING 0x03
#define DER_OCTET_STRING 0x04
#define DER_UTF8_STRING 0x0C
#define DER_SEQUENCE 0x30

/* Each appends one element to `to`. */
void der_add(GByteArray *to, guint8 tag, const void *value, gsize length);
void der_add_text(GByteArray *to, guint8 tag, const char *text);
void der_add_integer(GByteArray *to, guint8 tag, gint32 number);
void der_add_array(GByteArray *to, guint8 tag, const GByteArray *value);

typedef struct {
    const guint8 *at;
    gsize left;
} DerReader;

/* Takes the next element (one-byte tags only); FALSE at the end or if bad. */
gboolean der_next(DerReader *reader, guint8 *tag, DerReader *value);
