/* Signed requests that wait to be sent, with the reason, and the receipts of those that were: files
 * in the state folder, named by their digest, so that nothing is there twice. An entry is there as
 * long as its message is: <sha256>.p7m, with <sha256>.json beside it, and <sha256>.receipt.json
 * once it was sent. */
#pragma once

#include "prereg/outbox-cause.h"
#include "prereg/receipt.h"

#include <glib.h>

G_BEGIN_DECLS

#define GCA_OUTBOX_MESSAGE_LIMIT (2 * 1024 * 1024)

typedef struct {
    char *sha256;          /* of the message's DER: its name, and the idempotency key */
    char *message;         /* path of the .p7m */
    char *endpoint;        /* where it is to go, or went */
    GDateTime *added;      /* when it was put in */
    GcaOutboxCause *cause; /* why it was not sent; NULL: not tried yet, or sent */
    gboolean is_refused;   /* for good: not tried again unless it is handed in again */
    guint tries;           /* that were begun and had no receipt */
    gboolean is_counted;   /* the try that this process has begun */
    GDateTime *next;       /* not before, for the receiver has asked so; NULL: now */
    char *receipt;         /* path of the receipt; NULL: not sent yet */
    GcaReceipt *received;  /* what is in it */
} GcaOutboxEntry;

void gca_outbox_entry_free(GcaOutboxEntry *entry);

/* Keeps a message (DER) for `endpoint`. One that is there already is kept once, with what is known
 * of its tries; unless it was sent, it goes to `endpoint` from now on and is no longer refused.
 * FILE; BAD_DATA: a receipt of it is there and damaged. */
GcaOutboxEntry *gca_outbox_add(GBytes *message, const char *endpoint, GError **error);

/* Its cause as a translated sentence, safe to show; NULL: it has none. */
char *gca_outbox_entry_dup_reason(const GcaOutboxEntry *entry);

/* The entry of that name. FILE: there is none; BAD_DATA: it is damaged, with how to mend it. */
GcaOutboxEntry *gca_outbox_find(const char *sha256, GError **error);

/* GcaOutboxEntry *, the oldest first; with those that have a receipt where `with_sent`. What cannot
 * be read is told in `troubles` (GError *, may be NULL): BAD_DATA for a request
 * that is stuck, USAGE for what is none. */
GPtrArray *gca_outbox_list(gboolean with_sent, GPtrArray *troubles, GError **error);

/* The bytes of the message, which are those that its name says (BAD_DATA). */
GBytes *gca_outbox_entry_read(const GcaOutboxEntry *entry, GError **error);

/* Notes a try before anything is sent, on disk: whatever ends this process, it is known. */
gboolean gca_outbox_begin(GcaOutboxEntry *entry, GError **error);

/* Notes that it has failed. One that was not begun is counted now. */
gboolean gca_outbox_defer(GcaOutboxEntry *entry, GcaOutboxCause *cause, GDateTime *next,
                          GError **error);

/* Notes that the receiver will not take it: a failed try that is the last. */
gboolean gca_outbox_refuse(GcaOutboxEntry *entry, GcaOutboxCause *cause, GError **error);

/* Keeps the receipt; from then on it is not sent again. BAD_DATA: it is none for this message. */
gboolean gca_outbox_finish(GcaOutboxEntry *entry, GBytes *receipt, GError **error);

/* One sender at a time, of all processes of this user: a descriptor to close; -1 with BUSY. */
int gca_outbox_lock(GError **error);

/* The folder's path. */
char *gca_outbox_dup_folder(void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(GcaOutboxEntry, gca_outbox_entry_free)

G_END_DECLS
