#include "config.h"

#include "prereg/receipt.h"

#include "base/error.h"
#include "base/json.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define ID_LIMIT 200

struct _GcaReceipt {
    gboolean is_pending;
    GDateTime *received;
    char *id;
};

static void
clear(void *data)
{
    GcaReceipt *receipt = data;

    g_clear_pointer(&receipt->received, g_date_time_unref);
    g_free(receipt->id);
}

GcaReceipt *
gca_receipt_ref(GcaReceipt *receipt)
{
    return g_rc_box_acquire(receipt);
}

void
gca_receipt_unref(GcaReceipt *receipt)
{
    g_rc_box_release_full(receipt, clear);
}

static gboolean
fail(const char *member, GError **error)
{
    gca_error_set(error, GCA_ERROR_BAD_DATA, _("“%s” of the receipt is not what it must be."),
                  member);
    return FALSE;
}

static gboolean
check_digest(json_t *object, const char *sha256, GError **error)
{
    const char *found = gca_json_get_string(object, "sha256", error);

    if (found == NULL)
        return FALSE;
    if (g_str_equal(found, sha256))
        return TRUE;
    gca_error_set(error, GCA_ERROR_BAD_DATA,
                  _("The receipt is for another request than this one."));
    return FALSE;
}

static gboolean
fill(GcaReceipt *receipt, json_t *object, GError **error)
{
    const char *status = gca_json_get_string(object, "status", error);
    const char *received = status ? gca_json_get_string(object, "received", error) : NULL;
    const char *id = received ? gca_json_get_string(object, "id", error) : NULL;

    if (id == NULL)
        return FALSE;
    receipt->is_pending = g_str_equal(status, "pending");
    if (!receipt->is_pending && !g_str_equal(status, "accepted"))
        return fail("status", error);
    /* RFC 3339 is ISO 8601 with a time zone */
    receipt->received = g_date_time_new_from_iso8601(received, NULL);
    if (receipt->received == NULL)
        return fail("received", error);
    if (*id == '\0' || strlen(id) > ID_LIMIT)
        return fail("id", error);
    receipt->id = g_strdup(id);
    return TRUE;
}

GcaReceipt *
gca_receipt_parse(GBytes *bytes, const char *sha256, GError **error)
{
    g_autoptr(json_t) object = gca_json_parse(bytes, "receipt.json", error);
    if (object == NULL || !check_digest(object, sha256, error))
        return NULL;

    g_autoptr(GcaReceipt) receipt = g_rc_box_new0(GcaReceipt);
    return fill(receipt, object, error) ? g_steal_pointer(&receipt) : NULL;
}

gboolean
gca_receipt_is_pending(const GcaReceipt *receipt)
{
    return receipt->is_pending;
}

const char *
gca_receipt_get_id(const GcaReceipt *receipt)
{
    return receipt->id;
}

GDateTime *
gca_receipt_get_received(const GcaReceipt *receipt)
{
    return receipt->received;
}
