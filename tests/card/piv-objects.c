#include "tests/card/piv-objects.h"

#include "tests/card/der.h"

#include <string.h>

#define TAG_DISCOVERY 0x7E
#define TAG_CHUID 0x5FC102

struct PivObjects {
    GHashTable *by_tag; /* tag to GByteArray */
};

static void
add(PivObjects *objects, guint32 tag, GByteArray *object)
{
    g_hash_table_insert(objects->by_tag, GUINT_TO_POINTER(tag), object);
}

/* SP 800-73-4 part 1, 3.1.2; the GUID (tag 34) is the card's number, so that two
 * cards are two tokens. The FASC-N (tag 30) says "not a federal card". */
static void
add_chuid(PivObjects *objects, const char *number)
{
    const guint8 fasc_n[25] = {0xD4, 0xE7, 0x39, 0xDA, 0x73, 0x9C, 0xED, 0x39, 0xCE,
                               0x73, 0x9D, 0x83, 0x68, 0x58, 0x21, 0x08, 0x42, 0x10,
                               0x84, 0x21, 0xC8, 0x42, 0x10, 0xC3, 0xEB};
    g_autoptr(GByteArray) inner = g_byte_array_new();
    GByteArray *object = g_byte_array_new();

    der_add(inner, 0x30, fasc_n, sizeof fasc_n);
    der_add_text(inner, 0x34, number);
    der_add_text(inner, 0x35, "20491231");
    der_add(inner, 0x3E, NULL, 0);
    der_add(inner, 0xFE, NULL, 0);
    der_add_array(object, 0x53, inner);
    add(objects, TAG_CHUID, object);
}

/* 3.3.2: the PIV AID; PIN usage policy: the application's own PIN. */
static void
add_discovery(PivObjects *objects)
{
    const guint8 bytes[] = {0x7E, 0x12, 0x4F, 0x0B, 0xA0, 0x00, 0x00, 0x03, 0x08, 0x00,
                            0x00, 0x10, 0x00, 0x01, 0x00, 0x5F, 0x2F, 0x02, 0x40, 0x00};
    GByteArray *object = g_byte_array_new();

    g_byte_array_append(object, bytes, sizeof bytes);
    add(objects, TAG_DISCOVERY, object);
}

PivObjects *
piv_objects_new(const char *number)
{
    PivObjects *objects = g_new0(PivObjects, 1);

    objects->by_tag = g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify) g_byte_array_unref);
    add_discovery(objects);
    add_chuid(objects, number);
    return objects;
}

void
piv_objects_free(PivObjects *objects)
{
    g_hash_table_unref(objects->by_tag);
    g_free(objects);
}

void
piv_objects_add_certificate(PivObjects *objects, guint32 tag, const GByteArray *der)
{
    g_autoptr(GByteArray) inner = g_byte_array_new();
    GByteArray *object = g_byte_array_new();

    der_add_array(inner, 0x70, der);
    der_add(inner, 0x71, "\x00", 1); /* not compressed */
    der_add(inner, 0xFE, NULL, 0);
    der_add_array(object, 0x53, inner);
    add(objects, tag, object);
}

const GByteArray *
piv_objects_find(PivObjects *objects, guint32 tag)
{
    return g_hash_table_lookup(objects->by_tag, GUINT_TO_POINTER(tag));
}
