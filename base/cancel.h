/* A wish to stop, made in any thread and heard by whatever is being done. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _GcaCancel GcaCancel;
typedef void (*GcaCancelFunc)(gpointer data);

GcaCancel *gca_cancel_new(void);
GcaCancel *gca_cancel_ref(GcaCancel *cancel);
void gca_cancel_unref(GcaCancel *cancel);

/* For good: there is no way back. */
void gca_cancel_request(GcaCancel *cancel);

/* FALSE with CANCELLED once it has been requested; NULL never is. */
gboolean gca_cancel_check(GcaCancel *cancel, GError **error);
gboolean gca_cancel_is_requested(GcaCancel *cancel);

/* A descriptor that can be read from once it has been requested; -1 for NULL. */
int gca_cancel_get_fd(const GcaCancel *cancel);

/* Calls `func` when it is requested, in the thread that does so, or now if it has been. One at a
 * time; it must not use `cancel` itself. */
void gca_cancel_connect(GcaCancel *cancel, GcaCancelFunc func, gpointer data);

/* After its return `func` is not called and is not running. */
void gca_cancel_disconnect(GcaCancel *cancel);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(GcaCancel, gca_cancel_unref)

G_END_DECLS
