#include "config.h"

#include "base/text.h"
#include "csr/examination-private.h"
#include "x509/certificate.h"

#include <glib/gi18n-lib.h>

#define FULL_PERCENT 100

/* The longest lifetime that browsers accept, by the day of issue (CA/Browser Forum, Baseline
 * Requirements section 6.3.2). The latest first. */
static const struct {
    int year, month, day;
    int days;
} limits[] = {
    {2029, 3, 15, 47},
    {2027, 3, 15, 100},
    {2026, 3, 15, 200},
};

/* 0: no limit that is known here. */
static int
get_limit(GDateTime *from)
{
    for (guint i = 0; i < G_N_ELEMENTS(limits); i++) {
        g_autoptr(GDateTime) since =
            g_date_time_new_utc(limits[i].year, limits[i].month, limits[i].day, 0, 0, 0);
        if (g_date_time_compare(from, since) >= 0)
            return limits[i].days;
    }
    return 0;
}

/* RFC 5280 section 4.1.2.5: the last second counts, and a part of a day is a day. */
static void
check_lifetime(GDateTime *from, GDateTime *to, GPtrArray *findings)
{
    GTimeSpan span = g_date_time_difference(to, from) + G_TIME_SPAN_SECOND;
    int days = (int) ((span + G_TIME_SPAN_DAY - 1) / G_TIME_SPAN_DAY);
    int limit = get_limit(from);

    if (limit == 0 || days <= limit)
        return;
    gca_examination_add(
        findings, "lifetime", _("lifetime"), GCA_FINDING_WARNING,
        g_strdup_printf(_("It is valid for %d days. Browsers accept at most %d of one that is "
                          "issued on that day, and will refuse it."),
                        days, limit),
        _("Ask the CA for one with a shorter lifetime, unless only your own programs use it."));
}

/* Rounded down, so that the first second after the end is already negative. */
static int
count_days(GDateTime *from, GDateTime *to)
{
    GTimeSpan span = g_date_time_difference(to, from);
    return (int) (span / G_TIME_SPAN_DAY) - (span % G_TIME_SPAN_DAY < 0);
}

static gboolean
is_renewal_due(GDateTime *from, GDateTime *to, GDateTime *now, const GcaProfile *profile)
{
    if (profile == NULL)
        return FALSE;
    GTimeSpan lifetime = g_date_time_difference(to, from);
    GTimeSpan used = g_date_time_difference(now, from);
    return used >= lifetime / FULL_PERCENT * (GTimeSpan) gca_profile_get_renewal_percent(profile);
}

static void
check_dates(GDateTime *from, GDateTime *to, GDateTime *now, const GcaProfile *profile,
            GPtrArray *findings)
{
    g_autofree char *first = gca_text_day(from), *last = gca_text_day(to);
    const char *title = _("validity");
    int left = count_days(now, to);

    if (g_date_time_compare(now, to) > 0) {
        gca_examination_add(findings, "validity", title, GCA_FINDING_FAILED,
                            g_strdup_printf(_("The certificate expired on %s."), last),
                            _("Apply for a new one."));
        return;
    }
    if (g_date_time_compare(now, from) < 0) {
        gca_examination_add(findings, "validity", title, GCA_FINDING_FAILED,
                            g_strdup_printf(_("The certificate is not valid before %s."), first),
                            _("Install it then; or set this computer's clock right."));
        return;
    }
    gboolean is_due = is_renewal_due(from, to, now, profile);
    gca_examination_add(
        findings, "validity", title, is_due ? GCA_FINDING_WARNING : GCA_FINDING_OK,
        g_strdup_printf(
            ngettext("valid until %s, %d day left", "valid until %s, %d days left", (gulong) left),
            last, left),
        is_due ? _("Apply for the next one now: the official letter takes its time.") : NULL);
}

void
gca_examination_check_validity(X509 *certificate, const GcaProfile *profile, GDateTime *now,
                               GPtrArray *findings)
{
    g_autoptr(GDateTime) from = gca_certificate_dup_not_before(certificate);
    g_autoptr(GDateTime) to = gca_certificate_dup_not_after(certificate);

    if (from == NULL || to == NULL) {
        gca_examination_add(findings, "validity", _("validity"), GCA_FINDING_FAILED,
                            g_strdup(_("The certificate's dates are not well formed.")),
                            _("Ask the CA for another one."));
        return;
    }
    check_dates(from, to, now, profile, findings);
    check_lifetime(from, to, findings);
}
