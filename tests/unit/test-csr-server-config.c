/* The lines for web servers: each path as its server reads it. What Apache and nginx make of them
 * is seen in tests/integration/gca-csr/test_server_config.py. */
#include "base/error.h"
#include "base/text.h"
#include "csr/server-config.h"

#include <string.h>

static const char *const names[] = {"www.example.gov.tw", "xn--fsqu00a.xn--mxtq1m.tw",
                                    "*.example.gov.tw",   "168.95.1.1",
                                    "2001:b000:168::1",   NULL};

static char *
make(GcaServer server, const char *key, const char *p12)
{
    g_autoptr(GError) error = NULL;
    const GcaServerFiles files = {names, "/srv/測試/fullchain.pem", key, p12};
    char *config = gca_server_config(server, &files, &error);

    g_assert_no_error(error);
    g_assert_true(g_str_has_suffix(config, "\n"));
    return config;
}

/* The lines without comments. */
static char **
list_lines(const char *config)
{
    g_auto(GStrv) lines = g_strsplit(config, "\n", -1);
    GPtrArray *kept = g_ptr_array_new();

    for (guint i = 0; lines[i] != NULL; i++) {
        if (*lines[i] != '#')
            g_ptr_array_add(kept, g_strdup(lines[i]));
    }
    g_ptr_array_add(kept, NULL);
    return (char **) g_ptr_array_free(kept, FALSE);
}

static void
assert_line(const char *config, const char *line)
{
    g_auto(GStrv) lines = list_lines(config);
    g_test_message("%s", config);
    g_assert_true(g_strv_contains((const char *const *) lines, line));
}

static void
test_lists_servers(void)
{
    const char *const *nicks = gca_server_list_nicks();
    GcaServer server;

    g_assert_cmpuint(g_strv_length((char **) nicks), ==, GCA_N_SERVERS);
    for (guint i = 0; nicks[i] != NULL; i++) {
        g_assert_true(gca_server_parse(nicks[i], &server));
        g_assert_cmpuint(server, ==, i);
    }
    g_assert_false(gca_server_parse("Apache", &server));
    g_assert_false(gca_server_parse("", &server));
}

static void
test_apache_has_every_line(void)
{
    g_autofree char *config = make(GCA_SERVER_APACHE, "/srv/a b\"c\\d'$/privkey.pem", "/a.p12");

    assert_line(config, "ServerName www.example.gov.tw");
    assert_line(config, "ServerAlias xn--fsqu00a.xn--mxtq1m.tw");
    assert_line(config, "ServerAlias *.example.gov.tw");
    assert_line(config, "SSLEngine on");
    assert_line(config, "SSLCertificateFile \"/srv/測試/fullchain.pem\"");
    assert_line(config, "SSLCertificateKeyFile \"/srv/a b\\\"c\\\\d'$/privkey.pem\"");
    assert_line(config, "SSLProtocol -all +TLSv1.2 +TLSv1.3");
    assert_line(config, "SSLSessionTickets off");
    g_assert_null(strstr(config, "SSLUseStapling"));
}

static void
test_nginx_has_every_line(void)
{
    g_autofree char *config = make(GCA_SERVER_NGINX, "/srv/a b\"c\\d';/privkey.pem", "/a.p12");

    assert_line(config, "server_name www.example.gov.tw xn--fsqu00a.xn--mxtq1m.tw "
                        "*.example.gov.tw 168.95.1.1 [2001:b000:168::1];");
    assert_line(config, "ssl_certificate \"/srv/測試/fullchain.pem\";");
    assert_line(config, "ssl_certificate_key \"/srv/a b\\\"c\\\\d';/privkey.pem\";");
    assert_line(config, "ssl_protocols TLSv1.2 TLSv1.3;");
    assert_line(config, "ssl_session_tickets off;");
    g_assert_null(strstr(config, "ssl_stapling"));
}

/* A wildcard stands for no host that links could lead to. */
static void
test_apache_takes_no_wildcard_for_server_name(void)
{
    const char *const wild[] = {"*.example.gov.tw", "example.gov.tw", NULL};
    const char *const only[] = {"*.example.gov.tw", NULL};
    const GcaServerFiles first = {wild, "/a", "/b", "/c"}, alone = {only, "/a", "/b", "/c"};
    g_autofree char *config = gca_server_config(GCA_SERVER_APACHE, &first, NULL);
    g_autofree char *nameless = gca_server_config(GCA_SERVER_APACHE, &alone, NULL);

    assert_line(config, "ServerName example.gov.tw");
    assert_line(config, "ServerAlias *.example.gov.tw");
    assert_line(nameless, "ServerAlias *.example.gov.tw");
    g_assert_null(strstr(nameless, "ServerName"));
}

static void
read_element(GMarkupParseContext *context, const char *element, const char **attributes,
             const char **values, gpointer data, GError **error)
{
    for (guint i = 0; attributes[i] != NULL; i++)
        g_hash_table_insert(data, g_strconcat(element, ".", attributes[i], NULL),
                            g_strdup(values[i]));
}

