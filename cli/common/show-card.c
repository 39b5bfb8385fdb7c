#include "config.h"

#include "cli/common/output.h"
#include "cli/common/show-holder.h"

#include <glib/gi18n.h>

char *
gca_show_card(const GcaFoundCard *card)
{
    GString *out = g_string_new(NULL);

    if (gca_found_card_get_reader(card) != NULL)
        gca_output_add_outside_field(out, _("Reader"), gca_found_card_get_reader(card));
    gca_output_add_outside_field(out, _("Card number"), gca_found_card_get_number(card));
    g_autofree char *holder = gca_show_holder(gca_found_card_get_holder(card));
    g_string_append(out, holder);
    return g_string_free(out, FALSE);
}

json_t *
gca_card_to_json(const GcaFoundCard *card)
{
    int generation = gca_found_card_get_generation(card);
    json_t *object = json_object();

    json_object_set_new(object, "reader", gca_output_json_string(gca_found_card_get_reader(card)));
    json_object_set_new(object, "number", gca_output_json_string(gca_found_card_get_number(card)));
    json_object_set_new(object, "generation",
                        generation > 0 ? json_integer(generation) : json_null());
    json_object_set_new(object, "holder", gca_holder_to_json(gca_found_card_get_holder(card)));
    return object;
}
