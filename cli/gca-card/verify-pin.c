#include "config.h"

#include "base/error.h"
#include "base/text.h"
#include "cli/common/output.h"
#include "cli/common/show-holder.h"
#include "cli/gca-card/commands.h"

#include <glib/gi18n.h>

static json_t *
tries_to_json(int tries)
{
    return tries == GCA_TRIES_UNKNOWN ? json_null() : json_integer(tries);
}

static void
show_before(GcaInvocation *invocation, const GcaFoundCard *card, int tries)
{
    GcaInteraction *interaction = gca_invocation_get_interaction(invocation);
    g_autofree char *text = gca_show_card(card);
    g_autofree char *trimmed = g_strchomp(g_strdup(text));

    gca_interaction_notice(interaction, GCA_NOTICE_INFO, "%s", trimmed);
    if (tries == GCA_TRIES_UNKNOWN)
        gca_interaction_notice(interaction, GCA_NOTICE_INFO, "%s",
                               _("PIN: the card reports no wrong try."));
    else
        gca_interaction_notice(
            interaction, GCA_NOTICE_INFO,
            ngettext("PIN: %d try is left.", "PIN: %d tries are left.", (gulong) tries), tries);
}

static gboolean
verify(GcaInvocation *invocation, const GcaProfile *profile, GError **error)
{
    GcaCancel *cancel = gca_invocation_get_cancel(invocation);
    g_autoptr(GcaFoundCard) card =
        gca_found_card_open(gca_invocation_get_card_choice(invocation), FALSE,
                            gca_invocation_get_interaction(invocation), cancel, error);
    if (card == NULL)
        return FALSE;
    GcaToken *token = gca_found_card_get_token(card, error);
    if (token == NULL)
        return FALSE;
    int before = gca_token_get_tries_left(token);
    show_before(invocation, card, before);

    if (!gca_found_card_login(card, gca_invocation_get_login(invocation),
                              gca_profile_get_unblock_place(profile),
                              gca_invocation_get_interaction(invocation), cancel, error))
        return FALSE;
    if (gca_invocation_is_json(invocation))
        gca_invocation_answer(invocation,
                              json_pack("{sbsoso}", "accepted", TRUE, "tries_before",
                                        tries_to_json(before), "card", gca_card_to_json(card)));
    else
        gca_output_print("%s\n", _("The PIN is right."));
    return TRUE;
}

gboolean
gca_card_verify_pin(GcaInvocation *invocation, GError **error)
{
    if (!gca_invocation_parse(invocation, NULL,
                              GCA_OPTIONS_CARD | GCA_OPTIONS_PIN | GCA_OPTIONS_PROFILE, 0, error))
        return FALSE;
    g_autoptr(GcaProfile) profile = gca_invocation_find_profile(invocation, NULL, error);
    return profile != NULL && verify(invocation, profile, error);
}
