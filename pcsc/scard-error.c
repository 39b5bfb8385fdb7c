#include "config.h"

#include "pcsc/scard-error.h"

#include "base/error.h"
#include "base/text.h"
#include "pcsc/context.h"
#include "pcsc/occupant.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <unistd.h>

#define PROC_FOLDER "/proc"
#define DEFAULT_SOCKET "/run/pcscd/pcscd.comm"

G_STATIC_ASSERT((guint32) SCARD_W_SECURITY_VIOLATION == GCA_PCSC_ACCESS_REFUSED);

const char *
gca_scard_to_string(LONG code)
{
#define NAME(code)                                                                                 \
    {                                                                                              \
        code, #code                                                                                \
    }
    static const struct {
        LONG code;
        const char *name;
    } names[] = {
        NAME(SCARD_S_SUCCESS),
        NAME(SCARD_F_INTERNAL_ERROR),
        NAME(SCARD_E_CANCELLED),
        NAME(SCARD_E_INVALID_HANDLE),
        NAME(SCARD_E_INVALID_PARAMETER),
        NAME(SCARD_E_NO_MEMORY),
        NAME(SCARD_E_INSUFFICIENT_BUFFER),
        NAME(SCARD_E_UNKNOWN_READER),
        NAME(SCARD_E_TIMEOUT),
        NAME(SCARD_E_SHARING_VIOLATION),
        NAME(SCARD_E_NO_SMARTCARD),
        NAME(SCARD_E_PROTO_MISMATCH),
        NAME(SCARD_E_NOT_READY),
        NAME(SCARD_E_INVALID_VALUE),
        NAME(SCARD_F_COMM_ERROR),
        NAME(SCARD_F_UNKNOWN_ERROR),
        NAME(SCARD_E_NOT_TRANSACTED),
        NAME(SCARD_E_READER_UNAVAILABLE),
        NAME(SCARD_P_SHUTDOWN),
        NAME(SCARD_E_CARD_UNSUPPORTED),
        NAME(SCARD_E_NO_SERVICE),
        NAME(SCARD_E_SERVICE_STOPPED),
        NAME(SCARD_E_UNSUPPORTED_FEATURE),
        NAME(SCARD_E_NO_READERS_AVAILABLE),
        NAME(SCARD_E_COMM_DATA_LOST),
        NAME(SCARD_E_SERVER_TOO_BUSY),
        NAME(SCARD_W_UNSUPPORTED_CARD),
        NAME(SCARD_W_UNRESPONSIVE_CARD),
        NAME(SCARD_W_UNPOWERED_CARD),
        NAME(SCARD_W_RESET_CARD),
        NAME(SCARD_W_REMOVED_CARD),
        NAME(SCARD_W_SECURITY_VIOLATION),
    };
#undef NAME
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        if (names[i].code == code)
            return names[i].name;
    }
    return "SCARD_?";
}

static void
set_refused(GError **error)
{
    gca_error_set(error, GCA_ERROR_NO_READER,
                  _("The smart card service pcscd refuses access to this user."));
    gca_error_set_hint(error, _("Work at the computer's own screen, not over a remote connection, "
                                "or ask the administrator to allow "
                                "“org.debian.pcsc-lite.access_pcsc” and "
                                "“org.debian.pcsc-lite.access_card” to this user in polkit."));
}

static void
set_no_service(GError **error)
{
    gca_error_set(error, GCA_ERROR_NO_READER, _("The smart card service pcscd is not running."));
    gca_error_set_hint(error, _("Start it with “sudo systemctl start pcscd.socket”; where there is "
                                "no such service, install the package pcscd first."));
}

static void
set_of_card(GError **error, GcaErrorCode code, const char *shown)
{
    switch (code) {
    case GCA_ERROR_NO_CARD:
        gca_error_set(error, code, _("There is no card in the reader “%s”."), shown);
        return;
    case GCA_ERROR_CARD_REMOVED:
        gca_error_set(error, code, _("The card was removed from the reader “%s”."), shown);
        return;
    case GCA_ERROR_NO_READER:
        gca_error_set(error, code, _("The card reader “%s” is no longer connected."), shown);
        return;
    default:
        gca_error_set(error, code, _("The card in the reader “%s” does not answer."), shown);
        gca_error_set_hint(error, _("Take the card out and insert it again, chip first; if it "
                                    "stays mute, try another reader."));
    }
}

