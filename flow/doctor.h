/* What is between this computer and a signature: one finding a check, with its fix. Needs no card,
 * network or root, and asks no PIN. */
#pragma once

#include "base/cancel.h"
#include "base/finding.h"
#include "flow/card-choice.h"
#include "profile/profile.h"

G_BEGIN_DECLS

/* GcaFinding *, in the order of the chain from the service to the account. */
GPtrArray *gca_doctor_examine(const GcaCardChoice *choice, const GcaProfile *profile,
                              GcaCancel *cancel);

G_END_DECLS
