#include "config.h"

#include "base/contact.h"

#include "base/error.h"
#include "base/file.h"
#include "base/place.h"
#include "base/text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MAX_CHARACTERS 200
#define MIN_PHONE_DIGITS 6
#define LONGEST_NAME 4 /* characters of a Chinese person's name, as a rule */
#define GROUP "contact"
#define FILE_NAME "contact.ini"
#define FILE_LIMIT (64 * 1024)
#define FILE_MODE 0600
#define PHONE_PATTERN "^[0-9+() -]+((#|ext\\.?|分機)[0-9 ]+)?$"
#define POSTCODE_PATTERN "^([0-9]{3}|[0-9]{5}|[0-9]{6})$"
#define EMAIL_PATTERN "^[!-?A-~]+@[!-?A-~]+$" /* ASCII, one “@”, no blank */

struct _GcaContact {
    char *values[GCA_CONTACT_N_FIELDS];
};

static const struct {
    const char *nick;
    const char *text;
} fields[GCA_CONTACT_N_FIELDS] = {
    [GCA_CONTACT_NAME] = {"name", N_("name")},
    [GCA_CONTACT_PURPOSE] = {"purpose", N_("purpose of the certificate")},
    [GCA_CONTACT_EMAIL] = {"email", N_("e-mail address")},
    [GCA_CONTACT_POSTCODE] = {"postcode", N_("postcode")},
    [GCA_CONTACT_ADDRESS] = {"address", N_("postal address")},
    [GCA_CONTACT_PHONE] = {"phone", N_("telephone number")},
    [GCA_CONTACT_FAX] = {"fax", N_("fax number")},
};

/* What agencies' and schools' names end in. */
static const char *const agency_endings[] = {"府",   "局",   "處",   "署",   "部",   "院",   "會",
                                             "所",   "司",   "廳",   "處室", "中心", "機關", "大隊",
                                             "學校", "大學", "中學", "小學", "法院", NULL};

const char *
gca_contact_field_to_nick(GcaContactField field)
{
    return fields[field].nick;
}

const char *
gca_contact_field_to_string(GcaContactField field)
{
    return _(fields[field].text);
}

GcaContact *
gca_contact_new(void)
{
    return g_new0(GcaContact, 1);
}

GcaContact *
gca_contact_dup(const GcaContact *contact)
{
    GcaContact *copy = gca_contact_new();

    for (guint i = 0; i < GCA_CONTACT_N_FIELDS; i++)
        copy->values[i] = g_strdup(contact->values[i]);
    return copy;
}

void
gca_contact_free(GcaContact *contact)
{
    for (guint i = 0; i < GCA_CONTACT_N_FIELDS; i++)
        g_free(contact->values[i]);
    g_free(contact);
}

static gboolean
fits(const char *pattern, const char *value)
{
    return g_regex_match_simple(pattern, value, G_REGEX_DOLLAR_ENDONLY, 0);
}

/* The domain part has a dot, and no empty label. */
static gboolean
is_email(const char *value)
{
    if (!fits(EMAIL_PATTERN, value))
        return FALSE;
    const char *domain = strchr(value, '@') + 1;
    return strchr(domain, '.') != NULL && *domain != '.' && !g_str_has_suffix(domain, ".") &&
           strstr(domain, "..") == NULL && strpbrk(value, "\"(),:;<>[\\]") == NULL;
}

static gboolean
is_phone(const char *value)
{
    guint digits = 0;

    for (const char *at = value; *at != '\0'; at++)
        digits += g_ascii_isdigit(*at);
    return digits >= MIN_PHONE_DIGITS && fits(PHONE_PATTERN, value);
}

/* Why `value` will not do, or NULL. */
static const char *
find_fault(GcaContactField field, const char *value)
{
    if (!g_utf8_validate(value, -1, NULL))
        return _("it is not UTF-8");
    if (!gca_text_is_plain(value))
        return _("it holds a control or invisible character");
    if (g_utf8_strlen(value, -1) > MAX_CHARACTERS)
        return _("it is longer than 200 characters");
    if (field == GCA_CONTACT_EMAIL && !is_email(value))
        return _("it must look like name@agency.gov.tw");
    if (field == GCA_CONTACT_POSTCODE && !fits(POSTCODE_PATTERN, value))
        return _("it must have 3, 5 or 6 digits");
    if ((field == GCA_CONTACT_PHONE || field == GCA_CONTACT_FAX) && !is_phone(value))
        return _(
            "it must have at least 6 digits, and otherwise only blanks, “+”, “-”, brackets and "
            "“#” before an extension");
    return NULL;
}

gboolean
gca_contact_set(GcaContact *contact, GcaContactField field, const char *value, GError **error)
{
    g_autofree char *kept = value ? g_strstrip(g_strdup(value)) : NULL;
    const char *fault = kept && *kept != '\0' ? find_fault(field, kept) : NULL;

    if (fault != NULL) {
        g_autofree char *shown = gca_text_escape(kept);
        gca_error_set(error, GCA_ERROR_USAGE, _("The contact's %s “%s” cannot be used: %s."),
                      gca_contact_field_to_string(field), shown, fault);
        return FALSE;
    }
    g_free(contact->values[field]);
    contact->values[field] = kept && *kept != '\0' ? g_steal_pointer(&kept) : NULL;
    return TRUE;
}

