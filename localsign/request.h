/* One HTTP request: judged by its headers, its body taken in and wiped, answered at once or after a
 * job. */
#pragma once

#include "localsign/job.h"
#include "localsign/token.h"

#include <microhttpd.h>

G_BEGIN_DECLS

typedef struct {
    GcaDesk desk;
    GcaTokens *tokens;
    GQueue suspended; /* requests that wait for a job */
    guint open;       /* requests that are not complete */
} GcaCounter;

/* For gca_gate_open; `counter` is a GcaCounter. */
enum MHD_Result gca_request_handle(void *counter, struct MHD_Connection *connection,
                                   const char *path, const char *method, const char *version,
                                   const char *body, size_t *size, void **request);
void gca_request_complete(void *counter, struct MHD_Connection *connection, void **request,
                          enum MHD_RequestTerminationCode code);

/* Ends all jobs, before the gates are closed. */
void gca_request_end_all(GcaCounter *counter);

G_END_DECLS
