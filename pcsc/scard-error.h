/* What the PC/SC service answers, in our terms. Inside this folder only. */
#pragma once

#include <glib.h>
#include <winscard.h>

G_BEGIN_DECLS

/* "SCARD_E_NO_SERVICE"; "SCARD_?" for a code that pcsc-lite does not document. */
const char *gca_scard_to_string(LONG code);

/* Sets the error for `call` having answered `answer`; `reader` is NULL where none is concerned. */
void gca_scard_error_set(GError **error, const char *call, LONG answer, const char *reader);

/* BUSY, naming the programs that may hold `reader`. */
void gca_scard_error_set_busy(GError **error, const char *call, LONG code, const char *reader);

G_END_DECLS
