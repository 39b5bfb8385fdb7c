/* Text as people read it: escaped where it comes from outside, dated in both calendars. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Text from outside made safe to show: control, format (bidirectional, zero-width) and ill-formed
 * bytes become \u{…} or \x…; all else stays as it is. */
char *gca_text_escape(const char *text);

/* The same for bytes that may hold NUL. */
char *gca_text_escape_bytes(const void *data, gsize size);

/* TRUE if `c` shows as itself and moves nothing else. */
gboolean gca_text_is_showable(gunichar c);

/* TRUE if `text` is UTF-8 that gca_text_escape would leave alone. */
gboolean gca_text_is_plain(const char *text);

/* Adds an item to a list within a sentence, behind the language's separator: “a, b”. `item` is
 * shown as it is, or in quotation marks. */
void gca_text_add_item(GString *list, const char *item);
void gca_text_add_quoted(GString *list, const char *item);

/* The list of `items` (NULL-terminated). */
char *gca_text_list(const char *const *items);

/* Adds a sentence to a text of whole sentences; NULL adds nothing. */
void gca_text_add_sentence(GString *text, const char *sentence);

/* "a1b2 c3d4 …": lower-case hexadecimal in groups of four, to be read over the phone. */
char *gca_text_group_hex(const char *hex);

char *gca_text_hex(GBytes *bytes);
char *gca_text_sha256(GBytes *bytes);

/* RFC 3339, UTC, whole seconds: 2026-11-21T02:30:00Z. */
char *gca_text_time(GDateTime *when);

/* NULL unless `text` is exactly of the form that gca_text_time gives. */
GDateTime *gca_text_parse_time(const char *text);

/* A day for people, in local time: "2026-11-21", in Chinese with 民國115年11月21日 beside it. */
char *gca_text_day(GDateTime *when);

/* The same with hour and minute, to tell things of one day apart. */
char *gca_text_minute(GDateTime *when);

/* The same to the second, and with the time zone. */
char *gca_text_moment(GDateTime *when);

/* The language that messages are really shown in: "en", "zh_TW". */
const char *gca_text_language(void);

/* base64url without padding (RFC 4648 section 5, RFC 7515 section 2). */
char *gca_text_base64url(const void *data, gsize size);

/* NULL unless `text` is strict base64url without padding. */
GBytes *gca_text_parse_base64url(const char *text);

G_END_DECLS
