/* What the files of acme/account share; not for others. */
#pragma once

#include "acme/account.h"
#include "base/openssl-auto.h"

#include <jansson.h>

G_BEGIN_DECLS

struct _GcaAccount {
    gatomicrefcount refs;
    const char *client; /* or NULL */
    char *uri;
    char *path;
    char *server;
    char *directory;
    char *config;
    char *email;
    char *key_path;
    gboolean key_is_readable;
    char *key_trouble;
    char *thumbprint;
    char *doubt;
};

/* Takes `bytes` apart, whichever client has written them: URI, client, and e-mail if it is there.
 * `name` is for messages, `path` NULL for standard input. BAD_DATA. */
GcaAccount *gca_account_parse(GBytes *bytes, const char *name, const char *path, GError **error);

GcaAccount *gca_account_new(const char *uri, const char *path);

/* Fills in what the path says: server, directory, e-mail. */
void gca_account_read_path(GcaAccount *account);

/* Fills in what is known of the key beside the file. */
void gca_account_look_at_key(GcaAccount *account);

/* The public half of the key in `path`; the private half is not checked. */
EVP_PKEY *gca_account_key_load_public(const char *path, GError **error);

/* The value of the one line NAME='value' of a file that a shell would read (acme.sh's ca.conf);
 * nothing in it is run or expanded. BAD_DATA: no such line, two, or another form. */
char *gca_shell_line_dup_value(GBytes *bytes, const char *name, GError **error);
gboolean gca_shell_line_exists(GBytes *bytes, const char *name);

/* "mailto:" taken off the first of a list of contacts (RFC 8555 section 7.1.2); or NULL. */
char *gca_account_dup_email(json_t *contacts);

G_END_DECLS
