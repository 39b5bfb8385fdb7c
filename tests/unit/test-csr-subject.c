/* Subjects of TLS certificates: what is made, what is refused, how it is encoded. */
#include "base/error.h"
#include "csr/subject.h"

#include <string.h>

#define CN "www.example.gov.tw"
#define GOOD "C=TW|L=臺灣|O=甲院-乙部測試署|CN=" CN

static GcaProfile *
load_profile(const char *name)
{
    g_autoptr(GError) error = NULL;
    GcaProfile *profile = gca_profile_load(name, &error);

    g_assert_no_error(error);
    return profile;
}

/* "C=TW|O=…": as it stands, without the rules of RFC 4514. */
static GcaName *
make_name(const char *text)
{
    GcaName *name = gca_name_new();
    g_auto(GStrv) parts = g_strsplit(text, "|", -1);

    for (guint i = 0; parts[i] != NULL; i++) {
        char *value = strchr(parts[i], '=');
        *value++ = '\0';
        gca_name_add(name, parts[i], value);
    }
    return name;
}

static void
assert_made(const GcaSubjectWish *wish, const char *profile_name, const char *cn,
            const char *expected)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GcaProfile) profile = load_profile(profile_name);
    gboolean unconfirmed = TRUE;
    g_autoptr(GcaName) subject = gca_subject_make(wish, profile, cn, &unconfirmed, &error);

    g_assert_no_error(error);
    g_autofree char *shown = gca_name_to_string(subject);
    g_assert_cmpstr(shown, ==, expected);
    g_assert_false(unconfirmed);
}

static void
assert_not_made(const GcaSubjectWish *wish, const char *cn, GcaErrorCode code, const char *says)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GcaProfile) profile = load_profile("gtlsca");
    gboolean unconfirmed;

    g_assert_null(gca_subject_make(wish, profile, cn, &unconfirmed, &error));
    g_assert_error(error, GCA_ERROR, (int) code);
    if (strstr(error->message, says) == NULL)
        g_error("“%s” does not say “%s”", error->message, says);
    g_assert_nonnull(gca_error_get_hint(error));
}

static void
test_folds_units_into_organisation(void)
{
    g_autoptr(GcaName) agency = gca_name_parse("ou=測試司,ou=測試部,o=行政院,c=TW", NULL);
    GcaSubjectWish wish = {.agency = agency};

    assert_made(&wish, "gtlsca", CN, "C=TW,L=臺灣,O=行政院-測試部-測試司,CN=" CN);
    assert_made(&wish, "twca", CN, "C=TW,L=臺灣,O=政府機關-行政院-測試部-測試司,CN=" CN);
}

static void
test_marks_a_local_governments_fold(void)
{
    g_autoptr(GcaProfile) profile = load_profile("gtlsca");
    g_autoptr(GcaName) agency = gca_name_parse("ou=測試局,o=縣政府,l=測試縣,c=TW", NULL);
    GcaSubjectWish wish = {.agency = agency};
    gboolean unconfirmed = FALSE;

    g_autoptr(GcaName) subject = gca_subject_make(&wish, profile, CN, &unconfirmed, NULL);
    g_assert_cmpstr(gca_name_find(subject, "O"), ==, "測試縣-縣政府-測試局");
    g_assert_true(unconfirmed);
    wish.organization = "測試縣政府";
    assert_made(&wish, "gtlsca", CN, "C=TW,L=臺灣,O=測試縣政府,CN=" CN);
}

static void
test_takes_what_is_given_instead(void)
{
    g_autoptr(GcaName) agency = gca_name_parse("ou=測試部,o=行政院,c=TW", NULL);

    assert_made(&(GcaSubjectWish){.organization = "測試署"}, "twca", CN,
                "C=TW,L=臺灣,O=測試署,CN=" CN);
    assert_made(&(GcaSubjectWish){.agency = agency, .locality = "測試市"}, "gtlsca", CN,
                "C=TW,L=測試市,O=行政院-測試部,CN=" CN);
}

static void
test_takes_a_whole_subject(void)
{
    GcaSubjectWish wish = {.subject = "C=TW,L=臺灣,O=甲院\\, 測試署"};

    assert_made(&wish, "gtlsca", CN, "C=TW,L=臺灣,O=甲院\\, 測試署,CN=" CN);
    wish.subject = "CN=WWW.Example.gov.tw,O=測試署,L=臺灣,C=TW";
    assert_made(&wish, "gtlsca", CN, "C=TW,L=臺灣,O=測試署,CN=" CN);
    wish.subject = "C=TW,O=測試署,CN=例子.政府.tw";
    assert_made(&wish, "gtlsca", "xn--fsqu00a.xn--mxtq1m.tw",
                "C=TW,O=測試署,CN=xn--fsqu00a.xn--mxtq1m.tw");
}

