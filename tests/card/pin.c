#include "tests/card/pin.h"

#include "tests/card/apdu.h"

#include <string.h>

#define PIN_LENGTH 8
#define MAX_TRIES 3

struct Pin {
    guint8 value[PIN_LENGTH]; /* padded with FF, as PIV wants it */
    guint tries;
    char *state; /* path, or NULL */
};

static void
load(Pin *pin)
{
    g_autofree char *text = NULL;

    if (pin->state != NULL && g_file_get_contents(pin->state, &text, NULL, NULL))
        pin->tries = MIN((guint) g_ascii_strtoull(text, NULL, 10), MAX_TRIES);
}

static void
set_tries(Pin *pin, guint tries)
{
    g_autofree char *text = g_strdup_printf("%u\n", tries);
    g_autoptr(GError) error = NULL;

    pin->tries = tries;
    if (pin->state != NULL && !g_file_set_contents(pin->state, text, -1, &error))
        g_warning("%s", error->message);
}

Pin *
pin_new(const Options *options)
{
    Pin *pin = g_new0(Pin, 1);

    memset(pin->value, 0xFF, sizeof pin->value);
    memcpy(pin->value, options->pin, strlen(options->pin));
    pin->tries = (guint) options->tries;
    pin->state = g_strdup(options->state);
    load(pin);
    return pin;
}

void
pin_free(Pin *pin)
{
    g_free(pin->state);
    g_free(pin);
}

guint16
pin_get_status(const Pin *pin)
{
    return pin->tries == 0 ? SW_BLOCKED : (guint16) (SW_TRIES_LEFT | pin->tries);
}

guint16
pin_check(Pin *pin, const guint8 *body, gsize length)
{
    if (pin->tries == 0)
        return SW_BLOCKED;
    if (length != PIN_LENGTH)
        return SW_WRONG_DATA;
    if (memcmp(body, pin->value, PIN_LENGTH) == 0) {
        set_tries(pin, MAX_TRIES);
        return SW_OK;
    }
    set_tries(pin, pin->tries - 1);
    /* SP 800-73-4 answers the last wrong one with 63C0, then 6983. */
    return (guint16) (SW_TRIES_LEFT | pin->tries);
}
