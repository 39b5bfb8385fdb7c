#include "config.h"

#include "cms/signed-data.h"
#include "flow/connection.h"
#include "flow/submit-private.h"
#include "prereg/request.h"

struct _GcaClients {
    const char *tls_ca;
    GHashTable *by_ca; /* GcaHttpClient * by the profile's CA file; "": none */
};

GcaClients *
gca_clients_new(const char *tls_ca)
{
    GcaClients *clients = g_new0(GcaClients, 1);

    clients->tls_ca = tls_ca;
    clients->by_ca = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
                                           (GDestroyNotify) gca_http_client_free);
    return clients;
}

void
gca_clients_free(GcaClients *clients)
{
    g_hash_table_unref(clients->by_ca);
    g_free(clients);
}

/* The request's profile, if it is the one that names the address: what it trusts counts nowhere
 * else. NULL otherwise. */
static GcaProfile *
find_owner(GBytes *message, const char *endpoint)
{
    g_autoptr(GcaSignedData) data = gca_signed_data_parse(message, NULL);
    g_autoptr(GcaRequest) request =
        data ? gca_request_parse(gca_signed_data_get_content(data), NULL) : NULL;
    g_autoptr(GcaProfile) profile =
        request ? gca_profile_load(gca_request_get_profile(request), NULL) : NULL;
    gboolean is_owner =
        profile != NULL && g_strcmp0(gca_profile_get_endpoint(profile), endpoint) == 0;

    return is_owner ? g_steal_pointer(&profile) : NULL;
}

GcaHttpClient *
gca_clients_find(GcaClients *clients, GBytes *message, const char *endpoint, GError **error)
{
    g_autoptr(GcaProfile) owner = find_owner(message, endpoint);
    const char *own = owner ? gca_profile_get_tls_ca(owner) : NULL;
    const char *key = own ? own : "";
    GcaHttpClient *client = g_hash_table_lookup(clients->by_ca, key);

    if (client == NULL && (client = gca_connection_new(owner, clients->tls_ca, error)) != NULL)
        g_hash_table_insert(clients->by_ca, g_strdup(key), client);
    return client;
}
