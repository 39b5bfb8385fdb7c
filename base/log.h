/* What --verbose and G_MESSAGES_DEBUG show. Bodies that may hold a PIN are dropped here. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Once, by main(): all lines go to standard error, for standard output is the answer's. */
void gca_log_start(void);

/* Debug lines are shown from now on. */
void gca_log_enable(void);

#define gca_log(layer, ...) g_debug(layer ": " __VA_ARGS__)

/* One APDU and its answer; the body of VERIFY, CHANGE REFERENCE DATA and of any command not known
 * to be public is replaced by its length (ISO 7816-4). */
void gca_log_apdu(const guint8 *command, gsize command_size, const guint8 *answer,
                  gsize answer_size);

G_END_DECLS
