/* The service over real connections: what it refuses, and that it stays up meanwhile. No card. */
#include "localsign/listener.h"
#include "localsign/prompt.h"
#include "localsign/server.h"
#include "test-home.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define SITE "https://www.example.gov.tw"
#define TRUSTED "https://trusted.example.gov.tw"
#define PATIENCE_S 10

typedef struct {
    pid_t pid;
    guint16 port;
} Service;

static void
set_up(Service *service, gconstpointer data)
{
    const struct sockaddr_in any = {.sin_family = AF_INET,
                                    .sin_addr.s_addr = g_htonl(INADDR_LOOPBACK)};
    GArray *listeners = gca_listeners_new();
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    g_assert_true(bind(fd, (const struct sockaddr *) &any, sizeof any) == 0 &&
                  listen(fd, 256) == 0);
    g_assert_true(gca_listeners_adopt(listeners, fd, NULL));
    service->port = g_array_index(listeners, GcaListener, 0).port;
    service->pid = fork();
    if (service->pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL); /* a test that fails leaves nobody behind */
        const GcaServerOptions options = {.listeners = listeners};
        _exit(gca_server_run(&options, NULL) ? EXIT_SUCCESS : EXIT_FAILURE);
    }
    g_array_unref(listeners);
}

/* It ends by itself when told to, whatever was done to it before. */
static void
tear_down(Service *service, gconstpointer data)
{
    int status;

    g_assert_cmpint(kill(service->pid, SIGTERM), ==, 0);
    g_assert_cmpint(waitpid(service->pid, &status, 0), ==, service->pid);
    g_assert_true(WIFEXITED(status));
    g_assert_cmpint(WEXITSTATUS(status), ==, EXIT_SUCCESS);
}

static int
call(const Service *service)
{
    const struct timeval patience = {.tv_sec = PATIENCE_S};
    const struct sockaddr_in address = {.sin_family = AF_INET,
                                        .sin_port = g_htons(service->port),
                                        .sin_addr.s_addr = g_htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    g_assert_cmpint(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience), ==, 0);
    g_assert_cmpint(connect(fd, (const struct sockaddr *) &address, sizeof address), ==, 0);
    return fd;
}

static char *
read_answer(int fd)
{
    GString *out = g_string_new(NULL);
    char buffer[4096];
    ssize_t n;

    while ((n = recv(fd, buffer, sizeof buffer, 0)) > 0)
        g_string_append_len(out, buffer, n);
    g_assert_true(n == 0 || errno == ECONNRESET);
    close(fd);
    return g_string_free(out, FALSE);
}

/* `lines` each end with \r\n. */
static int
send_request(const Service *service, const char *host, const char *start, const char *lines,
             const char *body)
{
    g_autofree char *request = g_strdup_printf("%s HTTP/1.1\r\nHost: %s:%u\r\n%s\r\n%s", start,
                                               host, service->port, lines, body);
    int fd = call(service);

    g_assert_cmpint(send(fd, request, strlen(request), MSG_NOSIGNAL), ==, (gssize) strlen(request));
    return fd;
}

static char *
ask_as(const Service *service, const char *host, const char *start, const char *lines,
       const char *body)
{
    return read_answer(send_request(service, host, start, lines, body));
}

static char *
ask(const Service *service, const char *start, const char *lines)
{
    return ask_as(service, "localhost", start, lines, "");
}

static void
assert_has(const char *answer, const char *words)
{
    if (strstr(answer, words) == NULL)
        g_error("“%s” is not in “%s”", words, answer);
}

static void
assert_lacks(const char *answer, const char *words)
{
    if (strstr(answer, words) != NULL)
        g_error("“%s” is in “%s”", words, answer);
}

static void
assert_serves(const Service *service)
{
    g_autofree char *page = ask(service, "GET /popupForm", "");

    assert_has(page, "HTTP/1.1 200 ");
    assert_has(page, "data-token=");
}

/* ---- the guard ---- */

static void
test_headers(Service *service, gconstpointer data)
{
    static const char *const paths[] = {"/popupForm",    "/selfTest.htm", "/pkcs11info",
                                        "/p11Image.bmp", "/waiting.gif",  "/none"};

    for (guint i = 0; i < G_N_ELEMENTS(paths); i++) {
        g_autofree char *start = g_strconcat("GET ", paths[i], NULL);
        g_autofree char *answer = ask(service, start, "");
        assert_has(answer, "frame-ancestors 'none'");
        assert_has(answer, "\r\nX-Frame-Options: DENY\r\n");
        assert_has(answer, "\r\nX-Content-Type-Options: nosniff\r\n");
        assert_has(answer, "\r\nCache-Control: no-store\r\n");
        assert_lacks(answer, "Cross-Origin-Opener-Policy");
        assert_lacks(answer, "Access-Control-");
    }
}

