/* Who may ask what: the rules of docs/localsign.md as functions of a request's headers alone. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
    GCA_GUARD_NOBODY,    /* no Origin: a link, an image without CORS, a program */
    GCA_GUARD_OURSELVES, /* a page that this service has sent */
    GCA_GUARD_SITE,      /* a web site, trusted or not */
    GCA_GUARD_STRANGER,  /* an Origin that can never be trusted: “null”, http, a file */
} GcaGuardOrigin;

/* TRUE if `host` is localhost, 127.0.0.1 or [::1] with just this port: all else is a name that
 * somebody has made point here (DNS rebinding). NULL is not. */
gboolean gca_guard_is_host(const char *host, guint16 port);

/* Whose header `Origin` (may be NULL) is; `host` has passed gca_guard_is_host. For SITE its origin,
 * to be freed, is put into `site`. */
GcaGuardOrigin gca_guard_classify(const char *origin, const char *host, char **site);

/* TRUE unless the browser says (Sec-Fetch-Dest) that this is no page to be looked at, but an image,
 * a frame or a script of another one. NULL: a browser that says nothing. */
gboolean gca_guard_is_page_load(const char *destination);

/* The origin for Access-Control-Allow-Origin, or NULL for no such header: sites that could be
 * trusted may read our answer, if only the ret_code that says they are not. */
const char *gca_guard_get_reader(GcaGuardOrigin origin, const char *site, gboolean is_trusted);

G_END_DECLS
