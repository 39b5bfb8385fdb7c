#include "config.h"

#include "cli/common/output.h"
#include "cli/common/show-holder.h"
#include "cli/gca-card/commands.h"

gboolean
gca_card_show(GcaInvocation *invocation, GError **error)
{
    if (!gca_invocation_parse(invocation, NULL, GCA_OPTIONS_CARD | GCA_OPTIONS_PROFILE, 0, error))
        return FALSE;
    g_autoptr(GcaProfile) profile = gca_invocation_find_profile(invocation, NULL, error);
    if (profile == NULL)
        return FALSE;
    g_autoptr(GcaFoundCard) card = gca_found_card_open(
        gca_invocation_get_card_choice(invocation), FALSE,
        gca_invocation_get_interaction(invocation), gca_invocation_get_cancel(invocation), error);
    if (card == NULL)
        return FALSE;

    g_autofree char *text = gca_show_card(card);
    g_autofree char *warning = gca_found_card_dup_renewal_note(card, profile);
    if (gca_invocation_is_json(invocation))
        gca_invocation_answer(invocation, gca_card_to_json(card));
    else
        gca_output_print("%s", text);
    if (warning != NULL)
        gca_interaction_notice(gca_invocation_get_interaction(invocation), GCA_NOTICE_WARNING, "%s",
                               warning);
    return TRUE;
}
