#include "config.h"

#include "base/error.h"
#include "base/file.h"
#include "base/place.h"
#include "base/text.h"
#include "prereg/outbox-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define SHA256_HEX 64
#define HALF_PREFIX ".gca-" /* of a file that is being written, as base/file.c names it */
#define LEFT_BEHIND_S (60 * 60)

char *
gca_outbox_dup_folder(void)
{
    return gca_place_state("outbox");
}

void
gca_outbox_entry_free(GcaOutboxEntry *entry)
{
    g_free(entry->sha256);
    g_free(entry->message);
    g_free(entry->endpoint);
    g_clear_pointer(&entry->added, g_date_time_unref);
    g_clear_pointer(&entry->cause, gca_outbox_cause_unref);
    g_clear_pointer(&entry->next, g_date_time_unref);
    g_free(entry->receipt);
    g_clear_pointer(&entry->received, gca_receipt_unref);
    g_free(entry);
}

static GcaOutboxEntry *
new_entry(const char *sha256)
{
    GcaOutboxEntry *entry = g_new0(GcaOutboxEntry, 1);

    entry->sha256 = g_strdup(sha256);
    entry->message = gca_outbox_path(sha256, GCA_OUTBOX_MESSAGE_SUFFIX);
    return entry;
}

/* ---- reading ---- */

static gboolean
exists(const char *path)
{
    return g_file_test(path, G_FILE_TEST_EXISTS) || g_file_test(path, G_FILE_TEST_IS_SYMLINK);
}

GBytes *
gca_outbox_entry_read(const GcaOutboxEntry *entry, GError **error)
{
    g_autoptr(GBytes) bytes = gca_file_read(entry->message, GCA_OUTBOX_MESSAGE_LIMIT, error);
    if (bytes == NULL)
        return NULL;
    g_autofree char *found = gca_text_sha256(bytes);
    if (g_str_equal(found, entry->sha256))
        return g_steal_pointer(&bytes);
    g_autofree char *shown = gca_text_escape(entry->message);
    gca_error_set(error, GCA_ERROR_BAD_DATA,
                  _("“%s” is damaged: it is not the message that its name says."), shown);
    gca_error_set_hint(error, _("Submit the file that was signed again; it takes its place."));
    return NULL;
}

/* What an answer of the receiver says is the last word: no receipt that cannot be read makes an
 * entry one that waits. */
static gboolean
load_receipt(GcaOutboxEntry *entry, GError **error)
{
    g_autofree char *path = gca_outbox_path(entry->sha256, GCA_OUTBOX_RECEIPT_SUFFIX);
    if (!exists(path))
        return TRUE;

    g_autoptr(GBytes) bytes = gca_file_read(path, GCA_RECEIPT_LIMIT, error);
    entry->received = bytes ? gca_receipt_parse(bytes, entry->sha256, error) : NULL;
    if (entry->received == NULL) {
        g_autofree char *shown = gca_text_escape(path);
        g_autofree char *why = error && *error ? g_strdup((*error)->message) : g_strdup("");
        gca_error_replace(error, GCA_ERROR_BAD_DATA, _("The receipt “%s” cannot be used: %s"),
                          shown, why);
        gca_error_set_hint(error, _("Move it away and submit the request again: the receiver keeps "
                                    "it once, and gives the same receipt again."));
        return FALSE;
    }
    entry->receipt = g_steal_pointer(&path);
    g_clear_pointer(&entry->cause, gca_outbox_cause_unref);
    g_clear_pointer(&entry->next, g_date_time_unref);
    entry->is_refused = FALSE;
    return TRUE;
}

GcaOutboxEntry *
gca_outbox_find(const char *sha256, GError **error)
{
    g_autoptr(GcaOutboxEntry) entry = new_entry(sha256);
    g_autoptr(GBytes) message = gca_outbox_entry_read(entry, error);

    if (message == NULL)
        return NULL;
    if (!gca_outbox_state_load(entry, error)) {
        gca_error_set_hint(error, _("Submit the file that was signed again."));
        return NULL;
    }
    return load_receipt(entry, error) ? g_steal_pointer(&entry) : NULL;
}

