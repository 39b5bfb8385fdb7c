/* OpenSSL's reader of DER headers over a piece of a file, with the place for messages. Inside this
 * folder only. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
    const guint8 *data;
    gsize size;
    gsize position; /* of data[0] in its file */
} GcaDer;

typedef enum {
    GCA_DER_OK,
    GCA_DER_BAD,  /* not a header of DER */
    GCA_DER_SHORT /* header or content goes on beyond the end */
} GcaDerResult;

/* What ASN.1 calls class and number, as one: gca_der_tag(V_ASN1_UNIVERSAL, V_ASN1_SEQUENCE). */
#define gca_der_tag(class, number) ((class) << 16 | (number))

/* Takes the first element off `in`: its content and tag. With GCA_DER_SHORT and a whole header,
 * content->size is what the header says; otherwise 0. `in` only moves with GCA_DER_OK. */
GcaDerResult gca_der_next(GcaDer *in, GcaDer *content, int *tag);

G_END_DECLS
