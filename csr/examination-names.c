#include "config.h"

#include "base/text.h"
#include "csr/csr-private.h"
#include "csr/examination-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define NO_ADDRESS (-2) /* of X509_check_ip_asc: the text is none */
#define HOST_RULES (X509_CHECK_FLAG_NEVER_CHECK_SUBJECT | X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS)

/* The names in the subjectAltName, escaped; CAs put “www.” beside a domain. */
static GPtrArray *
list_names(X509 *certificate)
{
    g_autoptr(GENERAL_NAMES) all = X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);

    for (int i = 0; i < sk_GENERAL_NAME_num(all); i++) {
        char *name = gca_general_name_to_text(sk_GENERAL_NAME_value(all, i));
        if (name != NULL)
            g_ptr_array_add(names, name);
    }
    return names;
}

/* RFC 9525 section 6: the subjectAltName alone counts, the CN does not; an address is looked for
 * among the addresses only. */
static gboolean
holds(X509 *certificate, const char *name)
{
    int as_address = X509_check_ip_asc(certificate, name, 0);

    if (as_address != NO_ADDRESS)
        return as_address == 1;
    return X509_check_host(certificate, name, strlen(name), HOST_RULES, NULL) == 1;
}

static gboolean
is_wanted(const char *name, const char *const *wanted)
{
    for (guint i = 0; wanted[i] != NULL; i++) {
        if (g_ascii_strcasecmp(name, wanted[i]) == 0)
            return TRUE;
    }
    return FALSE;
}

static void
add_missing(GPtrArray *findings, const GString *missing, const GString *held)
{
    char *text = held->len > 0
                     ? g_strdup_printf(_("The certificate is not for %s; it is for %s."),
                                       missing->str, held->str)
                     : g_strdup_printf(_("The certificate is not for %s: it has no subjectAltName "
                                         "with a host name, and browsers do not look at the CN."),
                                       missing->str);
    gca_examination_add(findings, "names", _("host names"), GCA_FINDING_FAILED, text,
                        _("Browsers will refuse it. Check whether it is the right file; if the CA "
                          "has left a name out, ask it for another certificate."));
}

/* Without a word on which names are wanted, it must be for some host at least. */
static void
check_any(GPtrArray *held, const GString *list, GPtrArray *findings)
{
    if (held->len > 0)
        gca_examination_add(findings, "names", _("host names"), GCA_FINDING_OK, g_strdup(list->str),
                            NULL);
    else
        gca_examination_add(findings, "names", _("host names"), GCA_FINDING_FAILED,
                            g_strdup(_("The certificate is for no host: it has no subjectAltName "
                                       "with a host name, and browsers do not look at the CN.")),
                            _("Give the TLS server certificate that the CA has issued."));
}

void
gca_examination_check_names(X509 *certificate, const char *const *names, GPtrArray *findings)
{
    g_autoptr(GPtrArray) held = list_names(certificate);
    g_autoptr(GString) list = g_string_new(NULL), missing = g_string_new(NULL),
                       more = g_string_new(NULL);

    for (guint i = 0; i < held->len; i++) {
        const char *name = g_ptr_array_index(held, i);
        gca_text_add_quoted(list, name);
        if (names != NULL && !is_wanted(name, names))
            gca_text_add_quoted(more, name);
    }
    if (names == NULL) {
        check_any(held, list, findings);
        return;
    }
    for (guint i = 0; names[i] != NULL; i++) {
        if (!holds(certificate, names[i]))
            gca_text_add_quoted(missing, names[i]);
    }
    if (missing->len > 0)
        add_missing(findings, missing, list);
    else if (more->len > 0)
        gca_examination_add(findings, "names", _("host names"), GCA_FINDING_WARNING,
                            g_strdup_printf(_("The certificate is for all names asked for, and for "
                                              "more: %s."),
                                            more->str),
                            _("Tell the CA if one of them is not yours."));
    else
        gca_examination_add(findings, "names", _("host names"), GCA_FINDING_OK, g_strdup(list->str),
                            NULL);
}
