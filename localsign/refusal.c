#include "config.h"

#include "localsign/refusal.h"

/* The row bounds the table, too. */
struct _GcaRefusals {
    GHashTable *sites; /* site -> when it may be asked about again */
    gint64 row[GCA_REFUSAL_ROW];
    guint row_length;
    gint64 paused_until;
};

GcaRefusals *
gca_refusals_new(void)
{
    GcaRefusals *refusals = g_new0(GcaRefusals, 1);

    refusals->sites = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return refusals;
}

void
gca_refusals_free(GcaRefusals *refusals)
{
    g_hash_table_unref(refusals->sites);
    g_free(refusals);
}

static void
lengthen_row(GcaRefusals *refusals, gint64 now)
{
    guint last = GCA_REFUSAL_ROW - 1;

    for (guint i = 0; i < last; i++)
        refusals->row[i] = refusals->row[i + 1];
    refusals->row[last] = now;
    refusals->row_length = MIN(refusals->row_length + 1, GCA_REFUSAL_ROW);
    if (refusals->row_length == GCA_REFUSAL_ROW && now - refusals->row[0] <= G_TIME_SPAN_MINUTE)
        refusals->paused_until = now + GCA_REFUSAL_LIFE;
}

void
gca_refusals_add(GcaRefusals *refusals, const char *site, gint64 now)
{
    gint64 end = now + GCA_REFUSAL_LIFE;

    lengthen_row(refusals, now);
    if (site != NULL)
        g_hash_table_replace(refusals->sites, g_strdup(site), g_memdup2(&end, sizeof end));
}

void
gca_refusals_end_row(GcaRefusals *refusals)
{
    refusals->row_length = 0;
}

static gboolean
is_over(gpointer site, gpointer end, gpointer now)
{
    return *(gint64 *) end <= *(gint64 *) now;
}

gboolean
gca_refusals_hold(GcaRefusals *refusals, const char *site, gint64 now)
{
    g_hash_table_foreach_remove(refusals->sites, is_over, &now);
    return now < refusals->paused_until || g_hash_table_contains(refusals->sites, site);
}

gboolean
gca_refusals_are_over(GcaRefusals *refusals, gint64 now)
{
    g_hash_table_foreach_remove(refusals->sites, is_over, &now);
    return refusals->paused_until <= now && g_hash_table_size(refusals->sites) == 0;
}
