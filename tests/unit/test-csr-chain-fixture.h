/* A TLS CA as it is found: a root, an intermediate, an older one of the same name, a server. */
#pragma once

#include "base/finding.h"
#include "test-x509-fixture.h"
#include "x509/certificate.h"

#define HOST "www.example.gov.tw"
#define TLS_CA_DN "cn=測試 TLS CA,o=測試憑證公司,c=TW"
#define SERVER_DN "cn=" HOST ",o=行政院-測試署,l=臺灣,c=TW"
#define IN_THE_PAST .from = "2020-01-01T00:00:00Z", .to = "2021-01-01T00:00:00Z"
#define FOR_LONG .from = "2025-01-01T00:00:00Z", .to = "2049-01-01T00:00:00Z"
#define WITH_KEY_IDS "subjectKeyIdentifier = hash\nauthorityKeyIdentifier = keyid:always\n"
#define AS_SERVER                                                                                  \
    "keyUsage = critical,digitalSignature,keyEncipherment\nextendedKeyUsage = serverAuth\n"        \
    "subjectAltName = DNS:" HOST "\n"

enum { ROOT_KEY, CA_KEY, SERVER_KEY, OLD_CA_KEY, OTHER_KEY };

typedef struct {
    X509 *root;
    X509 *ca;
    X509 *old_ca; /* the same name, another key, expired */
    X509 *server;
} TestChain;

static inline void
test_chain_set_up(TestChain *chain, const void *data)
{
    chain->root = make_certificate(&(Wanted){.subject = ROOT_DN,
                                             .key = get_key(ROOT_KEY),
                                             .extensions = AS_CA "subjectKeyIdentifier = hash\n",
                                             FOR_LONG});
    chain->ca = make_certificate(&(Wanted){.subject = TLS_CA_DN,
                                           .key = get_key(CA_KEY),
                                           .issuer = chain->root,
                                           .issuer_key = get_key(ROOT_KEY),
                                           .extensions = AS_CA WITH_KEY_IDS,
                                           FOR_LONG});
    chain->old_ca = make_certificate(&(Wanted){.subject = TLS_CA_DN,
                                               .key = get_key(OLD_CA_KEY),
                                               .issuer = chain->root,
                                               .issuer_key = get_key(ROOT_KEY),
                                               .extensions = AS_CA,
                                               IN_THE_PAST});
    chain->server = make_certificate(&(Wanted){.subject = SERVER_DN,
                                               .key = get_key(SERVER_KEY),
                                               .issuer = chain->ca,
                                               .issuer_key = get_key(CA_KEY),
                                               .extensions = AS_SERVER WITH_KEY_IDS,
                                               .serial = 7,
                                               FOR_LONG});
}

static inline void
test_chain_tear_down(TestChain *chain, const void *data)
{
    X509_free(chain->root);
    X509_free(chain->ca);
    X509_free(chain->old_ca);
    X509_free(chain->server);
}

/* The one finding of that name; NULL if there is none. */
static inline const GcaFinding *
find_finding(GPtrArray *findings, const char *name)
{
    const GcaFinding *found = NULL;

    for (guint i = 0; i < findings->len; i++) {
        const GcaFinding *finding = g_ptr_array_index(findings, i);
        if (!g_str_equal(finding->name, name))
            continue;
        if (found != NULL)
            g_error("“%s” is found twice: “%s”, “%s”", name, found->text, finding->text);
        found = finding;
    }
    return found;
}

static inline void
assert_finding(GPtrArray *findings, const char *name, GcaFindingState state, const char *says)
{
    const GcaFinding *found = find_finding(findings, name);

    if (found == NULL)
        g_error("“%s” is not found", name);
    if (strstr(found->text, says) == NULL)
        g_error("“%s” does not say “%s”", found->text, says);
    g_assert_cmpstr(gca_finding_state_to_nick(found->state), ==, gca_finding_state_to_nick(state));
    /* whoever is told of a fault is told what to do */
    g_assert_true(state != GCA_FINDING_FAILED || found->fix != NULL);
    g_assert_cmpuint(ERR_peek_error(), ==, 0);
}

static inline guint
count_findings(GPtrArray *findings, GcaFindingState state)
{
    guint count = 0;

    for (guint i = 0; i < findings->len; i++) {
        const GcaFinding *finding = g_ptr_array_index(findings, i);
        count += finding->state == state;
    }
    return count;
}
