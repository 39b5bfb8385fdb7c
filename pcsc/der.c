#include "config.h"

#include "pcsc/der.h"

#include <openssl/asn1.h>
#include <openssl/err.h>

#define HEADER_SIZE_MAX 6 /* a tag byte, and a length of up to 32 bits */
#define TAG_NUMBER_LONG 0x1F
#define RESULT_ERROR 0x80
#define RESULT_INDEFINITE 0x01

GcaDerResult
gca_der_next(GcaDer *in, GcaDer *content, int *tag)
{
    const guint8 *at = in->data;
    long length = 0;
    int number = 0, class = 0;

    *content = (GcaDer){in->data, 0, in->position};
    if (in->size == 0)
        return GCA_DER_SHORT;
    ERR_set_mark();
    int result = ASN1_get_object(&at, &length, &number, &class, (long) in->size);
    ERR_pop_to_mark();

    /* A content that goes beyond the end is an error, but moves `at`; a bad header does not. */
    if (at == in->data)
        return in->size < HEADER_SIZE_MAX && (in->data[0] & TAG_NUMBER_LONG) != TAG_NUMBER_LONG
                   ? GCA_DER_SHORT
                   : GCA_DER_BAD;
    if (length < 0 || (result & RESULT_INDEFINITE) != 0)
        return GCA_DER_BAD;
    gsize header = (gsize) (at - in->data);
    *content = (GcaDer){at, (gsize) length, in->position + header};
    *tag = gca_der_tag(class, number);
    if ((result & RESULT_ERROR) != 0)
        return GCA_DER_SHORT;
    *in = (GcaDer){at + length, in->size - header - (gsize) length,
                   content->position + (gsize) length};
    return GCA_DER_OK;
}
