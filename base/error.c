#include "config.h"

#include "base/error.h"

#include "base/text.h"

#include <glib/gi18n-lib.h>
#include <openssl/err.h>

typedef struct {
    char *detail;
    char *hint;
    gulong native;
    int tries_left;
} GcaErrorPrivate;

static const GcaErrorInfo table[GCA_ERROR_N_CODES] = {
    [GCA_ERROR_CANCELLED] = {"cancelled", 130, N_("Cancelled; nothing was changed."), NULL, TRUE},
    [GCA_ERROR_USAGE] = {"usage", 2, N_("The command was not understood or leaves a choice open."),
                         NULL, FALSE},
    [GCA_ERROR_NO_READER] = {"no-reader", 3, N_("No card reader can be used."),
                             N_("Run “gca-card doctor”; it names what is missing and how to "
                                "mend it."),
                             TRUE},
    [GCA_ERROR_NO_CARD] = {"no-card", 3, N_("There is no card in the reader."),
                           N_("Insert the GCA card, chip first, and try again."), TRUE},
    [GCA_ERROR_CARD_REMOVED] = {"card-removed", 3, N_("The card was removed."),
                                N_("Insert the card again and leave it in until the work is done."),
                                TRUE},
    [GCA_ERROR_CARD_UNKNOWN] = {"card-unknown", 3, N_("The card is not a card this program knows."),
                                N_("Check that it is a GCA card and that it is the right way up."),
                                FALSE},
    [GCA_ERROR_MODULE] = {"module", 1, N_("The PKCS#11 module cannot be used."),
                          N_("Run “gca-card doctor”, which finds out what is wrong. Another module "
                             "is named in ~/.config/gca-toolkit/config.ini: the line “module=FILE” "
                             "below the line “[pkcs11]”."),
                          FALSE},
    [GCA_ERROR_PIN_WRONG] = {"pin-wrong", 4, N_("The PIN is wrong."),
                             N_("Find the right PIN before you try again: after three wrong tries "
                                "in a row the card is blocked."),
                             FALSE},
    [GCA_ERROR_PIN_BLOCKED] = {"pin-blocked", 5, N_("The PIN is blocked."),
                               N_("Only the card's issuer can unblock it."), FALSE},
    [GCA_ERROR_PIN_POLICY] = {"pin-policy", 4, N_("The PIN was not sent to the card."), NULL,
                              FALSE},
    [GCA_ERROR_NO_KEY] = {"no-key", 8, N_("The private key was not found."),
                          N_("Check that card and module belong together."), FALSE},
    [GCA_ERROR_NO_CERT] = {"no-cert", 8, N_("No suitable certificate was found."), NULL, FALSE},
    [GCA_ERROR_BAD_DATA] = {"bad-data", 8, N_("The data cannot be used."), NULL, FALSE},
    [GCA_ERROR_CHECK_FAILED] = {"check-failed", 9, N_("A check has failed."), NULL, FALSE},
    [GCA_ERROR_UNTRUSTED] =
        {"untrusted", 10, N_("The certificate cannot be traced to a trusted CA."),
         N_("Take the CA's certificate in with “gca-card trust import”, or name it "
            "on the command line with --ca."),
         FALSE},
    [GCA_ERROR_CRYPTO] = {"crypto", 1, N_("A cryptographic operation has failed."), NULL, FALSE},
    [GCA_ERROR_NETWORK] = {"network", 6, N_("The network cannot be reached."),
                           N_("Check the connection and the proxy settings."), TRUE},
    [GCA_ERROR_SERVER] = {"server", 7, N_("The server has refused."), NULL, TRUE},
    [GCA_ERROR_FILE] = {"file", 1, N_("A file cannot be read or written."), NULL, FALSE},
    [GCA_ERROR_BUSY] = {"busy", 3, N_("The card or reader is in use by another program."),
                        N_("Close the other program and try again."), TRUE},
    [GCA_ERROR_INTERNAL] = {"internal", 1, N_("The program has met a fault of its own."),
                            N_("Please report it, with the details (on the command line: what "
                               "--verbose prints)."),
                            FALSE},
};

static void
gca_error_private_init(GcaErrorPrivate *priv)
{
    priv->tries_left = GCA_TRIES_UNKNOWN;
}

static void
gca_error_private_copy(const GcaErrorPrivate *src, GcaErrorPrivate *dest)
{
    dest->detail = g_strdup(src->detail);
    dest->hint = g_strdup(src->hint);
    dest->native = src->native;
    dest->tries_left = src->tries_left;
}

static void
gca_error_private_clear(GcaErrorPrivate *priv)
{
    g_free(priv->detail);
    g_free(priv->hint);
}

G_DEFINE_EXTENDED_ERROR(GcaError, gca_error)

static GcaErrorPrivate *
private_of(const GError *error)
{
    return error != NULL && error->domain == GCA_ERROR ? gca_error_get_private(error) : NULL;
}