static void
test_refuses_a_wish_as_usage(void)
{
    GcaSubjectWish wish = {.subject = "C=TW,O=測試署,CN=other.example.gov.tw"};

    assert_not_made(&wish, CN, GCA_ERROR_USAGE, "“other.example.gov.tw” as CN");
    wish.subject = "C=TW,O=測試署,CN=https://" CN "/";
    assert_not_made(&wish, CN, GCA_ERROR_USAGE, "web address");
    wish.subject = "C=TW,,";
    assert_not_made(&wish, CN, GCA_ERROR_USAGE, "cannot be read at character");
    wish.subject = "C=TW,ST=Some-State,O=測試署";
    assert_not_made(&wish, CN, GCA_ERROR_USAGE, "Some-State");
    assert_not_made(&(GcaSubjectWish){.organization = ""}, CN, GCA_ERROR_USAGE, "O is empty");
    assert_not_made(&(GcaSubjectWish){.organization = "\xA6\xE6\xAC\x46"}, CN, GCA_ERROR_USAGE,
                    "O is “\\xA6\\xE6\\xACF”, which is not UTF-8");
}

static void
test_refuses_a_name_too_long_to_fold(void)
{
    GString *dn = g_string_new("ou=");
    for (guint i = 0; i < 64; i++)
        g_string_append(dn, "測");
    g_string_append(dn, ",o=甲院,c=TW");
    g_autoptr(GcaName) agency = gca_name_parse(dn->str, NULL);

    assert_not_made(&(GcaSubjectWish){.agency = agency}, CN, GCA_ERROR_BAD_DATA, "67 characters");
    assert_made(&(GcaSubjectWish){.agency = agency, .organization = "測試署"}, "gtlsca", CN,
                "C=TW,L=臺灣,O=測試署,CN=" CN);
    g_string_free(dn, TRUE);
}

typedef struct {
    const char *name;
    const char *says;
    const char *hint;
} Mistake;

static void
assert_mistakes(const Mistake *mistakes, gsize n)
{
    g_autoptr(GcaProfile) profile = load_profile("gtlsca");

    for (gsize i = 0; i < n; i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(GcaName) name = make_name(mistakes[i].name);
        if (gca_subject_check(name, profile, &error))
            g_error("“%s” is accepted", mistakes[i].name);
        g_assert_error(error, GCA_ERROR, GCA_ERROR_BAD_DATA);
        if (strstr(error->message, mistakes[i].says) == NULL)
            g_error("“%s” does not say “%s”", error->message, mistakes[i].says);
        const char *hint = gca_error_get_hint(error);
        if (hint == NULL || strstr(hint, mistakes[i].hint) == NULL)
            g_error("“%s”: “%s” does not say “%s”", error->message, hint, mistakes[i].hint);
        g_assert_true(g_utf8_validate(error->message, -1, NULL));
    }
}

static void
test_refuses_what_tools_propose(void)
{
    static const Mistake mistakes[] = {
        {"C=TW|ST=Some-State|O=測試署|CN=" CN, "ST is “Some-State”", "Leave it out"},
        {"C=TW|L=臺灣|O=Internet Widgits Pty Ltd|CN=" CN, "“Internet Widgits Pty Ltd”", "own name"},
        {"C=TW|L=Default City|O=測試署|CN=" CN, "L is “Default City”", "Leave it out"},
        {"C=TW|L=臺灣|O=default company ltd|CN=" CN, "“Default Company Ltd”", "own name"},
        {"C=TW|L=臺灣|O=Unknown|CN=" CN, "O is “Unknown”, which is what Java's keytool",
         "own name"},
        {"C=TW|L=Unknown|O=測試署|CN=" CN, "L is “Unknown”, which is what Java's", "Leave it out"},
        {"C=TW|O=測試署|OU=Unknown|CN=" CN, "OU is “Unknown”", "Leave it out"},
        {"C=Unknown|O=測試署|CN=" CN, "“Unknown”, which is not a code", "C=TW"},
    };
    assert_mistakes(mistakes, G_N_ELEMENTS(mistakes));
}

