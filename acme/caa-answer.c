#include "config.h"

#include "acme/caa-answer.h"

#include "acme/caa.h"
#include "base/text.h"

#include <arpa/nameser.h>
#include <resolv.h>

#define TYPE_CAA 257 /* RFC 8659 section 4.1 */
#define RDATA_MIN 3  /* flags, the tag's length, a tag of one character; the value may be empty */

/* FALSE: malformed. */
static gboolean
add_record(GPtrArray *records, const ns_rr *rr)
{
    const guint8 *data = ns_rr_rdata(*rr);
    gsize size = ns_rr_rdlen(*rr);

    if (size < RDATA_MIN || data[1] == 0 || 2u + data[1] > size)
        return FALSE;
    gsize behind = 2u + data[1];
    /* escaped, a tag with NUL (RFC 8659 section 4.1 has none) is none that is known */
    g_autofree char *tag = gca_text_escape_bytes(data + 2, data[1]);
    g_autoptr(GBytes) value = g_bytes_new(data + behind, size - behind);
    g_ptr_array_add(records, gca_caa_record_new(data[0], tag, value));
    return TRUE;
}

/* `name` has room for NS_MAXDNAME and is replaced by the name that it is an alias of. */
static gboolean
follow_alias(ns_msg *message, char *name)
{
    ns_rr rr;

    for (int i = 0; i < ns_msg_count(*message, ns_s_an); i++) {
        if (ns_parserr(message, ns_s_an, i, &rr) == 0 && ns_rr_type(rr) == ns_t_cname &&
            ns_rr_class(rr) == ns_c_in && g_ascii_strcasecmp(ns_rr_name(rr), name) == 0)
            return dn_expand(ns_msg_base(*message), ns_msg_end(*message), ns_rr_rdata(rr), name,
                             NS_MAXDNAME) >= 0;
    }
    return FALSE;
}

/* NULL: malformed. */
static GPtrArray *
list_records(ns_msg *message, const char *name)
{
    g_autoptr(GPtrArray) records =
        g_ptr_array_new_with_free_func((GDestroyNotify) gca_caa_record_free);
    ns_rr rr;

    for (int i = 0; i < ns_msg_count(*message, ns_s_an); i++) {
        if (ns_parserr(message, ns_s_an, i, &rr) != 0)
            return NULL;
        if (ns_rr_type(rr) == TYPE_CAA && ns_rr_class(rr) == ns_c_in &&
            g_ascii_strcasecmp(ns_rr_name(rr), name) == 0 && !add_record(records, &rr))
            return NULL;
    }
    return g_steal_pointer(&records);
}

GPtrArray *
gca_caa_answer_parse(const guint8 *message, gsize size, const char *domain)
{
    char name[NS_MAXDNAME];
    ns_msg parsed;

    if (size > NS_MAXMSG || ns_initparse(message, (int) size, &parsed) != 0 ||
        g_strlcpy(name, domain, sizeof name) >= sizeof name)
        return NULL;
    /* a chain has at most as many links as there are records; a longer one goes round */
    for (guint left = ns_msg_count(parsed, ns_s_an); follow_alias(&parsed, name); left--) {
        if (left == 0)
            return NULL;
    }
    g_autoptr(GPtrArray) records = list_records(&parsed, name);
    if (records == NULL)
        return NULL;
    /* An alias that a server which is not recursive leaves to be followed (RFC 1034 section 4.3.1)
     * tells nothing of the records at its end. */
    gboolean is_open = records->len == 0 && ns_msg_count(parsed, ns_s_an) > 0 &&
                       ns_msg_getflag(parsed, ns_f_ra) == 0;
    return is_open ? NULL : g_steal_pointer(&records);
}
