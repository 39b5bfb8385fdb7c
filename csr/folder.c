#include "config.h"

#include "csr/folder.h"

#include "base/error.h"
#include "base/file.h"
#include "base/json.h"
#include "base/staging.h"
#include "base/text.h"
#include "csr/csr.h"
#include "csr/folder-private.h"
#include "csr/key.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <sys/stat.h>

#define TOOL "gca-toolkit " GCA_VERSION
#define PUBLIC_FILE_MODE 0644
#define CN_LIMIT 200 /* of a folder's name, which has 255 bytes */

void
gca_request_folder_free(GcaRequestFolder *folder)
{
    g_free(folder->path);
    g_free(folder->profile);
    g_strfreev(folder->names);
    g_clear_pointer(&folder->subject, gca_name_unref);
    g_free(folder->agency_name);
    g_free(folder->agency_oid);
    g_free(folder->key);
    g_free(folder->spki_sha256);
    g_clear_pointer(&folder->created, g_date_time_unref);
    g_free(folder);
}

/* Text that is not UTF-8 becomes null, which the rules refuse, and is never just left out. */
static json_t *
encode_text(const char *text)
{
    json_t *value = json_string(text);
    return value ? value : json_null();
}

static json_t *
encode_names(const char *const *names)
{
    json_t *list = json_array();

    for (; *names != NULL; names++)
        json_array_append_new(list, encode_text(*names));
    return list;
}

static void
add_text(json_t *object, const char *name, const char *text)
{
    if (text != NULL)
        json_object_set_new(object, name, encode_text(text));
}

static json_t *
encode_form(const GcaRequestFolderFields *fields, GDateTime *created, const char *spki_sha256)
{
    g_autofree char *when = gca_text_time(created);
    g_autofree char *subject = gca_name_to_string(fields->subject);
    json_t *form = json_object(), *agency = json_object();

    json_object_set_new(form, "version", json_integer(GCA_FOLDER_REQUEST_VERSION));
    add_text(form, "tool", TOOL);
    add_text(form, "created", when);
    add_text(form, "profile", fields->profile);
    json_object_set_new(form, "names", encode_names(fields->names));
    add_text(form, "subject", subject);
    add_text(agency, "name", fields->agency_name);
    add_text(agency, "oid", fields->agency_oid);
    if (json_object_size(agency) > 0)
        json_object_set(form, "agency", agency);
    json_decref(agency);
    add_text(form, "key", fields->key_place ? fields->key_place : GCA_FOLDER_KEY);
    add_text(form, "spki_sha256", spki_sha256);
    return form;
}

/* request.json for what is asked; BAD_DATA if it cannot be written so that it can be read. */
static GBytes *
encode(const GcaRequestFolderFields *fields, GDateTime *created, const char *spki_sha256,
       GError **error)
{
    g_autoptr(json_t) form = encode_form(fields, created, spki_sha256);
    gsize size = json_dumpb(form, NULL, 0, JSON_INDENT(2));
    char *text = g_malloc(size + 1);

    json_dumpb(form, text, size, JSON_INDENT(2));
    text[size] = '\n';
    if (size < GCA_FOLDER_REQUEST_LIMIT)
        return g_bytes_new_take(text, size + 1);
    g_free(text);
    gca_error_set(error, GCA_ERROR_BAD_DATA,
                  _("The names asked for are too many for one request."));
    return NULL;
}

/* "www.example.gov.tw-20261121T023000Z"; what a file system or a shell takes amiss becomes “_”. */
static char *
make_name(const GcaRequestFolder *folder)
{
    g_autofree char *cn = g_strndup(folder->names[0], CN_LIMIT);
    g_autofree char *when = g_date_time_format(folder->created, "%Y%m%dT%H%M%SZ");

    return g_strconcat(g_strdelimit(cn, "*:", '_'), "-", when, NULL);
}

static gboolean
stage(GcaStaging *staging, GBytes *key_pem, GBytes *csr_pem, GBytes *request, GError **error)
{
    return (key_pem == NULL ||
            gca_staging_add(staging, GCA_FOLDER_KEY, key_pem, GCA_KEY_FILE_MODE, error)) &&
           gca_staging_add(staging, GCA_FOLDER_CSR, csr_pem, PUBLIC_FILE_MODE, error) &&
           gca_staging_add(staging, GCA_FOLDER_REQUEST, request, PUBLIC_FILE_MODE, error);
}

