/* Strict JSON on jansson: no duplicate names, no trailing bytes, sizes limited, canonical output.
 */
#pragma once

#include <glib.h>
#include <jansson.h>

G_BEGIN_DECLS

G_DEFINE_AUTOPTR_CLEANUP_FUNC(json_t, json_decref)

/* The value in `bytes` (RFC 8259); a UTF-8 BOM in front is passed over. `name` is for the message,
 * which gives line, column and byte. BAD_DATA otherwise. */
json_t *gca_json_parse(GBytes *bytes, const char *name, GError **error);

/* The text member `name` of `object`, borrowed; NULL with BAD_DATA if missing or not text. */
const char *gca_json_get_string(json_t *object, const char *name, GError **error);

/* RFC 8785 canonical form. `value` holds objects, arrays, text without control characters and
 * integers only, and ASCII member names; BAD_DATA names what it holds else. */
GBytes *gca_json_encode_canonical(json_t *value, GError **error);

G_END_DECLS
