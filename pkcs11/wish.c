#include "config.h"

#include "base/error.h"
#include "base/text.h"
#include "pkcs11/internal.h"

#include <glib/gi18n-lib.h>
#include <string.h>

struct _GcaWish {
    char *serial;
    char *reader;
    char *pin_file;
    P11KitUri *uri;
    gboolean fits_module; /* what the URI says of the library */
};

void
gca_wish_free(GcaWish *wish)
{
    g_free(wish->serial);
    g_free(wish->reader);
    g_free(wish->pin_file);
    g_clear_pointer(&wish->uri, p11_kit_uri_free);
    g_free(wish);
}

/* Accepts a file alone: a PIN in the URI would stand in argv, and a command is not ours to run
 * (RFC 7512 section 2.4 leaves both to the application). */
static gboolean
take_pin_source(GcaWish *wish, GError **error)
{
    const char *source = p11_kit_uri_get_pin_source(wish->uri);

    if (p11_kit_uri_get_pin_value(wish->uri) != NULL) {
        gca_error_set(
            error, GCA_ERROR_USAGE,
            _("A token URI with “pin-value” is refused: a PIN must not stand in a command "
              "line or file of settings."));
        return FALSE;
    }
    if (source == NULL)
        return TRUE;
    if (*source == '|') {
        gca_error_set(error, GCA_ERROR_USAGE,
                      _("A token URI with “pin-source=|command” is refused: no command is run to "
                        "get a PIN."));
        return FALSE;
    }
    wish->pin_file = g_filename_from_uri(source, NULL, NULL);
    if (wish->pin_file != NULL)
        return TRUE;
    g_autofree char *shown = gca_text_escape(source);
    gca_error_set(error, GCA_ERROR_USAGE,
                  _("The “pin-source” of the token URI must be a file (file:/path), not “%s”."),
                  shown);
    return FALSE;
}

static gboolean
take_uri(GcaWish *wish, GcaModule *module, const char *text, GError **error)
{
    CK_INFO info;

    wish->uri = gca_uri_parse(text, error);
    if (wish->uri == NULL || !take_pin_source(wish, error))
        return FALSE;
    CK_RV ckr = module->functions->C_GetInfo(&info);
    wish->fits_module = ckr == CKR_OK && p11_kit_uri_match_module_info(wish->uri, &info);
    return TRUE;
}

GcaWish *
gca_wish_new(GcaModule *module, const GcaTokenWish *wanted, GError **error)
{
    g_autoptr(GcaWish) wish = g_new0(GcaWish, 1);

    wish->serial = wanted->serial ? g_strstrip(g_strdup(wanted->serial)) : NULL;
    wish->reader = wanted->reader ? g_strstrip(g_strdup(wanted->reader)) : NULL;
    if (wanted->uri != NULL && !take_uri(wish, module, wanted->uri, error))
        return NULL;
    return g_steal_pointer(&wish);
}

/* A fixed field as PKCS#11 has it: blanks after the text, no NUL. libp11 has cut the blanks off. */
static void
pad(CK_UTF8CHAR *field, gsize size, const char *text)
{
    memset(field, ' ', size);
    memcpy(field, text, MIN(strlen(text), size));
}

static gboolean
uri_fits(const GcaWish *wish, PKCS11_SLOT *slot)
{
    CK_SLOT_ID id = p11_kit_uri_get_slot_id(wish->uri);
    CK_SLOT_INFO reader;
    CK_TOKEN_INFO token;

    pad(reader.slotDescription, sizeof reader.slotDescription, slot->description);
    pad(reader.manufacturerID, sizeof reader.manufacturerID, slot->manufacturer);
    pad(token.label, sizeof token.label, slot->token->label);
    pad(token.manufacturerID, sizeof token.manufacturerID, slot->token->manufacturer);
    pad(token.model, sizeof token.model, slot->token->model);
    pad(token.serialNumber, sizeof token.serialNumber, slot->token->serialnr);
    return wish->fits_module &&
           (id == (CK_SLOT_ID) -1 || id == PKCS11_get_slotid_from_slot(slot)) &&
           p11_kit_uri_match_slot_info(wish->uri, &reader) &&
           p11_kit_uri_match_token_info(wish->uri, &token);
}

/* A slot's description is cut at 64 bytes (PKCS#11 v2.40, CK_SLOT_INFO); PC/SC names may be longer.
 */
static gboolean
reader_fits(const char *wanted, const char *description)
{
    g_autofree char *shown = g_strstrip(g_strdup(description));
    gsize cut = sizeof((CK_SLOT_INFO *) NULL)->slotDescription;

    return g_str_equal(wanted, shown) || (strlen(shown) == cut && strncmp(wanted, shown, cut) == 0);
}

static gboolean
serial_fits(const char *wanted, const char *serial)
{
    g_autofree char *shown = g_strstrip(g_strdup(serial));
    return g_ascii_strcasecmp(wanted, shown) == 0;
}

gboolean
gca_wish_fits(const GcaWish *wish, PKCS11_SLOT *slot)
{
    return (wish->serial == NULL || serial_fits(wish->serial, slot->token->serialnr)) &&
           (wish->reader == NULL || reader_fits(wish->reader, slot->description)) &&
           (wish->uri == NULL || uri_fits(wish, slot));
}

char *
gca_wish_dup_pin_file(const GcaWish *wish)
{
    return g_strdup(wish->pin_file);
}
