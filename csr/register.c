#include "config.h"

#include "csr/register.h"

#include "base/error.h"
#include "base/place.h"
#include "base/text.h"
#include "csr/oid.h"
#include "csr/register-private.h"

#include <glib/gi18n-lib.h>

void
gca_agency_free(GcaAgency *agency)
{
    g_free(agency->oid);
    g_free(agency->name);
    g_free(agency->dn);
    g_free(agency);
}

void
gca_register_free(GcaRegister *agencies)
{
    g_ptr_array_unref(agencies->files);
    g_free(agencies);
}

static const GcaRegisterFile *
file_at(const GcaRegister *agencies, guint index)
{
    return g_ptr_array_index(agencies->files, index);
}

static gboolean
add_file(GcaRegister *agencies, const char *path, gboolean is_packaged, GError **error)
{
    g_autoptr(GError) trouble = NULL;
    GcaRegisterFile *file = gca_register_file_open(path, &trouble);

    if (trouble != NULL) {
        g_propagate_error(error, g_steal_pointer(&trouble));
        return FALSE;
    }
    if (file == NULL)
        return TRUE;
    file->is_packaged = is_packaged;
    g_ptr_array_add(agencies->files, file);
    return TRUE;
}

GcaRegister *
gca_register_open(GError **error)
{
    g_autoptr(GcaRegister) agencies = g_new(GcaRegister, 1);
    g_autofree char *imported = gca_place_data(GCA_REGISTER_FILE);
    g_auto(GStrv) folders = gca_place_list_folders();

    agencies->files = g_ptr_array_new_with_free_func((GDestroyNotify) gca_register_file_free);
    if (!add_file(agencies, imported, FALSE, error))
        return NULL;
    for (guint i = 0; folders[i] != NULL; i++) {
        g_autofree char *path = g_build_filename(folders[i], GCA_REGISTER_FILE, NULL);
        if (!add_file(agencies, path, folders[i + 1] == NULL,
                      error)) /* the package's is the last */
            return NULL;
    }
    return g_steal_pointer(&agencies);
}

gboolean
gca_register_is_empty(const GcaRegister *agencies)
{
    return agencies->files->len == 0;
}

gboolean
gca_register_is_starter(const GcaRegister *agencies)
{
    return agencies->files->len > 0 && file_at(agencies, 0)->is_packaged;
}

const char *
gca_register_get_path(const GcaRegister *agencies, guint file)
{
    return file_at(agencies, file)->path;
}

const char *
gca_register_get_date(const GcaRegister *agencies, guint file)
{
    return file_at(agencies, file)->date;
}

/* NULL without an error if no register has it. */
static GcaAgency *
look_up(const GcaRegister *agencies, const char *oid, GError **error)
{
    for (guint i = 0; i < agencies->files->len; i++) {
        gsize size;
        const char *line = gca_register_file_find(file_at(agencies, i), oid, &size);
        if (line == NULL)
            continue;
        GcaAgency *agency = gca_register_file_parse_line(file_at(agencies, i), line, size, error);
        if (agency != NULL)
            agency->file = i;
        return agency;
    }
    return NULL;
}

/* The nearest agency above `oid` that is known, as a sentence; "" if none is. */
static char *
describe_parent(const GcaRegister *agencies, const char *oid)
{
    g_autofree char *above = g_strdup(oid);
    char *dot;

    while ((dot = strrchr(above, '.')) != NULL) {
        *dot = '\0';
        g_autoptr(GcaAgency) agency = look_up(agencies, above, NULL);
        if (agency == NULL)
            continue;
        g_autofree char *name = gca_text_escape(agency->name);
        return g_strdup_printf(_(" The nearest above it is %s, “%s”."), agency->oid, name);
    }
    return g_strdup("");
}

static void
refuse_unknown(const GcaRegister *agencies, const char *oid, GError **error)
{
    if (agencies->files->len == 0) {
        gca_error_set(error, GCA_ERROR_USAGE, _("There is no register to look the OID %s up in."),
                      oid);
        gca_error_set_hint(error, _("Take in GDS.csv, the official file of the OID register, with: "
                                    "gca-csr oid import GDS.csv"));
        return;
    }
    const GcaRegisterFile *file = file_at(agencies, 0);
    const char *date = file->date ? file->date : _("unknown date");
    guint count = gca_register_file_count(file);
    g_autofree char *parent = describe_parent(agencies, oid);

    if (file->is_packaged) {
        gca_error_set(error, GCA_ERROR_USAGE,
                      ngettext("The OID %s is not in the starter register of %s, which has but %u "
                               "agency.%s",
                               "The OID %s is not in the starter register of %s, which has but %u "
                               "agencies.%s",
                               count),
                      oid, date, count, parent);
        gca_error_set_hint(error, _("Only the starter register is there. Take in GDS.csv, the "
                                    "official file of the OID register, with: gca-csr oid import "
                                    "GDS.csv"));
        return;
    }
    gca_error_set(
        error, GCA_ERROR_USAGE,
        ngettext("The OID %s is not in the register imported on %s, which has %u agency.%s",
                 "The OID %s is not in the register imported on %s, which has %u "
                 "agencies.%s",
                 count),
        oid, date, count, parent);
    gca_error_set_hint(error, _("Check its digits. If the agency is new, take in today's GDS.csv "
                                "with: gca-csr oid import GDS.csv"));
}

GcaAgency *
gca_register_find(const GcaRegister *agencies, const char *oid, GError **error)
{
    g_autofree char *parsed = gca_oid_parse(oid, error);
    g_autoptr(GError) trouble = NULL;

    if (parsed == NULL)
        return NULL;
    GcaAgency *agency = look_up(agencies, parsed, &trouble);
    /* bisection finds nothing in a file that is not in order: that is no answer */
    for (guint i = 0; agency == NULL && trouble == NULL && i < agencies->files->len; i++)
        gca_register_file_check(file_at(agencies, i), &trouble);
    if (trouble != NULL)
        g_propagate_error(error, g_steal_pointer(&trouble));
    else if (agency == NULL)
        refuse_unknown(agencies, parsed, error);
    return agency;
}