/* INTERNAL: not a matter of reader or card. */
static GcaErrorCode
code_of_card(LONG code)
{
    switch (code) {
    case SCARD_E_NO_SMARTCARD:
        return GCA_ERROR_NO_CARD;
    case SCARD_W_REMOVED_CARD:
        return GCA_ERROR_CARD_REMOVED;
    case SCARD_E_UNKNOWN_READER:
    case SCARD_E_READER_UNAVAILABLE:
        return GCA_ERROR_NO_READER;
    case SCARD_W_UNRESPONSIVE_CARD:
    case SCARD_W_UNPOWERED_CARD:
    case SCARD_W_UNSUPPORTED_CARD:
    case SCARD_E_CARD_UNSUPPORTED:
    case SCARD_E_PROTO_MISMATCH:
    case SCARD_E_NOT_READY:
    case SCARD_E_NOT_TRANSACTED:
    case SCARD_E_COMM_DATA_LOST:
    case SCARD_E_INSUFFICIENT_BUFFER:
    case SCARD_E_TIMEOUT:
        return GCA_ERROR_CARD_UNKNOWN;
    default:
        return GCA_ERROR_INTERNAL;
    }
}

static void
set_of_service(GError **error, LONG code)
{
    switch (code) {
    case SCARD_E_NO_SERVICE:
    case SCARD_E_SERVICE_STOPPED:
    case SCARD_P_SHUTDOWN:
        set_no_service(error);
        return;
    case SCARD_W_SECURITY_VIOLATION:
        set_refused(error);
        return;
    default:
        gca_error_set(error, GCA_ERROR_NO_READER,
                      _("The smart card service pcscd does not work as it should."));
        gca_error_set_hint(error, _("Restart it with “sudo systemctl restart pcscd.socket”."));
    }
}

void
gca_scard_error_set_busy(GError **error, const char *call, LONG code, const char *reader)
{
    g_autofree char *shown = gca_text_escape(reader);
    g_autofree char *occupants = gca_occupant_describe(PROC_FOLDER);

    if (occupants != NULL)
        gca_error_set(error, GCA_ERROR_BUSY,
                      _("The card reader “%s” is in use by another program; these programs use "
                        "card readers: %s."),
                      shown, occupants);
    else
        gca_error_set(error, GCA_ERROR_BUSY,
                      _("The card reader “%s” is in use by another program."), shown);
    gca_error_set_native(error, call, gca_scard_to_string(code), (gulong) (guint32) code);
}

/* pcsc-lite says "no service" too where the socket is there but may not be opened. */
static gboolean
socket_is_forbidden(void)
{
    const char *path = g_getenv("PCSCLITE_CSOCK_NAME");

    return euidaccess(path ? path : DEFAULT_SOCKET, R_OK | W_OK) != 0 && errno == EACCES;
}

void
gca_scard_error_set(GError **error, const char *call, LONG answer, const char *reader)
{
    gboolean is_refusal = answer == SCARD_E_NO_SERVICE && socket_is_forbidden();
    LONG code = is_refusal ? SCARD_W_SECURITY_VIOLATION : answer;

    if (reader != NULL && (code == SCARD_E_SHARING_VIOLATION || code == SCARD_E_SERVER_TOO_BUSY)) {
        gca_scard_error_set_busy(error, call, code, reader);
        return;
    }
    GcaErrorCode of_card = code_of_card(code);
    if (reader != NULL && of_card != GCA_ERROR_INTERNAL) {
        g_autofree char *shown = gca_text_escape(reader);
        set_of_card(error, of_card, shown);
    } else {
        set_of_service(error, code);
    }
    gca_error_set_native(error, call, gca_scard_to_string(code), (gulong) (guint32) code);
}
