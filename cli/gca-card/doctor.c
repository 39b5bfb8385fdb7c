#include "config.h"

#include "flow/doctor.h"

#include "cli/common/show-findings.h"
#include "cli/gca-card/commands.h"

gboolean
gca_card_doctor(GcaInvocation *invocation, GError **error)
{
    if (!gca_invocation_parse(invocation, NULL, GCA_OPTIONS_CARD | GCA_OPTIONS_PROFILE, 0, error))
        return FALSE;
    g_autoptr(GcaProfile) profile = gca_invocation_find_profile(invocation, NULL, error);
    if (profile == NULL)
        return FALSE;

    g_autoptr(GPtrArray) findings = gca_doctor_examine(
        gca_invocation_get_card_choice(invocation), profile, gca_invocation_get_cancel(invocation));
    gca_show_findings(invocation, findings);
    if (gca_invocation_is_json(invocation))
        gca_invocation_answer(invocation,
                              json_pack("{so}", "findings", gca_findings_to_json(findings)));
    return gca_findings_conclude(findings, error);
}
