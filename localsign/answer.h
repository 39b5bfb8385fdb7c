/* The JSON that pages get: names and types as published clients expect them. ASCII only. */
#pragma once

#include "base/json.h"
#include "localsign/hipki-code.h"

G_BEGIN_DECLS

/* Sorts, as text, at or above the minima that pages ask for ("1.3.4.103328"). */
#define GCA_HIPKI_VERSION "1.3.9.200000"

/* {"func": …, "ret_code": …, "last_error": …}, to which more may be added. */
json_t *gca_answer_new(const char *func, GcaHipkiResult result);

/* Its text; `answer` is taken. */
char *gca_answer_to_text(json_t *answer);

/* The same of an error alone. */
char *gca_answer_of_error(const char *func, const GError *error);

/* The 24-bit BMP of 2000x1 pixels that carries `text` to pages without CORS. Where the 6000 bytes
 * have no room for all certificates, the last ones of a card are left out; BAD_DATA if it does not
 * fit then. */
GBytes *gca_answer_to_bitmap(const char *text, GError **error);

G_END_DECLS