static void
test_hosts(Service *service, gconstpointer data)
{
    static const char *const ours[] = {"localhost", "127.0.0.1", "[::1]"};

    for (guint i = 0; i < G_N_ELEMENTS(ours); i++) {
        g_autofree char *answer = ask_as(service, ours[i], "GET /popupForm", "", "");
        assert_has(answer, "HTTP/1.1 200 ");
    }
    g_autofree char *rebound = ask_as(service, "evil.example", "GET /popupForm", "", "");
    assert_has(rebound, "HTTP/1.1 403 ");
    assert_lacks(rebound, "data-token");
}

/* RFC 9112 section 3.2; of two origins it is not the better one that counts. */
static void
test_repeated_headers(Service *service, gconstpointer data)
{
    g_autofree char *host = g_strdup_printf("hOST: localhost:%u\r\n", service->port);
    g_autofree char *hosts = ask(service, "GET /popupForm", host);
    g_autofree char *other = ask(service, "GET /popupForm", "Host: evil.example\r\n");
    g_autofree char *lengths =
        ask(service, "POST /sign", "Content-Length: 0\r\nContent-Length: 5\r\n");
    g_autofree char *origins =
        ask(service, "GET /pkcs11info", "Origin: " SITE "\r\nORIGIN: " SITE "\r\n");

    assert_has(hosts, "HTTP/1.1 400 ");
    assert_lacks(hosts, "data-token");
    assert_has(other, "HTTP/1.1 400 ");
    assert_has(lengths, "HTTP/1.1 400 ");
    assert_has(origins, "\"ret_code\":1979711537,");
    assert_lacks(origins, "Access-Control-");
}

/* Code 76000031, and no reader in the answer. */
static void
test_untrusted(Service *service, gconstpointer data)
{
    static const char *const starts[] = {"GET /pkcs11info", "GET /pkcs11info?withcert=true",
                                         "POST /pkcs11info", "GET /p11Image.bmp", "POST /sign"};
    static const char *const callers[] = {"", "Origin: null\r\n", "Origin: http://evil.example\r\n",
                                          "Origin: " SITE "\r\n", "Origin: http://localhost:1\r\n"};

    for (guint i = 0; i < G_N_ELEMENTS(starts); i++) {
        for (guint k = 0; k < G_N_ELEMENTS(callers); k++) {
            g_autofree char *answer = ask(service, starts[i], callers[k]);
            gboolean is_site = strstr(callers[k], SITE) != NULL;
            g_assert_cmpint(strstr(answer, "Allow-Origin: " SITE "\r\n") != NULL, ==, is_site);
            if (!is_site)
                assert_lacks(answer, "Access-Control-");
            if (strstr(answer, "image/bmp") != NULL)
                continue; /* what follows holds NUL */
            assert_has(answer, "\"ret_code\":1979711537,");
            assert_lacks(answer, "slots");
        }
    }
}

/* What says it is our own page must show the token of one. */
static void
test_own_page_without_token(Service *service, gconstpointer data)
{
    g_autofree char *lines =
        g_strdup_printf("Origin: http://localhost:%u\r\nX-Gca-Token: a-b-c\r\nX-Gca-Site: " SITE
                        "\r\nContent-Length: 0\r\n",
                        service->port);
    g_autofree char *answer = ask(service, "POST /sign", lines);

    assert_has(answer, "\"ret_code\":1979711537,");
    assert_lacks(answer, "Access-Control-");
}

static void
test_preflight(Service *service, gconstpointer data)
{
    g_autofree char *site = ask(service, "OPTIONS /pkcs11info",
                                "Origin: " SITE "\r\nAccess-Control-Request-Method: POST\r\n");
    g_autofree char *evil = ask(service, "OPTIONS /pkcs11info", "Origin: http://evil.example\r\n");
    g_autofree char *page = ask(service, "OPTIONS /popupForm", "Origin: " SITE "\r\n");

    assert_has(site, "\r\nAccess-Control-Allow-Origin: " SITE "\r\n");
    assert_has(site, "\r\nAccess-Control-Allow-Private-Network: true\r\n");
    assert_has(site, "\r\nVary: Origin\r\n");
    assert_lacks(site, "X-Gca");
    assert_lacks(evil, "Access-Control-");
    assert_lacks(page, "Access-Control-");
}

