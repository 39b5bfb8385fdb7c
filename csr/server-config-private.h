/* How the lines for each web server are written; for this folder only. */
#pragma once

#include "csr/server-config.h"

G_BEGIN_DECLS

/* Adds `text`, each of its lines behind "# ". */
void gca_server_add_comment(GString *out, const char *text);

/* Whether the key is in a token, and in no file. */
gboolean gca_server_has_token_key(const GcaServerFiles *files);

/* Those that take PEM files, and those that take a PKCS#12 file. */
void gca_server_write_apache(GString *out, const GcaServerFiles *files);
void gca_server_write_nginx(GString *out, const GcaServerFiles *files);
void gca_server_write_tomcat(GString *out, const GcaServerFiles *files);
void gca_server_write_iis(GString *out, const GcaServerFiles *files);

G_END_DECLS