/* The digest of a file's name, NULL where it is not named as ours are. */
static char *
digest_of(const char *name)
{
    gboolean is_digest = strspn(name, "0123456789abcdef") == SHA256_HEX;
    const char *suffix = is_digest ? name + SHA256_HEX : "";

    if (g_str_equal(suffix, GCA_OUTBOX_MESSAGE_SUFFIX) ||
        g_str_equal(suffix, GCA_OUTBOX_STATE_SUFFIX) ||
        g_str_equal(suffix, GCA_OUTBOX_RECEIPT_SUFFIX))
        return g_strndup(name, SHA256_HEX);
    return NULL;
}

/* `trouble` is taken. */
static void
tell(GPtrArray *troubles, GError *trouble)
{
    if (troubles != NULL)
        g_ptr_array_add(troubles, trouble);
    else
        g_error_free(trouble);
}

static void
tell_stranger(GPtrArray *troubles, const char *path)
{
    g_autofree char *shown = gca_text_escape(path);
    GError *trouble = NULL;

    gca_error_set(&trouble, GCA_ERROR_USAGE,
                  _("“%s” does not belong into the outbox and is left alone."), shown);
    tell(troubles, trouble);
}

/* A request that can be neither sent nor given up. */
static void
tell_stuck(GPtrArray *troubles, const GError *why)
{
    GError *trouble = NULL;

    gca_error_set(&trouble, GCA_ERROR_BAD_DATA, "%s", why->message);
    gca_error_set_hint(&trouble, gca_error_get_hint(why));
    tell(troubles, trouble);
}