const char *
gca_contact_get(const GcaContact *contact, GcaContactField field)
{
    return contact->values[field];
}

gboolean
gca_contact_is_empty(const GcaContact *contact)
{
    for (guint i = 0; i < GCA_CONTACT_N_FIELDS; i++) {
        if (contact->values[i] != NULL)
            return FALSE;
    }
    return TRUE;
}

static gboolean
take_field(GcaContact *contact, GcaContactField field, GKeyFile *file, GError **error)
{
    g_autoptr(GError) trouble = NULL;
    g_autofree char *value =
        g_key_file_get_string(file, GROUP, gca_contact_field_to_nick(field), &trouble);

    if (g_error_matches(trouble, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_KEY_NOT_FOUND) ||
        g_error_matches(trouble, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_GROUP_NOT_FOUND))
        return TRUE;
    if (trouble != NULL) {
        g_propagate_error(error, g_steal_pointer(&trouble));
        return FALSE;
    }
    return gca_contact_set(contact, field, value, error);
}

static gboolean
take_fields(GcaContact *contact, const char *path, GError **error)
{
    g_autoptr(GKeyFile) file = g_key_file_new();

    if (!g_key_file_load_from_file(file, path, G_KEY_FILE_NONE, error))
        return FALSE;
    for (guint i = 0; i < GCA_CONTACT_N_FIELDS; i++) {
        if (!take_field(contact, (GcaContactField) i, file, error))
            return FALSE;
    }
    return TRUE;
}

static void
refuse_file(const char *path, const GError *trouble, GError **error)
{
    g_autofree char *shown = gca_text_escape(path);

    gca_error_set(error, GCA_ERROR_BAD_DATA, _("The contact file “%s” cannot be used: %s"), shown,
                  trouble->message);
}

GcaContact *
gca_contact_load(GError **error)
{
    g_autoptr(GcaContact) contact = gca_contact_new();
    g_autofree char *path = gca_place_find(FILE_NAME);
    g_autoptr(GError) trouble = NULL;

    if (path == NULL || take_fields(contact, path, &trouble))
        return g_steal_pointer(&contact);
    refuse_file(path, trouble, error);
    return NULL;
}

/* What is there, or nothing; comments too. */
static GKeyFile *
load_for_change(const char *path, GError **error)
{
    g_autoptr(GKeyFile) file = g_key_file_new();
    g_autoptr(GError) trouble = NULL;

    if (!g_file_test(path, G_FILE_TEST_EXISTS))
        return g_steal_pointer(&file);
    g_autoptr(GBytes) bytes = gca_file_read(path, FILE_LIMIT, error);
    if (bytes == NULL)
        return NULL;
    const GKeyFileFlags flags = G_KEY_FILE_KEEP_COMMENTS | G_KEY_FILE_KEEP_TRANSLATIONS;
    if (g_bytes_get_size(bytes) == 0 || g_key_file_load_from_bytes(file, bytes, flags, &trouble))
        return g_steal_pointer(&file);
    refuse_file(path, trouble, error);
    return NULL;
}

static void
put_fields(const GcaContact *contact, GKeyFile *file)
{
    for (guint i = 0; i < GCA_CONTACT_N_FIELDS; i++) {
        const char *nick = gca_contact_field_to_nick((GcaContactField) i);
        if (contact->values[i] != NULL)
            g_key_file_set_string(file, GROUP, nick, contact->values[i]);
        else
            g_key_file_remove_key(file, GROUP, nick, NULL);
    }
}

gboolean
gca_contact_save(const GcaContact *contact, GError **error)
{
    g_autofree char *path = gca_place_user(FILE_NAME);
    g_autofree char *folder = g_path_get_dirname(path);
    g_autoptr(GKeyFile) file = load_for_change(path, error);
    if (file == NULL || !gca_file_make_folder(folder, error))
        return FALSE;

    put_fields(contact, file);
    gsize size;
    char *text = g_key_file_to_data(file, &size, NULL);
    g_autoptr(GBytes) bytes = g_bytes_new_take(text, size);
    return gca_file_replace(path, bytes, FILE_MODE, error);
}

/* One of the organisation's names ("環境保護署" of "行政院 環境保護署") stands in `name`. */
static gboolean
names_organization(const char *name, const char *organization)
{
    g_auto(GStrv) parts = g_strsplit(organization, " ", -1);

    for (guint i = 0; parts[i] != NULL; i++) {
        if (*parts[i] != '\0' && strstr(name, parts[i]) != NULL)
            return TRUE;
    }
    return FALSE;
}

static gboolean
ends_like_agency(const char *name)
{
    if (g_utf8_strlen(name, -1) <= LONGEST_NAME)
        return FALSE;
    for (guint i = 0; agency_endings[i] != NULL; i++) {
        if (g_str_has_suffix(name, agency_endings[i]))
            return TRUE;
    }
    return FALSE;
}

char *
gca_contact_dup_doubt(const GcaContact *contact, const char *organization)
{
    const char *name = gca_contact_get(contact, GCA_CONTACT_NAME);

    if (name == NULL || (!names_organization(name, organization) && !ends_like_agency(name)))
        return NULL;
    g_autofree char *shown = gca_text_escape(name);
    return g_strdup_printf(_("The contact's name “%s” looks like an agency's; a person's name is "
                             "needed."),
                           shown);
}
