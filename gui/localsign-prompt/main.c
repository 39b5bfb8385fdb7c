#include "config.h"

#include "base/error.h"
#include "base/log.h"
#include "base/secret.h"
#include "base/text.h"
#include "gui/localsign-prompt/queue.h"
#include "gui/localsign-prompt/session.h"
#include "gui/style.h"

#include <fcntl.h>
#include <glib/gi18n.h>
#include <gtk/gtk.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>

static void
start_messages(void)
{
    const char *folder = g_getenv("GCA_LOCALEDIR");

    setlocale(LC_ALL, "");
    bindtextdomain(GETTEXT_PACKAGE, folder ? folder : GCA_LOCALEDIR);
    bind_textdomain_codeset(GETTEXT_PACKAGE, "UTF-8");
    textdomain(GETTEXT_PACKAGE);
}

static int
report(const GError *error)
{
    if (error == NULL)
        return 0;
    gca_consent_complain(error);
    return gca_error_info(gca_error_get_code(error))->exit_status;
}

static void
on_done(const GError *error, gpointer status)
{
    *(int *) status = report(error);
    gtk_main_quit();
}

/* What can go wrong at once does so before the loop runs, where gtk_main_quit would be lost. */
static gboolean
ask_one(gpointer data)
{
    int *fd_and_status = data;

    gca_consent_session_start(fd_and_status[0], on_done, &fd_and_status[1]);
    return G_SOURCE_REMOVE;
}

static int
run_one(int fd)
{
    int fd_and_status[] = {fd, 0};

    fcntl(fd, F_SETFD, FD_CLOEXEC);
    g_idle_add(ask_one, fd_and_status);
    gtk_main();
    return fd_and_status[1];
}

static int
run(int fd, GError **error)
{
    if (fd < 0)
        fd = gca_consent_queue_wait(error);
    if (fd < 0)
        return 0;
    gca_secret_protect_process(); /* mlock(2): memory is not locked any more after a fork() */
    if (!gtk_init_check(NULL, NULL)) {
        gca_error_set(error, GCA_ERROR_USAGE, _("No window can be opened: there is no display."));
        return 0;
    }
    gca_style_add();
    return run_one(fd);
}

static gboolean
parse(int *argc, char ***argv, int *fd, gboolean *wants_version, GError **error)
{
    const GOptionEntry entries[] = {
        {"fd", 0, 0, G_OPTION_ARG_INT, fd, N_("The connected socket with the question"), N_("N")},
        {"version", 0, 0, G_OPTION_ARG_NONE, wants_version, N_("Print the version"), NULL},
        G_OPTION_ENTRY_NULL};
    g_autoptr(GOptionContext) context = g_option_context_new(NULL);

    g_option_context_set_summary(context, _("Asks the person at the screen for gca-localsign: may "
                                            "a web site use the card, may it have a signature?"));
    g_option_context_add_main_entries(context, entries, GETTEXT_PACKAGE);
    g_autoptr(GError) trouble = NULL;
    if (!g_option_context_parse(context, argc, argv, &trouble)) {
        g_autofree char *shown = gca_text_escape(trouble->message);
        gca_error_set(error, GCA_ERROR_USAGE, "%s", shown);
        return FALSE;
    }
    return TRUE;
}

int
main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    gboolean wants_version = FALSE;
    int fd = -1;

    start_messages();
    signal(SIGPIPE, SIG_IGN);
    gca_log_start();
    g_set_prgname("gca-localsign-prompt");
    if (!parse(&argc, &argv, &fd, &wants_version, &error))
        return report(error);
    if (wants_version) {
        puts("gca-localsign-prompt " GCA_VERSION);
        return 0;
    }
    int status = run(fd, &error);
    return error ? report(error) : status;
}
