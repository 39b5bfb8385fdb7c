#include "config.h"

#include "profile/profile.h"

#include "profile/internal.h"

#define DEFAULT_BITS 2048
#define DEFAULT_RENEWAL_PERCENT 67 /* two thirds, as ACME clients do */

static void
anchor_free(gpointer data)
{
    GcaProfileAnchor *anchor = data;
    g_free((char *) anchor->title);
    g_free((char *) anchor->url);
    g_free((char *) anchor->sha256);
    g_free(anchor);
}

GcaProfile *
gca_profile_new(const char *name)
{
    GcaProfile *profile = g_new0(GcaProfile, 1);
    g_atomic_ref_count_init(&profile->refs);
    profile->name = g_strdup(name);
    profile->renewal_percent = DEFAULT_RENEWAL_PERCENT;
    profile->anchors = g_ptr_array_new_with_free_func(anchor_free);
    return profile;
}

GcaProfile *
gca_profile_ref(GcaProfile *profile)
{
    g_atomic_ref_count_inc(&profile->refs);
    return profile;
}

void
gca_profile_unref(GcaProfile *profile)
{
    if (!g_atomic_ref_count_dec(&profile->refs))
        return;
    g_free(profile->name);
    g_free(profile->title);
    g_free(profile->directory);
    g_free(profile->caa_identity);
    g_strfreev(profile->accounts);
    g_free(profile->page);
    g_free(profile->endpoint);
    g_free(profile->next_step);
    g_strfreev(profile->challenges);
    g_free(profile->bits);
    g_strfreev(profile->chain);
    g_free(profile->chain_download);
    g_free(profile->addressee);
    g_free(profile->country);
    g_free(profile->locality);
    g_free(profile->prefix);
    g_free(profile->separator);
    g_strfreev(profile->parts);
    g_strfreev(profile->local_parts);
    g_free(profile->tls_ca);
    g_free(profile->trust_note);
    g_free(profile->trust_note_date);
    g_free(profile->renewal_place);
    g_free(profile->unblock_place);
    g_ptr_array_unref(profile->anchors);
    g_free(profile);
}

/* RFC 3986 sections 6.2.2.1 and 6.2.3. NULL where nothing can fit: no host, or a user in front of
 * it, which could pass for one. */
static char *
normalise(const char *text)
{
    const GUriFlags flags = G_URI_FLAGS_ENCODED | G_URI_FLAGS_SCHEME_NORMALIZE;
    g_autoptr(GUri) uri = g_uri_parse(text, flags, NULL);

    if (uri == NULL || g_uri_get_host(uri) == NULL || g_uri_get_userinfo(uri) != NULL)
        return NULL;
    g_autofree char *host = g_ascii_strdown(g_uri_get_host(uri), -1);
    return g_uri_join(flags, g_uri_get_scheme(uri), NULL, host, g_uri_get_port(uri),
                      g_uri_get_path(uri), g_uri_get_query(uri), g_uri_get_fragment(uri));
}

gboolean
gca_profile_fits_account(const GcaProfile *profile, const char *account_uri)
{
    g_autofree char *uri = normalise(account_uri);

    for (guint i = 0; uri != NULL && profile->accounts != NULL && profile->accounts[i]; i++) {
        if (g_pattern_match_simple(profile->accounts[i], uri))
            return TRUE;
    }
    return FALSE;
}

const char *
gca_profile_get_name(const GcaProfile *profile)
{
    return profile->name;
}

const char *
gca_profile_get_title(const GcaProfile *profile)
{
    return profile->title;
}

const char *
gca_profile_get_directory(const GcaProfile *profile)
{
    return profile->directory;
}

const char *
gca_profile_get_caa_identity(const GcaProfile *profile)
{
    return profile->caa_identity;
}

const char *
gca_profile_get_page(const GcaProfile *profile)
{
    return profile->page;
}

const char *
gca_profile_get_endpoint(const GcaProfile *profile)
{
    return profile->endpoint;
}

const char *
gca_profile_get_next_step(const GcaProfile *profile)
{
    return profile->next_step;
}

const char *
gca_profile_get_tls_ca(const GcaProfile *profile)
{
    return profile->tls_ca;
}

const char *
gca_profile_get_trust_note(const GcaProfile *profile)
{
    return profile->trust_note;
}

const char *
gca_profile_get_trust_note_date(const GcaProfile *profile)
{
    return profile->trust_note_date;
}

const char *
gca_profile_get_renewal_place(const GcaProfile *profile)
{
    return profile->renewal_place;
}

const char *
gca_profile_get_unblock_place(const GcaProfile *profile)
{
    return profile->unblock_place;
}

guint
gca_profile_get_max_characters(const GcaProfile *profile)
{
    return profile->max_characters;
}

gboolean
gca_profile_allows_wildcard(const GcaProfile *profile)
{
    return profile->wildcard;
}

gboolean
gca_profile_allows_ip_address(const GcaProfile *profile)
{
    return profile->ip_address;
}

guint
gca_profile_get_names_per_certificate(const GcaProfile *profile)
{
    return profile->per_certificate;
}

gboolean
gca_profile_allows_key_bits(const GcaProfile *profile, guint bits)
{
    if (profile->bits == NULL)
        return bits == DEFAULT_BITS;
    for (guint i = 0; profile->bits[i] != 0; i++) {
        if (profile->bits[i] == bits)
            return TRUE;
    }
    return FALSE;
}

guint
gca_profile_get_key_bits(const GcaProfile *profile)
{
    return profile->bits ? profile->bits[0] : DEFAULT_BITS;
}

const char *const *
gca_profile_get_challenges(const GcaProfile *profile)
{
    return (const char *const *) profile->challenges;
}

const char *const *
gca_profile_get_chain(const GcaProfile *profile)
{
    return (const char *const *) profile->chain;
}

const char *
gca_profile_get_chain_download(const GcaProfile *profile)
{
    return profile->chain_download;
}

const char *
gca_profile_get_country(const GcaProfile *profile)
{
    return profile->country;
}

const char *
gca_profile_get_locality(const GcaProfile *profile)
{
    return profile->locality;
}

const char *
gca_profile_get_addressee(const GcaProfile *profile)
{
    return profile->addressee;
}

guint
gca_profile_get_renewal_percent(const GcaProfile *profile)
{
    return profile->renewal_percent;
}

GPtrArray *
gca_profile_get_anchors(const GcaProfile *profile)
{
    return profile->anchors;
}

const GcaProfileAnchor *
gca_profile_find_anchor(const GcaProfile *profile, const char *sha256)
{
    for (guint i = 0; i < profile->anchors->len; i++) {
        const GcaProfileAnchor *anchor = g_ptr_array_index(profile->anchors, i);
        if (g_ascii_strcasecmp(anchor->sha256, sha256) == 0)
            return anchor;
    }
    return NULL;
}
