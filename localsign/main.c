#include "config.h"

#include "base/error.h"
#include "base/log.h"
#include "base/secret.h"
#include "base/text.h"
#include "localsign/doctor.h"
#include "localsign/listener.h"
#include "localsign/server.h"

#include <glib/gi18n.h>
#include <locale.h>
#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DEFAULT_PORT 61161
#define FIRST_FD 3 /* SD_LISTEN_FDS_START */
#define ACTIVATED_IDLE_S 60
#define WIPING "glibc.malloc.perturb=90:glibc.malloc.tcache_count=0"

/* A body of GCA_ORDER_BODY_LIMIT and what it is decoded into, each in a block of a power of two. */
#define SECURE_HEAP_BYTES (8 * 1024 * 1024)
#define SECURE_HEAP_BLOCK 16

static struct {
    char **ports;
    char *idle, *module;
    gboolean use_terminal, is_doctor, is_verbose, is_version;
} options;

static const GOptionEntry entries[] = {
    {"port", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options.ports,
     N_("Listen at this port (may be repeated) in place of 61161; some sites want 16888"),
     N_("PORT")},
    {"idle", 0, 0, G_OPTION_ARG_FILENAME, &options.idle,
     N_("End when nobody has called for so long; 0: never. Else 60 where a socket unit has started "
        "it, and never where not"),
     N_("SECONDS")},
    {"tty", 0, 0, G_OPTION_ARG_NONE, &options.use_terminal,
     N_("Ask at this terminal instead of in a window"), NULL},
    {"module", 0, 0, G_OPTION_ARG_FILENAME, &options.module,
     N_("Use this PKCS#11 module (its path)"), N_("FILE")},
    {"doctor", 0, 0, G_OPTION_ARG_NONE, &options.is_doctor,
     N_("Find out what is missing, and how to mend it"), NULL},
    {"verbose", 'v', 0, G_OPTION_ARG_NONE, &options.is_verbose, N_("Say what is being done"), NULL},
    {"version", 0, 0, G_OPTION_ARG_NONE, &options.is_version, N_("Show the version and end"), NULL},
    {0}};

static void
complain(const char *text)
{
    g_autofree char *safe = gca_text_escape(text);

    fprintf(stderr, "gca-localsign: %s\n", safe);
}

static int
report(const GError *error)
{
    const char *hint = gca_error_get_hint(error);
    const char *detail = gca_error_get_detail(error);

    complain(error->message);
    if (hint != NULL)
        fprintf(stderr, "  → %s\n", hint);
    if (detail != NULL && options.is_verbose)
        fprintf(stderr, "  [%s]\n", detail);
    return gca_error_info(gca_error_get_code(error))->exit_status;
}

/* GLib's own look-up decides once, at its first call, whether this process is translated at all
 * (g_dgettext()): by what is asked for then, not by what browsers ask for later. So the first asks
 * for the language that there is a catalogue of. */
static void
decide_to_translate(void)
{
    g_autofree char *before = g_strdup(g_getenv("LANGUAGE"));

    g_setenv("LANGUAGE", "zh_TW", TRUE);
    g_dgettext(GETTEXT_PACKAGE, "");
    if (before != NULL)
        g_setenv("LANGUAGE", before, TRUE);
    else
        g_unsetenv("LANGUAGE");
}

/* Pages are shown in the language that the browser wants: gettext has them in no “C” locale. */
static void
start_language(void)
{
    const char *folder = g_getenv("GCA_LOCALEDIR");

    setlocale(LC_CTYPE, "");
    const char *language = setlocale(LC_MESSAGES, "");
    if (language == NULL || g_str_equal(language, "C") || g_str_equal(language, "POSIX")) {
        setlocale(LC_MESSAGES, "C.UTF-8");
        g_setenv("LANGUAGE", "en", TRUE);
    }
    bindtextdomain(GETTEXT_PACKAGE, folder ? folder : GCA_LOCALEDIR);
    bind_textdomain_codeset(GETTEXT_PACKAGE, "UTF-8");
    textdomain(GETTEXT_PACKAGE);
    decide_to_translate();
}

static gboolean
has_port(GArray *ports, guint16 port)
{
    for (guint i = 0; i < ports->len; i++) {
        if (g_array_index(ports, guint16, i) == port)
            return TRUE;
    }
    return FALSE;
}

static GArray *
parse_ports(GError **error)
{
    g_autoptr(GArray) ports = g_array_new(FALSE, FALSE, sizeof(guint16));

    for (guint i = 0; options.ports != NULL && options.ports[i] != NULL; i++) {
        guint64 value;
        if (!g_ascii_string_to_unsigned(options.ports[i], 10, 1, G_MAXUINT16, &value, NULL)) {
            gca_error_set(error, GCA_ERROR_USAGE, _("“%s” is not the number of a port."),
                          options.ports[i]);
            return NULL;
        }
        guint16 port = (guint16) value;
        if (has_port(ports, port)) {
            gca_error_set(error, GCA_ERROR_USAGE, _("The port “%s” is named more than once."),
                          options.ports[i]);
            return NULL;
        }
        g_array_append_val(ports, port);
    }
    if (ports->len == 0) {
        guint16 port = DEFAULT_PORT;
        g_array_append_val(ports, port);
    }
    return g_steal_pointer(&ports);
}

/* ---- the service ---- */