static void
test_refuses_attributes_not_asked_for(void)
{
    static const Mistake mistakes[] = {
        {"C=TW|ST=臺北市|O=測試署|CN=" CN, "state or province (ST), “臺北市”", "Leave it out"},
        {"C=TW|L=臺灣|O=行政院|OU=測試部|OU=測試署|CN=" CN, "unit (OU), “測試部”",
         "O=行政院-測試部-測試署."},
        {"C=TW|O=測試署|CN=" CN "|1.2.840.113549.1.9.1=a@example.gov.tw",
         "e-mail address, “a@example.gov.tw”", "application form"},
        {"C=TW|O=測試署|CN=" CN "|emailAddress=a@example.gov.tw", "e-mail address", ""},
        {"C=TW|O=測試署|CN=" CN "|E=a@example.gov.tw", "e-mail address", ""},
        {"C=TW|O=測試署|serialNumber=12345678|CN=" CN, "“serialNumber=12345678”", "Leave it out"},
        {"C=TW|O=測試署|2.5.4.12=局\u200b長|CN=" CN, "2.5.4.12 is “局\\u{200B}長”", ""},
        {"C=TW|O=測試署|2.5.4.12=局長|CN=" CN, "“2.5.4.12=局長”", "Leave it out"},
    };
    assert_mistakes(mistakes, G_N_ELEMENTS(mistakes));
}

static void
test_refuses_a_wrong_country(void)
{
    static const Mistake mistakes[] = {
        {"O=測試署|CN=" CN, "no country", "C=TW"},
        {"C=tw|O=測試署|CN=" CN, "“tw”, which is not a code of two capital letters", "C=TW"},
        {"C=Taiwan|O=測試署|CN=" CN, "“Taiwan”, which is not a code", "C=TW"},
        {"C=台灣|O=測試署|CN=" CN, "“台灣”, which is not a code", "C=TW"},
        {"C=AU|O=測試署|CN=" CN, "“AU”, which is not that of", "C=TW"},
        {"C=TW|C=TW|O=測試署|CN=" CN, "C 2 times", "C=TW"},
    };
    assert_mistakes(mistakes, G_N_ELEMENTS(mistakes));
}

static void
test_refuses_a_wrong_shape(void)
{
    static const Mistake mistakes[] = {
        {"C=TW|L=臺灣|CN=" CN, "no organisation", "full name"},
        {"C=TW|O=甲院|O=測試署|CN=" CN, "O 2 times", "Join"},
        {"C=TW|L=臺灣|O=測試署", "no server (CN)", "host name"},
        {"C=TW|O=測試署|CN=" CN "|CN=a.example.gov.tw", "CN 2 times", "subjectAltName"},
        {"O=測試署|C=TW|CN=" CN, "begin with C and end with CN", "C=…,L=…,O=…,CN=…"},
        {"C=TW|CN=" CN "|O=測試署", "begin with C and end with CN", "C=…,L=…,O=…,CN=…"},
        {"C=TW|L=|O=測試署|CN=" CN, "L is empty", "Fill it in"},
        {"C=TW|L= |O=測試署|CN=" CN, "a blank at its beginning", "blank"},
        {"C=TW|O=測試署\u3000|CN=" CN, "a blank at its beginning or end", "blank"},
    };
    assert_mistakes(mistakes, G_N_ELEMENTS(mistakes));
}

/* “行政院” is E8 A1 8C E6 94 BF E9 99 A2 in UTF-8; “行政” is A6 E6 AC 46 in Big5. */
static void
test_refuses_text_in_the_wrong_encoding(void)
{
    static const Mistake mistakes[] = {
        {"C=TW|O=è¡\xC2\x8Cæ\xC2\x94¿é\xC2\x99¢|CN=" CN, "“行政院” read in the wrong", "-utf8"},
        {"C=TW|O=è¡Œæ”¿é™¢|CN=" CN, "“行政院” read in the wrong", "-utf8"},
        {"C=TW|L=\u00a6\u00e6\u00acF|O=測試署|CN=" CN, "“行政” read in the wrong", "-utf8"},
        {"C=TW|L=\xA6\xE6\xAC\x46|O=測試署|CN=" CN, "“\\xA6\\xE6\\xACF”, which is not UTF-8",
         "Big5"},
        {"C=TW|O=行\uFFFD\uFFFD|CN=" CN, "characters that were lost", "anew"},
        {"C=TW|O=測試??|CN=" CN, "O is “測試??”, where “?” stands for characters", "anew"},
        {"C=TW|L=??|O=測試署|CN=" CN, "L is “??”, where “?” stands for characters", "anew"},
    };
    assert_mistakes(mistakes, G_N_ELEMENTS(mistakes));
}

