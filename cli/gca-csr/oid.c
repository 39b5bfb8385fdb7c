#include "config.h"

#include "base/error.h"
#include "base/text.h"
#include "cli/common/output.h"
#include "cli/gca-csr/commands.h"
#include "csr/register.h"

#include <glib/gi18n.h>

#define DEFAULT_LIMIT 20
#define SKIPPED_SHOWN 20

/* The register's DN, root first as everywhere else; as it stands where it is none. */
static char *
dup_shown_dn(const GcaAgency *agency)
{
    g_autoptr(GcaName) dn = gca_name_parse(agency->dn, NULL);
    return dn ? gca_name_to_string(dn) : gca_text_escape(agency->dn);
}

/* ---- show ---- */

/* The subject that a certificate of the agency would have (without CN), or NULL and why not. */
static char *
fold(const GcaAgency *agency, const GcaProfile *profile, char **note)
{
    g_autoptr(GError) trouble = NULL;
    g_autoptr(GcaName) dn = gca_name_parse(agency->dn, &trouble);
    gboolean unconfirmed = FALSE;
    g_autoptr(GcaName) subject = dn ? gca_profile_fold(profile, dn, &unconfirmed, &trouble) : NULL;

    if (subject == NULL)
        *note = g_strdup(trouble->message);
    else if (unconfirmed)
        *note = g_strdup(gca_profile_get_unconfirmed_note());
    return subject ? gca_name_to_string(subject) : NULL;
}

static void
print_agency(const GcaRegister *agencies, const GcaAgency *agency, const GcaProfile *profile,
             const char *subject, const char *note)
{
    const char *date = gca_register_get_date(agencies, agency->file);
    g_autofree char *dn = dup_shown_dn(agency);
    g_autofree char *path = gca_text_escape(gca_register_get_path(agencies, agency->file));
    g_autofree char *place = g_strdup_printf(_("%s, of %s"), path, date ? date : _("unknown date"));
    g_autoptr(GString) out = g_string_new(NULL);

    gca_output_add_outside_field(out, _("Agency"), agency->name);
    gca_output_add_field(out, "OID", agency->oid);
    gca_output_add_field(out, "DN", dn);
    gca_output_add_field(out, _("TLS subject"), subject ? subject : "–");
    gca_output_add_outside_field(out, _("By profile"), gca_profile_get_title(profile));
    if (note != NULL)
        gca_output_add_field(out, _("Note"), note);
    gca_output_add_field(out, _("Register"), place);
    gca_output_print("%s", out->str);
}

static gboolean
show(GcaInvocation *invocation, const char *oid, GError **error)
{
    g_autoptr(GcaRegister) agencies = gca_register_open(error);
    g_autoptr(GcaAgency) agency = agencies ? gca_register_find(agencies, oid, error) : NULL;
    if (agency == NULL)
        return FALSE;
    g_autoptr(GcaProfile) profile = gca_invocation_find_profile(invocation, NULL, error);
    if (profile == NULL)
        return FALSE;
    g_autofree char *note = NULL;
    g_autofree char *subject = fold(agency, profile, &note);

    if (!gca_invocation_is_json(invocation)) {
        print_agency(agencies, agency, profile, subject, note);
        return TRUE;
    }
    g_autofree char *dn = dup_shown_dn(agency);
    gca_invocation_answer(
        invocation,
        json_pack("{so so so so so ss so so}", "oid", gca_output_json_string(agency->oid), "name",
                  gca_output_json_string(agency->name), "dn", gca_output_json_string(dn), "subject",
                  gca_output_json_string(subject), "note", gca_output_json_string(note), "profile",
                  gca_profile_get_name(profile), "register",
                  gca_output_json_string(gca_register_get_path(agencies, agency->file)),
                  "register_date",
                  gca_output_json_string(gca_register_get_date(agencies, agency->file))));
    return TRUE;
}

/* ---- search ---- */

static void
print_agencies(GPtrArray *found, guint total)
{
    for (guint i = 0; i < found->len; i++) {
        const GcaAgency *agency = g_ptr_array_index(found, i);
        g_autofree char *oid = gca_text_escape(agency->oid);
        g_autofree char *name = gca_text_escape(agency->name);
        g_autofree char *dn = dup_shown_dn(agency);
        gca_output_print("%s  %s\n    %s\n", oid, name, dn);
    }
    guint more = total > found->len ? total - found->len : 0;
    if (more > 0)
        gca_output_complain(ngettext("%u more agency fits; --limit 0 shows all.\n",
                                     "%u more agencies fit; --limit 0 shows all.\n", more),
                            more);
}

