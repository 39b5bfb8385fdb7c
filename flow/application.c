#include "config.h"

#include "flow/application.h"

#include "base/error.h"
#include "base/text.h"
#include "csr/csr.h"
#include "csr/key.h"
#include "csr/subject.h"
#include "profile/domain.h"

#include <glib/gi18n-lib.h>

struct _GcaApplication {
    GcaProfile *profile;
    char **names;
    GcaName *subject;
    char *agency_name;
    char *agency_oid;
    GPtrArray *warnings; /* NULL-terminated */
};

void
gca_application_free(GcaApplication *application)
{
    gca_profile_unref(application->profile);
    g_strfreev(application->names);
    g_clear_pointer(&application->subject, gca_name_unref);
    g_free(application->agency_name);
    g_free(application->agency_oid);
    g_ptr_array_unref(application->warnings);
    g_free(application);
}

static void
warn(GcaApplication *application, const char *sentence)
{
    g_ptr_array_insert(application->warnings, (int) application->warnings->len - 1,
                       g_strdup(sentence));
}

/* ---- whose certificate it is ---- */

static gboolean
check_holder(const GcaHolder *holder, GError **error)
{
    GcaHolderKind kind = gca_holder_get_kind(holder);

    if (gca_holder_kind_is_gca(kind))
        return TRUE;
    gca_error_set(error, GCA_ERROR_NO_CERT,
                  _("The subject can be made from the card of an agency or unit only; this is a "
                    "card of another kind: %s."),
                  gca_holder_kind_to_string(kind));
    return FALSE;
}

/* By OID where the card has one, else by name. */
static gboolean
check_agreement(const GcaAgency *agency, const GcaName *dn, const GcaHolder *holder, GError **error)
{
    const char *card_oid = gca_holder_get_oid(holder);
    gboolean agree = card_oid != NULL ? g_str_equal(card_oid, agency->oid)
                                      : gca_name_equal(gca_holder_get_dn(holder), dn);
    if (agree)
        return TRUE;

    g_autofree char *on_card = gca_text_escape(gca_holder_get_organization(holder));
    g_autofree char *in_register = gca_text_escape(agency->name);
    g_autofree char *shown_oid = gca_text_escape(card_oid ? card_oid : _("no OID"));
    gca_error_set(error, GCA_ERROR_USAGE,
                  _("The card and the OID name different agencies: the card is that of “%s” (%s), "
                    "%s in the register is “%s”."),
                  on_card, shown_oid, agency->oid, in_register);
    gca_error_set_hint(error, _("Give only the one that is meant, the card or the OID (on the "
                                "command line: --from-card or --oid)."));
    return FALSE;
}

/* The agency's DN, from the register or the card; NULL without an error where neither was asked. */
static GcaName *
find_agency(GcaApplication *application, const GcaApplicationWish *wish,
            const GcaRegister *agencies, GError **error)
{
    g_autoptr(GcaAgency) agency = NULL;
    g_autoptr(GcaName) dn = NULL;

    if (wish->holder != NULL && !check_holder(wish->holder, error))
        return NULL;
    if (wish->oid == NULL && wish->holder != NULL) {
        application->agency_name = g_strdup(gca_holder_get_organization(wish->holder));
        application->agency_oid = g_strdup(gca_holder_get_oid(wish->holder));
        return gca_name_ref((GcaName *) gca_holder_get_dn(wish->holder));
    }
    if (wish->oid == NULL)
        return NULL;
    agency = gca_register_find(agencies, wish->oid, error);
    if (agency == NULL || (dn = gca_name_parse(agency->dn, error)) == NULL)
        return NULL;
    if (wish->holder != NULL && !check_agreement(agency, dn, wish->holder, error))
        return NULL;
    application->agency_name = g_steal_pointer(&agency->name);
    application->agency_oid = g_steal_pointer(&agency->oid);
    return g_steal_pointer(&dn);
}

static gboolean
check_asked(const GcaApplicationWish *wish, GError **error)
{
    if (wish->oid || wish->holder || wish->organization || wish->subject)
        return TRUE;
    gca_error_set(error, GCA_ERROR_USAGE, "%s", _("It is not said which agency applies."));
    gca_error_set_hint(error, _("Give its OID, its card, or its name as the CA writes it (on the "
                                "command line: --oid, --from-card or --organization). “gca-csr oid "
                                "search NAME” finds the OID."));
    return FALSE;
}

