#include "config.h"

#include "base/error.h"
#include "base/json.h"
#include "base/text.h"
#include "csr/folder-private.h"
#include "csr/oid.h"

#include <arpa/inet.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#define TEXT_LIMIT 2000 /* characters */
#define PROFILE_LIMIT 64
#define PATH_LIMIT 4096
#define SHA256_DIGITS 64
#define HOST_LIMIT 253 /* RFC 1035 section 2.3.4 */
#define LABEL_LIMIT 63
#define LABEL_CHARACTERS "abcdefghijklmnopqrstuvwxyz0123456789-"
#define PROFILE_CHARACTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-"

/* Takes a member's value into the folder; FALSE if it is not well formed. */
typedef gboolean (*TakeFunc)(GcaRequestFolder *folder, json_t *value);

/* Text of 1 to `limit` characters without control characters, or NULL. */
static const char *
text_of(json_t *value, glong limit)
{
    const char *text = json_string_value(value);

    if (text == NULL || *text == '\0' || g_utf8_strlen(text, -1) > limit)
        return NULL;
    for (const char *at = text; *at != '\0'; at = g_utf8_next_char(at)) {
        if (g_unichar_iscntrl(g_utf8_get_char(at)))
            return NULL;
    }
    return text;
}

static gboolean
consists_of(const char *text, const char *characters)
{
    return text[strspn(text, characters)] == '\0';
}

static gboolean
take_version(GcaRequestFolder *folder, json_t *value)
{
    return json_is_integer(value) && json_integer_value(value) == GCA_FOLDER_REQUEST_VERSION;
}

static gboolean
take_tool(GcaRequestFolder *folder, json_t *value)
{
    return text_of(value, TEXT_LIMIT) != NULL;
}

static gboolean
take_created(GcaRequestFolder *folder, json_t *value)
{
    const char *text = text_of(value, TEXT_LIMIT);

    folder->created = text ? gca_text_parse_time(text) : NULL;
    return folder->created != NULL;
}

static gboolean
take_profile(GcaRequestFolder *folder, json_t *value)
{
    const char *text = text_of(value, PROFILE_LIMIT);

    if (text == NULL || !consists_of(text, PROFILE_CHARACTERS))
        return FALSE;
    folder->profile = g_strdup(text);
    return TRUE;
}

static gboolean
is_label(const char *label)
{
    gsize length = strlen(label);

    return length > 0 && length <= LABEL_LIMIT && consists_of(label, LABEL_CHARACTERS) &&
           label[0] != '-' && label[length - 1] != '-';
}

/* A lower-case A-label form; it becomes part of paths and of configuration lines. */
static gboolean
is_host_name(const char *text)
{
    if (g_str_has_prefix(text, "*."))
        text += 2;
    if (*text == '\0' || strlen(text) > HOST_LIMIT)
        return FALSE;
    g_auto(GStrv) labels = g_strsplit(text, ".", -1);
    for (guint i = 0; labels[i] != NULL; i++) {
        if (!is_label(labels[i]))
            return FALSE;
    }
    return TRUE;
}

/* An address in the one form that inet_ntop gives. */
static gboolean
is_address(const char *text)
{
    guint8 address[sizeof(struct in6_addr)];
    char again[INET6_ADDRSTRLEN];
    int family = strchr(text, ':') ? AF_INET6 : AF_INET;

    return inet_pton(family, text, address) == 1 &&
           inet_ntop(family, address, again, sizeof again) != NULL && g_str_equal(text, again);
}

static gboolean
take_names(GcaRequestFolder *folder, json_t *value)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    gsize i;
    json_t *element;

    json_array_foreach(value, i, element)
    {
        const char *name = text_of(element, HOST_LIMIT + 2);
        if (name == NULL || !(is_host_name(name) || is_address(name)) ||
            !g_hash_table_add(seen, (gpointer) name))
            return FALSE;
        g_ptr_array_add(names, g_strdup(name));
    }
    if (names->len == 0)
        return FALSE;
    g_ptr_array_add(names, NULL);
    folder->names = (char **) g_ptr_array_free(g_steal_pointer(&names), FALSE);
    return TRUE;
}

static gboolean
take_subject(GcaRequestFolder *folder, json_t *value)
{
    const char *text = text_of(value, TEXT_LIMIT);

    folder->subject = text ? gca_name_parse(text, NULL) : NULL;
    if (folder->subject == NULL)
        return FALSE;
    /* root first, and written in one way only */
    g_autofree char *again = gca_name_to_string(folder->subject);
    return g_str_equal(again, text);
}

