/* An ACME account (RFC 8555 section 7.3) as its client keeps it on disk. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _GcaAccount GcaAccount;

#define GCA_ACCOUNT_FILE_LIMIT (64 * 1024)

/* The one account that `where` names: regr.json, a folder that holds one (somewhere below), "-" for
 * standard input, or the account's https URI. Several: USAGE with a list. None, a FIFO, a binary,
 * malformed JSON, a URI that is not https: USAGE or BAD_DATA with what is wrong. */
GcaAccount *gca_account_load(const char *where, GError **error);

/* All accounts below a folder, sorted by path; the accounts that could not be read come in
 * `unreadable` as paths with the reason (char *, may be NULL). */
GPtrArray *gca_account_find(const char *folder, GPtrArray *unreadable, GError **error);

GcaAccount *gca_account_ref(GcaAccount *account);
void gca_account_unref(GcaAccount *account);

const char *gca_account_get_uri(const GcaAccount *account);        /* verbatim */
const char *gca_account_get_path(const GcaAccount *account);       /* NULL: standard input or URI */
const char *gca_account_get_thumbprint(const GcaAccount *account); /* RFC 7638, NULL: not known */

/* A translated sentence if the folder's name does not fit the key in it, or NULL. */
const char *gca_account_get_doubt(const GcaAccount *account);

/* Refuses what is not an absolute https URI with a host: BAD_DATA with the reason. */
gboolean gca_account_check_uri(const char *uri, GError **error);

/* Two spellings of one URI: case of scheme and host, default port (RFC 3986 sections 6.2.2.1 and
 * 6.2.3). FALSE if one of them is no account URI. */
gboolean gca_account_uri_equal(const char *a, const char *b);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(GcaAccount, gca_account_unref)

G_END_DECLS
