/* One who gives a PIN when first asked, and never again. */
#pragma once

#include "base/interaction.h"

G_BEGIN_DECLS

#define GCA_TYPE_PIN_ONCE (gca_pin_once_get_type())
G_DECLARE_FINAL_TYPE(GcaPinOnce, gca_pin_once, GCA, PIN_ONCE, GObject)

/* NULL: has none. What is asked for a second time, and any other question, is CANCELLED. */
GcaPinOnce *gca_pin_once_new(GcaSecret *pin);

G_END_DECLS
