/* How long a no to the question of trust is kept, so that no page can ask until somebody gives in.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define GCA_REFUSAL_LIFE (10 * G_TIME_SPAN_MINUTE)
#define GCA_REFUSAL_ROW 3 /* so many within a minute, and no site is asked about for as long */

typedef struct _GcaRefusals GcaRefusals;

GcaRefusals *gca_refusals_new(void);
void gca_refusals_free(GcaRefusals *refusals);

/* A no for `site`; NULL: a question that was taken back before anybody answered, which counts in
 * the row alone. `now` is g_get_monotonic_time(). */
void gca_refusals_add(GcaRefusals *refusals, const char *site, gint64 now);

/* A yes ends the row. */
void gca_refusals_end_row(GcaRefusals *refusals);

/* TRUE if `site` is not to be asked about. */
gboolean gca_refusals_hold(GcaRefusals *refusals, const char *site, gint64 now);

/* TRUE if nothing is kept (any more). */
gboolean gca_refusals_are_over(GcaRefusals *refusals, gint64 now);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(GcaRefusals, gca_refusals_free)

G_END_DECLS