const GcaErrorInfo *
gca_error_info(GcaErrorCode code)
{
    return &table[code < GCA_ERROR_N_CODES ? code : GCA_ERROR_INTERNAL];
}

GcaErrorCode
gca_error_get_code(const GError *error)
{
    if (error->domain == GCA_ERROR)
        return (GcaErrorCode) error->code;
    if (error->domain == G_OPTION_ERROR)
        return GCA_ERROR_USAGE;
    if (error->domain == G_FILE_ERROR)
        return GCA_ERROR_FILE;
    return GCA_ERROR_INTERNAL;
}

void
gca_error_set(GError **error, GcaErrorCode code, const char *format, ...)
{
    if (error == NULL)
        return;
    va_list args;
    va_start(args, format);
    g_propagate_error(error, g_error_new_valist(GCA_ERROR, (int) code, format, args));
    va_end(args);
}

void
gca_error_replace(GError **error, GcaErrorCode code, const char *format, ...)
{
    if (error == NULL)
        return;
    g_autoptr(GError) old = g_steal_pointer(error);
    va_list args;
    va_start(args, format);
    *error = g_error_new_valist(GCA_ERROR, (int) code, format, args);
    va_end(args);

    GcaErrorPrivate *from = private_of(old);
    if (from != NULL) {
        GcaErrorPrivate *to = private_of(*error);
        gca_error_private_clear(to);
        gca_error_private_copy(from, to);
    } else if (old != NULL) {
        gca_error_add_detail(error, "%s", old->message);
    }
}

/* Every error that a user sees is ours; one of GLib's becomes ours when something is added to it.
 */
static GcaErrorPrivate *
adopt(GError **error)
{
    if (error == NULL || *error == NULL)
        return NULL;
    if ((*error)->domain != GCA_ERROR) {
        GError *ours =
            g_error_new_literal(GCA_ERROR, (int) gca_error_get_code(*error), (*error)->message);
        g_error_free(*error);
        *error = ours;
    }
    return private_of(*error);
}

void
gca_error_add_detail(GError **error, const char *format, ...)
{
    GcaErrorPrivate *priv = adopt(error);
    if (priv == NULL)
        return;
    va_list args;
    va_start(args, format);
    g_autofree char *link = g_strdup_vprintf(format, args);
    va_end(args);
    g_autofree char *old = g_steal_pointer(&priv->detail);
    priv->detail = old ? g_strconcat(link, ": ", old, NULL) : g_steal_pointer(&link);
}

void
gca_error_set_hint(GError **error, const char *hint)
{
    GcaErrorPrivate *priv = adopt(error);
    if (priv == NULL)
        return;
    g_free(priv->hint);
    priv->hint = g_strdup(hint);
}

void
gca_error_set_native(GError **error, const char *call, const char *name, gulong code)
{
    GcaErrorPrivate *priv = adopt(error);
    if (priv == NULL)
        return;
    priv->native = code;
    gca_error_add_detail(error, "%s: %s 0x%lX", call, name, code);
}

void
gca_error_set_tries_left(GError **error, int tries)
{
    GcaErrorPrivate *priv = adopt(error);
    if (priv != NULL)
        priv->tries_left = tries;
}

const char *
gca_error_get_detail(const GError *error)
{
    const GcaErrorPrivate *priv = private_of(error);
    return priv ? priv->detail : NULL;
}

const char *
gca_error_get_hint(const GError *error)
{
    const GcaErrorPrivate *priv = private_of(error);
    if (priv != NULL && priv->hint != NULL)
        return priv->hint;
    const char *hint = gca_error_info(gca_error_get_code(error))->hint;
    return hint ? _(hint) : NULL;
}

char *
gca_error_dup_sentences(const GError *error)
{
    GString *text = g_string_new(error->message);

    gca_text_add_sentence(text, gca_error_get_hint(error));
    return g_string_free(text, FALSE);
}

gulong
gca_error_get_native(const GError *error)
{
    const GcaErrorPrivate *priv = private_of(error);
    return priv ? priv->native : 0;
}

int
gca_error_get_tries_left(const GError *error)
{
    const GcaErrorPrivate *priv = private_of(error);
    return priv ? priv->tries_left : GCA_TRIES_UNKNOWN;
}

void
gca_error_set_openssl(GError **error, GcaErrorCode code, const char *format, ...)
{
    if (error != NULL) {
        va_list args;
        va_start(args, format);
        g_propagate_error(error, g_error_new_valist(GCA_ERROR, (int) code, format, args));
        va_end(args);
        unsigned long queued;
        while ((queued = ERR_get_error()) != 0) {
            char text[256];
            ERR_error_string_n(queued, text, sizeof text);
            gca_error_add_detail(error, "%s", text);
        }
    }
    ERR_clear_error();
}
