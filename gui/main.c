#include "config.h"

#include "base/log.h"
#include "base/secret.h"
#include "gui/app.h"

#include <glib/gi18n.h>
#include <locale.h>
#include <signal.h>

int
main(int argc, char **argv)
{
    const char *folder = g_getenv("GCA_LOCALEDIR");

    setlocale(LC_ALL, "");
    bindtextdomain(GETTEXT_PACKAGE, folder ? folder : GCA_LOCALEDIR);
    bind_textdomain_codeset(GETTEXT_PACKAGE, "UTF-8");
    textdomain(GETTEXT_PACKAGE);
    signal(SIGPIPE, SIG_IGN);
    gca_log_start();
    gca_secret_protect_process();
    g_autoptr(GcaApp) app = gca_app_new();
    return g_application_run(G_APPLICATION(app), argc, argv);
}
