#include "config.h"

#include "cli/gca-prereg/show-receipt.h"

#include "base/text.h"

#include <glib/gi18n.h>

char *
gca_show_receipt(const GcaReceipt *receipt, const char *path)
{
    g_autofree char *id = gca_text_escape(gca_receipt_get_id(receipt));
    g_autofree char *time = gca_text_moment(gca_receipt_get_received(receipt));
    g_autofree char *shown = gca_text_escape(path);

    if (gca_receipt_is_pending(receipt))
        return g_strdup_printf(_("received %s as “%s”, not decided yet\nreceipt: %s"), time, id,
                               shown);
    return g_strdup_printf(_("received %s as “%s”\nreceipt: %s"), time, id, shown);
}
