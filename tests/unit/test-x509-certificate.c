#include "test-x509-fixture.h"
#include "x509/certificate.h"

#include <glib/gstdio.h>
#include <openssl/pem.h>

typedef struct {
    char *folder;
    char *path;
} Folder;

static void
set_up(Folder *folder, gconstpointer data)
{
    folder->folder = g_dir_make_tmp("gca-XXXXXX", NULL);
    folder->path = g_build_filename(folder->folder, "file.cer", NULL);
}

static void
tear_down(Folder *folder, gconstpointer data)
{
    g_unlink(folder->path);
    g_rmdir(folder->folder);
    g_free(folder->path);
    g_free(folder->folder);
}

static void
write_file(Folder *folder, GString *text)
{
    g_assert_true(g_file_set_contents(folder->path, text->str, (gssize) text->len, NULL));
    g_string_free(text, TRUE);
}

static GString *
append_der(GString *text, X509 *certificate)
{
    g_autoptr(GBytes) der = gca_certificate_encode(certificate);
    return g_string_append_len(text, g_bytes_get_data(der, NULL), (gssize) g_bytes_get_size(der));
}

static GString *
append_pem(GString *text, X509 *certificate)
{
    g_autoptr(BIO) bio = BIO_new(BIO_s_mem());
    char *data;

    PEM_write_bio_X509(bio, certificate);
    long size = BIO_get_mem_data(bio, &data);
    return g_string_append_len(text, data, size);
}

static void
test_reads_der_and_pem(Folder *folder, gconstpointer data)
{
    g_autoptr(X509) root = make_root();
    g_autoptr(X509) ca = make_ca(root);

    write_file(folder, append_der(g_string_new(NULL), root));
    g_autoptr(GcaX509Stack) der = gca_certificate_load(folder->path, NULL);
    g_assert_cmpint(sk_X509_num(der), ==, 1);
    g_assert_cmpint(X509_cmp(sk_X509_value(der, 0), root), ==, 0);

    /* RFC 7468 section 5.2: explanatory text may stand around */
    write_file(folder, append_pem(append_pem(g_string_new("subject=root\n"), root), ca));
    g_autoptr(GcaX509Stack) pem = gca_certificate_load(folder->path, NULL);
    g_assert_cmpint(sk_X509_num(pem), ==, 2);
    g_assert_cmpint(X509_cmp(sk_X509_value(pem, 1), ca), ==, 0);
}

static void
assert_not_loaded(Folder *folder, GString *text, const char *says)
{
    g_autoptr(GError) error = NULL;

    write_file(folder, text);
    g_assert_null(gca_certificate_load(folder->path, &error));
    assert_refused(error, GCA_ERROR_BAD_DATA, says);
}

static void
test_refuses_other_files(Folder *folder, gconstpointer data)
{
    g_autoptr(X509) root = make_root();
    GString *cut = append_der(g_string_new(NULL), root);
    GString *damaged = append_pem(g_string_new(NULL), root);

    assert_not_loaded(folder, g_string_new(""), "neither DER nor PEM");
    assert_not_loaded(folder, g_string_new("hello"), "neither DER nor PEM");
    assert_not_loaded(folder, g_string_truncate(cut, cut->len - 1), "not a certificate");
    assert_not_loaded(folder, g_string_append_c(append_der(g_string_new(NULL), root), 0),
                      "1 more bytes");
    assert_not_loaded(folder, g_string_truncate(damaged, damaged->len - 10), "damaged PEM");
    assert_not_loaded(folder,
                      append_pem(g_string_new("-----BEGIN PRIVATE KEY-----\nAAAA\n"
                                              "-----END PRIVATE KEY-----\n"),
                                 root),
                      "PRIVATE KEY");
}

static void
test_crl_is_not_a_certificate(Folder *folder, gconstpointer data)
{
    g_autoptr(X509) root = make_root();
    g_autoptr(GError) error = NULL;

    write_file(folder, append_der(g_string_new(NULL), root));
    g_assert_null(gca_crl_load(folder->path, &error));
    assert_refused(error, GCA_ERROR_BAD_DATA, "revocation list");
}

