#include "config.h"

#include "gui/prereg-draft.h"

#include "gui/remembered.h"
#include "profile/domain.h"

static GcaCardChoice
choice_dup(const GcaCardChoice *choice)
{
    return (GcaCardChoice){
        .reader = g_strdup(choice->reader),
        .serial = g_strdup(choice->serial),
        .token = g_strdup(choice->token),
        .module = g_strdup(choice->module),
    };
}

GcaPreregDraft *
gca_prereg_draft_new(const GcaCardChoice *start, GcaProfile *profile)
{
    GcaPreregDraft *draft = g_atomic_rc_box_new0(GcaPreregDraft);

    draft->start = choice_dup(start);
    draft->profile = gca_profile_ref(profile);
    draft->contact = gca_remembered_load_contact(&draft->contact_trouble);
    return draft;
}

static void
choice_clear(GcaCardChoice *choice)
{
    g_clear_pointer(&choice->reader, g_free);
    g_clear_pointer(&choice->serial, g_free);
    g_clear_pointer(&choice->token, g_free);
    g_clear_pointer(&choice->module, g_free);
}

static void
draft_clear(gpointer data)
{
    GcaPreregDraft *draft = data;

    g_clear_pointer(&draft->prereg, gca_prereg_free); /* before the contact: it uses it */
    choice_clear(&draft->start);
    choice_clear(&draft->card);
    gca_profile_unref(draft->profile);
    g_clear_pointer(&draft->seat, gca_seat_free);
    g_free(draft->account);
    g_free(draft->domains);
    g_free(draft->subject);
    gca_contact_free(draft->contact);
    g_clear_error(&draft->contact_trouble);
    g_clear_pointer(&draft->message, g_bytes_unref);
    g_free(draft->path);
}

GcaPreregDraft *
gca_prereg_draft_ref(GcaPreregDraft *draft)
{
    return g_atomic_rc_box_acquire(draft);
}

void
gca_prereg_draft_unref(GcaPreregDraft *draft)
{
    g_atomic_rc_box_release_full(draft, draft_clear);
}

gboolean
gca_prereg_draft_is_begun(gconstpointer data)
{
    const GcaPreregDraft *draft = data;

    return draft->seat != NULL && draft->message == NULL;
}

void
gca_prereg_draft_touch(GcaPreregDraft *draft)
{
    g_clear_pointer(&draft->prereg, gca_prereg_free);
}

void
gca_prereg_draft_set_card(GcaPreregDraft *draft, const GcaSeat *seat)
{
    gca_prereg_draft_touch(draft);
    g_clear_pointer(&draft->seat, gca_seat_free);
    choice_clear(&draft->card);
    draft->seat = gca_seat_dup(seat);
    draft->card = choice_dup(&draft->start);
    gca_seat_choose(seat, &draft->card);
}

void
gca_prereg_draft_set_account(GcaPreregDraft *draft, const char *where, GcaProfile *profile)
{
    gca_prereg_draft_touch(draft);
    g_free(draft->account);
    draft->account = g_strdup(where);
    gca_profile_ref(profile); /* it may be the one that is let go */
    gca_profile_unref(draft->profile);
    draft->profile = profile;
}

void
gca_prereg_draft_set_domains(GcaPreregDraft *draft, const char *text)
{
    if (g_strcmp0(draft->domains, text) == 0)
        return;
    gca_prereg_draft_touch(draft);
    g_free(draft->domains);
    draft->domains = g_strdup(text);
}

GStrv
gca_prereg_draft_list_domains(const GcaPreregDraft *draft)
{
    return gca_domains_split(draft->domains);
}