static void
test_refuses_characters_that_do_not_show(void)
{
    static const Mistake mistakes[] = {
        {"C=TW|O=測\x1b[31m試|CN=" CN, "“測\\u{1B}[31m試”, with invisible", "anew"},
        {"C=TW|O=測\u202e試|CN=" CN, "“測\\u{202E}試”, with invisible", "anew"},
        {"C=TW|O=\uFEFF測試|CN=" CN, "“\\u{FEFF}測試”, with invisible", "anew"},
        {"C=TW|O=測\uE001試|CN=" CN, "“測\\u{E001}試”, with a character of this computer's own",
         "Unicode"},
    };
    assert_mistakes(mistakes, G_N_ELEMENTS(mistakes));
}

/* RFC 5280 appendix A.1: ub-organization-name 64, ub-common-name 64, ub-locality-name 128;
 * characters, not bytes. */
static void
test_keeps_upper_bounds(void)
{
    static const struct {
        const char *format; /* with the type's value left out */
        const char *part;   /* one character or label */
        guint most;
    } bounds[] = {
        {"C=TW|O=%s|CN=" CN, "測", 64},
        {"C=TW|L=%s|O=測試署|CN=" CN, "測", 128},
        {"C=TW|O=測試署|CN=%s.example.gov.tw", "a", 64 - (sizeof ".example.gov.tw" - 1)},
    };
    g_autoptr(GcaProfile) profile = load_profile("gtlsca");

    for (gsize i = 0; i < G_N_ELEMENTS(bounds); i++) {
        g_autoptr(GString) value = g_string_new(NULL);
        for (guint j = 0; j < bounds[i].most; j++)
            g_string_append(value, bounds[i].part);
        g_auto(GStrv) halves = g_strsplit(bounds[i].format, "%s", 2);
        g_autofree char *good = g_strconcat(halves[0], value->str, halves[1], NULL);
        g_autofree char *bad = g_strconcat(halves[0], value->str, bounds[i].part, halves[1], NULL);
        g_autoptr(GcaName) name = make_name(good);
        g_autoptr(GError) error = NULL;
        gca_subject_check(name, profile, &error);
        g_assert_no_error(error);
        assert_mistakes(&(Mistake){bad, "characters; a certificate can hold", ""}, 1);
    }
}

static void
test_refuses_a_cn_that_is_no_host_name(void)
{
    static const Mistake mistakes[] = {
        {"C=TW|O=測試署|CN=https://www.example.gov.tw", "web address", "host name alone"},
        {"C=TW|O=測試署|CN=" CN "/index", "path", "host name alone"},
        {"C=TW|O=測試署|CN=" CN "/", "path", "host name alone"},
        {"C=TW|O=測試署|CN=" CN ":443", "port", "host name alone"},
        {"C=TW|O=測試署|CN=" CN ".", "ends with a dot", "host name alone"},
        {"C=TW|O=測試署|CN=www example.gov.tw", "blank", "host name alone"},
        {"C=TW|O=測試署|CN=a@example.gov.tw", "e-mail address", "host name alone"},
        {"C=TW|O=測試署|CN=a_b.example.gov.tw", "“_”", "host name alone"},
        {"C=TW|O=測試署|CN=*.example.gov.tw", "wildcard", "host name alone"},
        {"C=TW|O=測試署|CN=localhost", "no dot", "host name alone"},
        {"C=TW|O=測試署|CN=測試署", "“測試署” cannot be used", "belongs into O"},
        {"C=TW|O=測試署|CN=例子.政府.tw", "“例子.政府.tw”", "CN=xn--fsqu00a.xn--mxtq1m.tw"},
        {"C=TW|O=測試署|CN=ｗｗｗ.example.gov.tw", "“ｗｗｗ.example.gov.tw”",
         "CN=www.example.gov.tw"},
        {"C=TW|O=測試署|CN=168.95.1.1", "168.95.1.1", "host name alone"},
    };
    assert_mistakes(mistakes, G_N_ELEMENTS(mistakes));
}

