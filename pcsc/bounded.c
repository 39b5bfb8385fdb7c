#include "config.h"

#include "pcsc/bounded.h"

#include <errno.h>
#include <sys/eventfd.h>
#include <unistd.h>

typedef struct {
    void (*call)(gpointer box);
    gpointer box;
    GDestroyNotify clear_box;
    int done; /* can be read from when the call is back */
} Errand;

static void
errand_clear(gpointer data)
{
    Errand *errand = data;

    g_atomic_rc_box_release_full(errand->box, errand->clear_box);
    close(errand->done);
}

static gpointer
run(gpointer data)
{
    Errand *errand = data;

    errand->call(errand->box);
    eventfd_write(errand->done, 1);
    g_atomic_rc_box_release_full(errand, errand_clear);
    return NULL;
}

static Errand *
errand_new(void (*call)(gpointer box), gpointer box, GDestroyNotify clear)
{
    Errand *errand = g_atomic_rc_box_new0(Errand);

    errand->call = call;
    errand->box = g_atomic_rc_box_acquire(box);
    errand->clear_box = clear;
    errand->done = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (errand->done < 0)
        g_error("eventfd: %s", g_strerror(errno));
    return errand;
}

/* The milliseconds from now to `moment`; the wait is not cut short by a rounding. */
static int
ms_until(gint64 moment)
{
    gint64 left = moment - g_get_monotonic_time();
    return (int) (MAX(left + 999, 0) / G_TIME_SPAN_MILLISECOND);
}

/* TRUE when the call is back, FALSE at `deadline`, or soon after `cancel` if that comes before it:
 * it is not looked at again after that. */
static gboolean
await(const Errand *errand, gint64 deadline, GcaCancel *cancel)
{
    GPollFD fds[] = {{.fd = errand->done, .events = G_IO_IN},
                     {.fd = gca_cancel_get_fd(cancel), .events = G_IO_IN}};

    for (;;) {
        int left = ms_until(deadline);
        g_poll(fds, G_N_ELEMENTS(fds), left);
        if (fds[0].revents != 0)
            return TRUE;
        if (left == 0)
            return FALSE;
        if (fds[1].revents == 0)
            continue;
        gint64 soon =
            g_get_monotonic_time() + GCA_PCSC_CANCEL_PATIENCE_MS * G_TIME_SPAN_MILLISECOND;
        deadline = MIN(deadline, soon);
        fds[1].fd = -1;
    }
}

static LONG
await_for(const Errand *errand, const GcaWaiter *waiter)
{
    gint64 start = g_get_monotonic_time();

    if (await(errand, start + GCA_PCSC_QUIET_MS * G_TIME_SPAN_MILLISECOND, waiter->cancel))
        return SCARD_S_SUCCESS;
    if (gca_cancel_is_requested(waiter->cancel))
        return SCARD_E_CANCELLED;
    if (waiter->tell != NULL)
        waiter->tell(waiter->data);
    if (await(errand, start + GCA_PCSC_PATIENCE_MS * G_TIME_SPAN_MILLISECOND, waiter->cancel))
        return SCARD_S_SUCCESS;
    return gca_cancel_is_requested(waiter->cancel) ? SCARD_E_CANCELLED : SCARD_E_TIMEOUT;
}

LONG
gca_bounded_call(void (*call)(gpointer box), gpointer box, GDestroyNotify clear,
                 const GcaWaiter *waiter)
{
    Errand *errand = errand_new(call, box, clear);

    g_thread_unref(g_thread_new("gca-pcsc", run, g_atomic_rc_box_acquire(errand)));
    LONG answer = await_for(errand, waiter);
    g_atomic_rc_box_release_full(errand, errand_clear);
    return answer;
}
