#pragma once

#include "tests/card/options.h"

/* The PIN and its try counter, kept in --state FILE if that is given. */
typedef struct Pin Pin;

Pin *pin_new(const Options *options);
void pin_free(Pin *pin);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Pin, pin_free)

/* The status words of VERIFY: 9000, 63Cx, 6983, or 6A80 for a body that is not
 * eight bytes (which costs no try). */
guint16 pin_check(Pin *pin, const guint8 *body, gsize length);

/* What an empty VERIFY says while the PIN is not verified. */
guint16 pin_get_status(const Pin *pin);