/* Read as XML, whose comments GMarkup checks for nothing; so “--” is looked for here. */
static void
test_tomcat_is_well_formed(void)
{
    const GMarkupParser parser = {.start_element = read_element};
    const char *p12 = "/srv/a b\"c\\d'&<>]]>-->測試/server.p12";
    g_autoptr(GError) error = NULL;
    g_autoptr(GHashTable) found = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    g_autoptr(GMarkupParseContext) context = g_markup_parse_context_new(&parser, 0, found, NULL);
    g_autofree char *config = make(GCA_SERVER_TOMCAT, "/srv/privkey.pem", p12);
    g_auto(GStrv) comments = g_strsplit(config, "<!--", -1);

    g_markup_parse_context_parse(context, config, -1, &error);
    g_markup_parse_context_end_parse(context, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(g_hash_table_lookup(found, "Certificate.certificateKeystoreFile"), ==, p12);
    g_assert_cmpstr(g_hash_table_lookup(found, "Certificate.certificateKeystoreType"), ==,
                    "PKCS12");
    g_assert_cmpstr(g_hash_table_lookup(found, "SSLHostConfig.protocols"), ==, "TLSv1.2+TLSv1.3");
    g_assert_cmpstr(g_hash_table_lookup(found, "Connector.SSLEnabled"), ==, "true");
    for (guint i = 1; comments[i] != NULL; i++)
        g_assert_true(g_str_has_prefix(strstr(comments[i], "--"), "-->"));
}

/* about_Quoting_Rules: in single quotes only a quote is doubled; PowerShell's quotes are five. */
static void
test_iis_quotes_for_powershell(void)
{
    g_autofree char *config =
        make(GCA_SERVER_IIS, "/srv/privkey.pem", "/srv/it's ‘a’ $(x) `b`.p12");

    g_test_message("%s", config);
    g_assert_nonnull(strstr(config, "-FilePath '.\\it''s ‘‘a’’ $(x) `b`.p12' "));
    g_assert_nonnull(strstr(config, "-HostHeader 'www.example.gov.tw' -SslFlags 1\n"));
    g_assert_nonnull(strstr(config, "-HostHeader '*.example.gov.tw' -SslFlags 1\n"));
    g_assert_nonnull(strstr(config, "-IPAddress '168.95.1.1' -SslFlags 0\n"));
    g_assert_nonnull(strstr(config, "-IPAddress '[2001:b000:168::1]' -SslFlags 0\n"));
    g_assert_nonnull(strstr(config, "--compat"));
}

static void
test_key_in_a_token_is_explained(void)
{
    const char *uri = "pkcs11:token=server;object=tls";
    g_autofree char *apache = make(GCA_SERVER_APACHE, uri, "/a.p12");
    g_autofree char *nginx = make(GCA_SERVER_NGINX, uri, "/a.p12");
    g_autofree char *tomcat = make(GCA_SERVER_TOMCAT, uri, "/a.p12");
    g_autofree char *iis = make(GCA_SERVER_IIS, uri, "/a.p12");

    g_assert_nonnull(
        strstr(apache, "\n#SSLCertificateKeyFile \"pkcs11:token=server;object=tls\"\n"));
    g_assert_nonnull(strstr(apache, "SSLCryptoDevice pkcs11"));
    g_assert_nonnull(strstr(
        nginx, "\n#ssl_certificate_key \"engine:pkcs11:pkcs11:token=server;object=tls\";\n"));
    g_assert_nonnull(strstr(tomcat, "PKCS11"));
    g_assert_null(strstr(tomcat, "PKCS12"));
    g_assert_null(strstr(iis, "Import-PfxCertificate"));
    g_assert_nonnull(strstr(iis, "THUMBPRINT"));
}

static void
assert_refused(GcaServer server, const char *path)
{
    const GcaServerFiles rows[] = {
        {names, path, "/b", "/c"}, {names, "/a", path, "/c"}, {names, "/a", "/b", path}};

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(gca_server_config(server, &rows[i], &error));
        g_assert_error(error, GCA_ERROR, GCA_ERROR_USAGE);
        g_assert_true(gca_text_is_plain(error->message));
    }
}

static void
test_refuses_paths_that_cannot_be_written(void)
{
    for (int server = 0; server < GCA_N_SERVERS; server++) {
        assert_refused((GcaServer) server, "/srv/a\nSSLEngine off\n/b");
        assert_refused((GcaServer) server, "/srv/a\rb");
        assert_refused((GcaServer) server, "/srv/a\xE2\x80\xAE/b");
        assert_refused((GcaServer) server, "/srv/a\xFF/b");
    }
    assert_refused(GCA_SERVER_APACHE, "/srv/${HOME}/a");
    assert_refused(GCA_SERVER_NGINX, "/srv/$host/a");
    assert_refused(GCA_SERVER_TOMCAT, "/srv/${catalina.home}/a");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/csr/server-config/lists-servers", test_lists_servers);
    g_test_add_func("/csr/server-config/apache-has-every-line", test_apache_has_every_line);
    g_test_add_func("/csr/server-config/nginx-has-every-line", test_nginx_has_every_line);
    g_test_add_func("/csr/server-config/apache-takes-no-wildcard-for-server-name",
                    test_apache_takes_no_wildcard_for_server_name);
    g_test_add_func("/csr/server-config/tomcat-is-well-formed", test_tomcat_is_well_formed);
    g_test_add_func("/csr/server-config/iis-quotes-for-powershell", test_iis_quotes_for_powershell);
    g_test_add_func("/csr/server-config/key-in-a-token-is-explained",
                    test_key_in_a_token_is_explained);
    g_test_add_func("/csr/server-config/refuses-paths-that-cannot-be-written",
                    test_refuses_paths_that_cannot_be_written);
    return g_test_run();
}
