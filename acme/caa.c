#include "config.h"

#include "acme/caa.h"

#include "acme/account.h"
#include "base/error.h"
#include "base/text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define FLAG_CRITICAL 0x80 /* RFC 8659 section 4.1 */
#define NAME_MAX_LENGTH 253
#define LABEL_MAX_LENGTH 63
#define ALPHANUMERIC G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS
#define WSP " \t"
#define WILDCARD "*."

GcaCaaRecord *
gca_caa_record_new(guint8 flags, const char *tag, GBytes *value)
{
    GcaCaaRecord *record = g_new0(GcaCaaRecord, 1);
    record->flags = flags;
    record->tag = g_strdup(tag);
    record->value = g_bytes_ref(value);
    return record;
}

void
gca_caa_record_free(GcaCaaRecord *record)
{
    g_free(record->tag);
    g_bytes_unref(record->value);
    g_free(record);
}

const char *
gca_caa_verdict_to_nick(GcaCaaVerdict verdict)
{
    static const char *const nicks[] = {"present", "unbound", "absent", "other"};

    return nicks[verdict];
}

/* (ALPHA / DIGIT) *( *("-") (ALPHA / DIGIT)): a label of an issuer, the tag of a parameter, which
 * RFC 8659 section 4.2 gives no greatest length. */
static gboolean
is_tag(const char *text)
{
    gsize length = strlen(text);

    return length > 0 && strspn(text, ALPHANUMERIC "-") == length && text[0] != '-' &&
           text[length - 1] != '-';
}

/* TRUE if `name` can be an issuer's: labels of letters, digits and hyphens (RFC 8659 section 4.2).
 */
static gboolean
is_issuer(const char *name)
{
    if (strlen(name) > NAME_MAX_LENGTH)
        return FALSE;
    g_auto(GStrv) labels = g_strsplit(name, ".", -1);
    for (guint i = 0; labels[i] != NULL; i++) {
        if (!is_tag(labels[i]) || strlen(labels[i]) > LABEL_MAX_LENGTH)
            return FALSE;
    }
    return labels[0] != NULL;
}

static gboolean
check_issuer(const char *issuer, GError **error)
{
    if (is_issuer(issuer))
        return TRUE;
    g_autofree char *shown = gca_text_escape(issuer);
    gca_error_set(error, GCA_ERROR_USAGE,
                  _("“%s” cannot stand for a CA in a CAA record: it must be a host name such as "
                    "“ca.example”."),
                  shown);
    return FALSE;
}

/* value = *(%x21-3A / %x3C-7E); what a quoted text cannot hold as it is, no URI can. */
static gboolean
check_account(const char *uri, GError **error)
{
    if (!gca_account_check_uri(uri, error))
        return FALSE;
    if (strchr(uri, ';') == NULL)
        return TRUE;
    g_autofree char *shown = gca_text_escape(uri);
    gca_error_set(error, GCA_ERROR_BAD_DATA,
                  _("The account's URI “%s” holds “;”, which no CAA record can hold."), shown);
    gca_error_set_hint(error, _("Ask the CA what its accounturi for this account is."));
    return FALSE;
}

char *
gca_caa_format(const char *domain, const char *issuer, const char *account_uri, GError **error)
{
    gboolean is_wildcard = g_str_has_prefix(domain, WILDCARD);

    if (!check_issuer(issuer, error) || !check_account(account_uri, error))
        return NULL;
    return g_strdup_printf("%s. CAA 0 %s \"%s; accounturi=%s\"",
                           is_wildcard ? domain + strlen(WILDCARD) : domain,
                           is_wildcard ? "issuewild" : "issue", issuer, account_uri);
}

char *
gca_caa_record_to_string(const GcaCaaRecord *record)
{
    gsize size;
    const char *data = g_bytes_get_data(record->value, &size);
    g_autofree char *tag = gca_text_escape(record->tag);
    g_autofree char *value = gca_text_escape_bytes(data, size);

    return g_strdup_printf("CAA %u %s \"%s\"", record->flags, tag, value);
}

/* ---- what a CA makes of it ---- */

static void
trim(char *text)
{
    gsize start = strspn(text, WSP), end = strlen(text);

    while (end > start && strchr(WSP, text[end - 1]) != NULL)
        end--;
    memmove(text, text + start, end - start);
    text[end - start] = '\0';
}

/* A value taken apart at each “;”: the issuer, then the parameters. NULL: not of the grammar. */
static char **
split_value(GBytes *value)
{
    gsize size;
    const char *data = g_bytes_get_data(value, &size);
    g_autofree char *text = g_strndup(data ? data : "", size);

    if (strlen(text) != size)
        return NULL;
    char **parts = g_strsplit(text, ";", -1);
    for (guint i = 0; parts[i] != NULL; i++) {
        trim(parts[i]);
    }
    return parts;
}

/* parameter = tag *WSP "=" *WSP value; the value's place in `part`, whose tag is cut off, or NULL
 */
