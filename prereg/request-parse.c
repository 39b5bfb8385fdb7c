#include "config.h"

#include "base/contact.h"
#include "base/error.h"
#include "base/json.h"
#include "prereg/request-form.h"

#include <glib/gi18n-lib.h>

typedef struct {
    const char *name;
    gboolean is_needed;
    GcaRequestCheck check;
} Member;

static gboolean
check_members(json_t *object, const char *path, const Member *members, GError **error)
{
    const char *name;
    json_t *value;

    if (!json_is_object(object))
        return gca_request_fail(path, _("it is not an object"), error);
    for (const Member *member = members; member->name != NULL; member++) {
        g_autofree char *inner =
            *path != '\0' ? g_strjoin(".", path, member->name, NULL) : g_strdup(member->name);
        value = json_object_get(object, member->name);
        if (value == NULL && member->is_needed)
            return gca_request_fail(inner, _("it is missing"), error);
        if (value != NULL && !member->check(value, inner, error))
            return FALSE;
    }
    json_object_foreach(object, name, value)
    {
        const Member *member = members;
        while (member->name != NULL && !g_str_equal(member->name, name))
            member++;
        if (member->name != NULL)
            continue;
        g_autofree char *inner = *path != '\0' ? g_strjoin(".", path, name, NULL) : g_strdup(name);
        return gca_request_fail(inner, _("no such member is known"), error);
    }
    return TRUE;
}

static gboolean
check_type(json_t *value, const char *path, GError **error)
{
    gboolean is_ours = g_strcmp0(json_string_value(value), GCA_REQUEST_TYPE) == 0;
    return is_ours || gca_request_fail(path, _("it is not “gca-prereg”"), error);
}

static gboolean
check_version(json_t *value, const char *path, GError **error)
{
    gboolean is_ours = json_is_integer(value) && json_integer_value(value) == GCA_REQUEST_VERSION;
    return is_ours || gca_request_fail(path, _("only version 1 is known"), error);
}

static gboolean
check_account(json_t *value, const char *path, GError **error)
{
    static const Member members[] = {{"uri", TRUE, gca_request_check_uri},
                                     {"thumbprint", FALSE, gca_request_check_thumbprint},
                                     {NULL}};
    return check_members(value, path, members, error);
}

static gboolean
check_organization(json_t *value, const char *path, GError **error)
{
    static const Member members[] = {{"name", TRUE, gca_request_check_text},
                                     {"dn", TRUE, gca_request_check_text},
                                     {"oid", FALSE, gca_request_check_oid},
                                     {NULL}};
    return check_members(value, path, members, error);
}

static gboolean
check_card(json_t *value, const char *path, GError **error)
{
    static const Member members[] = {{"serial", TRUE, gca_request_check_text}, {NULL}};
    return check_members(value, path, members, error);
}

static gboolean
check_contact_field(GcaContactField field, json_t *value, const char *path, GError **error)
{
    g_autoptr(GcaContact) contact = gca_contact_new();
    g_autoptr(GError) trouble = NULL;

    if (!gca_request_check_text(value, path, error))
        return FALSE;
    if (!gca_contact_set(contact, field, json_string_value(value), &trouble)) {
        gca_error_set(error, GCA_ERROR_CHECK_FAILED, "%s", trouble->message);
        return FALSE;
    }
    gboolean is_same = g_strcmp0(gca_contact_get(contact, field), json_string_value(value)) == 0;
    return is_same ||
           gca_request_fail(path, _("it begins or ends with a blank, or is in full width"), error);
}

static gboolean
check_contact(json_t *value, const char *path, GError **error)
{
    gsize known = 0;

    if (json_object_size(value) == 0)
        return gca_request_fail(path, _("it is not an object with members"), error);
    for (guint i = 0; i < GCA_CONTACT_N_FIELDS; i++) {
        const char *nick = gca_contact_field_to_nick((GcaContactField) i);
        json_t *member = json_object_get(value, nick);
        g_autofree char *inner = g_strjoin(".", path, nick, NULL);
        if (member == NULL)
            continue;
        if (!check_contact_field((GcaContactField) i, member, inner, error))
            return FALSE;
        known++;
    }
    return known == json_object_size(value) ||
           gca_request_fail(path, _("it has a member not known"), error);
}

/* A flattened JWS (RFC 7515 section 7.2.2); what it says is for gca_proof_check. */
static gboolean
check_proof(json_t *value, const char *path, GError **error)
{
    static const Member members[] = {{"payload", TRUE, gca_request_check_base64url},
                                     {"protected", TRUE, gca_request_check_base64url},
                                     {"signature", TRUE, gca_request_check_base64url},
                                     {NULL}};
    return check_members(value, path, members, error);
}

static gboolean
check_canonical(json_t *value, GBytes *content, GError **error)
{
    g_autoptr(GBytes) again = gca_json_encode_canonical(value, error);
    if (again == NULL)
        return FALSE;

    gsize at = 0, size, again_size;
    const guint8 *data = g_bytes_get_data(content, &size);
    const guint8 *again_data = g_bytes_get_data(again, &again_size);
    while (at < size && at < again_size && data[at] == again_data[at])
        at++;
    if (at == size && at == again_size)
        return TRUE;
    gca_error_set(error, GCA_ERROR_CHECK_FAILED,
                  _("The request is not in canonical form (RFC 8785): it differs from byte "
                    "%zu on, counted from 0."),
                  at);
    return FALSE;
}

static json_t *
parse_canonical(GBytes *content, GError **error)
{
    if (g_bytes_get_size(content) > GCA_REQUEST_LIMIT) {
        gca_error_set(error, GCA_ERROR_CHECK_FAILED, _("The request is larger than 1 MiB."));
        return NULL;
    }
    g_autoptr(json_t) value = gca_json_parse(content, _("the request"), error);
    return value != NULL && check_canonical(value, content, error) ? g_steal_pointer(&value) : NULL;
}

json_t *
gca_request_parse_form(GBytes *content, GError **error)
{
    static const Member members[] = {{"type", TRUE, check_type},
                                     {"version", TRUE, check_version},
                                     {"profile", TRUE, gca_request_check_profile},
                                     {"account", TRUE, check_account},
                                     {"domains", TRUE, gca_request_check_domains},
                                     {"subject", TRUE, gca_request_check_subject},
                                     {"organization", TRUE, check_organization},
                                     {"card", FALSE, check_card},
                                     {"contact", FALSE, check_contact},
                                     {"created", TRUE, gca_request_check_created},
                                     {"nonce", TRUE, gca_request_check_nonce},
                                     {"proof", FALSE, check_proof},
                                     {NULL}};
    g_autoptr(GError) trouble = NULL;
    g_autoptr(json_t) value = parse_canonical(content, &trouble);

    if (value == NULL) {
        gca_error_set(error, GCA_ERROR_CHECK_FAILED, "%s", trouble->message);
        return NULL;
    }
    return check_members(value, "", members, error) ? g_steal_pointer(&value) : NULL;
}
