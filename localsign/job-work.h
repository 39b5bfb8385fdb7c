/* What a job does with cards: each of these runs in a child (child.h). For this folder only. */
#pragma once

#include "localsign/card-work.h"
#include "localsign/order.h"

G_BEGIN_DECLS

typedef struct {
    const char *module; /* path of a PKCS#11 module, or NULL */
    gboolean with_certificates;
    GcaOrder *order;
    GcaSigner *signer; /* whom the person has been shown; NULL: not yet */
    GcaSecret *pin;    /* of our own dialog; NULL: the order's */
    gboolean allow_last_try;
} GcaJobWork;

/* `data` is a GcaJobWork. The answer to /pkcs11info, and to /sign. */
char *gca_job_work_list(gpointer data);
char *gca_job_work_sign(gpointer data);

/* The signer for gca_job_work_read_signer, or the answer to /sign that says why there is none. */
char *gca_job_work_find(gpointer data);

/* NULL if `text` (may be NULL) is no signer. */
GcaSigner *gca_job_work_read_signer(const char *text);

void gca_job_work_clear(GcaJobWork *work);

G_END_DECLS
