#include "test-x509-fixture.h"
#include "x509/holder.h"

#define TYPE "1=OID:2.16.886.1.100.3."

/* 2.5.29.9 with an attribute 2.16.886.1.100.2.N for each N=VALUE, as on real cards; every VALUE of
 * one attribute is split by a blank. */
static char *
directory(const char *const *attributes)
{
    GString *head = g_string_new(AS_CARD "2.5.29.9 = ASN1:SEQUENCE:directory\n[directory]\n");
    GString *rest = g_string_new(NULL);

    for (guint i = 0; attributes[i] != NULL; i++) {
        const char *equals = strchr(attributes[i], '=');
        g_auto(GStrv) values = g_strsplit(equals + 1, " ", -1);
        g_string_append_printf(head, "a%u = SEQUENCE:attribute%u\n", i, i);
        g_string_append_printf(rest,
                               "[attribute%u]\ntype = OID:2.16.886.1.100.2.%.*s\n"
                               "values = SET:values%u\n[values%u]\n",
                               i, (int) (equals - attributes[i]), attributes[i], i, i);
        for (guint j = 0; values[j] != NULL && *values[j] != '\0'; j++)
            g_string_append_printf(rest, "v%u = %s\n", j, values[j]);
    }
    g_string_append(head, rest->str);
    g_string_free(rest, TRUE);
    return g_string_free(head, FALSE);
}

static GcaHolder *
read_holder(const char *subject, const char *issuer_dn, const char *extensions, GError **error)
{
    g_autoptr(X509) ca =
        make_certificate(&(Wanted){.subject = issuer_dn, .key = get_key(1), .extensions = AS_CA});
    g_autoptr(X509) certificate = make_certificate(&(Wanted){.subject = subject,
                                                             .key = get_key(2),
                                                             .issuer = ca,
                                                             .issuer_key = get_key(1),
                                                             .extensions = extensions});
    return gca_holder_new(certificate, error);
}

#define HOLDER(error, ...) read_holder_of((const char *const[]){__VA_ARGS__, NULL}, error)

static GcaHolder *
read_holder_of(const char *const *attributes, GError **error)
{
    g_autofree char *extensions = directory(attributes);
    return read_holder(AGENCY_DN, CA_DN, extensions, error);
}

static void
test_reads_agency_card(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GcaHolder) holder = HOLDER(&error, TYPE "2.1.1", "2=PRINTABLESTRING:primary",
                                         "102=OID:2.16.886.101.20003.20060");
    g_autoptr(GDateTime) now = moment(MOMENT);

    g_assert_no_error(error);
    g_autofree char *dn = gca_name_to_string(gca_holder_get_dn(holder));
    g_autofree char *issuer = gca_name_to_string(gca_holder_get_issuer(holder));
    g_assert_cmpstr(dn, ==, "C=TW,O=行政院,OU=測試署");
    g_assert_cmpstr(issuer, ==, "C=TW,O=行政院,OU=(測試用) 政府憑證管理中心");
    g_assert_cmpstr(gca_holder_get_organization(holder), ==, "行政院 測試署");
    g_assert_cmpstr(gca_holder_get_oid(holder), ==, "2.16.886.101.20003.20060");
    g_assert_cmpint(gca_holder_get_kind(holder), ==, GCA_HOLDER_AGENCY);
    g_assert_cmpint(gca_holder_get_rank(holder), ==, GCA_CARD_RANK_PRIMARY);
    g_assert_true(gca_holder_check_signing(holder, now, &error));
    g_assert_no_error(error);
}

static void
test_joins_local_government_names(void)
{
    g_autoptr(GcaHolder) holder =
        read_holder("ou=衛生局,o=縣政府,l=彰化縣,c=TW", CA_DN, AS_CARD, NULL);

    g_assert_cmpstr(gca_holder_get_organization(holder), ==, "彰化縣 縣政府 衛生局");
}