/* The names of the entries; what else lies there is told. */
static GHashTable *
list_digests(GDir *dir, const char *folder, GPtrArray *troubles)
{
    GHashTable *digests = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    const char *name;

    while ((name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        char *digest = digest_of(name);
        if (digest != NULL)
            g_hash_table_add(digests, digest);
        else if (*name != '.') /* one that is being written, or was when its writer was killed */
            tell_stranger(troubles, path);
    }
    return digests;
}

static void
list_one(const char *sha256, gboolean with_sent, GPtrArray *entries, GPtrArray *troubles)
{
    g_autofree char *message = gca_outbox_path(sha256, GCA_OUTBOX_MESSAGE_SUFFIX);
    g_autoptr(GError) trouble = NULL;

    if (!exists(message)) {
        g_autofree char *shown = gca_text_escape(message);
        gca_error_set(&trouble, GCA_ERROR_BAD_DATA, _("The message “%s” is missing."), shown);
        gca_error_set_hint(&trouble, _("Submit the file that was signed again."));
        tell_stuck(troubles, trouble);
        return;
    }
    GcaOutboxEntry *entry = gca_outbox_find(sha256, &trouble);
    if (entry == NULL)
        tell_stuck(troubles, trouble);
    else if (entry->receipt == NULL || with_sent)
        g_ptr_array_add(entries, entry);
    else
        gca_outbox_entry_free(entry);
}

static int
compare(const void *a, const void *b)
{
    const GcaOutboxEntry *one = *(GcaOutboxEntry *const *) a, *other = *(GcaOutboxEntry *const *) b;
    int order = g_date_time_compare(one->added, other->added);

    return order != 0 ? order : strcmp(one->sha256, other->sha256);
}

GPtrArray *
gca_outbox_list(gboolean with_sent, GPtrArray *troubles, GError **error)
{
    g_autoptr(GPtrArray) entries =
        g_ptr_array_new_with_free_func((GDestroyNotify) gca_outbox_entry_free);
    g_autofree char *folder = gca_outbox_dup_folder();
    g_autoptr(GError) trouble = NULL;
    g_autoptr(GDir) dir = g_dir_open(folder, 0, &trouble);

    if (g_error_matches(trouble, G_FILE_ERROR, G_FILE_ERROR_NOENT))
        return g_steal_pointer(&entries);
    if (dir == NULL) {
        gca_error_set(error, GCA_ERROR_FILE, _("The outbox cannot be read: %s"), trouble->message);
        return NULL;
    }
    g_autoptr(GHashTable) digests = list_digests(dir, folder, troubles);
    GHashTableIter iter;
    void *digest;
    g_hash_table_iter_init(&iter, digests);
    while (g_hash_table_iter_next(&iter, &digest, NULL))
        list_one(digest, with_sent, entries, troubles);
    g_ptr_array_sort(entries, compare);
    return g_steal_pointer(&entries);
}

/* ---- writing ---- */

/* The state first: an entry is there from the moment its message is. */
static GcaOutboxEntry *
create(GBytes *message, const char *sha256, const char *endpoint, GError **error)
{
    g_autoptr(GcaOutboxEntry) entry = new_entry(sha256);

    entry->endpoint = g_strdup(endpoint);
    entry->added = g_date_time_new_now_utc();
    if (!load_receipt(entry, error) || !gca_outbox_state_save(entry, error) ||
        !gca_file_replace(entry->message, message, 0600, error))
        return NULL;
    return g_steal_pointer(&entry);
}

GcaOutboxEntry *
gca_outbox_add(GBytes *message, const char *endpoint, GError **error)
{
    g_autofree char *folder = gca_outbox_dup_folder();
    g_autofree char *sha256 = gca_text_sha256(message);
    if (!gca_file_make_folder(folder, error))
        return NULL;

    g_autoptr(GcaOutboxEntry) entry = gca_outbox_find(sha256, NULL);
    if (entry == NULL)
        return create(message, sha256, endpoint, error);
    if (entry->receipt != NULL || (!entry->is_refused && g_str_equal(entry->endpoint, endpoint)))
        return g_steal_pointer(&entry);
    if (!g_str_equal(entry->endpoint, endpoint))
        g_clear_pointer(&entry->next, g_date_time_unref);
    g_free(entry->endpoint);
    entry->endpoint = g_strdup(endpoint);
    entry->is_refused = FALSE;
    return gca_outbox_state_save(entry, error) ? g_steal_pointer(&entry) : NULL;
}

gboolean
gca_outbox_finish(GcaOutboxEntry *entry, GBytes *receipt, GError **error)
{
    g_autofree char *path = gca_outbox_path(entry->sha256, GCA_OUTBOX_RECEIPT_SUFFIX);
    g_autoptr(GcaReceipt) parsed = gca_receipt_parse(receipt, entry->sha256, error);

    if (parsed == NULL || !gca_file_create(path, receipt, 0600, error))
        return FALSE;
    return load_receipt(entry, error);
}

/* Removes what writers that were killed have left; one that is at work is done within an hour. */
static void
sweep(const char *folder)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *name;

    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        GStatBuf st;
        if (g_str_has_prefix(name, HALF_PREFIX) && g_lstat(path, &st) == 0 && S_ISREG(st.st_mode) &&
            st.st_mtime < time(NULL) - LEFT_BEHIND_S)
            g_unlink(path);
    }
}

int
gca_outbox_lock(GError **error)
{
    g_autofree char *folder = gca_outbox_dup_folder();
    if (!gca_file_make_folder(folder, error))
        return -1;

    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0) {
        sweep(folder);
        return fd;
    }
    int saved = errno;
    if (fd >= 0)
        close(fd);
    if (saved == EWOULDBLOCK) {
        gca_error_set(error, GCA_ERROR_BUSY,
                      _("Another program of yours is sending from the outbox right now."));
        gca_error_set_hint(error, _("Wait until it is done, then submit again."));
    } else {
        g_autofree char *shown = gca_text_escape(folder);
        gca_error_set(error, GCA_ERROR_FILE, _("The outbox “%s” cannot be locked: %s."), shown,
                      g_strerror(saved));
        gca_error_set_native(error, "flock", g_strerror(saved), (gulong) saved);
    }
    return -1;
}
