#include "config.h"

#include "localsign/doctor.h"

#include "base/file.h"
#include "base/text.h"
#include "flow/doctor.h"
#include "localsign/listener.h"
#include "localsign/peer.h"
#include "localsign/prompt.h"
#include "localsign/reply.h"
#include "localsign/site.h"

#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define WAIT_S 2

static void
add(GPtrArray *findings, const char *name, const char *title, gboolean is_good, char *text,
    const char *fix)
{
    gca_findings_add(findings, name, title, is_good ? GCA_FINDING_OK : GCA_FINDING_FAILED, text,
                     is_good ? NULL : fix, GCA_ERROR_INTERNAL);
}

/* ---- ports ---- */

static int
call(guint16 port)
{
    const struct timeval wait = {.tv_sec = WAIT_S};
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = g_htons(port),
                                  .sin_addr.s_addr = g_htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait) == 0 &&
        connect(fd, (struct sockaddr *) &address, sizeof address) == 0)
        return fd;
    if (fd >= 0)
        close(fd);
    return -1;
}

/* Whether what listens there is this service. */
static gboolean
is_ours(guint16 port)
{
    g_autofree char *request = g_strdup_printf(
        "GET /waiting.gif HTTP/1.1\r\nHost: 127.0.0.1:%u\r\nConnection: close\r\n\r\n", port);
    char answer[1024] = {0};
    int fd = call(port);

    if (fd < 0)
        return FALSE;
    ssize_t n = send(fd, request, strlen(request), MSG_NOSIGNAL);
    for (gsize size = 0; n > 0 && size < sizeof answer - 1; size += (gsize) MAX(n, 0))
        n = recv(fd, answer + size, sizeof answer - 1 - size, 0);
    close(fd);
    return strstr(answer, "\r\nServer: " GCA_REPLY_SERVER "\r\n") != NULL;
}

static gboolean
has_ipv6(GArray *listeners)
{
    for (guint i = 0; i < listeners->len; i++) {
        if (g_array_index(listeners, GcaListener, i).address.sin6_family == AF_INET6)
            return TRUE;
    }
    return FALSE;
}

static void
examine_port(GPtrArray *findings, guint16 port)
{
    const char *title = _("port");
    g_autoptr(GArray) listeners = gca_listeners_new();
    g_autoptr(GError) trouble = NULL;

    if (is_ours(port)) {
        add(findings, "port", title, TRUE,
            g_strdup_printf(_("%u: this service listens there"), port), NULL);
        return;
    }
    if (!gca_listeners_open(listeners, port, &trouble)) {
        gca_findings_add_error(findings, "port", title, trouble);
        return;
    }
    gca_findings_add(findings, "port", title, GCA_FINDING_WARNING,
                     g_strdup_printf(has_ipv6(listeners) ? _("%u: free; the service is not running")
                                                         : _("%u: free, without IPv6; the service "
                                                             "is not running"),
                                     port),
                     _("Start it: systemctl --user enable --now gca-localsign.socket"),
                     GCA_ERROR_INTERNAL);
}

/* ---- the rest ---- */

/* Looks itself up as a caller. */
static void
examine_callers(GPtrArray *findings)
{
    struct sockaddr_in6 ours = {0}, theirs = {0};
    socklen_t our_size = sizeof ours, their_size = sizeof theirs;
    const struct sockaddr_in any = {.sin_family = AF_INET,
                                    .sin_addr.s_addr = g_htonl(INADDR_LOOPBACK)};
    int server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    uid_t user = 0;

    gboolean is_known =
        bind(server, (const struct sockaddr *) &any, sizeof any) == 0 && listen(server, 1) == 0 &&
        getsockname(server, (struct sockaddr *) &ours, &our_size) == 0 &&
        connect(client, (struct sockaddr *) &ours, our_size) == 0 &&
        getsockname(client, (struct sockaddr *) &theirs, &their_size) == 0 &&
        gca_peer_find_user((struct sockaddr *) &theirs, (struct sockaddr *) &ours, &user, NULL) &&
        user == getuid();
    close(client);
    close(server);
    add(findings, "callers", _("callers"), is_known,
        g_strdup(is_known ? _("the system says whose program calls")
                          : _("the system does not say whose program calls: nobody is let in")),
        _("Load the kernel's module: sudo modprobe tcp_diag"));
}

static void
examine_prompt(GPtrArray *findings)
{
    g_autofree char *where = NULL;
    gboolean is_there = gca_prompt_find(&where);
    gboolean has_display = g_getenv("WAYLAND_DISPLAY") != NULL || g_getenv("DISPLAY") != NULL;

    add(findings, "prompt", _("dialog"), is_there,
        is_there ? gca_text_escape(where)
                 : g_strdup(_("the program gca-localsign-prompt is "
                              "missing")),
        _("Install the desktop part, or start the service with --tty."));
    gca_findings_add(
        findings, "display", _("display"), has_display ? GCA_FINDING_OK : GCA_FINDING_WARNING,
        g_strdup(has_display ? _("there is one for the dialog")
                             : _("none is known here: no dialog can be shown")),
        has_display ? NULL : _("Run this on the desktop, or use --tty."), GCA_ERROR_INTERNAL);
}

static void
examine_sites(GPtrArray *findings)
{
    g_autofree char *path = gca_site_dup_path();
    g_autofree char *shown = gca_text_escape(path);
    g_autoptr(GError) trouble = NULL;

    if (!gca_site_check_file(&trouble))
        gca_findings_add_error(findings, "sites", _("trusted sites"), trouble);
    else if (g_file_test(path, G_FILE_TEST_EXISTS))
        add(findings, "sites", _("trusted sites"), TRUE, g_strdup(shown), NULL);
    else
        add(findings, "sites", _("trusted sites"), TRUE,
            g_strdup_printf(_("none yet; each is asked about (%s)"), shown), NULL);
}

static void
examine_browser(GPtrArray *findings)
{
    gca_findings_add(findings, "browser", _("browser"), GCA_FINDING_WARNING,
                     g_strdup(_("it asks whether a site may reach programs on this computer; "
                                "this cannot be looked up from here")),
                     _("If a site finds no service, allow “local network access” in the site's "
                       "settings, and pop-ups."),
                     GCA_ERROR_INTERNAL);
}

/* Of what gca-card doctor looks at, what a signature needs. */
static void
add_card_findings(GPtrArray *findings, const GcaCardChoice *choice)
{
    static const char *const names[] = {"pcscd", "readers",     "module", "card",
                                        "token", "certificate", "clock",  NULL};
    g_autoptr(GError) trouble = NULL;
    g_autoptr(GcaProfile) profile = gca_profile_find(NULL, NULL, &trouble);

    if (profile == NULL) {
        gca_findings_add_error(findings, "profile", _("profile"), trouble);
        return;
    }
    g_autoptr(GPtrArray) all = gca_doctor_examine(choice, profile, NULL);
    for (guint i = 0; i < all->len; i++) {
        const GcaFinding *one = g_ptr_array_index(all, i);
        if (g_strv_contains(names, one->name))
            gca_findings_add(findings, one->name, one->title, one->state, g_strdup(one->text),
                             one->fix, one->code);
    }
}

GPtrArray *
gca_localsign_examine(GArray *ports, const GcaCardChoice *choice)
{
    GPtrArray *findings = gca_findings_new();

    for (guint i = 0; i < ports->len; i++)
        examine_port(findings, g_array_index(ports, guint16, i));
    examine_callers(findings);
    examine_prompt(findings);
    examine_sites(findings);
    add_card_findings(findings, choice);
    examine_browser(findings);
    return findings;
}