static json_t *
agencies_to_json(GPtrArray *found)
{
    json_t *list = json_array();

    for (guint i = 0; i < found->len; i++) {
        const GcaAgency *agency = g_ptr_array_index(found, i);
        g_autofree char *dn = dup_shown_dn(agency);
        json_array_append_new(list,
                              json_pack("{so so so}", "oid", gca_output_json_string(agency->oid),
                                        "name", gca_output_json_string(agency->name), "dn",
                                        gca_output_json_string(dn)));
    }
    return list;
}

static gboolean
refuse_none(const GcaRegister *agencies, const char *words, GError **error)
{
    g_autofree char *shown = gca_text_escape(words);

    gca_error_set(error, GCA_ERROR_USAGE, _("No agency in the register holds “%s”."), shown);
    if (gca_register_is_starter(agencies))
        gca_error_set_hint(error, _("Only the starter register is there. Take in GDS.csv, the "
                                    "official file of the OID register, with: gca-csr oid import "
                                    "GDS.csv"));
    else
        gca_error_set_hint(error, _("Try fewer or shorter words."));
    return FALSE;
}

static gboolean
search(GcaInvocation *invocation, int limit, GError **error)
{
    g_autofree char *words =
        g_strjoinv(" ", (char **) gca_invocation_get_arguments(invocation) + 1);
    g_autoptr(GcaRegister) agencies = gca_register_open(error);
    if (agencies == NULL)
        return FALSE;
    guint total;
    g_autoptr(GPtrArray) found = gca_register_search(agencies, words, (guint) limit, &total);

    if (gca_invocation_is_json(invocation))
        gca_invocation_answer(invocation, json_pack("{so si}", "agencies", agencies_to_json(found),
                                                    "total", (int) total));
    else
        print_agencies(found, total);
    return found->len > 0 || refuse_none(agencies, words, error);
}

/* ---- import ---- */

static void
print_import(const GcaRegisterImport *import)
{
    GPtrArray *skipped = import->skipped;
    g_autofree char *path = gca_text_escape(import->path);

    for (guint i = 0; i < MIN(skipped->len, SKIPPED_SHOWN); i++)
        gca_output_complain("%s\n", (const char *) g_ptr_array_index(skipped, i));
    if (skipped->len > SKIPPED_SHOWN)
        gca_output_complain(_("… and %u more, all of them with --json\n"),
                            skipped->len - SKIPPED_SHOWN);
    if (skipped->len > 0)
        gca_output_complain(
            ngettext("%u row was left out.\n", "%u rows were left out.\n", skipped->len),
            skipped->len);
    gca_output_print(ngettext("%u agency is now in the register “%s”.\n",
                              "%u agencies are now in the register “%s”.\n", import->taken),
                     import->taken, path);
}

static gboolean
import_file(GcaInvocation *invocation, const char *path, GError **error)
{
    g_autoptr(GcaRegisterImport) import = gca_register_import(path, error);
    if (import == NULL)
        return FALSE;
    if (!gca_invocation_is_json(invocation)) {
        print_import(import);
        return TRUE;
    }
    json_t *skipped = json_array();
    for (guint i = 0; i < import->skipped->len; i++)
        json_array_append_new(skipped,
                              gca_output_json_string(g_ptr_array_index(import->skipped, i)));
    gca_invocation_answer(invocation,
                          json_pack("{si so so}", "taken", (int) import->taken, "skipped", skipped,
                                    "file", gca_output_json_string(import->path)));
    return TRUE;
}

static gboolean
run(GcaInvocation *invocation, int limit, GError **error)
{
    const char *const *arguments = gca_invocation_get_arguments(invocation);
    guint n_operands = g_strv_length((char **) arguments) - 1;

    if (g_str_equal(arguments[0], "search") && n_operands > 0)
        return search(invocation, limit, error);
    if (g_str_equal(arguments[0], "show") && n_operands == 1)
        return show(invocation, arguments[1], error);
    if (g_str_equal(arguments[0], "import") && n_operands == 1)
        return import_file(invocation, arguments[1], error);
    gca_error_set(error, GCA_ERROR_USAGE, "%s",
                  _("“gca-csr oid” knows “import FILE”, “show OID” and “search WORDS…”."));
    return FALSE;
}

gboolean
gca_csr_command_oid(GcaInvocation *invocation, GError **error)
{
    int limit = DEFAULT_LIMIT;
    const GOptionEntry entries[] = {{"limit", 0, 0, G_OPTION_ARG_INT, &limit,
                                     N_("How many agencies a search shows (20; 0: all)"),
                                     N_("NUMBER")},
                                    G_OPTION_ENTRY_NULL};

    if (!gca_invocation_parse(invocation, entries, GCA_OPTIONS_PROFILE, GCA_ARGUMENTS_SOME, error))
        return FALSE;
    if (limit < 0) {
        gca_error_set(error, GCA_ERROR_USAGE, _("--limit %d is below zero."), limit);
        return FALSE;
    }
    return run(invocation, limit, error);
}
