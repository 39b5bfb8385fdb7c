#include "config.h"

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "profile/internal.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define PROFILE_LIMIT (64 * 1024)
#define ANCHOR_GROUP "anchor "

typedef struct {
    const char *group; /* NULL: an anchor's */
    const char *name;
    GcaProfileKind kind;
    gboolean required;
    gsize offset; /* of the member; the kind says of which type */
} Key;

#define OF_PROFILE(member) G_STRUCT_OFFSET(GcaProfile, member)
#define OF_ANCHOR(member) G_STRUCT_OFFSET(GcaProfileAnchor, member)

static const Key keys[] = {
    {"profile", "Title", GCA_PROFILE_TRANSLATED, TRUE, OF_PROFILE(title)},
    {"acme", "Directory", GCA_PROFILE_LINK, FALSE, OF_PROFILE(directory)},
    {"acme", "Accounts", GCA_PROFILE_LIST, FALSE, OF_PROFILE(accounts)},
    {"acme", "Challenges", GCA_PROFILE_CHALLENGES, FALSE, OF_PROFILE(challenges)},
    {"acme", "CaaIdentity", GCA_PROFILE_HOST, FALSE, OF_PROFILE(caa_identity)},
    {"acme", "ChallengePorts", GCA_PROFILE_OTHER},
    {"preregistration", "Page", GCA_PROFILE_LINK, FALSE, OF_PROFILE(page)},
    {"preregistration", "Endpoint", GCA_PROFILE_LINK, FALSE, OF_PROFILE(endpoint)},
    {"preregistration", "NextStep", GCA_PROFILE_TRANSLATED, FALSE, OF_PROFILE(next_step)},
    {"preregistration", "MaxCharacters", GCA_PROFILE_NUMBER, FALSE, OF_PROFILE(max_characters)},
    {"names", "Wildcard", GCA_PROFILE_SWITCH, FALSE, OF_PROFILE(wildcard)},
    {"names", "IpAddress", GCA_PROFILE_SWITCH, FALSE, OF_PROFILE(ip_address)},
    {"names", "PerCertificate", GCA_PROFILE_NUMBER, FALSE, OF_PROFILE(per_certificate)},
    {"subject", "Country", GCA_PROFILE_TEXT, TRUE, OF_PROFILE(country)},
    {"subject", "Locality", GCA_PROFILE_TEXT, FALSE, OF_PROFILE(locality)},
    {"subject", "OrganizationPrefix", GCA_PROFILE_TEXT, FALSE, OF_PROFILE(prefix)},
    {"subject", "OrganizationSeparator", GCA_PROFILE_TEXT, TRUE, OF_PROFILE(separator)},
    {"subject", "OrganizationParts", GCA_PROFILE_PARTS, TRUE, OF_PROFILE(parts)},
    {"subject", "LocalParts", GCA_PROFILE_PARTS, TRUE, OF_PROFILE(local_parts)},
    {"subject", "LocalPartsConfirmed", GCA_PROFILE_SWITCH, FALSE, OF_PROFILE(local_confirmed)},
    {"keys", "Types", GCA_PROFILE_KEY_TYPES},
    {"keys", "Bits", GCA_PROFILE_BITS, FALSE, OF_PROFILE(bits)},
    {"chain", "Certificates", GCA_PROFILE_TITLES, FALSE, OF_PROFILE(chain)},
    {"chain", "Download", GCA_PROFILE_TEXT, FALSE, OF_PROFILE(chain_download)},
    {"tls", "CaFile", GCA_PROFILE_FILE, FALSE, OF_PROFILE(tls_ca)},
    {"trust", "Note", GCA_PROFILE_TRANSLATED, FALSE, OF_PROFILE(trust_note)},
    {"trust", "NoteDate", GCA_PROFILE_DATE, FALSE, OF_PROFILE(trust_note_date)},
    {"letter", "Addressee", GCA_PROFILE_TEXT, FALSE, OF_PROFILE(addressee)},
    {"renewal", "LifetimePercent", GCA_PROFILE_PERCENT, FALSE, OF_PROFILE(renewal_percent)},
    {"card", "RenewalPlace", GCA_PROFILE_TRANSLATED, TRUE, OF_PROFILE(renewal_place)},
    {"card", "UnblockPlace", GCA_PROFILE_TRANSLATED, TRUE, OF_PROFILE(unblock_place)},
    {NULL, "Url", GCA_PROFILE_LINK, TRUE, OF_ANCHOR(url)},
    {NULL, "Sha256", GCA_PROFILE_FINGERPRINT, TRUE, OF_ANCHOR(sha256)},
};

typedef struct {
    GKeyFile *file;
    const char *path;
    const char *language; /* as g_key_file_get_locale_string wants it */
} Source;

static gboolean
fail(const Source *source, const char *group, const char *key, const char *why, GError **error)
{
    g_autofree char *path = gca_text_escape(source->path);
    g_autofree char *shown_group = gca_text_escape(group);
    g_autofree char *shown_key = gca_text_escape(key);
    gca_error_set(error, GCA_ERROR_BAD_DATA,
                  _("The key “%s” in group [%s] of the profile “%s” cannot be used: %s."),
                  shown_key, shown_group, path, why);
    return FALSE;
}