static gboolean
adopt_sockets(GArray *listeners, guint count, GError **error)
{
    g_unsetenv("LISTEN_PID");
    g_unsetenv("LISTEN_FDS");
    g_unsetenv("LISTEN_FDNAMES");
    for (guint i = 0; i < count; i++) {
        if (!gca_listeners_adopt(listeners, FIRST_FD + (int) i, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
open_sockets(GArray *listeners, GArray *ports, GError **error)
{
    for (guint i = 0; i < ports->len; i++) {
        if (!gca_listeners_open(listeners, g_array_index(ports, guint16, i), error))
            return FALSE;
    }
    return TRUE;
}

static void
tell_places(GArray *listeners)
{
    for (guint i = 0; i < listeners->len; i++) {
        g_autofree char *place = gca_listener_to_string(&g_array_index(listeners, GcaListener, i));
        g_autofree char *text = g_strdup_printf(_("listening at %s"), place);
        complain(text);
    }
}

/* Once, however often pages call. */
static void
tell_file_trouble(const GError *error)
{
    static char *told;

    if (g_strcmp0(told, error->message) == 0)
        return;
    g_free(told);
    told = g_strdup(error->message);
    report(error);
}

static gboolean
parse_idle(guint *idle_s, GError **error)
{
    guint64 value;

    if (options.idle == NULL)
        return TRUE;
    if (!g_ascii_string_to_unsigned(options.idle, 10, 0, G_MAXINT, &value, NULL)) {
        gca_error_set(error, GCA_ERROR_USAGE, _("“%s” is not a number of seconds."), options.idle);
        return FALSE;
    }
    *idle_s = (guint) value;
    return TRUE;
}

static gboolean
serve(GArray *ports, GError **error)
{
    g_autoptr(GArray) listeners = gca_listeners_new();
    guint count, idle_s;

    if (!gca_listeners_parse_environment(g_getenv("LISTEN_PID"), g_getenv("LISTEN_FDS"), getpid(),
                                         &count, error))
        return FALSE;
    idle_s = count > 0 ? ACTIVATED_IDLE_S : 0;
    if (!parse_idle(&idle_s, error) || !(count > 0 ? adopt_sockets(listeners, count, error)
                                                   : open_sockets(listeners, ports, error)))
        return FALSE;
    const GcaServerOptions wish = {
        .listeners = listeners,
        .module = options.module,
        .use_terminal = options.use_terminal,
        .on_ready = tell_places,
        .on_file_trouble = tell_file_trouble,
        .idle_s = idle_s,
    };
    return gca_server_run(&wish, error);
}

/* ---- --doctor ---- */

static gboolean
examine(GArray *ports, GError **error)
{
    const GcaCardChoice choice = {.module = options.module};
    g_autoptr(GPtrArray) findings = gca_localsign_examine(ports, &choice);

    for (guint i = 0; i < findings->len; i++) {
        const GcaFinding *one = g_ptr_array_index(findings, i);
        printf("%s: [%s] %s\n", one->title, gca_finding_state_to_string(one->state), one->text);
        if (one->fix != NULL)
            printf("    → %s\n", one->fix);
    }
    return gca_findings_conclude(findings, error);
}

static gboolean
run(int argc, char **argv, GError **error)
{
    g_autoptr(GOptionContext) context = g_option_context_new(NULL);
    g_autoptr(GError) trouble = NULL;

    g_option_context_set_summary(
        context, _("Lets government web sites (HiPKI) sign with the card, after asking you."));
    g_option_context_add_main_entries(context, entries, GETTEXT_PACKAGE);
    if (!g_option_context_parse(context, &argc, &argv, &trouble) || argc > 1) {
        g_autofree char *shown = gca_text_escape(trouble ? trouble->message : argv[1]);
        gca_error_set(error, GCA_ERROR_USAGE, _("The command line is not understood: %s."), shown);
        return FALSE;
    }
    if (options.is_version) {
        printf("gca-localsign %s\n", GCA_VERSION);
        return TRUE;
    }
    if (options.is_verbose)
        gca_log_enable();
    g_autoptr(GArray) ports = parse_ports(error);
    if (ports == NULL)
        return FALSE;
    return options.is_doctor ? examine(ports, error) : serve(ports, error);
}

/* What only a new start can have (ld.so(8)). Where a library looks its functions up at their first
 * call (Debian's jansson does), ld.so saves the vector registers on the stack meanwhile, and what
 * memcpy has left of a PIN in them stays there: so all libraries look at once. And the C library
 * writes over all memory that is freed, the small pieces too (mallopt(3), M_PERTURB): what was
 * signed, and the copies that libraries make of it, do not lie about. */
static void
start_clean(char **argv)
{
    g_autofree char *own = g_file_read_link("/proc/self/exe", NULL);
    const char *before = g_getenv("GLIBC_TUNABLES");
    g_autofree char *tunables = g_strconcat(before ? before : "", before ? ":" : "", WIPING, NULL);
    gboolean is_clean =
        g_getenv("LD_BIND_NOW") != NULL && before != NULL && g_str_has_suffix(before, WIPING);

    if (own != NULL && !is_clean && g_setenv("LD_BIND_NOW", "1", TRUE) &&
        g_setenv("GLIBC_TUNABLES", tunables, TRUE))
        execv(own, argv);
}

int
main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;

    start_clean(argv);
    start_language();
    CRYPTO_secure_malloc_init(SECURE_HEAP_BYTES, SECURE_HEAP_BLOCK);
    gca_secret_protect_process();
    gca_log_start();
    g_set_prgname("gca-localsign");
    int status = run(argc, argv, &error) ? EXIT_SUCCESS : report(error);
    g_strfreev(options.ports);
    g_free(options.idle);
    g_free(options.module);
    return status;
}