static gboolean
make_subject(GcaApplication *application, const GcaApplicationWish *wish,
             const GcaRegister *agencies, GError **error)
{
    g_autoptr(GError) trouble = NULL;
    gboolean unconfirmed = FALSE;

    if (!check_asked(wish, error))
        return FALSE;
    g_autoptr(GcaName) agency = find_agency(application, wish, agencies, &trouble);
    if (trouble != NULL) {
        g_propagate_error(error, g_steal_pointer(&trouble));
        return FALSE;
    }
    GcaSubjectWish parts = {agency, wish->organization, wish->locality, wish->subject};
    application->subject =
        gca_subject_make(&parts, application->profile, application->names[0], &unconfirmed, error);
    if (application->agency_oid == NULL)
        warn(application, _("The application form needs the agency's OID, which is not known here: "
                            "give it as well, now or when the papers are made (on the command "
                            "line: --oid)."));
    if (application->subject != NULL && unconfirmed)
        warn(application, gca_profile_get_unconfirmed_note());
    return application->subject != NULL;
}

/* One that has no certificate yet; the newest of several. */
static void
note_waiting(GcaApplication *application, const char *parent)
{
    g_autoptr(GPtrArray) folders = gca_request_folder_list(parent, NULL, NULL);
    const GcaRequestFolder *waiting = NULL;

    for (guint i = 0; folders != NULL && i < folders->len; i++) {
        const GcaRequestFolder *folder = g_ptr_array_index(folders, i);
        g_autofree char *path = gca_request_folder_dup_file(folder, GCA_FOLDER_CERT);
        if (g_str_equal(gca_request_folder_get_cn(folder), application->names[0]) &&
            !g_file_test(path, G_FILE_TEST_EXISTS))
            waiting = folder;
    }
    if (waiting == NULL)
        return;
    g_autofree char *day = gca_text_day(gca_request_folder_get_created(waiting));
    g_autofree char *shown = gca_text_escape(gca_request_folder_get_path(waiting));
    g_autofree char *sentence =
        g_strdup_printf(_("A request for “%s” waits for its certificate since %s, in “%s”. A new "
                          "one has a key of its own: a certificate that is issued for the earlier "
                          "request will not fit it."),
                        application->names[0], day, shown);
    warn(application, sentence);
}

GcaApplication *
gca_application_new(const GcaApplicationWish *wish, GcaProfile *profile,
                    const GcaRegister *agencies, GError **error)
{
    g_autoptr(GcaApplication) application = g_new0(GcaApplication, 1);

    application->profile = gca_profile_ref(profile);
    application->warnings = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(application->warnings, NULL);
    application->names = gca_domains_parse_certificate(wish->cn, wish->names, profile, error);
    if (application->names == NULL || !make_subject(application, wish, agencies, error))
        return NULL;
    if (wish->parent != NULL && g_file_test(wish->parent, G_FILE_TEST_IS_DIR))
        note_waiting(application, wish->parent);
    return g_steal_pointer(&application);
}

const GcaProfile *
gca_application_get_profile(const GcaApplication *application)
{
    return application->profile;
}

const GcaName *
gca_application_get_subject(const GcaApplication *application)
{
    return application->subject;
}

const char *const *
gca_application_get_names(const GcaApplication *application)
{
    return (const char *const *) application->names;
}

const char *
gca_application_get_agency_name(const GcaApplication *application)
{
    return application->agency_name;
}

const char *
gca_application_get_agency_oid(const GcaApplication *application)
{
    return application->agency_oid;
}

const char *const *
gca_application_get_warnings(const GcaApplication *application)
{
    return (const char *const *) application->warnings->pdata;
}

/* ---- making it ---- */

static EVP_PKEY *
get_key(const GcaApplication *application, const GcaApplicationKey *wish, GError **error)
{
    if (wish->key == NULL)
        return gca_key_generate(
            wish->bits ? wish->bits : gca_profile_get_key_bits(application->profile), error);
    if (!gca_key_check(wish->key, application->profile, error))
        return NULL;
    EVP_PKEY_up_ref(wish->key);
    return wish->key;
}

GcaRequestFolder *
gca_application_make(const GcaApplication *application, const GcaApplicationKey *wish,
                     const char *parent, GError **error)
{
    g_autoptr(EVP_PKEY) key = get_key(application, wish, error);
    g_autoptr(X509_REQ) csr = NULL;
    g_autoptr(GBytes) pem = NULL;
    GcaRequestFolderFields fields = {
        .profile = gca_profile_get_name(application->profile),
        .names = gca_application_get_names(application),
        .subject = application->subject,
        .agency_name = application->agency_name,
        .agency_oid = application->agency_oid,
        .key_place = wish->place,
    };

    if (key == NULL ||
        (csr = gca_csr_new(key, application->subject, fields.names, error)) == NULL ||
        (wish->place == NULL && (pem = gca_key_encode(key, wish->passphrase, error)) == NULL))
        return NULL;
    return gca_request_folder_create(parent, &fields, pem, csr, error);
}