/* An image or a frame of an evil page opens no question and gets no token. */
static void
test_page_loads_only(Service *service, gconstpointer data)
{
    g_autofree char *frame = ask(service, "GET /popupForm", "Sec-Fetch-Dest: iframe\r\n");
    g_autofree char *image =
        ask(service, "GET /addDomain?domain=evil.example", "Sec-Fetch-Dest: image\r\n");
    g_autofree char *plain = ask(service, "GET /addDomain?domain=http://evil.example", "");

    assert_has(frame, "HTTP/1.1 403 ");
    assert_has(image, "HTTP/1.1 403 ");
    assert_has(plain, "HTTP/1.1 400 ");
}

static void
test_decrypt(Service *service, gconstpointer data)
{
    g_autofree char *answer = ask(service, "POST /decrypt", "Origin: " SITE "\r\n");

    assert_has(answer, "{\"func\":\"decrypt\",\"ret_code\":1979711502,\"last_error\":0}");
}

/* ---- floods ---- */

static void
test_bodies(Service *service, gconstpointer data)
{
    g_autofree char *huge = ask(service, "POST /sign", "Content-Length: 1073741824\r\n");
    g_autofree char *chunked = ask_as(service, "localhost", "POST /sign",
                                      "Transfer-Encoding: chunked\r\n", "5\r\nabcde\r\n0\r\n\r\n");
    g_autofree char *whole =
        ask_as(service, "localhost", "POST /sign", "Content-Length: 5\r\n", "abcde");

    assert_has(huge, "HTTP/1.1 413 ");
    assert_has(chunked, "HTTP/1.1 411 ");
    assert_has(whole, "\"ret_code\":1979711537,");
    assert_serves(service);
}

/* Whoever is refused by its headers does not wait for a body that never comes. */
static void
test_refused_without_body(Service *service, gconstpointer data)
{
    static const char *const refused[][3] = {
        {"POST /sign", "Origin: " SITE "\r\n", "\r\nAccess-Control-Allow-Origin: " SITE "\r\n"},
        {"POST /sign", "Origin: http://evil.example\r\n", "\"ret_code\":1979711537,"},
        {"POST /pkcs11info", "", "\"ret_code\":1979711537,"},
        {"POST /decrypt", "", "\"ret_code\":1979711502,"},
        {"POST /none", "", "HTTP/1.1 404 "},
        {"POST /popupForm", "", "HTTP/1.1 405 "},
        {"POST /sign", "Host: evil.example\r\n", "HTTP/1.1 400 "},
    };

    for (guint i = 0; i < G_N_ELEMENTS(refused); i++) {
        g_autofree char *lines = g_strconcat(refused[i][1], "Content-Length: 1000\r\n", NULL);
        g_autofree char *answer = ask(service, refused[i][0], lines);
        assert_has(answer, refused[i][2]);
    }
    g_autofree char *host =
        ask_as(service, "evil.example", "POST /sign", "Content-Length: 1000\r\n", "");
    assert_has(host, "HTTP/1.1 403 ");
}

/* What is still sent when the answer has gone out does not make the kernel take the answer back. */
static void
test_body_behind_the_answer(Service *service, gconstpointer data)
{
    const gsize size = 1000 * 1000;
    g_autofree char *head =
        g_strdup_printf("POST /sign HTTP/1.1\r\nHost: localhost:%u\r\nOrigin: " SITE
                        "\r\nContent-Length: %zu\r\n\r\n",
                        service->port, size);
    g_autofree char *body = g_strnfill(size, 'x');
    struct pollfd answered = {.fd = call(service), .events = POLLIN};

    g_assert_cmpint(send(answered.fd, head, strlen(head), MSG_NOSIGNAL), ==, (gssize) strlen(head));
    g_assert_cmpint(poll(&answered, 1, PATIENCE_S * 1000), ==, 1);
    g_usleep(G_TIME_SPAN_SECOND / 10); /* by now the service has done with it */
    g_assert_cmpint(send(answered.fd, body, size, MSG_NOSIGNAL), ==, (gssize) size);
    g_autofree char *answer = read_answer(answered.fd);
    assert_has(answer, "\"ret_code\":1979711537,");
    assert_serves(service);
}

/* A byte now and then is not idle, and is cut off all the same. */
static void
test_slow_headers(Service *service, gconstpointer data)
{
    int fd = call(service);
    gint64 start = g_get_monotonic_time();

    while (send(fd, "G", 1, MSG_NOSIGNAL) == 1 &&
           g_get_monotonic_time() - start < PATIENCE_S * G_TIME_SPAN_SECOND)
        g_usleep(G_TIME_SPAN_SECOND / 10);
    g_assert_cmpint(g_get_monotonic_time() - start, <, PATIENCE_S * G_TIME_SPAN_SECOND);
    close(fd);
    assert_serves(service);
}

