#include "config.h"

#include "cli/gca-csr/commands.h"

#include <glib/gi18n.h>

static const GcaCommand commands[] = {
    {NULL, NULL, N_("Makes a key and a certification request for a TLS certificate."),
     N_("Examples:\n"
        "  gca-csr --cn www.example.gov.tw --oid 2.16.886.101.20003.20060.20001\n"
        "  gca-csr --batch hosts.csv --oid 2.16.886.101.20003.20060.20001\n\n"
        "Key, request and what was asked for go into a new folder; no key is ever written over.\n"
        "The columns of the table are cn, oid, sans, organization, locality and subject."),
     gca_csr_command_new},
    {"attach", N_("CERTIFICATE…"), N_("Put a certificate to its key, checked"),
     N_("Takes what the CA has handed out: PEM, DER, PKCS#7 or a ZIP, with the CA's certificates\n"
        "in it or beside it. The folder is found by the public key."),
     gca_csr_command_attach},
    {"check", NULL, N_("Check whether certificate, key, request and chain fit each other"),
     N_("Example:\n"
        "  gca-csr check --cert server.cer --key server.key --chain chain.pem"),
     gca_csr_command_check},
    {"export", N_("FOLDER"), N_("Put key, certificate and chain into a PKCS#12 file"), NULL,
     gca_csr_command_export},
    {"install", N_("SERVER FOLDER"), N_("Print the configuration of a web server"),
     N_("SERVER is apache, nginx, tomcat or iis."), gca_csr_command_install},
    {"list", N_("[FOLDER]"), N_("List requests and certificates, and how long they last"), NULL,
     gca_csr_command_list},
    {"oid", N_("import FILE | show OID | search WORDS…"),
     N_("Look up agencies in the register of OIDs, or import it"), NULL, gca_csr_command_oid},
    {0}};

int
main(int argc, char **argv)
{
    return gca_tool_main(argc, argv, commands);
}
