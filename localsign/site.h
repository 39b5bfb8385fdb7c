/* Web sites (origins, RFC 6454) that may use the card: a file that the user can read and edit. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* "https://www.example.gov.tw" of an Origin header or of what a person typed (a host alone is taken
 * for https); lower case, default port left out. NULL with USAGE: no https origin; http is one only
 * for loopback addresses, and only where `allow_loopback`. */
char *gca_site_parse(const char *text, gboolean allow_loopback, GError **error);

/* The file: one origin a line, “#” begins a comment, “sha1” behind it allows SHA-1 there. No file
 * is an empty one. What cannot be read whole as text is FILE in all of these: nobody is trusted
 * then, and nothing is ever written over it. */

typedef struct {
    gboolean is_trusted;
    gboolean allows_sha1;
} GcaSiteTrust;

/* FALSE where nobody knows. */
gboolean gca_site_look_up(const char *origin, GcaSiteTrust *trust, GError **error);

/* Adds it, keeping all else that stands there. */
gboolean gca_site_trust(const char *origin, GError **error);

/* FALSE where a yes could not be kept: to be found out before anybody is asked. */
gboolean gca_site_check_room(const char *origin, GError **error);

/* FALSE where that may be so of some site. */
gboolean gca_site_check_file(GError **error);

/* Its path: trusted-sites in the user's configuration folder. */
char *gca_site_dup_path(void);

G_END_DECLS
