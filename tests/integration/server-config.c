/* server-config SERVER FULLCHAIN KEY P12 NAME…: the lines that “gca-csr install” would print, for
 * files at any place. */
#include "csr/server-config.h"

#include <stdio.h>

int
main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    GcaServer server;

    if (argc < 6 || !gca_server_parse(argv[1], &server))
        return 2;
    const GcaServerFiles files = {(const char *const *) argv + 5, argv[2], argv[3], argv[4]};
    g_autofree char *config = gca_server_config(server, &files, &error);
    if (config == NULL) {
        g_printerr("%s\n", error->message);
        return 1;
    }
    fputs(config, stdout);
    return 0;
}
