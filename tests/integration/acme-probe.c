/* What acme/ does, for tests beside real servers and clients; answers are JSON.
 *   find FOLDER | state DIRECTORY URI KEY [CA] | caa DIRECTORY [CA]
 *   sign KEY URL PAYLOAD | verify JWS PAYLOAD   (files, the last two) */
#include "acme/account-key.h"
#include "acme/account.h"
#include "acme/jws.h"
#include "acme/status.h"
#include "base/error.h"
#include "base/file.h"
#include "base/json.h"

#include <stdio.h>
#include <string.h>

#define LIMIT (64 * 1024)

static json_t *
find(char **words, GError **error)
{
    g_autoptr(GPtrArray) unreadable = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) found = gca_account_find(words[0], unreadable, error);
    if (found == NULL)
        return NULL;

    json_t *accounts = json_array(), *reasons = json_array();
    for (guint i = 0; i < found->len; i++) {
        GcaAccount *account = g_ptr_array_index(found, i);
        json_array_append_new(
            accounts,
            json_pack("{s:s, s:s?, s:s?, s:s?, s:s?, s:s?, s:s?, s:s?, s:b}", "uri",
                      gca_account_get_uri(account), "client", gca_account_get_client(account),
                      "server", gca_account_get_server(account), "directory",
                      gca_account_get_directory(account), "email", gca_account_get_email(account),
                      "key", gca_account_get_key_path(account), "thumbprint",
                      gca_account_get_thumbprint(account), "doubt", gca_account_get_doubt(account),
                      "readable", gca_account_is_key_readable(account)));
    }
    for (guint i = 0; i < unreadable->len; i++)
        json_array_append_new(reasons, json_string(g_ptr_array_index(unreadable, i)));
    return json_pack("{s:o, s:o}", "accounts", accounts, "unreadable", reasons);
}

static json_t *
pack_texts(GStrv texts)
{
    json_t *list = json_array();

    for (guint i = 0; texts != NULL && texts[i] != NULL; i++)
        json_array_append_new(list, json_string(texts[i]));
    return list;
}

static json_t *
state(char **words, GError **error)
{
    g_autoptr(EVP_PKEY) key = gca_account_key_load(words[2], error);
    const char *const cas[] = {words[3], NULL};
    g_autoptr(GcaHttpClient) client = key ? gca_http_client_new(cas, error) : NULL;
    if (client == NULL)
        return NULL;
    g_autoptr(GcaAccountState) answer =
        gca_account_state_fetch(client, words[0], words[1], key, NULL, error);
    if (answer == NULL)
        return NULL;
    return json_pack("{s:s, s:s?, s:o}", "status", gca_account_status_to_nick(answer->status),
                     "word", answer->word, "contacts", pack_texts(answer->contacts));
}

static json_t *
caa(char **words, GError **error)
{
    const char *const cas[] = {words[1], NULL};
    g_autoptr(GcaHttpClient) client = gca_http_client_new(cas, error);
    g_auto(GStrv) names =
        client ? gca_directory_fetch_caa_identities(client, words[0], NULL, error) : NULL;

    return names != NULL ? pack_texts(names) : NULL;
}

static json_t *
sign(char **words, GError **error)
{
    g_autoptr(EVP_PKEY) key = gca_account_key_load(words[0], error);
    g_autoptr(GBytes) payload = key ? gca_file_read(words[2], LIMIT, error) : NULL;
    if (payload == NULL)
        return NULL;
    g_autoptr(json_t) header =
        json_pack("{s:o, s:s}", "jwk", gca_account_key_to_jwk(key, NULL), "url", words[1]);

    return gca_jws_sign(key, header, payload, error);
}

static json_t *
verify(char **words, GError **error)
{
    g_autoptr(GBytes) file = gca_file_read(words[0], LIMIT, error);
    g_autoptr(GBytes) payload = file ? gca_file_read(words[1], LIMIT, error) : NULL;
    g_autoptr(json_t) jws = payload ? gca_json_parse(file, words[0], error) : NULL;

    return jws != NULL ? gca_jws_verify(jws, payload, error) : NULL;
}

int
main(int argc, char **argv)
{
    static const struct {
        const char *name;
        int words;
        json_t *(*run)(char **words, GError **error);
    } commands[] = {
        {"find", 1, find}, {"state", 3, state},   {"caa", 1, caa},
        {"sign", 3, sign}, {"verify", 2, verify},
    };
    g_autoptr(GError) error = NULL;

    for (guint i = 0; argc > 1 && i < G_N_ELEMENTS(commands); i++) {
        if (!g_str_equal(argv[1], commands[i].name) || argc < 2 + commands[i].words)
            continue;
        g_autoptr(json_t) answer = commands[i].run(argv + 2, &error);
        if (answer == NULL) {
            fprintf(stderr, "%s\n%s\n%s\n", error->message, gca_error_get_hint(error),
                    gca_error_get_detail(error));
            return gca_error_info(gca_error_get_code(error))->exit_status;
        }
        json_dumpf(answer, stdout, JSON_SORT_KEYS);
        return 0;
    }
    return 2;
}