static gboolean
is_anchor_group(const char *group)
{
    return g_str_has_prefix(group, ANCHOR_GROUP) && strlen(group) > strlen(ANCHOR_GROUP);
}

/* The row of `name`, which may carry a language; NULL if there is none. */
static const Key *
find_key(const char *group, const char *name)
{
    g_auto(GStrv) plain = g_strsplit(name, "[", 2);
    const char *wanted = is_anchor_group(group) ? NULL : group;

    for (gsize i = 0; i < G_N_ELEMENTS(keys); i++) {
        if (g_strcmp0(keys[i].group, wanted) == 0 && g_str_equal(keys[i].name, plain[0]))
            return plain[1] == NULL || keys[i].kind == GCA_PROFILE_TRANSLATED ? &keys[i] : NULL;
    }
    return NULL;
}

/* A typing error must not pass for a key left out. */
static gboolean
check_known(const Source *source, GError **error)
{
    g_auto(GStrv) groups = g_key_file_get_groups(source->file, NULL);

    for (guint i = 0; groups[i] != NULL; i++) {
        g_auto(GStrv) names = g_key_file_get_keys(source->file, groups[i], NULL, NULL);
        for (guint j = 0; names[j] != NULL; j++) {
            if (find_key(groups[i], names[j]) == NULL)
                return fail(source, groups[i], names[j], _("no such key is known there"), error);
        }
    }
    return TRUE;
}

static gboolean
read_key(const Source *source, const char *group, const Key *key, gpointer object, GError **error)
{
    g_autoptr(GError) trouble = NULL;

    if (!g_key_file_has_key(source->file, group, key->name, NULL)) {
        if (key->required)
            return fail(source, group, key->name, _("it is missing"), error);
        return TRUE;
    }
    g_autofree char *value = key->kind == GCA_PROFILE_TRANSLATED
                                 ? g_key_file_get_locale_string(source->file, group, key->name,
                                                                source->language, &trouble)
                                 : g_key_file_get_string(source->file, group, key->name, &trouble);
    if (trouble != NULL) {
        fail(source, group, key->name, _("it is not readable text"), error);
        gca_error_add_detail(error, "%s", trouble->message);
        return FALSE;
    }
    if (!gca_text_is_plain(value))
        return fail(source, group, key->name, _("it holds invisible or control characters"), error);
    const char *why = gca_profile_keep(key->kind, value, G_STRUCT_MEMBER_P(object, key->offset));
    return why == NULL || fail(source, group, key->name, why, error);
}

/* The keys of one group, or with NULL those of all but anchors, into `object`. */
static gboolean
read_keys(const Source *source, const char *anchor_group, gpointer object, GError **error)
{
    for (gsize i = 0; i < G_N_ELEMENTS(keys); i++) {
        gboolean wanted = (keys[i].group == NULL) == (anchor_group != NULL);
        const char *group = anchor_group ? anchor_group : keys[i].group;
        if (wanted && keys[i].kind != GCA_PROFILE_OTHER &&
            !read_key(source, group, &keys[i], object, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
read_anchors(const Source *source, GcaProfile *profile, GError **error)
{
    g_auto(GStrv) groups = g_key_file_get_groups(source->file, NULL);

    for (guint i = 0; groups[i] != NULL; i++) {
        if (!is_anchor_group(groups[i]))
            continue;
        GcaProfileAnchor *anchor = g_new0(GcaProfileAnchor, 1);
        g_ptr_array_add(profile->anchors, anchor);
        anchor->title = g_strdup(groups[i] + strlen(ANCHOR_GROUP));
        if (!read_keys(source, groups[i], anchor, error))
            return FALSE;
    }
    return TRUE;
}

/* A file that a profile names moves with it. */
static void
resolve(char **file, const char *profile_path)
{
    if (*file == NULL || g_path_is_absolute(*file))
        return;
    g_autofree char *folder = g_path_get_dirname(profile_path);
    g_autofree char *name = g_steal_pointer(file);
    *file = g_build_filename(folder, name, NULL);
}

GcaProfile *
gca_profile_read(const char *path, const char *name, GError **error)
{
    g_autoptr(GKeyFile) file = g_key_file_new();
    g_autoptr(GcaProfile) profile = gca_profile_new(name);
    const Source source = {file, path, gca_text_language()};
    g_autoptr(GError) trouble = NULL;

    g_autoptr(GBytes) bytes = gca_file_read(path, PROFILE_LIMIT, error);
    if (bytes == NULL)
        return NULL;
    if (!g_key_file_load_from_bytes(file, bytes, G_KEY_FILE_KEEP_TRANSLATIONS, &trouble)) {
        g_autofree char *shown = gca_text_escape(path);
        g_autofree char *why = gca_text_escape(trouble->message);
        gca_error_set(error, GCA_ERROR_BAD_DATA, _("“%s” is not a profile: %s"), shown, why);
        return NULL;
    }
    if (!check_known(&source, error) || !read_keys(&source, NULL, profile, error) ||
        !read_anchors(&source, profile, error))
        return NULL;
    resolve(&profile->tls_ca, path);
    return g_steal_pointer(&profile);
}
