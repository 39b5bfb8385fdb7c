#include "config.h"

#include "base/contact.h"

#include "base/error.h"
#include "base/key-file.h"
#include "base/place.h"
#include "base/text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MAX_CHARACTERS 200
#define MIN_PHONE_DIGITS 6
#define LONGEST_NAME 4 /* characters of a Chinese person's name, as a rule */
#define GROUP "contact"
#define FILE_NAME "contact.ini"
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

/* Without blanks around it; numbers without the full width of ０２－１２３４. */
static char *
tidy(GcaContactField field, const char *value)
{
    static const gboolean is_number[GCA_CONTACT_N_FIELDS] = {
        [GCA_CONTACT_POSTCODE] = TRUE,
        [GCA_CONTACT_PHONE] = TRUE,
        [GCA_CONTACT_FAX] = TRUE,
    };
    g_autofree char *half_width =
        is_number[field] ? g_utf8_normalize(value, -1, G_NORMALIZE_ALL_COMPOSE) : NULL;

    return g_strstrip(half_width ? g_steal_pointer(&half_width) : g_strdup(value));
}

static const char *
find_fault(GcaContactField field, const char *value)
{
    if (*value == '\0')
        return NULL;
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

const char *
gca_contact_find_fault(GcaContactField field, const char *value)
{
    g_autofree char *kept = tidy(field, value);
    return find_fault(field, kept);
}

gboolean
gca_contact_set(GcaContact *contact, GcaContactField field, const char *value, GError **error)
{
    g_autofree char *kept = tidy(field, value ? value : "");
    const char *fault = find_fault(field, kept);

    if (fault != NULL) {
        g_autofree char *shown = gca_text_escape(kept);
        gca_error_set(error, GCA_ERROR_USAGE, _("The contact's %s “%s” cannot be used: %s."),
                      gca_contact_field_to_string(field), shown, fault);
        return FALSE;
    }
    g_free(contact->values[field]);
    contact->values[field] = *kept != '\0' ? g_steal_pointer(&kept) : NULL;
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

char *
gca_contact_to_string(const GcaContact *contact)
{
    GString *lines = g_string_new(NULL);

    for (guint i = 0; i < GCA_CONTACT_N_FIELDS; i++) {
        if (contact->values[i] == NULL)
            continue;
        g_autofree char *shown = gca_text_escape(contact->values[i]);
        g_string_append(lines, lines->len > 0 ? "\n" : "");
        g_string_append_printf(lines, _("%s: %s"), gca_contact_field_to_string((GcaContactField) i),
                               shown);
    }
    if (lines->len == 0)
        g_string_append(lines, _("none given"));
    return g_string_free(lines, FALSE);
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

/* All that is good; what is not is told together. */
static char *
take_fields(GcaContact *contact, GKeyFile *file)
{
    GString *faults = g_string_new(NULL);

    for (guint i = 0; i < GCA_CONTACT_N_FIELDS; i++) {
        g_autoptr(GError) trouble = NULL;
        if (!take_field(contact, (GcaContactField) i, file, &trouble))
            gca_text_add_sentence(faults, trouble->message);
    }
    return g_string_free(faults, FALSE);
}

gboolean
gca_contact_load(GcaContact *contact, GError **error)
{
    g_autofree char *path = gca_place_find(FILE_NAME);
    if (path == NULL)
        return TRUE;

    g_autoptr(GKeyFile) file = gca_key_file_load(path, error);
    if (file == NULL)
        return FALSE;
    g_autofree char *faults = take_fields(contact, file);
    if (*faults == '\0')
        return TRUE;
    g_autofree char *shown = gca_text_escape(path);
    gca_error_set(error, GCA_ERROR_BAD_DATA, _("The contact file “%s” cannot be used: %s"), shown,
                  faults);
    return FALSE;
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
    g_autoptr(GKeyFile) file = gca_key_file_load(path, error);
    if (file == NULL)
        return FALSE;

    put_fields(contact, file);
    return gca_key_file_save(file, path, error);
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
