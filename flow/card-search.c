#include "config.h"

#include "base/error.h"
#include "base/text.h"
#include "flow/found-card-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* One reader with a card, looked into; `trouble` is set where that failed. */
typedef struct {
    GcaFoundCard *card;
    GError *trouble;
} Candidate;

static void
candidate_free(gpointer data)
{
    Candidate *candidate = data;
    g_clear_pointer(&candidate->card, gca_found_card_free);
    g_clear_error(&candidate->trouble);
    g_free(candidate);
}

static gboolean
is_name_of_one(const char *name, GPtrArray *readers)
{
    for (guint i = 0; i < readers->len; i++) {
        const GcaReader *reader = g_ptr_array_index(readers, i);
        if (g_str_equal(reader->name, name))
            return TRUE;
    }
    return FALSE;
}

/* A part of its name is enough, unless one of `readers` is called just so. */
static gboolean
reader_fits(const GcaReader *reader, GPtrArray *readers, const GcaCardChoice *choice)
{
    if (choice->reader == NULL || g_str_equal(reader->name, choice->reader))
        return TRUE;
    return strstr(reader->name, choice->reader) != NULL && !is_name_of_one(choice->reader, readers);
}

static gboolean
number_fits(const Candidate *candidate, const GcaCardChoice *choice)
{
    return choice->serial == NULL ||
           (candidate->card->number != NULL &&
            g_ascii_strcasecmp(candidate->card->number, choice->serial) == 0);
}

/* A card whose number could not be read, for it is busy or mute: it may be any. */
static gboolean
is_unread(const Candidate *candidate)
{
    return g_error_matches(candidate->trouble, GCA_ERROR, GCA_ERROR_BUSY) ||
           (g_error_matches(candidate->trouble, GCA_ERROR, GCA_ERROR_CARD_UNKNOWN) &&
            gca_error_get_native(candidate->trouble) != 0);
}

/* What PC/SC said stays the error to show where the module knows no better. A card that does not
 * answer (PC/SC itself has failed) would not answer the module either, which may wait for it for
 * ever. */
gboolean
gca_found_card_look_into(GcaFoundCard *card, GcaPcsc *pcsc, GcaOthers others, GcaCancel *cancel,
                         GError **error)
{
    g_autoptr(GError) trouble = NULL;
    g_autoptr(GError) second = NULL;

    if (gca_found_card_read_hicos(card, pcsc, others, cancel, &trouble))
        return TRUE;
    gboolean is_other = g_error_matches(trouble, GCA_ERROR, GCA_ERROR_CARD_UNKNOWN) &&
                        gca_error_get_native(trouble) == 0;
    if (is_other && gca_found_card_read_token(card, others, &second))
        return TRUE;
    gboolean knows_better = second != NULL &&
                            !g_error_matches(second, GCA_ERROR, GCA_ERROR_NO_CARD) &&
                            !g_error_matches(second, GCA_ERROR, GCA_ERROR_MODULE);
    g_propagate_error(error, knows_better ? g_steal_pointer(&second) : g_steal_pointer(&trouble));
    return FALSE;
}

void
gca_found_card_set_no_reader(GError **error)
{
    gca_error_set(error, GCA_ERROR_NO_READER, _("No card reader is connected."));
    gca_error_set_hint(error, _("Plug in the card reader and wait some seconds; if it is not "
                                "found, install its driver (the package libccid for most)."));
}

static void
refuse_no_card(GPtrArray *readers, const GcaCardChoice *choice, GError **error)
{
    g_autoptr(GString) names = g_string_new(NULL);
    gboolean any = FALSE;

    for (guint i = 0; i < readers->len; i++) {
        const GcaReader *reader = g_ptr_array_index(readers, i);
        g_autofree char *shown = gca_text_escape(reader->name);
        gca_text_add_quoted(names, shown);
        any |= reader_fits(reader, readers, choice);
    }
    g_autofree char *wanted = gca_text_escape(choice->reader ? choice->reader : "");
    if (readers->len == 0)
        gca_found_card_set_no_reader(error);
    else if (!any)
        gca_error_set(error, GCA_ERROR_NO_READER, _("No reader is called “%s”; there are: %s."),
                      wanted, names->str);
    else
        gca_error_set(error, GCA_ERROR_NO_CARD, _("There is no card in the reader (%s)."),
                      names->str);
}

static void
refuse_many(GPtrArray *candidates, GError **error)
{
    g_autoptr(GString) list = g_string_new(NULL);

    for (guint i = 0; i < candidates->len; i++) {
        const Candidate *candidate = g_ptr_array_index(candidates, i);
        const GcaFoundCard *card = candidate->card;
        g_autofree char *reader = gca_text_escape(card->reader);
        g_autofree char *who =
            gca_text_escape(card->holder ? gca_holder_get_organization(card->holder) : "?");
        g_string_append(list, "\n  ");
        /* Translators: a card to choose: its reader, number and holder */
        g_string_append_printf(list, _("%s: %s, %s"), reader, card->number ? card->number : "?",
                               who);
    }
    gca_error_set(error, GCA_ERROR_USAGE, _("There are %u cards; which one is meant?%s"),
                  candidates->len, list->str);
    gca_error_set_hint(error,
                       _("Leave only the card that is meant in its reader, or choose one (on "
                         "the command line: --reader NAME or --serial NUMBER)."));
}

