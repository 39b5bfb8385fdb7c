#include "config.h"

#include "cli/common/show-holder.h"

#include "base/text.h"
#include "cli/common/output.h"
#include "x509/certificate.h"

#include <glib/gi18n.h>

char *
gca_show_holder(const GcaHolder *holder)
{
    GString *out = g_string_new(NULL);
    g_autofree char *dn = gca_name_to_string(gca_holder_get_dn(holder));
    g_autofree char *issuer = gca_name_to_string(gca_holder_get_issuer(holder));
    g_autofree char *from = gca_text_day(gca_holder_get_not_before(holder));
    g_autofree char *to = gca_text_day(gca_holder_get_not_after(holder));
    g_autofree char *kind =
        g_strdup_printf(_("%s, %s"), gca_holder_kind_to_string(gca_holder_get_kind(holder)),
                        gca_card_rank_to_string(gca_holder_get_rank(holder)));
    g_autofree char *validity = g_strdup_printf(_("%s to %s"), from, to);

    gca_output_add_outside_field(out, _("Agency"), gca_holder_get_organization(holder));
    gca_output_add_outside_field(out, _("OID"), gca_holder_get_oid(holder));
    gca_output_add_field(out, _("DN"), dn);
    gca_output_add_field(out, _("Kind"), kind);
    gca_output_add_field(out, _("Valid"), validity);
    gca_output_add_field(out, _("Issuer"), issuer);
    return g_string_free(out, FALSE);
}

static json_t *
name_to_json(const GcaName *name)
{
    g_autofree char *text = gca_name_to_string(name);
    return json_string(text);
}

json_t *
gca_holder_to_json(const GcaHolder *holder)
{
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();
    g_autofree char *from = gca_text_time(gca_holder_get_not_before(holder));
    g_autofree char *to = gca_text_time(gca_holder_get_not_after(holder));
    g_autofree char *sha256 = gca_certificate_fingerprint(gca_holder_get_certificate(holder));
    json_t *object = json_object();

    json_object_set_new(object, "organization", json_string(gca_holder_get_organization(holder)));
    json_object_set_new(object, "oid", gca_output_json_string(gca_holder_get_oid(holder)));
    json_object_set_new(object, "dn", name_to_json(gca_holder_get_dn(holder)));
    json_object_set_new(object, "issuer", name_to_json(gca_holder_get_issuer(holder)));
    json_object_set_new(object, "kind",
                        json_string(gca_holder_kind_to_nick(gca_holder_get_kind(holder))));
    json_object_set_new(object, "rank",
                        json_string(gca_card_rank_to_nick(gca_holder_get_rank(holder))));
    json_object_set_new(object, "not_before", json_string(from));
    json_object_set_new(object, "not_after", json_string(to));
    json_object_set_new(object, "days_left", json_integer(gca_holder_days_left(holder, now)));
    json_object_set_new(object, "certificate_sha256", json_string(sha256));
    return object;
}
