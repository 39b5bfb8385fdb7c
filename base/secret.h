/* A PIN, a passphrase or private bytes: one owner chain, no copy, no text form, wiped at the end.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _GcaSecret GcaSecret;

/* Called once by main(): OpenSSL's secure heap, no core file, no ptrace by others, JSON
 * wiped when it is freed. */
void gca_secret_protect_process(void);

/* `size` zero bytes to be filled in by the caller, and a hidden NUL after them. */
GcaSecret *gca_secret_new(gsize size);

/* Takes the `size` bytes at `data` and wipes them where they were. */
GcaSecret *gca_secret_new_wiping(void *data, gsize size);

GcaSecret *gca_secret_ref(GcaSecret *secret);

/* Wipes the bytes with the last reference. */
void gca_secret_unref(GcaSecret *secret);

/* The bytes, NUL after them; valid as long as the secret. */
char *gca_secret_get_data(GcaSecret *secret);
gsize gca_secret_get_size(const GcaSecret *secret);

/* Shortens to `size` and wipes what was cut off. */
void gca_secret_truncate(GcaSecret *secret, gsize size);

/* In constant time for secrets of one length. */
gboolean gca_secret_equal(const GcaSecret *a, const GcaSecret *b);

/* The bytes of `secret` (taken) for what wants GBytes: wiped with the last reference to them. */
GBytes *gca_secret_to_bytes(GcaSecret *secret);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(GcaSecret, gca_secret_unref)

G_END_DECLS
