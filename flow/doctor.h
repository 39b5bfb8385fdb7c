/* What is between this computer and a signature: one finding a check, with its fix. Needs no card,
 * network or root, and asks no PIN. */
#pragma once

#include "base/error.h"
#include "flow/card-choice.h"
#include "profile/profile.h"

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum {
    GCA_FINDING_OK,
    GCA_FINDING_WARNING,
    GCA_FINDING_FAILED,
    GCA_FINDING_SKIPPED, /* cannot be known as long as an earlier one fails */
} GcaFindingState;

typedef struct {
    const char *name;  /* stable, for JSON: "pcscd" */
    const char *title; /* translated */
    GcaFindingState state;
    char *text;        /* what was found, translated */
    char *fix;         /* what to do, translated; NULL: nothing */
    GcaErrorCode code; /* of a failure */
} GcaFinding;

/* GcaFinding *, in the order of the chain from the service to the account. */
GPtrArray *gca_doctor_examine(const GcaCardChoice *choice, const GcaProfile *profile,
                              GCancellable *cancellable);

const char *gca_finding_state_to_nick(GcaFindingState state);

G_END_DECLS
