#include "config.h"

#include "csr/server-config-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* As Mozilla's recommendation “intermediate” (version 5.7) without DHE, which needs parameters of
 * its own and which no client of this decade needs. TLS 1.3 has its own. */
#define CIPHERS                                                                                    \
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"     \
    "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305"

/* In double quotes, as Apache and nginx both read them. */
static void
add_quoted(GString *out, const char *text)
{
    g_string_append_c(out, '"');
    for (; *text != '\0'; text++) {
        if (*text == '"' || *text == '\\')
            g_string_append_c(out, '\\');
        g_string_append_c(out, *text);
    }
    g_string_append_c(out, '"');
}

/* An IPv6 address as it stands in a web address. */
static void
add_name(GString *out, const char *name)
{
    g_string_append_printf(out, strchr(name, ':') ? " [%s]" : " %s", name);
}

/* OCSP stapling, which older advice has, is left out: authorities end their OCSP services, and a
 * server that waits for one, or passes on its error, is unreachable for some. */
static void
add_remarks(GString *out, const char *header)
{
    gca_server_add_comment(out, _("OCSP stapling is not switched on: it breaks sites when an "
                                  "authority's service is down or ends."));
    gca_server_add_comment(out, _("When all pages work with https and http is redirected to it, "
                                  "remove the “#” of the next line:\nbrowsers then use nothing but "
                                  "https for a year."));
    g_string_append_printf(out, "#%s\n", header);
}

/* What is a wildcard cannot be the ServerName, which links are made of. */
static void
add_apache_names(GString *out, const char *const *names)
{
    const char *main_name = NULL;

    for (guint i = 0; names[i] != NULL && main_name == NULL; i++)
        main_name = *names[i] != '*' ? names[i] : NULL;
    if (main_name != NULL) {
        g_string_append(out, "ServerName");
        add_name(out, main_name);
        g_string_append_c(out, '\n');
    }
    for (guint i = 0; names[i] != NULL; i++) {
        if (names[i] == main_name)
            continue;
        g_string_append(out, "ServerAlias");
        add_name(out, names[i]);
        g_string_append_c(out, '\n');
    }
}

static void
add_apache_key(GString *out, const GcaServerFiles *files)
{
    if (gca_server_has_token_key(files)) {
        gca_server_add_comment(
            out, _("The key is in a token. Apache 2.4.42 and later use it with OpenSSL's engine "
                   "“pkcs11”:\ninstall that, write “SSLCryptoDevice pkcs11” outside of any "
                   "VirtualHost, and remove the “#”\nof the next line."));
        g_string_append_c(out, '#');
    }
    g_string_append(out, "SSLCertificateKeyFile ");
    add_quoted(out, files->key);
    g_string_append_c(out, '\n');
}

void
gca_server_write_apache(GString *out, const GcaServerFiles *files)
{
    gca_server_add_comment(out, _("Into the block <VirtualHost *:443> of the site; the modules "
                                  "“ssl” and “headers” must be on."));
    add_apache_names(out, files->names);
    g_string_append(out, "SSLEngine on\nSSLCertificateFile ");
    add_quoted(out, files->fullchain);
    g_string_append_c(out, '\n');
    add_apache_key(out, files);
    g_string_append(out, "SSLProtocol -all +TLSv1.2 +TLSv1.3\n"
                         "SSLCipherSuite " CIPHERS "\n"
                         "SSLHonorCipherOrder off\n"
                         "SSLSessionTickets off\n");
    add_remarks(out, "Header always set Strict-Transport-Security \"max-age=31536000\"");
}

static void
add_nginx_key(GString *out, const GcaServerFiles *files)
{
    g_autofree char *engine = g_strconcat("engine:pkcs11:", files->key, NULL);
    gboolean is_token = gca_server_has_token_key(files);

    if (is_token) {
        gca_server_add_comment(
            out, _("The key is in a token. nginx uses it with OpenSSL's engine “pkcs11”: install "
                   "that, and remove the\n“#” of the next line."));
        g_string_append_c(out, '#');
    }
    g_string_append(out, "ssl_certificate_key ");
    add_quoted(out, is_token ? engine : files->key);
    g_string_append(out, ";\n");
}

void
gca_server_write_nginx(GString *out, const GcaServerFiles *files)
{
    gca_server_add_comment(out, _("Into the block “server” of the site, beside “listen 443 ssl;”. "
                                  "Of several sites on a port, the\nssl_protocols of the first "
                                  "hold for all."));
    g_string_append(out, "server_name");
    for (guint i = 0; files->names[i] != NULL; i++)
        add_name(out, files->names[i]);
    g_string_append(out, ";\nssl_certificate ");
    add_quoted(out, files->fullchain);
    g_string_append(out, ";\n");
    add_nginx_key(out, files);
    g_string_append(out, "ssl_protocols TLSv1.2 TLSv1.3;\n"
                         "ssl_ciphers " CIPHERS ";\n"
                         "ssl_prefer_server_ciphers off;\n"
                         "ssl_session_cache shared:tls:10m;\n"
                         "ssl_session_timeout 1d;\n"
                         "ssl_session_tickets off;\n");
    add_remarks(out, "add_header Strict-Transport-Security \"max-age=31536000\" always;");
}
