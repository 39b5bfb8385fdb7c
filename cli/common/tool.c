#include "config.h"

#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "cli/common/invocation-private.h"
#include "cli/common/output.h"
#include "cli/common/terminal.h"

#include <glib/gi18n.h>
#include <locale.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define EXIT_CANCELLED 130
#define SWITCHES "eghjnqvwy" /* the short options of all tools that take no value */

static json_t *
error_to_json(const GError *error)
{
    GcaErrorCode code = gca_error_get_code(error);
    const GcaErrorInfo *info = gca_error_info(code);
    int tries = gca_error_get_tries_left(error);
    json_t *object = json_object();

    json_object_set_new(object, "code", json_string(info->name));
    json_object_set_new(object, "exit_status", json_integer(info->exit_status));
    json_object_set_new(object, "message", gca_output_json_string(error->message));
    json_object_set_new(object, "hint", gca_output_json_string(gca_error_get_hint(error)));
    json_object_set_new(object, "detail", gca_output_json_string(gca_error_get_detail(error)));
    json_object_set_new(object, "native", json_integer((json_int_t) gca_error_get_native(error)));
    json_object_set_new(object, "retryable", json_boolean(info->retryable));
    json_object_set_new(object, "tries_left",
                        tries == GCA_TRIES_UNKNOWN ? json_null() : json_integer(tries));
    return object;
}

static void
report_error(const GcaInvocation *invocation, const GError *error)
{
    const char *hint = gca_error_get_hint(error);
    const char *detail = gca_error_get_detail(error);

    gca_output_complain("%s: %s\n", invocation->name, error->message);
    if (hint != NULL)
        gca_output_complain("  → %s\n", hint);
    if (detail != NULL && invocation->verbose)
        gca_output_complain("  [%s]\n", detail);
}

/* --json or -j, also among other switches, where the command line is not understood: GLib then
 * leaves all options as they were. */
static gboolean
asks_for_json(char **argv)
{
    for (guint i = 1; argv[i] != NULL && !g_str_equal(argv[i], "--"); i++) {
        const char *switches = argv[i][0] == '-' && argv[i][1] != '-' ? argv[i] + 1 : "";
        if (g_str_equal(argv[i], "--json") ||
            (strchr(switches, 'j') != NULL && switches[strspn(switches, SWITCHES)] == '\0'))
            return TRUE;
    }
    return FALSE;
}

static int
finish(GcaInvocation *invocation, char **argv, const GError *error)
{
    if (error == NULL)
        return EXIT_SUCCESS;
    report_error(invocation, error);
    gboolean is_json =
        invocation->json || (gca_error_get_code(error) == GCA_ERROR_USAGE && asks_for_json(argv));
    if (is_json && !invocation->has_answered)
        gca_invocation_answer(invocation, json_pack("{so}", "error", error_to_json(error)));
    return gca_error_info(gca_error_get_code(error))->exit_status;
}

static sigset_t
ending_signals(void)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGHUP);
    return set;
}

/* Takes every SIGINT, SIGTERM and SIGHUP of the process: the first cancels what is being done, and
 * a second ends it, for work that does not listen (a module that hangs). */
static void *
watch_signals(void *data)
{
    GcaCancel *cancel = data;
    const sigset_t set = ending_signals();
    int number;

    sigwait(&set, &number);
    gca_cancel_request(cancel);
    sigwait(&set, &number);
    gca_terminal_restore();
    _exit(EXIT_CANCELLED);
}

static GcaCancel *
cancel_on_signals(void)
{
    GcaCancel *cancel = gca_cancel_new();
    const sigset_t set = ending_signals();
    pthread_t thread;

    pthread_sigmask(SIG_BLOCK, &set, NULL);
    signal(SIGPIPE, SIG_IGN);
    if (pthread_create(&thread, NULL, watch_signals, cancel) == 0)
        pthread_detach(thread);
    return cancel;
}

/* The command named by the first argument, else the tool's own; NULL for an unknown name. */
static const GcaCommand *
find_command(const GcaCommand *commands, const char *word)
{
    for (const GcaCommand *command = commands; command->run != NULL; command++) {
        if (command->name != NULL && g_strcmp0(command->name, word) == 0)
            return command;
    }
    gboolean is_option = word == NULL || word[0] == '-';
    return is_option && commands[0].name == NULL ? &commands[0] : NULL;
}

static gboolean
run(GcaInvocation *invocation, int argc, char **argv, GError **error)
{
    const char *word = argc > 1 ? argv[1] : NULL;

    invocation->command = find_command(invocation->commands, word);
    if (invocation->command == NULL) {
        g_autofree char *shown = gca_text_escape(word ? word : "");
        gca_error_set(error, GCA_ERROR_USAGE, _("There is no command “%s”."), shown);
        gca_invocation_hint_at_help(error);
        return FALSE;
    }
    guint skip = invocation->command->name != NULL ? 1 : 0;
    if (skip) {
        g_autofree char *tool = g_steal_pointer(&invocation->name);
        invocation->name = g_strjoin(" ", tool, invocation->command->name, NULL);
        g_set_prgname(invocation->name);
    }
    invocation->argv = g_strdupv(argv + skip);
    return invocation->command->run(invocation, error);
}

int
gca_tool_main(int argc, char **argv, const GcaCommand *commands)
{
    setlocale(LC_CTYPE, "");
    setlocale(LC_MESSAGES, "");
    bindtextdomain(GETTEXT_PACKAGE,
                   g_getenv("GCA_LOCALEDIR") ? g_getenv("GCA_LOCALEDIR") : GCA_LOCALEDIR);
    bind_textdomain_codeset(GETTEXT_PACKAGE, "UTF-8");
    textdomain(GETTEXT_PACKAGE);
    gca_secret_protect_process();
    gca_log_start();

    g_autoptr(GError) error = NULL;
    g_autoptr(GcaCancel) cancel = cancel_on_signals();
    g_autoptr(GcaInteraction) interaction = gca_terminal_new();
    GcaInvocation invocation = {
        .commands = commands,
        .name = g_path_get_basename(argv[0]),
        .cancel = cancel,
        .interaction = interaction,
        .login.pin_fd = -1,
        .passphrase.fd = -1,
    };
    g_set_prgname(invocation.name);

    run(&invocation, argc, argv, &error);
    int status = finish(&invocation, argv, error);
    if (!gca_output_flush() && status == EXIT_SUCCESS) {
        gca_output_complain("%s: %s\n", invocation.name,
                            _("The answer could not be written to standard output."));
        status = gca_error_info(GCA_ERROR_FILE)->exit_status;
    }

    g_free(invocation.choice.reader);
    g_free(invocation.choice.serial);
    g_free(invocation.choice.token);
    g_free(invocation.choice.module);
    g_free(invocation.pin_file);
    g_free(invocation.passphrase_file);
    for (guint i = 0; i < GCA_CONTACT_N_FIELDS; i++)
        g_free(invocation.contact[i]);
    g_free(invocation.profile);
    g_free(invocation.name);
    g_strfreev(invocation.argv);
    g_clear_pointer(&invocation.shared, g_array_unref);
    return status;
}
