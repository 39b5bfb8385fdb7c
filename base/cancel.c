#include "config.h"

#include "base/cancel.h"

#include "base/error.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct _GcaCancel {
    gatomicrefcount refs;
    int fd;
    GMutex mutex; /* of all below */
    gboolean is_requested;
    GcaCancelFunc func;
    gpointer data;
};

GcaCancel *
gca_cancel_new(void)
{
    GcaCancel *cancel = g_new0(GcaCancel, 1);

    g_atomic_ref_count_init(&cancel->refs);
    g_mutex_init(&cancel->mutex);
    cancel->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (cancel->fd < 0)
        g_error("eventfd: %s", g_strerror(errno));
    return cancel;
}

GcaCancel *
gca_cancel_ref(GcaCancel *cancel)
{
    g_atomic_ref_count_inc(&cancel->refs);
    return cancel;
}

void
gca_cancel_unref(GcaCancel *cancel)
{
    if (!g_atomic_ref_count_dec(&cancel->refs))
        return;
    close(cancel->fd);
    g_mutex_clear(&cancel->mutex);
    g_free(cancel);
}

void
gca_cancel_request(GcaCancel *cancel)
{
    g_mutex_lock(&cancel->mutex);
    if (!cancel->is_requested) {
        cancel->is_requested = TRUE;
        eventfd_write(cancel->fd, 1);
        if (cancel->func != NULL)
            cancel->func(cancel->data);
    }
    g_mutex_unlock(&cancel->mutex);
}

gboolean
gca_cancel_is_requested(GcaCancel *cancel)
{
    if (cancel == NULL)
        return FALSE;
    g_mutex_lock(&cancel->mutex);
    gboolean is_requested = cancel->is_requested;
    g_mutex_unlock(&cancel->mutex);
    return is_requested;
}

gboolean
gca_cancel_check(GcaCancel *cancel, GError **error)
{
    if (!gca_cancel_is_requested(cancel))
        return TRUE;
    gca_error_set(error, GCA_ERROR_CANCELLED, "%s",
                  _(gca_error_info(GCA_ERROR_CANCELLED)->summary));
    return FALSE;
}

int
gca_cancel_get_fd(const GcaCancel *cancel)
{
    return cancel != NULL ? cancel->fd : -1;
}

void
gca_cancel_connect(GcaCancel *cancel, GcaCancelFunc func, gpointer data)
{
    if (cancel == NULL)
        return;
    g_mutex_lock(&cancel->mutex);
    cancel->func = func;
    cancel->data = data;
    if (cancel->is_requested)
        func(data);
    g_mutex_unlock(&cancel->mutex);
}

void
gca_cancel_disconnect(GcaCancel *cancel)
{
    if (cancel == NULL)
        return;
    g_mutex_lock(&cancel->mutex);
    cancel->func = NULL;
    g_mutex_unlock(&cancel->mutex);
}
