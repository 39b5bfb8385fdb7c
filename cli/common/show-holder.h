/* A card and its holder as both tools show them. */
#pragma once

#include "flow/found-card.h"

#include <jansson.h>

G_BEGIN_DECLS

/* Lines of label and value. */
char *gca_show_holder(const GcaHolder *holder);
char *gca_show_card(const GcaFoundCard *card);

json_t *gca_holder_to_json(const GcaHolder *holder);
json_t *gca_card_to_json(const GcaFoundCard *card);

G_END_DECLS
