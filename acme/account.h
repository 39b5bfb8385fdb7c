/* An ACME account (RFC 8555 section 7.3) as its client keeps it on disk. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _GcaAccount GcaAccount;

/* Real ones have 2 KiB, an RSA key of 8192 bits 7 KiB; the secure heap has room for it. */
#define GCA_ACCOUNT_FILE_LIMIT (16 * 1024 - 1)

/* The one account that `where` names: its file (certbot's regr.json, lego's account.json, acme.sh's
 * ca.conf, dehydrated's account_id.json), a folder that holds one (somewhere below), "-" for such a
 * file on standard input, or the account's https URI. Several: USAGE with a list. None, a FIFO, a
 * binary, malformed JSON, a URI that is not https: USAGE or BAD_DATA with what is wrong. */
GcaAccount *gca_account_load(const char *where, GError **error);

/* All accounts below a folder, sorted by path; for those that could not be read, and folders that
 * could not be listed, `unreadable` (of char *, may be NULL) gets the reason and what would help.
 * Links are followed, each file and folder once. FILE; USAGE: more is there than is looked at. */
GPtrArray *gca_account_find(const char *folder, GPtrArray *unreadable, GError **error);

/* The same, which then gives what was found before it stopped, with `is_partial`. */
GPtrArray *gca_account_find_some(const char *folder, GPtrArray *unreadable, gboolean *is_partial,
                                 GError **error);

/* Where the four clients keep accounts if they are not told otherwise; most of these folders are
 * not there. */
GStrv gca_account_list_default_folders(void);

GcaAccount *gca_account_ref(GcaAccount *account);
void gca_account_unref(GcaAccount *account);

const char *gca_account_get_uri(const GcaAccount *account);        /* verbatim */
const char *gca_account_get_path(const GcaAccount *account);       /* NULL: standard input or URI */
const char *gca_account_get_thumbprint(const GcaAccount *account); /* RFC 7638, NULL: not known */
const char *gca_account_get_client(const GcaAccount *account);     /* "certbot", "lego", "acme.sh",
                                                                      "dehydrated"; NULL: not known */
const char *gca_account_get_server(const GcaAccount *account);    /* host[:port] by path, or NULL */
const char *gca_account_get_directory(const GcaAccount *account); /* URL by path, or NULL */
const char *gca_account_get_email(const GcaAccount *account);     /* unchecked, or NULL */

/* certbot's folder (its --config-dir) with the account in it, or NULL. */
const char *gca_account_get_config_folder(const GcaAccount *account);

/* The file of the private key beside the account's, NULL if there is none. */
const char *gca_account_get_key_path(const GcaAccount *account);

/* TRUE if this user may read it. */
gboolean gca_account_is_key_readable(const GcaAccount *account);

/* A translated sentence on why what stands there is of no use as a key (malformed, too large, no
 * file), or NULL: it is good as far as that is known without its private half. */
const char *gca_account_get_key_trouble(const GcaAccount *account);

/* A translated sentence if the folder's name does not fit the key in it, or NULL. */
const char *gca_account_get_doubt(const GcaAccount *account);

/* Refuses what is not an absolute https URI with a host: BAD_DATA with the reason. */
gboolean gca_account_check_uri(const char *uri, GError **error);

/* Two spellings of one URI: case of scheme and host, default port (RFC 3986 sections 6.2.2.1 and
 * 6.2.3). FALSE if one of them is no account URI. */
gboolean gca_account_uri_equal(const char *a, const char *b);

/* TRUE if the https URL `url` is of the account's own server: host and port. */
gboolean gca_account_uri_is_of_server(const char *uri, const char *url);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(GcaAccount, gca_account_unref)

G_END_DECLS