static const char *
split_parameter(char *part)
{
    char *equals = strchr(part, '=');
    if (equals == NULL)
        return NULL;
    const char *value = equals + 1 + strspn(equals + 1, WSP);
    while (equals > part && strchr(WSP, equals[-1]) != NULL)
        equals--;
    *equals = '\0';
    for (const char *at = value; *at != '\0'; at++) {
        if (!g_ascii_isgraph(*at))
            return NULL;
    }
    return is_tag(part) ? value : NULL;
}

/* RFC 8657 section 4: value = [*(label ",") label]. Where our methods are not known, any will do;
 * an empty list, or one that is not of this form, allows none. */
static gboolean
has_method(const char *list, const char *const *methods)
{
    g_auto(GStrv) allowed = g_strsplit(list, ",", -1);

    for (guint i = 0; allowed[i] != NULL; i++) {
        if (*allowed[i] == '\0' || strspn(allowed[i], ALPHANUMERIC "-") != strlen(allowed[i]))
            return FALSE;
    }
    for (guint i = 0; methods != NULL && methods[i] != NULL; i++) {
        if (g_strv_contains((const char *const *) allowed, methods[i]))
            return TRUE;
    }
    return methods == NULL && allowed[0] != NULL;
}

/* RFC 8659 section 4.2: no issuer (“;”) and one that is not of the grammar permit nobody, whatever
 * a CA says that it is called. Names of hosts are compared without case (RFC 4343). */
static gboolean
is_one_of(const char *issuer, const char *const *issuers)
{
    if (!is_issuer(issuer))
        return FALSE;
    for (guint i = 0; issuers[i] != NULL; i++) {
        if (g_ascii_strcasecmp(issuer, issuers[i]) == 0)
            return TRUE;
    }
    return FALSE;
}

/* What one issue property permits: PRESENT, UNBOUND or OTHER. RFC 8657 section 3: with more than
 * one accounturi it permits nobody. What more than one validationmethods means section 4 leaves
 * open, and CAs are known that refuse it. Other parameters mean nothing here (RFC 8659
 * section 4.2). */
static GcaCaaVerdict
judge_property(const GcaCaaRecord *record, const GcaCaaUse *use)
{
    g_auto(GStrv) parts = split_value(record->value);
    if (parts == NULL || parts[0] == NULL || !is_one_of(parts[0], use->issuers))
        return GCA_CAA_OTHER;

    guint n = g_strv_length(parts), accounts = 0, lists = 0;
    gboolean is_for_us = TRUE;
    if (n == 2 && *parts[1] == '\0') /* “ca.example;” */
        n = 1;
    for (guint i = 1; i < n; i++) {
        const char *value = split_parameter(parts[i]);
        if (value == NULL)
            return GCA_CAA_OTHER;
        if (g_str_equal(parts[i], "accounturi")) {
            accounts++;
            is_for_us = is_for_us && g_str_equal(value, use->account_uri);
        } else if (g_str_equal(parts[i], "validationmethods")) {
            lists++;
            is_for_us = is_for_us && has_method(value, use->methods);
        }
    }
    if (!is_for_us || accounts > 1 || lists > 1)
        return GCA_CAA_OTHER;
    return accounts == 1 ? GCA_CAA_PRESENT : GCA_CAA_UNBOUND;
}

static gboolean
has_tag(const GcaCaaRecord *record, const char *tag)
{
    return g_ascii_strcasecmp(record->tag, tag) == 0; /* RFC 8659 section 4.1 */
}

static gboolean
any_has_tag(GPtrArray *records, const char *tag)
{
    for (guint i = 0; i < records->len; i++) {
        if (has_tag(g_ptr_array_index(records, i), tag))
            return TRUE;
    }
    return FALSE;
}

/* RFC 8659 section 4.5; what every CA knows, the Baseline Requirements say (section 3.2.2.8). Of
 * the flags the others mean nothing (section 4.1): “1” is no critical one. */
static gboolean
is_critical_and_unknown(const GcaCaaRecord *record)
{
    return (record->flags & FLAG_CRITICAL) != 0 && !has_tag(record, "issue") &&
           !has_tag(record, "issuewild") && !has_tag(record, "iodef");
}

/* RFC 8659 section 4.2: properties add up, so one that permits any account makes one that names
 * ours of no effect, and one that permits nobody takes nothing away. */
static GcaCaaVerdict
add_verdict(GcaCaaVerdict before, GcaCaaVerdict verdict)
{
    if (before == GCA_CAA_UNBOUND || verdict == GCA_CAA_OTHER)
        return before;
    return verdict;
}

GcaCaaVerdict
gca_caa_judge(GPtrArray *records, const GcaCaaUse *use)
{
    /* RFC 8659 section 4.3: issuewild is for wildcard names alone, and goes before issue there. */
    const char *tag = use->is_wildcard && any_has_tag(records, "issuewild") ? "issuewild" : "issue";
    GcaCaaVerdict verdict = any_has_tag(records, tag) ? GCA_CAA_OTHER : GCA_CAA_ABSENT;

    for (guint i = 0; i < records->len; i++) {
        const GcaCaaRecord *record = g_ptr_array_index(records, i);
        if (is_critical_and_unknown(record))
            return GCA_CAA_OTHER;
        if (has_tag(record, tag))
            verdict = add_verdict(verdict, judge_property(record, use));
    }
    return verdict;
}
