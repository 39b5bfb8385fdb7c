/* One listening socket with its HTTP daemon in our main loop: lets the same user's programs in, and
 * no more than so many, and times them. */
#pragma once

#include "localsign/listener.h"

#include <microhttpd.h>

G_BEGIN_DECLS

#define GCA_GATE_CALLERS 64

typedef struct _GcaGate GcaGate;
typedef struct _GcaCaller GcaCaller; /* a connection, for one request */

/* Serves `listener`, whose descriptor it takes, with `handle` and `complete`. INTERNAL. */
GcaGate *gca_gate_open(GcaListener *listener, MHD_AccessHandlerCallback handle,
                       MHD_RequestCompletedCallback complete, gpointer data, GError **error);
void gca_gate_close(GcaGate *gate);

/* To be called after MHD_resume_connection(): in an outer loop the library wakes nobody. */
void gca_gate_wake(GcaGate *gate);

guint16 gca_gate_get_port(const GcaGate *gate);
/* Of g_get_monotonic_time: now while somebody is connected, else when the last one went; 0: nobody
 * yet. */
gint64 gca_gate_get_last_busy(const GcaGate *gate);

GcaCaller *gca_caller_of(struct MHD_Connection *connection);
GcaGate *gca_caller_get_gate(const GcaCaller *caller);
int gca_caller_get_fd(const GcaCaller *caller);

/* Its request is whole, or is answered without the rest: it no longer has to make room for later
 * ones. */
void gca_caller_mark_heard(GcaCaller *caller);

/* It is answered before its request is whole: see drain.h. */
void gca_caller_expect_more(GcaCaller *caller);

/* From now on the connection has `seconds`; 0: as long as it takes. */
void gca_caller_set_time(GcaCaller *caller, guint seconds);

G_END_DECLS