GcaRequestFolder *
gca_request_folder_create(const char *parent, const GcaRequestFolderFields *fields, GBytes *key_pem,
                          X509_REQ *csr, GError **error)
{
    g_return_val_if_fail((key_pem == NULL) == (fields->key_place != NULL), NULL);

    g_autoptr(GDateTime) now = g_date_time_new_now_utc();
    g_autofree char *spki = gca_key_fingerprint(X509_REQ_get0_pubkey(csr));
    g_autoptr(GBytes) csr_pem = gca_csr_encode(csr);
    g_autoptr(GBytes) request = encode(fields, now, spki, error);
    /* One set of rules: what is made here must pass where it is read. */
    g_autoptr(GcaRequestFolder) folder =
        request ? gca_request_folder_parse(request, GCA_FOLDER_REQUEST, error) : NULL;
    g_autoptr(GcaStaging) staging = folder ? gca_staging_new(parent, error) : NULL;

    if (staging == NULL || !stage(staging, key_pem, csr_pem, request, error))
        return NULL;
    g_autofree char *name = make_name(folder);
    folder->path = gca_staging_publish(staging, name, error);
    return folder->path ? g_steal_pointer(&folder) : NULL;
}

GcaRequestFolder *
gca_request_folder_load(const char *path, GError **error)
{
    g_autofree char *absolute = g_canonicalize_filename(path, NULL);
    g_autofree char *file = g_build_filename(absolute, GCA_FOLDER_REQUEST, NULL);
    g_autofree char *shown = gca_text_escape(path);
    struct stat st;

    if (g_lstat(file, &st) != 0 && (errno == ENOENT || errno == ENOTDIR)) {
        gca_error_set(error, GCA_ERROR_USAGE,
                      _("“%s” is not a request folder: there is no request.json in it."), shown);
        gca_error_set_hint(error, _("If it was moved, look where to. If it was deleted, bring it "
                                    "back from a backup: the key was in it, and no certificate "
                                    "fits another one. Without a backup, make a new request."));
        return NULL;
    }
    g_autoptr(GBytes) bytes = gca_file_read(file, GCA_FOLDER_REQUEST_LIMIT, error);
    GcaRequestFolder *folder = bytes ? gca_request_folder_parse(bytes, file, error) : NULL;
    if (folder != NULL)
        folder->path = g_steal_pointer(&absolute);
    return folder;
}

const char *
gca_request_folder_get_path(const GcaRequestFolder *folder)
{
    return folder->path;
}

const char *
gca_request_folder_get_profile(const GcaRequestFolder *folder)
{
    return folder->profile;
}

const char *
gca_request_folder_get_cn(const GcaRequestFolder *folder)
{
    return folder->names[0];
}

const char *const *
gca_request_folder_get_names(const GcaRequestFolder *folder)
{
    return (const char *const *) folder->names;
}

const GcaName *
gca_request_folder_get_subject(const GcaRequestFolder *folder)
{
    return folder->subject;
}

const char *
gca_request_folder_get_agency_name(const GcaRequestFolder *folder)
{
    return folder->agency_name;
}

const char *
gca_request_folder_get_agency_oid(const GcaRequestFolder *folder)
{
    return folder->agency_oid;
}

const char *
gca_request_folder_get_spki_sha256(const GcaRequestFolder *folder)
{
    return folder->spki_sha256;
}

GDateTime *
gca_request_folder_get_created(const GcaRequestFolder *folder)
{
    return folder->created;
}

char *
gca_request_folder_dup_key_place(const GcaRequestFolder *folder)
{
    if (g_str_equal(folder->key, GCA_FOLDER_KEY))
        return gca_request_folder_dup_file(folder, GCA_FOLDER_KEY);
    return g_strdup(folder->key);
}

char *
gca_request_folder_dup_file(const GcaRequestFolder *folder, const char *name)
{
    return g_build_filename(folder->path, name, NULL);
}