static gboolean
is_oid(const char *text)
{
    g_autofree char *again = gca_oid_parse(text, NULL);
    return again != NULL && g_str_equal(again, text);
}

static gboolean
take_agency(GcaRequestFolder *folder, json_t *value)
{
    const char *name;
    json_t *member;

    json_object_foreach(value, name, member)
    {
        const char *text = text_of(member, TEXT_LIMIT);
        if (text != NULL && g_str_equal(name, "name"))
            folder->agency_name = g_strdup(text);
        else if (text != NULL && g_str_equal(name, "oid") && is_oid(text))
            folder->agency_oid = g_strdup(text);
        else
            return FALSE;
    }
    return folder->agency_name != NULL || folder->agency_oid != NULL;
}

/* RFC 7512; a PIN is never written down, nor where to find one. */
static gboolean
is_key_uri(const char *text)
{
    return g_str_has_prefix(text, "pkcs11:") && g_str_is_ascii(text) && strchr(text, ' ') == NULL &&
           strstr(text, "pin-value") == NULL && strstr(text, "pin-source") == NULL;
}

static gboolean
take_key(GcaRequestFolder *folder, json_t *value)
{
    const char *text = text_of(value, PATH_LIMIT);

    if (text == NULL ||
        !(g_str_equal(text, GCA_FOLDER_KEY) || g_path_is_absolute(text) || is_key_uri(text)))
        return FALSE;
    folder->key = g_strdup(text);
    return TRUE;
}

static gboolean
take_spki(GcaRequestFolder *folder, json_t *value)
{
    const char *text = text_of(value, SHA256_DIGITS);

    if (text == NULL || strlen(text) != SHA256_DIGITS || !consists_of(text, "0123456789abcdef"))
        return FALSE;
    folder->spki_sha256 = g_strdup(text);
    return TRUE;
}

static const struct {
    const char *name;
    gboolean is_needed;
    TakeFunc take;
    const char *form;
} members[] = {
    {"version", TRUE, take_version, N_("the number 1, the one version known here")},
    {"tool", TRUE, take_tool, N_("the name of a program")},
    {"created", TRUE, take_created, N_("a time of the form 2026-11-21T02:30:00Z")},
    {"profile", TRUE, take_profile, N_("the name of a profile")},
    {"names", TRUE, take_names, N_("a list of host names and addresses, each there once")},
    {"subject", TRUE, take_subject, N_("a distinguished name that begins with C")},
    {"agency", FALSE, take_agency, N_("an object with the agency's name, its OID or both")},
    {"key", TRUE, take_key, N_("“privkey.pem”, an absolute path or a pkcs11: address")},
    {"spki_sha256", TRUE, take_spki, N_("a SHA-256 digest of 64 hexadecimal digits")},
};

static gboolean
is_known(const char *name)
{
    for (guint i = 0; i < G_N_ELEMENTS(members); i++) {
        if (g_str_equal(name, members[i].name))
            return TRUE;
    }
    return FALSE;
}

/* FALSE with the sentence that says which member is wrong. */
static gboolean
take_members(GcaRequestFolder *folder, json_t *object, GError **error)
{
    const char *name;
    json_t *value;

    for (guint i = 0; i < G_N_ELEMENTS(members); i++) {
        value = json_object_get(object, members[i].name);
        if (value == NULL && members[i].is_needed) {
            gca_error_set(error, GCA_ERROR_BAD_DATA, _("The member “%s” is missing."),
                          members[i].name);
            return FALSE;
        }
        if (value != NULL && !members[i].take(folder, value)) {
            gca_error_set(error, GCA_ERROR_BAD_DATA, _("The member “%s” is not %s."),
                          members[i].name, _(members[i].form));
            return FALSE;
        }
    }
    json_object_foreach(object, name, value)
    {
        if (!is_known(name)) {
            g_autofree char *shown = gca_text_escape(name);
            gca_error_set(error, GCA_ERROR_BAD_DATA, _("The member “%s” is not known."), shown);
            return FALSE;
        }
    }
    return TRUE;
}

GcaRequestFolder *
gca_request_folder_parse(GBytes *bytes, const char *name, GError **error)
{
    g_autoptr(json_t) object = gca_json_parse(bytes, name, error);
    if (object == NULL)
        return NULL;

    g_autoptr(GcaRequestFolder) folder = g_new0(GcaRequestFolder, 1);
    g_autoptr(GError) trouble = NULL;
    if (take_members(folder, object, &trouble))
        return g_steal_pointer(&folder);
    g_autofree char *shown = gca_text_escape(name);
    gca_error_set(error, GCA_ERROR_BAD_DATA, _("“%s” cannot be used. %s"), shown, trouble->message);
    return NULL;
}
