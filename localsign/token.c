#include "config.h"

#include "localsign/token.h"

#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <string.h>

#define KEY_SIZE 32
#define NONCE_SIZE 16
#define USED_LIMIT 4096

/* A token is nonce, time of issue and HMAC of page, nonce and time: "…-…-…". */
struct _GcaTokens {
    guint8 key[KEY_SIZE];
    GHashTable *used; /* those that would still be good: token -> time of issue */
};

GcaTokens *
gca_tokens_new(void)
{
    GcaTokens *tokens = g_new0(GcaTokens, 1);

    if (RAND_bytes(tokens->key, KEY_SIZE) != 1)
        g_error("no randomness");
    tokens->used = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return tokens;
}

void
gca_tokens_free(GcaTokens *tokens)
{
    g_hash_table_unref(tokens->used);
    OPENSSL_cleanse(tokens->key, KEY_SIZE);
    g_free(tokens);
}

static char *
make(GcaTokens *tokens, const char *page, const char *nonce, gint64 issued)
{
    g_autofree char *head = g_strdup_printf("%s-%" G_GINT64_MODIFIER "x", nonce, issued);
    g_autofree char *signed_text = g_strdup_printf("%s %s", page, head);
    g_autofree char *hmac =
        g_compute_hmac_for_string(G_CHECKSUM_SHA256, tokens->key, KEY_SIZE, signed_text, -1);

    return g_strdup_printf("%s-%s", head, hmac);
}

char *
gca_tokens_issue(GcaTokens *tokens, const char *page, gint64 now)
{
    guint8 random[NONCE_SIZE];
    GString *nonce = g_string_new(NULL);

    if (RAND_bytes(random, NONCE_SIZE) != 1)
        g_error("no randomness");
    for (guint i = 0; i < NONCE_SIZE; i++)
        g_string_append_printf(nonce, "%02x", random[i]);
    g_autofree char *text = g_string_free(nonce, FALSE);
    return make(tokens, page, text, now);
}

/* Whether it is ours at all, and when it was issued. */
static gboolean
check(GcaTokens *tokens, const char *token, const char *page, gint64 *issued)
{
    g_auto(GStrv) parts = g_strsplit(token, "-", 4);

    if (g_strv_length(parts) != 3)
        return FALSE;
    *issued = (gint64) g_ascii_strtoull(parts[1], NULL, 16);
    g_autofree char *ours = make(tokens, page, parts[0], *issued);
    return strlen(ours) == strlen(token) && CRYPTO_memcmp(ours, token, strlen(ours)) == 0;
}

static gboolean
is_over(gpointer token, gpointer issued, gpointer now)
{
    return *(gint64 *) now - *(gint64 *) issued > GCA_TOKEN_LIFE;
}

gboolean
gca_tokens_use(GcaTokens *tokens, const char *token, const char *page, gint64 now)
{
    gint64 issued;

    g_hash_table_foreach_remove(tokens->used, is_over, &now);
    if (token == NULL || !check(tokens, token, page, &issued) || is_over(NULL, &issued, &now))
        return FALSE;
    if (g_hash_table_contains(tokens->used, token) || g_hash_table_size(tokens->used) >= USED_LIMIT)
        return FALSE;
    g_hash_table_insert(tokens->used, g_strdup(token), g_memdup2(&issued, sizeof issued));
    return TRUE;
}
