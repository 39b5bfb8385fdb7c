#include "config.h"

#include "base/error.h"
#include "pkcs11/internal.h"

#include <glib/gi18n-lib.h>

P11KitUri *
gca_uri_parse(const char *text, GError **error)
{
    g_autoptr(P11KitUri) uri = p11_kit_uri_new();
    int result = p11_kit_uri_parse(text, P11_KIT_URI_FOR_ANY, uri);

    if (result == P11_KIT_URI_OK)
        return g_steal_pointer(&uri);
    /* not shown: it may hold a PIN all the same */
    gca_error_set(error, GCA_ERROR_USAGE,
                  _("The token URI is not of the form “pkcs11:token=…;serial=…” (RFC 7512)."));
    gca_error_add_detail(error, "p11_kit_uri_parse: %s", p11_kit_uri_message(result));
    return NULL;
}

P11KitUri *
gca_uri_parse_of_key(const char *text, GError **error)
{
    g_autoptr(P11KitUri) uri = gca_uri_parse(text, error);
    const CK_ATTRIBUTE *type = uri ? p11_kit_uri_get_attribute(uri, CKA_CLASS) : NULL;

    if (type == NULL || *(const CK_OBJECT_CLASS *) type->pValue == CKO_PRIVATE_KEY)
        return g_steal_pointer(&uri);
    gca_error_set(error, GCA_ERROR_USAGE,
                  _("The URI of a private key must say “type=private”, or nothing of a type."));
    return NULL;
}

char *
gca_uri_to_string(P11KitUri *uri)
{
    char *text = NULL;

    if (p11_kit_uri_format(uri, P11_KIT_URI_FOR_ANY, &text) != P11_KIT_URI_OK)
        return g_strdup("");
    char *copy = g_strdup(text);
    free(text); /* p11-kit's memory is the C library's, not GLib's */
    return copy;
}

char *
gca_token_key_uri_to_place(const char *text, GError **error)
{
    g_autoptr(P11KitUri) uri = gca_uri_parse_of_key(text, error);
    if (uri == NULL)
        return NULL;
    p11_kit_uri_set_pin_source(uri, NULL);
    p11_kit_uri_set_pin_value(uri, NULL);
    return gca_uri_to_string(uri);
}
