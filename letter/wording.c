#include "config.h"

#include "letter/paper-private.h"
#include "profile/domain.h"

#define ROC_YEAR_ZERO 1911

char *
gca_paper_dup_domain(const char *domain)
{
    g_autofree char *unicode = gca_domain_to_unicode(domain);

    return g_str_equal(unicode, domain) ? g_strdup(domain)
                                        : g_strdup_printf("%s（%s）", domain, unicode);
}

char *
gca_paper_dup_address(const GcaContact *contact)
{
    return g_strconcat(gca_contact_get(contact, GCA_CONTACT_POSTCODE),
                       gca_contact_get(contact, GCA_CONTACT_ADDRESS), NULL);
}

char *
gca_paper_dup_form_date(GDateTime *date)
{
    return g_strdup_printf("民國 %d年 %d月%d日", g_date_time_get_year(date) - ROC_YEAR_ZERO,
                           g_date_time_get_month(date), g_date_time_get_day_of_month(date));
}

char *
gca_paper_dup_letter_date(GDateTime *date)
{
    return g_strdup_printf("中華民國%d年%d月%d日", g_date_time_get_year(date) - ROC_YEAR_ZERO,
                           g_date_time_get_month(date), g_date_time_get_day_of_month(date));
}