static void
test_tells_kinds(void)
{
    static const struct {
        const char *type;
        GcaHolderKind kind;
        const char *refusal;
    } cases[] = {
        {TYPE "2.1.1", GCA_HOLDER_AGENCY, NULL},
        {TYPE "2.1.2", GCA_HOLDER_UNIT, NULL},
        {TYPE "2.11", GCA_HOLDER_SCHOOL, "組織及團體憑證"},
        {TYPE "2.2.1.1", GCA_HOLDER_COMPANY, "工商憑證"},
        {TYPE "1.1", GCA_HOLDER_CITIZEN, "This is a citizen card (自然人憑證)"},
        {TYPE "3.1", GCA_HOLDER_SERVER, "server"},
        {TYPE "2.1.10", GCA_HOLDER_OTHER, "does not say"},
        {TYPE "2.111", GCA_HOLDER_OTHER, "does not say"},
    };
    g_autoptr(GDateTime) now = moment(MOMENT);

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(GcaHolder) holder = HOLDER(NULL, cases[i].type);
        g_assert_cmpint(gca_holder_get_kind(holder), ==, cases[i].kind);
        g_assert_cmpint(gca_holder_check_signing(holder, now, &error), ==,
                        cases[i].refusal == NULL);
        g_assert_cmpint(gca_holder_kind_is_gca(cases[i].kind), ==, cases[i].refusal == NULL);
        if (cases[i].refusal != NULL)
            assert_refused(error, GCA_ERROR_NO_CERT, cases[i].refusal);
    }
}

static void
test_tells_ranks(void)
{
    g_autoptr(GcaHolder) secondary = HOLDER(NULL, TYPE "2.1.1", "2=PRINTABLESTRING:secondary");
    g_autoptr(GcaHolder) mobile = HOLDER(NULL, TYPE "2.1.1", "2=PRINTABLESTRING:mobile");
    g_autoptr(GcaHolder) odd = HOLDER(NULL, TYPE "2.1.1", "2=PRINTABLESTRING:tertiary");
    g_autoptr(GcaHolder) none = HOLDER(NULL, TYPE "2.1.1");

    g_assert_cmpint(gca_holder_get_rank(secondary), ==, GCA_CARD_RANK_SECONDARY);
    g_assert_cmpint(gca_holder_get_rank(mobile), ==, GCA_CARD_RANK_MOBILE);
    g_assert_cmpint(gca_holder_get_rank(odd), ==, GCA_CARD_RANK_UNKNOWN);
    g_assert_cmpint(gca_holder_get_rank(none), ==, GCA_CARD_RANK_UNKNOWN);
    g_assert_cmpstr(gca_card_rank_to_nick(GCA_CARD_RANK_SECONDARY), ==, "secondary");
    g_assert_nonnull(strstr(gca_card_rank_to_string(GCA_CARD_RANK_SECONDARY), "附卡"));
}

static void
test_takes_oid_written_as_text(void)
{
    static const char *const forms[] = {"102=UTF8:2.16.886.101.90001",
                                        "102=PRINTABLESTRING:2.16.886.101.90001",
                                        "102=IA5:2.16.886.101.90001", "102=BMP:2.16.886.101.90001"};

    for (guint i = 0; i < G_N_ELEMENTS(forms); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(GcaHolder) holder = HOLDER(&error, TYPE "2.1.1", forms[i]);
        g_assert_no_error(error);
        g_assert_cmpstr(gca_holder_get_oid(holder), ==, "2.16.886.101.90001");
    }
}

static void
test_refuses_malformed_attributes(void)
{
    static const char *const wrong[] = {
        "102=UTF8:行政院",
        "102=UTF8:2.16.886..1",
        "102=UTF8:9.9.9",
        "102=INTEGER:5",
        "102=NULL",
        "102=",
        "102=OID:2.16.886.1 OID:2.16.886.2",
        "2=INTEGER:1",
        "2=",
    };

    for (guint i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(HOLDER(&error, TYPE "2.1.1", wrong[i]));
        assert_refused(error, GCA_ERROR_BAD_DATA, "2.16.886.1.100.2.");
    }
    g_autoptr(GError) twice = NULL;
    g_assert_null(HOLDER(&twice, TYPE "2.1.1", TYPE "2.1.1"));
    assert_refused(twice, GCA_ERROR_BAD_DATA, "exactly one value");
}

