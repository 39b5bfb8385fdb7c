#include "config.h"

#include "base/error.h"
#include "csr/register.h"
#include "flow/prereg-private.h"

#include <glib/gi18n-lib.h>

/* As gca_holder_get_organization gives it for a card with that DN. */
static char *
name_of(const GcaName *dn)
{
    static const char *const types[] = {"ST", "L", "O", "OU", NULL};
    return gca_name_join(dn, types, " ");
}

static GcaAgency *
look_up(const char *oid, GError **error)
{
    g_autoptr(GcaRegister) agencies = gca_register_open(error);
    return agencies ? gca_register_find(agencies, oid, error) : NULL;
}

gboolean
gca_prereg_bind_named(GcaPrereg *prereg, const char *oid, const char *dn, const char *name,
                      GError **error)
{
    g_autoptr(GcaAgency) agency = NULL;

    if (dn == NULL && oid == NULL) {
        gca_error_set(error, GCA_ERROR_USAGE,
                      _("Which organisation? Name it with --oid, or its DN with "
                        "--organization-dn."));
        return FALSE;
    }
    if (dn == NULL && (agency = look_up(oid, error)) == NULL)
        return FALSE;
    g_autoptr(GcaName) parsed = gca_name_parse(dn ? dn : agency->dn, error);
    if (parsed == NULL)
        return FALSE;
    g_autofree char *joined = name_of(parsed);
    GcaOrganization organization = {.name = name ? name : joined, .dn = parsed, .oid = oid};
    return gca_prereg_bind(prereg, &organization, error);
}
