/* The lines that make a web server use a certificate, with today's safe TLS settings. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
    GCA_SERVER_APACHE,
    GCA_SERVER_NGINX,
    GCA_SERVER_TOMCAT,
    GCA_SERVER_IIS,
    GCA_N_SERVERS
} GcaServer;

typedef struct {
    const char *const *names; /* the CN first */
    const char *fullchain;    /* absolute paths */
    const char *key;          /* or a pkcs11: URI */
    const char *p12;          /* where “gca-csr export” writes it */
} GcaServerFiles;

/* "apache"; NULL-terminated list of all. */
const char *const *gca_server_list_nicks(void);

/* FALSE if there is no such server. */
gboolean gca_server_parse(const char *nick, GcaServer *server);

/* Lines to paste, comments in the user's language, paths quoted as the server wants them. USAGE for
 * a path that its syntax has no way to write, or that does not show as what it is. */
char *gca_server_config(GcaServer server, const GcaServerFiles *files, GError **error);

G_END_DECLS
