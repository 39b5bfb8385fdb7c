#include "config.h"

#include "cli/gca-csr/show-request-folder.h"

#include "base/text.h"
#include "cli/common/output.h"
#include "profile/domain.h"

#include <glib/gi18n.h>

void
gca_show_application(const GcaApplication *application)
{
    g_autoptr(GString) out = g_string_new(NULL);
    const GcaProfile *profile = gca_application_get_profile(application);
    g_autofree char *subject = gca_name_to_string(gca_application_get_subject(application));
    g_autofree char *names = gca_domains_to_string(gca_application_get_names(application));

    gca_output_add_outside_field(out, _("Agency"), gca_application_get_agency_name(application));
    gca_output_add_outside_field(out, _("OID"), gca_application_get_agency_oid(application));
    gca_output_add_outside_field(out, _("CA profile"), gca_profile_get_name(profile));
    gca_output_add_field(out, _("Subject"), subject);
    gca_output_add_field(out, _("Names"), names);
    gca_output_print("%s", out->str);
}

static json_t *
names_to_json(const char *const *names)
{
    json_t *list = json_array();

    for (guint i = 0; names[i] != NULL; i++)
        json_array_append_new(list, json_string(names[i]));
    return list;
}

json_t *
gca_application_to_json(const GcaApplication *application)
{
    g_autofree char *subject = gca_name_to_string(gca_application_get_subject(application));
    json_t *object = json_object();

    json_object_set_new(object, "agency_name",
                        gca_output_json_string(gca_application_get_agency_name(application)));
    json_object_set_new(object, "agency_oid",
                        gca_output_json_string(gca_application_get_agency_oid(application)));
    json_object_set_new(
        object, "profile",
        json_string(gca_profile_get_name(gca_application_get_profile(application))));
    json_object_set_new(object, "subject", gca_output_json_string(subject));
    json_object_set_new(object, "names", names_to_json(gca_application_get_names(application)));
    return object;
}

void
gca_show_new_request_folder(const GcaRequestFolder *folder)
{
    g_autoptr(GString) out = g_string_new(NULL);
    g_autofree char *hex = gca_text_group_hex(gca_request_folder_get_spki_sha256(folder));
    g_autofree char *csr = gca_request_folder_dup_file(folder, GCA_FOLDER_CSR);
    g_autofree char *key = gca_request_folder_dup_key_place(folder);
    g_autofree char *path = gca_text_escape(gca_request_folder_get_path(folder));
    g_autofree char *parent = g_path_get_dirname(path);

    gca_output_add_field(out, _("Key SHA-256"), hex);
    gca_output_add_outside_field(out, _("Key"), key);
    gca_output_add_outside_field(out, _("CSR"), csr);
    gca_output_add_field(out, _("Folder"), path);
    gca_output_print("%s\n", out->str);
    gca_output_print(_("Keep the folder: the certificate fits this key alone.\n"
                       "Next: upload the request to the CA, and make the papers:\n"
                       "  gca-letter form %s\n"
                       "  gca-letter letter %s\n"
                       "  gca-letter code-sheet %s\n"
                       "When the certificate comes: gca-csr attach --search %s CERTIFICATE\n"),
                     path, path, path, parent);
}

json_t *
gca_request_folder_to_json(const GcaRequestFolder *folder)
{
    g_autofree char *subject = gca_name_to_string(gca_request_folder_get_subject(folder));
    g_autofree char *csr = gca_request_folder_dup_file(folder, GCA_FOLDER_CSR);
    g_autofree char *key = gca_request_folder_dup_key_place(folder);
    g_autofree char *created = gca_text_time(gca_request_folder_get_created(folder));
    json_t *object = json_object();

    json_object_set_new(object, "folder",
                        gca_output_json_string(gca_request_folder_get_path(folder)));
    json_object_set_new(object, "csr", gca_output_json_string(csr));
    json_object_set_new(object, "key", gca_output_json_string(key));
    json_object_set_new(object, "created", json_string(created));
    json_object_set_new(object, "profile",
                        gca_output_json_string(gca_request_folder_get_profile(folder)));
    json_object_set_new(object, "agency_name",
                        gca_output_json_string(gca_request_folder_get_agency_name(folder)));
    json_object_set_new(object, "agency_oid",
                        gca_output_json_string(gca_request_folder_get_agency_oid(folder)));
    json_object_set_new(object, "subject", gca_output_json_string(subject));
    json_object_set_new(object, "names", names_to_json(gca_request_folder_get_names(folder)));
    json_object_set_new(object, "spki_sha256",
                        gca_output_json_string(gca_request_folder_get_spki_sha256(folder)));
    return object;
}
