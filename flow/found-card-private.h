/* A found card while it is looked for. */
#pragma once

#include "flow/found-card.h"
#include "pcsc/context.h"
#include "pcsc/hicos.h"

G_BEGIN_DECLS

struct _GcaFoundCard {
    GcaCardChoice choice; /* own copies */
    char *reader;
    guint events; /* of the reader, when the card was looked into */
    char *number;
    int generation;
    GcaHolder *holder;
    GBytes *key_id;
    GcaX509Stack *others; /* the certificates beside the holder's that were asked for */
    GcaModuleChoice *module_choice;
    GcaModule *module;
    GcaToken *token;
};

/* One that is in no reader, or in a reader whose cards the service has counted up to `events`. */
GcaFoundCard *gca_found_card_new(const GcaCardChoice *choice);
GcaFoundCard *gca_found_card_new_in_reader(const GcaCardChoice *choice, const char *reader,
                                           guint events);

/* Reads the HiCOS card in card->reader. With NO_CERT number and others are there all the same, as
 * with the two below. */
gboolean gca_found_card_read_hicos(GcaFoundCard *card, GcaPcsc *pcsc, GcaOthers others,
                                   GcaCancel *cancel, GError **error);

/* Reads the certificates of the card's token, in its reader if it is in one. */
gboolean gca_found_card_read_token(GcaFoundCard *card, GcaOthers others, GError **error);

/* Reads the card in card->reader: one of another family than HiCOS through the module. */
gboolean gca_found_card_look_into(GcaFoundCard *card, GcaPcsc *pcsc, GcaOthers others,
                                  GcaCancel *cancel, GError **error);

/* The token of a module that a person named, where no reader has a card. NULL without error if no
 * module was named or it knows of none. */
GcaFoundCard *gca_found_card_find_without_reader(const GcaCardChoice *choice, GcaOthers others,
                                                 GError **error);

/* TRUE if the card was pulled while it was read: its reader will say so soon. */
gboolean gca_found_card_is_gone(const GError *trouble);

/* TRUE if the card that was looked into is in its reader, one of `readers` (NULL: of none), and has
 * been there all the time. */
gboolean gca_found_card_is_in(const GcaFoundCard *card, GPtrArray *readers);

/* NO_READER where the service knows of no reader. */
void gca_found_card_set_no_reader(GError **error);

/* CARD_REMOVED, in place of what `error` holds, with the name of the reader that it was in. */
void gca_found_card_set_removed(const GcaFoundCard *card, GError **error);

/* Which module; the next one opens it, chosen or not yet. */
gboolean gca_found_card_choose_module(GcaFoundCard *card, GError **error);
gboolean gca_found_card_open_module(GcaFoundCard *card, GError **error);

G_END_DECLS
