#include "config.h"

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "pkcs11/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LINE_LIMIT 256

static void
set_errno_error(GError **error, const char *call, const char *name)
{
    int saved = errno;
    g_autofree char *shown = gca_text_escape(name);

    gca_error_set(error, GCA_ERROR_FILE, _("The PIN cannot be read from “%s”: %s."), shown,
                  g_strerror(saved));
    gca_error_set_native(error, call, g_strerror(saved), (gulong) saved);
}

/* Cuts the end of the line off; more than one line is BAD_DATA. */
static gboolean
strip_line_end(GcaSecret *line, const char *name, GError **error)
{
    const char *data = gca_secret_get_data(line);
    gsize size = gca_secret_get_size(line);
    const char *end = memchr(data, '\n', size);

    if (end != NULL && end + 1 != data + size) {
        g_autofree char *shown = gca_text_escape(name);
        gca_error_set(error, GCA_ERROR_BAD_DATA,
                      _("“%s” holds more than one line; it must hold the PIN alone."), shown);
        return FALSE;
    }
    if (end != NULL)
        size--;
    if (end != NULL && size > 0 && data[size - 1] == '\r')
        size--;
    gca_secret_truncate(line, size);
    return TRUE;
}

/* Reads one line straight into a secret: no buffer on the way would have to be wiped. */
static GcaSecret *
read_line(int fd, const char *name, GCancellable *cancellable, GError **error)
{
    g_autoptr(GcaSecret) line = gca_secret_new(LINE_LIMIT);
    char *data = gca_secret_get_data(line);
    gsize used = 0;

    while (used < LINE_LIMIT && memchr(data, '\n', used) == NULL) {
        if (!gca_file_wait(fd, cancellable, error))
            return NULL;
        ssize_t n = read(fd, data + used, LINE_LIMIT - used);
        if (n < 0 && (errno == EINTR || errno == EAGAIN))
            continue;
        if (n < 0) {
            set_errno_error(error, "read", name);
            return NULL;
        }
        if (n == 0)
            break;
        used += (gsize) n;
    }
    if (used == LINE_LIMIT) {
        g_autofree char *shown = gca_text_escape(name);
        gca_error_set(error, GCA_ERROR_BAD_DATA, _("“%s” is too long to be a PIN."), shown);
        return NULL;
    }
    gca_secret_truncate(line, used);
    return strip_line_end(line, name, error) ? g_steal_pointer(&line) : NULL;
}

static GcaSecret *
read_file(const char *path, GcaInteraction *interaction, GCancellable *cancellable, GError **error)
{
    /* O_NONBLOCK: opening a FIFO must not wait for a writer */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    struct stat st;
    GcaSecret *pin = NULL;
    g_autofree char *shown = gca_text_escape(path);

    if (fd < 0 || fstat(fd, &st) != 0) {
        set_errno_error(error, "open", path);
    } else if (!S_ISREG(st.st_mode)) {
        gca_error_set(error, GCA_ERROR_USAGE, _("“%s” is not a regular file."), shown);
        gca_error_set_hint(error, _("A PIN that comes through a pipe is read with --pin-fd."));
    } else {
        if ((st.st_mode & (S_IRWXG | S_IRWXO)) != 0)
            gca_interaction_notice(interaction, GCA_NOTICE_WARNING,
                                   _("Other users may read the PIN in “%s”; make it yours alone "
                                     "with “chmod 600”."),
                                   shown);
        pin = read_line(fd, path, cancellable, error);
    }
    if (fd >= 0)
        close(fd);
    return pin;
}

static const char *
advice(int tries_left)
{
    switch (tries_left) {
    case 1:
        return _("This is the last try: if the PIN is wrong, the card is blocked.");
    case 2:
        return _("A wrong PIN has been entered before: two tries are left on a card that allows "
                 "three.");
    default:
        return NULL;
    }
}

static GcaSecret *
ask(const GcaToken *token, const char *title, GcaInteraction *interaction,
    GCancellable *cancellable, GError **error)
{
    g_autofree char *serial = gca_text_escape(token->serial);
    g_autofree char *general = g_strdup_printf(_("PIN of card %s"), serial);
    GcaSecretPrompt prompt = {
        .title = title ? title : general,
        .min_length = token->pin_min,
        .max_length = token->pin_max,
        .tries_left = token->tries_left,
        .advice = advice(token->tries_left),
    };
    return gca_interaction_ask_secret(interaction, &prompt, cancellable, error);
}

GcaSecret *
gca_pin_get(const GcaToken *token, const GcaLoginOptions *options, GcaInteraction *interaction,
            GCancellable *cancellable, GError **error)
{
    if (options->pin_file != NULL)
        return read_file(options->pin_file, interaction, cancellable, error);
    if (options->pin_fd >= 0)
        return read_line(options->pin_fd, "--pin-fd", cancellable, error);
    if (token->pin_file != NULL)
        return read_file(token->pin_file, interaction, cancellable, error);
    return ask(token, options->title, interaction, cancellable, error);
}

gboolean
gca_pin_check(const GcaToken *token, GcaSecret *pin, GError **error)
{
    const char *data = gca_secret_get_data(pin);
    gsize size = gca_secret_get_size(pin);
    gboolean fits = size >= token->pin_min && size <= token->pin_max;

    for (gsize i = 0; i < size; i++)
        fits &= g_ascii_isdigit(data[i]);
    if (fits)
        return TRUE;
    gca_error_set(
        error, GCA_ERROR_PIN_POLICY,
        _("The PIN must be %zu to %zu digits; nothing was sent to the card and no try was used."),
        token->pin_min, token->pin_max);
    return FALSE;
}

int
gca_pin_read_for_key(UI *ui, UI_STRING *field)
{
    GcaToken *token = UI_get0_user_data(ui);

    if (token == NULL || token->key_pin == NULL)
        return 0;
    g_autoptr(GcaSecret) pin = g_steal_pointer(&token->key_pin);
    return UI_set_result(ui, field, gca_secret_get_data(pin)) == 0;
}
