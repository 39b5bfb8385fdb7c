#include "config.h"

#include "flow/certbot.h"

#include <string.h>

#define CERTBOT_FOLDER "/etc/letsencrypt" /* by itself */

/* What certbot is told of the challenge, or NULL where none will do: http-01 proves no wildcard,
 * and certbot knows no tls-alpn-01. For dns-01 it must be told by which plugin, for it asks among
 * those for http-01 only; --manual is always there. */
static const char *
find_challenge(const GcaProfile *profile, gboolean has_wildcard)
{
    const char *const *challenges = gca_profile_get_challenges(profile);

    if (challenges == NULL) /* not known: left to the two to find out */
        return "";
    if (g_strv_contains(challenges, "http-01") && !has_wildcard)
        return " --preferred-challenges http";
    return g_strv_contains(challenges, "dns-01") ? " --manual --preferred-challenges dns" : NULL;
}

static void
add_word(GString *command, const char *word)
{
    gsize plain = strspn(word, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "-._/:");
    g_autofree char *quoted = g_shell_quote(word);

    g_string_append_printf(command, " %s", word[plain] == '\0' ? word : quoted);
}

/* certbot takes no addresses (RFC 8738). */
static gboolean
has_address(const char *const *domains)
{
    for (guint i = 0; domains[i] != NULL; i++) {
        if (g_hostname_is_ip_address(domains[i]))
            return TRUE;
    }
    return FALSE;
}

/* For http-01 no authenticator is named: whether certbot may bring a web server of its own, or
 * write into the folder of which one, it asks. NULL where no challenge fits. */
static char *
make_command(const GcaProfile *profile, const char *place, const char *const *domains, guint n)
{
    g_autoptr(GString) names = g_string_new(NULL);
    gboolean has_wildcard = FALSE;

    for (guint i = 0; i < n; i++) {
        g_string_append(names, " -d");
        add_word(names, domains[i]);
        has_wildcard |= g_str_has_prefix(domains[i], "*.");
    }
    const char *challenge = find_challenge(profile, has_wildcard);
    if (challenge == NULL)
        return NULL;
    GString *command = g_string_new("certbot certonly");
    g_string_append(command, place);
    /* by itself certbot makes an ECDSA key since 2.0 */
    g_string_append_printf(command, "%s --key-type rsa --rsa-key-size %u%s", challenge,
                           gca_profile_get_key_bits(profile), names->str);
    return g_string_free(command, FALSE);
}

/* `place`: options that say which server, and which account there. */
static char **
list_commands(const GcaProfile *profile, const char *place, const char *const *domains)
{
    guint n = g_strv_length((char **) domains);
    guint limit = gca_profile_get_names_per_certificate(profile);
    guint step = limit == 0 || limit > n ? n : limit;
    g_autoptr(GPtrArray) commands = g_ptr_array_new_with_free_func(g_free);

    if (has_address(domains))
        return NULL;
    for (guint i = 0; i < n; i += step) {
        char *command = make_command(profile, place, domains + i, MIN(step, n - i));
        if (command == NULL)
            return NULL;
        g_ptr_array_add(commands, command);
    }
    g_ptr_array_add(commands, NULL);
    return (char **) g_ptr_array_free(g_steal_pointer(&commands), FALSE);
}

static GString *
begin_place(const char *directory)
{
    GString *place = g_string_new(" --server");

    add_word(place, directory);
    return place;
}

char **
gca_certbot_list_commands(const GcaProfile *profile, const char *const *domains)
{
    const char *directory = gca_profile_get_directory(profile);
    if (directory == NULL)
        return NULL;

    g_autoptr(GString) place = begin_place(directory);
    return list_commands(profile, place->str, domains);
}

/* Without it certbot takes the only account that it has with the server, or registers one. */
static void
add_account(GString *place, const GcaAccount *account)
{
    const char *config = gca_account_get_config_folder(account);
    if (config == NULL)
        return;
    g_autofree char *whole = g_canonicalize_filename(gca_account_get_path(account), NULL);
    g_autofree char *folder = g_path_get_dirname(whole);
    g_autofree char *id = g_path_get_basename(folder);

    if (!g_str_equal(config, CERTBOT_FOLDER)) {
        g_string_append(place, " --config-dir");
        add_word(place, config);
    }
    g_string_append(place, " --account");
    add_word(place, id);
}

/* The account's own, else the profile's, which may be another server of the CA's. */
static const char *
find_directory(const GcaRequest *request, const GcaProfile *profile, const GcaAccount *account)
{
    const char *own = account ? gca_account_get_directory(account) : NULL;
    const char *usual = gca_profile_get_directory(profile);
    const char *uri = gca_request_get_account_uri(request);

    if (own != NULL || usual == NULL)
        return own;
    return gca_account_uri_is_of_server(uri, usual) ? usual : NULL;
}

char **
gca_certbot_list_commands_for(const GcaRequest *request, const GcaProfile *profile,
                              const GcaAccount *account)
{
    const char *client = account ? gca_account_get_client(account) : NULL;
    const char *directory = find_directory(request, profile, account);
    const char *uri = gca_request_get_account_uri(request);

    if (directory == NULL || (client != NULL && !g_str_equal(client, "certbot")) ||
        !gca_profile_fits_account(profile, uri))
        return NULL;
    g_autoptr(GString) place = begin_place(directory);
    if (account != NULL)
        add_account(place, account);
    return list_commands(profile, place->str, gca_request_get_domains(request));
}
