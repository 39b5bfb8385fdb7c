/* One login, and the signatures that follow it: also with a card that wants its PIN for each. */
#pragma once

#include "flow/prereg-card.h"

G_BEGIN_DECLS

typedef struct _GcaPreregSeries GcaPreregSeries;

/* Logs in as `login` says (title is ours) for `total` signatures. Where the card asks for its PIN
 * at every one, this is told first; USAGE where it is not typed then. All that is given is to
 * outlive the series. */
GcaPreregSeries *gca_prereg_series_new(GcaFoundCard *card, guint total,
                                       const GcaLoginOptions *login, GcaInteraction *interaction,
                                       GcaCancel *cancel, GError **error);
void gca_prereg_series_free(GcaPreregSeries *series);

/* The next signature, as gca_prereg_sign_with gives it, after the PIN where the card wants it.
 * CANCELLED: nothing was signed. */
GBytes *gca_prereg_series_sign(GcaPreregSeries *series, GcaPrereg *prereg, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(GcaPreregSeries, gca_prereg_series_free)

G_END_DECLS
