/* An entry's state as a file. For this folder only. */
#pragma once

#include "prereg/outbox.h"

G_BEGIN_DECLS

#define GCA_OUTBOX_STATE_LIMIT (64 * 1024)
#define GCA_OUTBOX_MESSAGE_SUFFIX ".p7m"
#define GCA_OUTBOX_STATE_SUFFIX ".json"
#define GCA_OUTBOX_RECEIPT_SUFFIX ".receipt.json"

/* The path of one of its files. */
char *gca_outbox_path(const char *sha256, const char *suffix);

/* Fills in what <sha256>.json says. BAD_DATA, FILE. */
gboolean gca_outbox_state_load(GcaOutboxEntry *entry, GError **error);

/* Writes it, in place of what is there. */
gboolean gca_outbox_state_save(const GcaOutboxEntry *entry, GError **error);

G_END_DECLS