static void
test_accepts_what_is_right(void)
{
    static const char *const names[] = {
        GOOD,
        "C=TW|O=測試署|CN=www.example.gov.tw",
        "C=TW|L=測試縣|L=測試鎮|O=鎮公所|CN=WWW.example.gov.tw",
        "C=TW|L=臺灣|O=Café Münster Señor Office（測試）ＯＵ|CN=a-1.example.gov.tw",
        "C=TW|L=臺灣|O=測試署|CN=xn--fsqu00a.xn--mxtq1m.tw",
        "C=TW|L=臺灣|O=Why not? 測試署?|CN=www.example.gov.tw",
    };
    g_autoptr(GcaProfile) profile = load_profile("gtlsca");

    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(GcaName) name = make_name(names[i]);
        gca_subject_check(name, profile, &error);
        g_assert_no_error(error);
    }
}

/* RFC 5280 section 4.1.2.4 and appendix A.1 */
static void
test_encodes_utf8_and_one_attribute_a_place(void)
{
    static const int nids[] = {NID_countryName, NID_localityName, NID_organizationName,
                               NID_commonName};
    static const char *const values[] = {"TW", "臺灣", "甲院-乙部測試署", CN};
    g_autoptr(GcaName) subject = make_name(GOOD);
    g_autoptr(GError) error = NULL;
    X509_NAME *encoded = gca_subject_encode(subject, &error);

    g_assert_no_error(error);
    g_assert_cmpint(X509_NAME_entry_count(encoded), ==, G_N_ELEMENTS(nids));
    for (int i = 0; i < (int) G_N_ELEMENTS(nids); i++) {
        const X509_NAME_ENTRY *entry = X509_NAME_get_entry(encoded, i);
        const ASN1_STRING *value = X509_NAME_ENTRY_get_data(entry);
        g_assert_cmpint(X509_NAME_ENTRY_set(entry), ==, i);
        g_assert_cmpint(OBJ_obj2nid(X509_NAME_ENTRY_get_object(entry)), ==, nids[i]);
        g_assert_cmpint(ASN1_STRING_type(value), ==,
                        i == 0 ? V_ASN1_PRINTABLESTRING : V_ASN1_UTF8STRING);
        g_assert_cmpmem(ASN1_STRING_get0_data(value), ASN1_STRING_length(value), values[i],
                        strlen(values[i]));
    }
    X509_NAME_free(encoded);
}

static void
test_does_not_encode_a_country_outside_printablestring(void)
{
    static const char *const names[] = {"C=台|O=測試署", "no such type=x"};

    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autoptr(GcaName) subject = make_name(names[i]);
        g_autoptr(GError) error = NULL;
        g_assert_null(gca_subject_encode(subject, &error));
        g_assert_error(error, GCA_ERROR, GCA_ERROR_CRYPTO);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/csr/subject/folds-units-into-organisation",
                    test_folds_units_into_organisation);
    g_test_add_func("/csr/subject/marks-a-local-governments-fold",
                    test_marks_a_local_governments_fold);
    g_test_add_func("/csr/subject/takes-what-is-given-instead", test_takes_what_is_given_instead);
    g_test_add_func("/csr/subject/takes-a-whole-subject", test_takes_a_whole_subject);
    g_test_add_func("/csr/subject/refuses-a-wish-as-usage", test_refuses_a_wish_as_usage);
    g_test_add_func("/csr/subject/refuses-a-name-too-long-to-fold",
                    test_refuses_a_name_too_long_to_fold);
    g_test_add_func("/csr/subject/refuses-what-tools-propose", test_refuses_what_tools_propose);
    g_test_add_func("/csr/subject/refuses-attributes-not-asked-for",
                    test_refuses_attributes_not_asked_for);
    g_test_add_func("/csr/subject/refuses-a-wrong-country", test_refuses_a_wrong_country);
    g_test_add_func("/csr/subject/refuses-a-wrong-shape", test_refuses_a_wrong_shape);
    g_test_add_func("/csr/subject/refuses-text-in-the-wrong-encoding",
                    test_refuses_text_in_the_wrong_encoding);
    g_test_add_func("/csr/subject/refuses-characters-that-do-not-show",
                    test_refuses_characters_that_do_not_show);
    g_test_add_func("/csr/subject/keeps-upper-bounds", test_keeps_upper_bounds);
    g_test_add_func("/csr/subject/refuses-a-cn-that-is-no-host-name",
                    test_refuses_a_cn_that_is_no_host_name);
    g_test_add_func("/csr/subject/accepts-what-is-right", test_accepts_what_is_right);
    g_test_add_func("/csr/subject/encodes-utf8-and-one-attribute-a-place",
                    test_encodes_utf8_and_one_attribute_a_place);
    g_test_add_func("/csr/subject/does-not-encode-a-country-outside-printablestring",
                    test_does_not_encode_a_country_outside_printablestring);
    return g_test_run();
}