static void
test_refuses_malformed_extension(void)
{
    static const char *const wrong[] = {
        "DER:30",
        "DER:3080",
        "DER:3003020101",
        "DER:0500",
        "DER:30000500",
        "DER:31023000",
        "DER:3084ffffffff",
        "DER:300b3009060760867601640201",
        "DER:3006300406020101",
    };

    for (guint i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *extensions = g_strconcat(AS_CARD "2.5.29.9 = ", wrong[i], "\n", NULL);
        g_assert_null(read_holder(AGENCY_DN, CA_DN, extensions, &error));
        assert_refused(error, GCA_ERROR_BAD_DATA, "2.5.29.9");
    }
}

static void
test_survives_every_flipped_bit(void)
{
    const char *const attributes[] = {TYPE "2.1.1", "2=PRINTABLESTRING:primary",
                                      "102=OID:2.16.886.101.20003", NULL};
    g_autofree char *extensions = directory(attributes);
    g_autoptr(X509) ca = make_ca(NULL);
    g_autoptr(X509) card = make_card(ca, extensions);
    int index = X509_get_ext_by_NID(card, NID_subject_directory_attributes, -1);
    const ASN1_OCTET_STRING *der = X509_EXTENSION_get_data(X509_get_ext(card, index));

    for (int i = 0; i < ASN1_STRING_length(der); i++) {
        for (guint8 bit = 1; bit != 0; bit <<= 1) {
            g_autoptr(X509) changed = X509_dup(card);
            ASN1_OCTET_STRING *to = X509_EXTENSION_get_data(X509_get_ext(changed, index));
            ((guint8 *) (gpointer) ASN1_STRING_get0_data(to))[i] ^= bit;
            g_autoptr(GError) error = NULL;
            g_autoptr(GcaHolder) holder = gca_holder_new(changed, &error);
            g_assert_true((holder == NULL) == (error != NULL));
            g_assert_cmpuint(ERR_peek_error(), ==, 0);
        }
    }
}

static void
test_never_gives_citizen_number(void)
{
    /* 2.16.886.1.100.2.51, even where it is malformed */
    g_autoptr(GError) error = NULL;
    g_autofree char *extensions =
        directory((const char *const[]){TYPE "1.1", "51=UTF8:9876 UTF8:9876", NULL});
    g_autoptr(GcaHolder) holder =
        read_holder("serialNumber=0000000000000001,cn=測試一郎,c=TW", CA_DN, extensions, &error);
    g_autoptr(GDateTime) now = moment(MOMENT);

    g_assert_no_error(error);
    g_assert_cmpstr(gca_holder_get_organization(holder), ==, "測試一郎");
    g_assert_null(gca_holder_get_oid(holder));
    g_assert_false(gca_holder_check_signing(holder, now, &error));
    g_assert_null(strstr(error->message, "9876"));
}

static void
test_missing_type_is_decided_by_issuer(void)
{
    const char *const others = "ou=其他憑證管理中心,o=行政院,c=TW";
    g_autoptr(GcaHolder) from_gca =
        read_holder(AGENCY_DN, "ou=政府憑證管理中心,o=行政院,c=TW", AS_CARD, NULL);
    g_autoptr(GcaHolder) from_test = read_holder(AGENCY_DN, CA_DN, AS_CARD, NULL);
    g_autoptr(GcaHolder) from_other = read_holder(AGENCY_DN, others, AS_CARD, NULL);
    g_autoptr(GcaHolder) server =
        read_holder(AGENCY_DN, CA_DN, AS_CARD "extendedKeyUsage = serverAuth\n", NULL);

    g_assert_cmpint(gca_holder_get_kind(from_gca), ==, GCA_HOLDER_AGENCY);
    g_assert_cmpint(gca_holder_get_kind(from_test), ==, GCA_HOLDER_AGENCY);
    g_assert_cmpint(gca_holder_get_kind(from_other), ==, GCA_HOLDER_OTHER);
    g_assert_cmpint(gca_holder_get_kind(server), ==, GCA_HOLDER_OTHER);
}