static void
test_fingerprint(void)
{
    g_autoptr(X509) root = make_root();
    guint8 digest[32];
    unsigned size;
    g_autofree char *fingerprint = gca_certificate_fingerprint(root);

    X509_digest(root, EVP_sha256(), digest, &size);
    g_autoptr(GBytes) bytes = g_bytes_new(digest, size);
    g_autofree char *wanted = gca_text_hex(bytes);
    g_assert_cmpstr(fingerprint, ==, wanted);
}

static void
test_times(void)
{
    /* RFC 5280 sections 4.1.2.5.1 and 4.1.2.5.2 */
    static const struct {
        int type;
        const char *text;
        const char *time;
    } cases[] = {
        {V_ASN1_UTCTIME, "491231235959Z", "2049-12-31T23:59:59Z"},
        {V_ASN1_UTCTIME, "500101000000Z", "1950-01-01T00:00:00Z"},
        {V_ASN1_GENERALIZEDTIME, "20500101000000Z", "2050-01-01T00:00:00Z"},
        {V_ASN1_UTCTIME, "4912312359Z", NULL},
        {V_ASN1_UTCTIME, "491231235959+0800", NULL},
        {V_ASN1_UTCTIME, "491331235959Z", NULL},
        {V_ASN1_UTCTIME, "260230000000Z", NULL},
        {V_ASN1_UTCTIME, "", NULL},
        {V_ASN1_GENERALIZEDTIME, "20500101000000.5Z", NULL},
        {V_ASN1_GENERALIZEDTIME, "205001010000+08", NULL},
    };

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        ASN1_TIME *time = ASN1_STRING_type_new(cases[i].type);
        ASN1_STRING_set(time, cases[i].text, -1);
        g_autoptr(GDateTime) when = gca_asn1_time_to_date_time(time);
        g_autofree char *text = when ? gca_text_time(when) : NULL;
        g_assert_cmpstr(text, ==, cases[i].time);
        ASN1_STRING_free(time);
    }
}

static X509_NAME *
name_of(int type, const char *value, int length, int set)
{
    X509_NAME *name = X509_NAME_new();

    X509_NAME_add_entry_by_txt(name, "O", MBSTRING_UTF8, (const guint8 *) "行政院", -1, -1, 0);
    g_assert_cmpint(X509_NAME_add_entry_by_NID(name, NID_organizationalUnitName, type,
                                               (const guint8 *) value, length, -1, set),
                    ==, 1);
    return name;
}

static void
test_names(void)
{
    static const struct {
        int type;
        const char *value;
        int length;
        int set;
        const char *text; /* NULL: refused */
    } cases[] = {
        {V_ASN1_UTF8STRING, "審計部", 9, 0, "O=行政院,OU=審計部"},
        {V_ASN1_BMPSTRING, "\x5b\xe9\x8a\x08\x90\xe8", 6, 0, "O=行政院,OU=審計部"},
        {V_ASN1_UTF8STRING, "\xbc\x66\xad\x70", 4, 0, NULL}, /* Big5 */
        {V_ASN1_UTF8STRING, "good\0evil", 9, 0, NULL},
        {V_ASN1_UNIVERSALSTRING, "\0\x11\0\0", 4, 0, NULL}, /* beyond Unicode */
        {V_ASN1_UTF8STRING, "審計部", 9, -1, NULL},         /* in one RDN with O */
    };

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        X509_NAME *from = name_of(cases[i].type, cases[i].value, cases[i].length, cases[i].set);
        g_autoptr(GError) error = NULL;
        g_autoptr(GcaName) name = gca_x509_name_to_name(from, &error);
        g_autofree char *text = name ? gca_name_to_string(name) : NULL;
        g_assert_cmpstr(text, ==, cases[i].text);
        if (name == NULL)
            assert_refused(error, GCA_ERROR_BAD_DATA, "OU");
        X509_NAME_free(from);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add("/certificate/load/reads-der-and-pem", Folder, NULL, set_up, test_reads_der_and_pem,
               tear_down);
    g_test_add("/certificate/load/refuses-other-files", Folder, NULL, set_up,
               test_refuses_other_files, tear_down);
    g_test_add("/certificate/load/takes-no-certificate-for-a-crl", Folder, NULL, set_up,
               test_crl_is_not_a_certificate, tear_down);
    g_test_add_func("/certificate/fingerprint-is-sha256-of-der", test_fingerprint);
    g_test_add_func("/certificate/time/is-strict", test_times);
    g_test_add_func("/certificate/name/is-strict-utf8", test_names);
    return g_test_run();
}