static void
refuse_number(GPtrArray *candidates, const char *serial, GError **error)
{
    g_autofree char *shown = gca_text_escape(serial);

    for (guint i = 0; i < candidates->len; i++) {
        Candidate *candidate = g_ptr_array_index(candidates, i);
        if (is_unread(candidate)) {
            g_propagate_error(error, g_steal_pointer(&candidate->trouble));
            return;
        }
    }
    gca_error_set(error, GCA_ERROR_NO_CARD, _("No reader holds the card with number “%s”."), shown);
}

static GPtrArray *
look_into_all(GcaPcsc *pcsc, GPtrArray *readers, const GcaCardChoice *choice, GcaOthers others,
              GcaCancel *cancel)
{
    GPtrArray *candidates = g_ptr_array_new_with_free_func(candidate_free);

    for (guint i = 0; i < readers->len; i++) {
        const GcaReader *reader = g_ptr_array_index(readers, i);
        if (!reader->has_card || !reader_fits(reader, readers, choice))
            continue;
        Candidate *candidate = g_new0(Candidate, 1);
        candidate->card = gca_found_card_new_in_reader(choice, reader->name, reader->events);
        gca_found_card_look_into(candidate->card, pcsc, others, cancel, &candidate->trouble);
        g_ptr_array_add(candidates, candidate);
    }
    return candidates;
}

/* The one candidate that is meant. */
static GcaFoundCard *
choose(GPtrArray *candidates, const GcaCardChoice *choice, GError **error)
{
    g_autoptr(GPtrArray) fitting = g_ptr_array_new(); /* borrowed */

    for (guint i = 0; i < candidates->len; i++) {
        if (number_fits(g_ptr_array_index(candidates, i), choice))
            g_ptr_array_add(fitting, g_ptr_array_index(candidates, i));
    }
    if (fitting->len == 0) {
        refuse_number(candidates, choice->serial, error);
        return NULL;
    }
    if (fitting->len > 1) {
        refuse_many(fitting, error);
        return NULL;
    }
    Candidate *only = g_ptr_array_index(fitting, 0);
    if (only->trouble != NULL) {
        g_propagate_error(error, g_steal_pointer(&only->trouble));
        return NULL;
    }
    return g_steal_pointer(&only->card);
}

static GcaFoundCard *
find_in_readers(const GcaCardChoice *choice, GcaOthers others, GcaInteraction *interaction,
                GcaCancel *cancel, GError **error)
{
    g_autoptr(GcaPcsc) pcsc = gca_pcsc_new(error);
    if (pcsc == NULL)
        return NULL;
    gca_pcsc_set_interaction(pcsc, interaction);
    g_autoptr(GPtrArray) readers = gca_pcsc_list(pcsc, error);
    if (readers == NULL)
        return NULL;
    g_autoptr(GPtrArray) candidates = look_into_all(pcsc, readers, choice, others, cancel);
    if (!gca_cancel_check(cancel, error))
        return NULL;
    if (candidates->len > 0)
        return choose(candidates, choice, error);
    refuse_no_card(readers, choice, error);
    return NULL;
}

static GcaFoundCard *
find_in_module(const GcaCardChoice *choice, GcaOthers others, GError **error)
{
    g_autoptr(GcaFoundCard) card = gca_found_card_new(choice);
    return gca_found_card_read_token(card, others, error) ? g_steal_pointer(&card) : NULL;
}

/* A module that a person named may have tokens that are in no reader (a software or remote token),
 * and what is wrong with it is what that person has to know. FALSE without an error for any other.
 */
static gboolean
open_named_module(GcaFoundCard *card, GError **error)
{
    g_autoptr(GError) trouble = NULL;
    gboolean is_chosen = gca_found_card_choose_module(card, &trouble);
    gboolean is_named = is_chosen ? card->module_choice->is_named : card->choice.module != NULL;

    /* no other is opened: one may wait for a card that does not answer, and cannot be stopped */
    if (!is_named)
        return FALSE;
    if (is_chosen && gca_found_card_open_module(card, &trouble))
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&trouble));
    return FALSE;
}

GcaFoundCard *
gca_found_card_find_without_reader(const GcaCardChoice *choice, GcaOthers others, GError **error)
{
    g_autoptr(GcaFoundCard) card = gca_found_card_new(choice);
    g_autoptr(GError) trouble = NULL;

    if (open_named_module(card, &trouble) && gca_found_card_read_token(card, others, &trouble))
        return g_steal_pointer(&card);
    if (trouble != NULL && !g_error_matches(trouble, GCA_ERROR, GCA_ERROR_NO_CARD))
        g_propagate_error(error, g_steal_pointer(&trouble));
    return NULL;
}

GcaFoundCard *
gca_found_card_open(const GcaCardChoice *choice, gboolean with_ca, GcaInteraction *interaction,
                    GcaCancel *cancel, GError **error)
{
    const GcaOthers others = with_ca ? GCA_OTHERS_CA : GCA_OTHERS_NONE;
    g_autoptr(GError) trouble = NULL;

    if (choice->token != NULL)
        return find_in_module(choice, others, error);
    GcaFoundCard *card = find_in_readers(choice, others, interaction, cancel, &trouble);
    if (card != NULL)
        return card;
    /* What PC/SC said stays the error where the module knows of no card either. */
    g_autoptr(GError) second = NULL;
    if (g_error_matches(trouble, GCA_ERROR, GCA_ERROR_NO_READER) ||
        g_error_matches(trouble, GCA_ERROR, GCA_ERROR_NO_CARD))
        card = gca_found_card_find_without_reader(choice, others, &second);
    if (card == NULL)
        g_propagate_error(error, second ? g_steal_pointer(&second) : g_steal_pointer(&trouble));
    return card;
}
