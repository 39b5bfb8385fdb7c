#include "config.h"

#include "base/error.h"
#include "base/file.h"
#include "base/json.h"
#include "base/text.h"
#include "cms/signed-data.h"
#include "flow/prereg-private.h"
#include "prereg/proof.h"
#include "profile/domain.h"

#include <glib/gi18n-lib.h>

#define PREPARED_FILE_LIMIT (1024 * 1024 + 1)

/* Both clocks count: that of the server, and that of the desk. */
static gboolean
check_age(const GcaRequest *request, GError **error)
{
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();
    GDateTime *created = gca_request_get_created(request);
    GTimeSpan age = g_date_time_difference(now, created);
    g_autofree char *moment = gca_text_moment(created);

    if (age <= GCA_PREREG_MAX_AGE_DAYS * G_TIME_SPAN_DAY && age >= 0)
        return TRUE;
    if (age < 0) {
        gca_error_set(error, GCA_ERROR_CHECK_FAILED,
                      _("The request was prepared at %s, which is in the future."), moment);
        gca_error_set_hint(error, _("The clock of this computer or of the server is wrong: set it, "
                                    "and prepare the request anew if it was the server's."));
    } else {
        gca_error_set(error, GCA_ERROR_CHECK_FAILED,
                      _("The request was prepared at %s, more than %d days ago."), moment,
                      GCA_PREREG_MAX_AGE_DAYS);
        gca_error_set_hint(error, _("Prepare it anew on the server, with gca-prereg prepare."));
    }
    return FALSE;
}

/* As gca_domains_parse would give them: nothing was added to the list by hand. */
static gboolean
check_domains(const GcaRequest *request, const GcaProfile *profile, GError **error)
{
    g_auto(GStrv) parsed = gca_domains_parse(gca_request_get_domains(request), profile, error);
    if (parsed != NULL)
        return TRUE;

    g_autofree char *message = g_strdup((*error)->message);
    gca_error_replace(error, GCA_ERROR_CHECK_FAILED, "%s", message);
    return FALSE;
}

static gboolean
check(GcaPrereg *prereg, GError **error)
{
    return check_age(prereg->request, error) &&
           check_domains(prereg->request, prereg->profile, error) &&
           (!gca_request_has_proof(prereg->request) || gca_proof_check(prereg->request, error));
}

/* What is no prepared request at all: a file that is signed already, or anything else. */
static void
refuse_file(GBytes *content, const char *path, const GError *trouble, GError **error)
{
    g_autofree char *shown = gca_text_escape(path);
    g_autoptr(GcaSignedData) message = gca_signed_data_parse(content, NULL);
    g_autoptr(json_t) value = gca_json_parse(content, path, NULL);

    if (message != NULL) {
        gca_error_set(error, GCA_ERROR_BAD_DATA, _("“%s” has been signed already."), shown);
        gca_error_set_hint(error, _("Hand it in: gca-prereg submit FILE"));
    } else if (json_is_object(value)) {
        gca_error_set(error, GCA_ERROR_CHECK_FAILED, _("“%s” is no prepared request. %s"), shown,
                      trouble->message);
    } else {
        gca_error_set(error, GCA_ERROR_BAD_DATA,
                      _("“%s” is no prepared request, as “gca-prereg prepare” makes it."), shown);
    }
}

static GcaRequest *
read_request(const char *path, GError **error)
{
    g_autoptr(GError) trouble = NULL;
    g_autoptr(GBytes) content = gca_file_read(path, PREPARED_FILE_LIMIT, error);
    if (content == NULL)
        return NULL;
    GcaRequest *request = gca_request_parse(content, &trouble);
    if (request == NULL)
        refuse_file(content, path, trouble, error);
    return request;
}

GcaPrereg *
gca_prereg_open(const char *path, GError **error)
{
    g_autoptr(GcaPrereg) prereg = gca_prereg_alloc();

    prereg->is_prepared = TRUE;
    prereg->request = read_request(path, error);
    if (prereg->request == NULL)
        return NULL;
    prereg->profile = gca_profile_load(gca_request_get_profile(prereg->request), error);
    if (prereg->profile == NULL || !check(prereg, error))
        return NULL;
    gca_prereg_warn_of_account(prereg, gca_request_get_account_uri(prereg->request));
    if (!gca_request_has_proof(prereg->request))
        gca_prereg_warn(prereg,
                        g_strdup(_("Nothing proves that whoever prepared this has the account's "
                                   "key: ask the server's administrator whether the account is "
                                   "theirs.")));
    return g_steal_pointer(&prereg);
}

static const char *
or_unknown(const char *text)
{
    return text ? text : _("not known");
}

static gboolean
refuse_other(const GcaRequest *request, const GcaOrganization *organization, const char *dn,
             GError **error)
{
    g_autofree char *said = gca_text_escape(gca_request_get_organization_dn(request));
    g_autofree char *quoted = g_shell_quote(dn);
    const char *oid = organization->oid;
    g_autofree char *options = oid ? g_strconcat("--oid ", oid, " ", NULL) : g_strdup("");
    g_autofree char *hint = g_strdup_printf(
        _("Put in the card of the organisation named, or prepare it anew on the server with "
          "%s--organization-dn %s"),
        options, quoted);

    gca_error_set(error, GCA_ERROR_CHECK_FAILED,
                  _("The request was prepared for “%s” (OID %s), but the card is that of “%s” (OID "
                    "%s)."),
                  said, or_unknown(gca_request_get_organization_oid(request)), dn, or_unknown(oid));
    gca_error_set_hint(error, hint);
    return FALSE;
}

gboolean
gca_prereg_check_organization(const GcaPrereg *prereg, const GcaOrganization *organization,
                              GError **error)
{
    const GcaRequest *request = prereg->request;
    const char *serial = gca_request_get_card_serial(request);
    g_autofree char *dn = gca_name_to_string(organization->dn);

    if (!g_str_equal(dn, gca_request_get_organization_dn(request)) ||
        g_strcmp0(organization->oid, gca_request_get_organization_oid(request)) != 0)
        return refuse_other(request, organization, dn, error);
    if (serial != NULL && g_strcmp0(serial, organization->card_serial) != 0) {
        g_autofree char *shown = gca_text_escape(serial);
        gca_error_set(error, GCA_ERROR_CHECK_FAILED,
                      _("The request names the card “%s”, but the card here is “%s”."), shown,
                      or_unknown(organization->card_serial));
        return FALSE;
    }
    return TRUE;
}