/* How long it takes to serve beside so many that say nothing. */
static gint64
time_beside_silent(const Service *service)
{
    int fds[200];
    char byte;
    gint64 start = g_get_monotonic_time();

    for (guint i = 0; i < G_N_ELEMENTS(fds); i++)
        fds[i] = call(service);
    assert_serves(service);
    gint64 end = g_get_monotonic_time();
    g_assert_cmpint(recv(fds[0], &byte, 1, 0), <=, 0);
    for (guint i = 0; i < G_N_ELEMENTS(fds); i++)
        close(fds[i]);
    return end - start;
}

/* The oldest makes room: else the good page would wait, each time, for the second that they have.
 * A machine that is busy may be slow once, or twice. */
static void
test_many_silent(Service *service, gconstpointer data)
{
    for (guint tries = 0; tries < 20; tries++) {
        if (time_beside_silent(service) < G_TIME_SPAN_SECOND)
            return;
    }
    g_error("it is always slow");
}

/* Whom the service asks. */
static int
listen_as_prompt(struct sockaddr_un *address)
{
    g_autofree char *path = g_build_filename(g_get_user_runtime_dir(), GCA_PROMPT_SOCKET, NULL);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    address->sun_family = AF_UNIX;
    g_strlcpy(address->sun_path, path, sizeof address->sun_path);
    g_assert_true(bind(fd, (const struct sockaddr *) address, sizeof *address) == 0 &&
                  listen(fd, 1) == 0);
    return fd;
}

static void
refuse(int prompt)
{
    static const char no[] = "{\"answer\":\"no\"}\n";
    char question[4096];

    g_assert_cmpint(recv(prompt, question, sizeof question, 0), >, 0);
    g_assert_cmpint(send(prompt, no, strlen(no), MSG_NOSIGNAL), ==, (gssize) strlen(no));
    close(prompt);
}

/* The oldest whose body has not come makes room, and nobody who waits for a person does. */
static void
test_many_slow_bodies(Service *service, gconstpointer data)
{
    struct sockaddr_un address;
    int prompt = listen_as_prompt(&address);
    int waiting =
        send_request(service, "localhost", "GET /addDomain?domain=www.example.gov.tw", "", "");
    int question = accept4(prompt, NULL, NULL, SOCK_CLOEXEC);
    int fds[200];
    char byte;

    for (guint i = 0; i < G_N_ELEMENTS(fds); i++)
        fds[i] = send_request(service, "localhost", "POST /sign",
                              "Origin: " TRUSTED "\r\nContent-Length: 9\r\n", "t");
    assert_serves(service);
    g_assert_cmpint(recv(fds[0], &byte, 1, 0), <=, 0);
    refuse(question);
    g_autofree char *answer = read_answer(waiting);
    assert_has(answer, "HTTP/1.1 200 ");
    for (guint i = 0; i < G_N_ELEMENTS(fds); i++)
        close(fds[i]);
    close(prompt);
    g_assert_cmpint(g_unlink(address.sun_path), ==, 0);
}

static void
test_many_requests(Service *service, gconstpointer data)
{
    for (guint i = 0; i < 1000; i++) {
        g_autofree char *answer = ask(service, "GET /pkcs11info", "Origin: null\r\n");
        assert_has(answer, "\"ret_code\":1979711537,");
    }
    assert_serves(service);
}

#define ADD(name, test)                                                                            \
    g_test_add("/localsign/server/" name, Service, NULL, set_up, test, tear_down)

int
main(int argc, char **argv)
{
    char *home = test_home_enter();
    g_autofree char *sites = g_build_filename(home, "gca-toolkit", "trusted-sites", NULL);

    g_setenv("XDG_RUNTIME_DIR", home, TRUE);
    g_test_init(&argc, &argv, NULL);
    g_assert_true(g_file_set_contents(sites, TRUSTED "\n", -1, NULL));
    ADD("headers", test_headers);
    ADD("hosts", test_hosts);
    ADD("untrusted", test_untrusted);
    ADD("repeated-headers", test_repeated_headers);
    ADD("own-page-without-token", test_own_page_without_token);
    ADD("preflight", test_preflight);
    ADD("page-loads-only", test_page_loads_only);
    ADD("decrypt", test_decrypt);
    ADD("bodies", test_bodies);
    ADD("refused-without-body", test_refused_without_body);
    ADD("body-behind-the-answer", test_body_behind_the_answer);
    ADD("slow-headers", test_slow_headers);
    ADD("many-silent", test_many_silent);
    ADD("many-slow-bodies", test_many_slow_bodies);
    ADD("many-requests", test_many_requests);
    int status = g_test_run();
    test_home_leave(home, "trusted-sites");
    return status;
}
