#include "config.h"

#include "csr/server-config-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Tomcat 8.5 and later take OpenSSL's names of the suites. */
#define CIPHERS                                                                                    \
    "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:"                  \
    "ECDHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-CHACHA20-POLY1305"
#define SCHANNEL "HKLM:\\SYSTEM\\CurrentControlSet\\Control\\SecurityProviders\\SCHANNEL\\Protocols"

/* Nothing from outside, and no “--”: XML 1.0 section 2.5. */
static void
add_xml_comment(GString *out, const char *text)
{
    g_string_append_printf(out, "<!-- %s -->\n", text);
}

void
gca_server_write_tomcat(GString *out, const GcaServerFiles *files)
{
    g_autofree char *p12 = g_markup_escape_text(files->p12, -1);

    if (gca_server_has_token_key(files)) {
        add_xml_comment(out, _("The key is in a token and in no file: Tomcat needs Java's provider "
                               "SunPKCS11 and a keystore of the type PKCS11."));
        return;
    }
    add_xml_comment(out, _("Into the element Service of conf/server.xml, for Tomcat 8.5 and "
                           "later."));
    add_xml_comment(out, _("Make the file first with “gca-csr export”. Put its passphrase in "
                           "place of PASSPHRASE, and let nobody but Tomcat read server.xml."));
    g_string_append_printf(
        out,
        "<Connector port=\"8443\" protocol=\"org.apache.coyote.http11.Http11NioProtocol\"\n"
        "           SSLEnabled=\"true\" scheme=\"https\" secure=\"true\">\n"
        "    <SSLHostConfig protocols=\"TLSv1.2+TLSv1.3\" honorCipherOrder=\"false\"\n"
        "                   ciphers=\"%s\">\n"
        "        <Certificate type=\"RSA\" certificateKeystoreType=\"PKCS12\"\n"
        "                     certificateKeystoreFile=\"%s\"\n"
        "                     certificateKeystorePassword=\"PASSPHRASE\"/>\n"
        "    </SSLHostConfig>\n"
        "</Connector>\n",
        CIPHERS, p12);
}

/* PowerShell takes ‘ ’ ‚ ‛ for the end of a text in single quotes too; doubled, each is itself. */
static char *
quote_for_powershell(const char *text)
{
    GString *quoted = g_string_new("'");

    for (; *text != '\0'; text = g_utf8_next_char(text)) {
        gunichar c = g_utf8_get_char(text);
        g_string_append_unichar(quoted, c);
        if (c == '\'' || (c >= 0x2018 && c <= 0x201B))
            g_string_append_unichar(quoted, c);
    }
    g_string_append_c(quoted, '\'');
    return g_string_free(quoted, FALSE);
}

/* A name is told apart by SNI (flag 1); an address cannot be. */
static void
add_iis_binding(GString *out, const char *name)
{
    gboolean is_address = g_hostname_is_ip_address(name);
    g_autofree char *bracketed = g_strconcat("[", name, "]", NULL); /* of IPv6 */
    g_autofree char *quoted = quote_for_powershell(strchr(name, ':') ? bracketed : name);
    const char *where = is_address ? "-IPAddress" : "-HostHeader";

    g_string_append_printf(
        out,
        "New-WebBinding -Name $site -Protocol https -Port 443 %s %s -SslFlags %d\n"
        "(Get-WebBinding -Name $site -Protocol https -Port 443 %s %s).AddSslCertificate("
        "$certificate.Thumbprint, 'My')\n",
        where, quoted, is_address ? 0 : 1, where, quoted);
}

static void
add_iis_protocols(GString *out)
{
    gca_server_add_comment(out, _("TLS 1.0 and 1.1 off, for all of this computer, after a "
                                  "restart:"));
    g_string_append(out, "foreach ($version in 'TLS 1.0', 'TLS 1.1') {\n"
                         "    $key = \"" SCHANNEL "\\$version\\Server\"\n"
                         "    New-Item -Path $key -Force | Out-Null\n"
                         "    Set-ItemProperty -Path $key -Name Enabled -Value 0 -Type DWord\n"
                         "    Set-ItemProperty -Path $key -Name DisabledByDefault -Value 1 "
                         "-Type DWord\n"
                         "}\n");
}

static void
add_iis_token(GString *out)
{
    gca_server_add_comment(out, _("The key is in a token and in no file: import the certificate "
                                  "with the token's own software, and\nput its thumbprint in place "
                                  "of THUMBPRINT. In PowerShell as administrator:"));
    g_string_append(out, "$certificate = Get-Item Cert:\\LocalMachine\\My\\THUMBPRINT\n");
}

static void
add_iis_import(GString *out, const char *p12)
{
    g_autofree char *base = g_path_get_basename(p12);
    g_autofree char *local = g_strconcat(".\\", base, NULL);
    g_autofree char *path = quote_for_powershell(local);

    gca_server_add_comment(out,
                           _("Make the file first with “gca-csr export --p12”, with --compat "
                             "for Windows Server 2016 and\nolder, and copy it to the server:"));
    gca_server_add_comment(out, p12);
    gca_server_add_comment(out, _("In PowerShell as administrator, in the folder with the copy, "
                                  "which is to be deleted afterwards;\nthe passphrase is asked "
                                  "for:"));
    g_string_append_printf(out,
                           "$passphrase = Read-Host -AsSecureString\n"
                           "$certificate = Import-PfxCertificate -FilePath %s -CertStoreLocation "
                           "Cert:\\LocalMachine\\My -Password $passphrase | "
                           "Where-Object HasPrivateKey\n",
                           path);
}

void
gca_server_write_iis(GString *out, const GcaServerFiles *files)
{
    if (gca_server_has_token_key(files))
        add_iis_token(out);
    else
        add_iis_import(out, files->p12);
    gca_server_add_comment(out, _("With the name of the site in place of Default Web Site:"));
    g_string_append(out, "$site = 'Default Web Site'\nImport-Module WebAdministration\n");
    for (guint i = 0; files->names[i] != NULL; i++)
        add_iis_binding(out, files->names[i]);
    add_iis_protocols(out);
}