static void
test_refuses_outside_validity(void)
{
    g_autoptr(GcaHolder) holder = HOLDER(NULL, TYPE "2.1.1");
    g_autoptr(GDateTime) early = moment("2024-12-31T23:59:59Z");
    g_autoptr(GDateTime) first = moment("2025-01-01T00:00:00Z");
    g_autoptr(GDateTime) last = moment("2028-01-01T00:00:00Z");
    g_autoptr(GDateTime) late = moment("2028-01-01T00:00:01Z");
    g_autoptr(GError) not_yet = NULL, expired = NULL;

    /* RFC 5280 section 4.1.2.5: both ends included */
    g_assert_true(gca_holder_check_signing(holder, first, NULL));
    g_assert_true(gca_holder_check_signing(holder, last, NULL));
    g_assert_false(gca_holder_check_signing(holder, early, &not_yet));
    assert_refused(not_yet, GCA_ERROR_NO_CERT, "not valid before");
    g_assert_false(gca_holder_check_signing(holder, late, &expired));
    assert_refused(expired, GCA_ERROR_NO_CERT, "expired on");
    g_assert_cmpint(gca_holder_days_left(holder, first), ==, 3 * 365);
    g_assert_cmpint(gca_holder_days_left(holder, last), ==, 0);
    g_assert_cmpint(gca_holder_days_left(holder, late), ==, -1);
}

static void
test_refuses_certificates_not_for_signing(void)
{
    static const struct {
        const char *extensions;
        gboolean can_sign;
    } cases[] = {
        {"keyUsage = critical,digitalSignature\n", TRUE},
        {"keyUsage = critical,nonRepudiation\n", TRUE},
        {"keyUsage = critical,keyEncipherment,dataEncipherment\n", FALSE},
        {"basicConstraints = CA:TRUE\nkeyUsage = critical,digitalSignature,keyCertSign\n", FALSE},
        {"keyUsage = critical,DER:0500\n", FALSE},
        {"basicConstraints = CA:FALSE\n", FALSE},
    };
    g_autoptr(GDateTime) now = moment(MOMENT);

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(GcaHolder) holder = read_holder(AGENCY_DN, CA_DN, cases[i].extensions, NULL);
        X509 *certificate = gca_holder_get_certificate(holder);
        g_assert_cmpint(gca_certificate_can_sign(certificate), ==, cases[i].can_sign);
        g_assert_cmpint(gca_holder_check_signing(holder, now, &error), ==, cases[i].can_sign);
        if (!cases[i].can_sign)
            assert_refused(error, GCA_ERROR_NO_CERT, "not for signing");
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/holder/reads-agency-card", test_reads_agency_card);
    g_test_add_func("/holder/joins-local-government-names", test_joins_local_government_names);
    g_test_add_func("/holder/tells-kinds-and-names-what-may-not-sign", test_tells_kinds);
    g_test_add_func("/holder/tells-primary-from-secondary", test_tells_ranks);
    g_test_add_func("/holder/oid/takes-any-string", test_takes_oid_written_as_text);
    g_test_add_func("/holder/refuses-malformed-attributes", test_refuses_malformed_attributes);
    g_test_add_func("/holder/refuses-malformed-extension", test_refuses_malformed_extension);
    g_test_add_func("/holder/survives-every-flipped-bit", test_survives_every_flipped_bit);
    g_test_add_func("/holder/never-gives-citizen-number", test_never_gives_citizen_number);
    g_test_add_func("/holder/kind/missing-type-is-decided-by-issuer",
                    test_missing_type_is_decided_by_issuer);
    g_test_add_func("/holder/signing/refuses-outside-validity", test_refuses_outside_validity);
    g_test_add_func("/holder/signing/refuses-other-key-usages",
                    test_refuses_certificates_not_for_signing);
    return g_test_run();
}
