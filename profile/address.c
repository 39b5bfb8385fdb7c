#include "config.h"

#include "base/error.h"
#include "profile/internal.h"

#include <arpa/inet.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#define MAX_BYTES 16

typedef struct {
    int family;
    const char *prefix;
    guint bits;
    const char *why;
} Block;

#define PRIVATE N_("it is a private address (RFC 1918)")
#define DOCUMENTATION N_("it is an address for examples in texts (RFC 5737)")
#define MULTICAST N_("it is a multicast address, which stands for many hosts")
#define PROTOCOL N_("it is kept for protocols of the Internet (RFC 6890)")

/* IANA's special-purpose address registries (RFC 6890), multicast and what is not given out. Also
 * what is reached from everywhere, but belongs to no one host: relays and translators. */
static const Block blocks[] = {
    {AF_INET, "0.0.0.0", 8, N_("it means “this network” (RFC 791)")},
    {AF_INET, "10.0.0.0", 8, PRIVATE},
    {AF_INET, "100.64.0.0", 10, N_("it is shared by an access provider's customers (RFC 6598)")},
    {AF_INET, "127.0.0.0", 8, N_("it is a loopback address: each computer has it for itself")},
    {AF_INET, "169.254.0.0", 16, N_("it is a link-local address (RFC 3927)")},
    {AF_INET, "172.16.0.0", 12, PRIVATE},
    {AF_INET, "192.0.0.0", 24, PROTOCOL},
    {AF_INET, "192.0.2.0", 24, DOCUMENTATION},
    {AF_INET, "192.88.99.0", 24, N_("it is that of a relay from IPv4 to IPv6 (RFC 7526)")},
    {AF_INET, "192.168.0.0", 16, PRIVATE},
    {AF_INET, "198.18.0.0", 15, N_("it is an address for measurements (RFC 2544)")},
    {AF_INET, "198.51.100.0", 24, DOCUMENTATION},
    {AF_INET, "203.0.113.0", 24, DOCUMENTATION},
    {AF_INET, "224.0.0.0", 4, MULTICAST},
    {AF_INET, "240.0.0.0", 4, N_("it is reserved (RFC 1112)")},
    {AF_INET6, "::", 128, N_("it means “no address” (RFC 4291)")},
    {AF_INET6, "::1", 128, N_("it is a loopback address: each computer has it for itself")},
    {AF_INET6, "::ffff:0:0", 96, N_("it stands for an IPv4 address; write that one (RFC 4291)")},
    {AF_INET6, "64:ff9b::", 96, N_("it stands for an IPv4 address; write that one (RFC 6052)")},
    {AF_INET6, "fc00::", 7, N_("it is a private address (unique local, RFC 4193)")},
    {AF_INET6, "fe80::", 10, N_("it is a link-local address (RFC 4291)")},
    {AF_INET6, "fec0::", 10, N_("it is a private address (site-local, RFC 3879)")},
    {AF_INET6, "ff00::", 8, MULTICAST},
    {AF_INET6, "2001::", 23, PROTOCOL},
    {AF_INET6, "2001:db8::", 32, N_("it is an address for examples in texts (RFC 3849)")},
    {AF_INET6, "2002::", 16, N_("it stands for an IPv4 address; write that one (RFC 3056)")},
    {AF_INET6, "3fff::", 20, N_("it is an address for examples in texts (RFC 9637)")},
};

static gboolean
is_within(const guint8 *address, const guint8 *prefix, guint bits)
{
    guint whole = bits / 8, rest = bits % 8;

    if (memcmp(address, prefix, whole) != 0)
        return FALSE;
    return rest == 0 || (address[whole] ^ prefix[whole]) >> (8 - rest) == 0;
}

/* NULL, or why nobody can have the address to himself. */
static const char *
find_why(int family, const guint8 *address)
{
    guint8 prefix[MAX_BYTES];

    for (gsize i = 0; i < G_N_ELEMENTS(blocks); i++) {
        if (blocks[i].family == family && inet_pton(family, blocks[i].prefix, prefix) == 1 &&
            is_within(address, prefix, blocks[i].bits))
            return _(blocks[i].why);
    }
    if (family == AF_INET6 && address[0] >> 5 != 1) /* 2000::/3, RFC 4291 section 2.4 */
        return _("it is reserved (RFC 4291)");
    return NULL;
}

/* AF_UNSPEC if the text is no address. */
static int
parse(const char *text, guint8 *address)
{
    if (inet_pton(AF_INET, text, address) == 1)
        return AF_INET;
    return inet_pton(AF_INET6, text, address) == 1 ? AF_INET6 : AF_UNSPEC;
}

char *
gca_address_dup_text(const char *typed)
{
    guint8 address[MAX_BYTES];
    char text[INET6_ADDRSTRLEN];
    g_autofree char *half_width = g_utf8_normalize(typed, -1, G_NORMALIZE_ALL_COMPOSE);
    char *bare = half_width;

    if (half_width == NULL)
        return NULL;
    if (*bare == '[' && g_str_has_suffix(bare, "]")) { /* as in a web address, RFC 3986 */
        bare[strlen(bare) - 1] = '\0';
        bare++;
    }
    int family = parse(bare, address);
    return family != AF_UNSPEC ? g_strdup(inet_ntop(family, address, text, sizeof text)) : NULL;
}

gboolean
gca_address_check(const char *address, const GcaProfile *profile, GError **error)
{
    guint8 bytes[MAX_BYTES];
    int family = parse(address, bytes);
    const char *why = profile->ip_address
                          ? find_why(family, bytes)
                          : _("this certification authority gives certificates for names only");

    if (why != NULL)
        gca_error_set(error, GCA_ERROR_USAGE, _("The address “%s” cannot be used: %s."), address,
                      why);
    return why == NULL;
}
