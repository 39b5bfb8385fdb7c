/* Postal addresses of Taiwan as the form wants them. For this folder only. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What is wrong with an address (without postcode), as the end of a translated sentence; NULL if it
 * is county or city, district, street, each once. */
const char *gca_address_find_fault(const char *address);

G_END_DECLS
