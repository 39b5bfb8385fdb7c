/* A card in the list of those found: who holds it, or why it is of no use. */
#pragma once

#include "flow/card-watch.h"
#include "gui/choice-row.h"

G_BEGIN_DECLS

#define GCA_TYPE_CARD_ROW (gca_card_row_get_type())
G_DECLARE_FINAL_TYPE(GcaCardRow, gca_card_row, GCA, CARD_ROW, GcaChoiceRow)

/* Can be selected where the card can sign. `seat` is copied. */
GtkWidget *gca_card_row_new(const GcaSeat *seat);
const GcaSeat *gca_card_row_get_seat(GcaCardRow *row);

/* TRUE where the card was read and nothing forbids it to sign. */
gboolean gca_seat_can_sign(const GcaSeat *seat);

/* What helps where it cannot, as far as that is known; or NULL. */
const char *gca_seat_get_remedy(const GcaSeat *seat);

G_END_DECLS
