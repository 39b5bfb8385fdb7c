#include "config.h"

#include "base/error.h"
#include "base/text.h"
#include "pcsc/context.h"

#include <glib/gi18n-lib.h>

void
gca_reader_free(GcaReader *reader)
{
    g_free(reader->name);
    g_clear_pointer(&reader->atr, g_bytes_unref);
    g_free(reader);
}
