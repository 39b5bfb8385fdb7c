"""Pages that mean harm, and whoever else can reach a port of this machine: nothing is signed, nothing of the card is
told, and the good page is answered meanwhile."""
import contextlib
import itertools
import json
import os
import socket
import threading

from browser import EVIL, BrowserCase
from service import (CANCELLED, DONE, OWN, PATIENCE, PORT, SITE, UNTRUSTED, ServiceCase, call, code_of, connect, main, order,
                     post_as_popup, post_order, token)

REFUSAL = {"func", "ret_code", "last_error"}
REQUESTS = 10000
GIGABYTE = 1 << 30
ROOM = 32 << 20  # bytes that the service may grow by


def read_all(connection):
    data = b""
    with contextlib.suppress(ConnectionResetError):
        while piece := connection.recv(65536):
            data += piece
    return data


def raw(method, path, *headers, body=b""):
    lines = [f"{method} {path} HTTP/1.1", f"Host: localhost:{PORT}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


class Guarded(ServiceCase):
    def setUp(self):
        super().setUp()
        # AddressSanitizer keeps what is freed for a while
        self.serve(ASAN_OPTIONS=os.environ.get("ASAN_OPTIONS", "") + ":quarantine_size_mb=1")

    def assert_untrusted(self, answer, reader=None):
        """No card data, and only `reader` may read even that."""
        self.assertEqual((answer.code, answer.json.keys(), answer.reader), (UNTRUSTED, REFUSAL, reader))

    def assert_card_untouched(self):
        self.assert_nothing_asked()
        self.assertEqual(self.trace(), [])


class Stranger(Guarded):
    """Requests as a browser, or another program, sends them."""

    def test_origins(self):
        for origin in ("https://evil.example.com", "null", "http://www.example.gov.tw",
                       "https://www.example.gov.tw.evil.example.com",
                       "https://www.example.gov.tw:444", "https://www.example.gov.tw/", "HTTPS://www.example.gov.tw",
                       "https://www.example.gov.tw https://evil.example.com", "file://", "chrome-extension://abc", "",
                       "https://www.example.gov.tw\u00e9", "http://localhost:8080", "http://localhost"):
            with self.subTest(origin):
                reader = origin if origin in ("https://evil.example.com", "https://www.example.gov.tw.evil.example.com",
                                              "https://www.example.gov.tw:444") else None
                self.assert_untrusted(post_order(order(), origin=origin), reader)
                self.assert_untrusted(call("GET", "/pkcs11info?withcert=true", Origin=origin), reader)
                image = call("GET", "/p11Image.bmp", Origin=origin)
                self.assertEqual((code_of(json.loads(image.body[54:].split(b"\0")[0])), image.reader), (UNTRUSTED, reader))
        self.assert_card_untouched()

    def test_no_origin(self):
        """A link, an image without CORS, a program: no card data."""
        body = "tbsPackage=" + json.dumps(order())
        self.assert_untrusted(call("POST", "/sign", body))
        self.assert_untrusted(call("GET", "/pkcs11info?withcert=true"))
        self.assert_untrusted(call("POST", "/pkcs11info"))
        self.assertEqual(code_of(json.loads(call("GET", "/p11Image.bmp").body[54:].split(b"\0")[0])), UNTRUSTED)
        self.assert_card_untouched()

    def test_two_origins(self):
        """Neither counts, even where they are the same."""
        for first in ("https://evil.example.com", SITE, OWN):
            with self.subTest(first), connect() as caller:
                caller.sendall(raw("GET", "/pkcs11info", f"Origin: {first}", f"origin: {SITE}"))
                head, _, body = read_all(caller).partition(b"\r\n\r\n")
                self.assertEqual((code_of(json.loads(body)), json.loads(body).keys()), (UNTRUSTED, REFUSAL))
                self.assertNotIn(b"Access-Control-", head)
        self.assert_card_untouched()

    def test_two_hosts(self):
        """RFC 9112 section 3.2."""
        for name in (f"localhost:{PORT}", f"evil.example.com:{PORT}"):
            with self.subTest(name), connect() as caller:
                caller.sendall(raw("GET", "/popupForm", f"HOST: {name}"))
                answer = read_all(caller)
                self.assertIn(b" 400 ", answer.split(b"\r\n")[0])
                self.assertNotIn(b"data-token", answer)

    def test_odd_heads(self):
        """What is whole is answered, as long as it may be, and in whatever pieces it comes."""
        for line in ("GET /popupForm?", "GET /popupForm?a", "GET /popupForm?a=%E6%B8%AC&b=+&c="):
            with self.subTest(line), connect() as caller:
                head = f"{line} HTTP/1.1\r\nHost:localhost:{PORT}\r\nEmpty:\r\nLong:  {'x' * 15000} \r\nCookie: a=b; c=d\r\n\r\n"
                for start in range(0, len(head), 4000):
                    caller.sendall(head[start:start + 4000].encode())
                self.assertIn(b"data-token", read_all(caller))

    def test_rebinding(self):
        """Another name has been pointed here: its pages are of the same origin to the browser."""
        for host in (f"evil.example.com:{PORT}", "localhost", f"localhost:{PORT + 1}", "localhost:80", f"127.0.0.2:{PORT}",
                     f"localhost.evil.example.com:{PORT}", f"[::]:{PORT}", "", f"0.0.0.0:{PORT}", f"localhost.:{PORT}"):
            for path in ("/popupForm", "/selfTest.htm", "/pkcs11info", "/addDomain?domain=a.example", "/p11Image.bmp"):
                with self.subTest(host=host, path=path):
                    answer = call("GET", path, host=host, Origin=SITE)
                    self.assertEqual(answer.status, 403)
                    self.assertNotIn(b"data-token", answer.body)
            self.assertEqual(post_order(order(), host=host).status, 403)
        self.assert_card_untouched()

    def test_good_hosts(self):
        for host, address in ((f"localhost:{PORT}", "127.0.0.1"), (f"localhost:{PORT}", "::1"),
                              (f"127.0.0.1:{PORT}", "127.0.0.1"), (f"[::1]:{PORT}", "::1"), (f"LOCALHOST:{PORT}", "127.0.0.1")):
            with self.subTest(host):
                self.assertEqual(call("GET", "/pkcs11info", host=host, address=address, Origin=SITE).code, DONE)

    def test_tokens(self):
        """Good once, for the kind of page that it was made for, together with our own origin."""
        word = token()
        waiting = self.later(post_as_popup, order(), word=word)
        self.consent()
        self.assertEqual(waiting.result(PATIENCE).code, DONE)
        for bad in (word, "", "a", "-", "--", word[:-1], word + "0", token("/selfTest.htm")):
            with self.subTest(bad):
                self.assert_untrusted(post_as_popup(order(), word=bad or " "))
        self.assert_untrusted(call("POST", "/sign", "tbsPackage={}", Origin=OWN, X_Gca_Token=token()))
        self.assert_untrusted(call("POST", "/sign", "tbsPackage={}", Origin=OWN, X_Gca_Token=token("/selfTest.htm")))
        self.assert_untrusted(call("POST", "/sign", "tbsPackage={}", Origin=OWN, X_Gca_Site=SITE))
        self.assert_untrusted(post_order(order(), origin=EVIL, X_Gca_Token=token(), X_Gca_Site=SITE), EVIL)
        self.assertEqual(self.signatures(), 1)

    def test_popup_cannot_name_anything(self):
        for site in ("null", "http://www.example.gov.tw", OWN, "https://a b", "javascript:1", "https://a.example/x"):
            with self.subTest(site):
                self.assert_untrusted(post_as_popup(order(), site))
        self.assert_card_untouched()

    def test_content_type_does_not_matter(self):
        """No Content-Type makes a page trusted, or an order something else."""
        body = ("tbsPackage=" + json.dumps(order()).replace("+", "%2B")).encode()
        for kind in ("text/plain", "application/json", "multipart/form-data; boundary=x", "image/png"):
            with self.subTest(kind):
                self.assert_untrusted(call("POST", "/sign", body, Origin=EVIL, Content_Type=kind), EVIL)
        waiting = self.later(call, "POST", "/sign", body, Origin=SITE, Content_Type="text/plain")
        self.consent(button="_Refuse")
        self.assertEqual(waiting.result(PATIENCE).code, CANCELLED)
        self.assertNotEqual(call("POST", "/sign", json.dumps(order()), Origin=SITE, Content_Type="application/json").code, DONE)

    def test_methods_and_paths(self):
        for method, path, status in (("PUT", "/sign", 405), ("GET", "/sign", 405), ("DELETE", "/popupForm", 405),
                                     ("GET", "/", 404), ("GET", "/../etc/passwd", 404), ("GET", "//popupForm", 404),
                                     ("POST", "/addDomain", 405),
                                     ("TRACE", "/pkcs11info", 405), ("POST", "/selfTest.htm", 405)):
            with self.subTest(method=method, path=path):
                self.assertEqual(call(method, path, Origin=SITE).status, status)

    def test_frames_are_refused(self):
        for path in ("/popupForm", "/ChtPopupForm", "/selfTest.htm", "/pkcs11info", "/addDomain?domain=", "/waiting.gif",
                     "/none"):
            with self.subTest(path):
                answer = call("GET", path)
                self.assertIn("frame-ancestors 'none'", answer.headers["Content-Security-Policy"])
                self.assertEqual(answer.headers["X-Frame-Options"], "DENY")
                self.assertIsNone(answer.headers["Cross-Origin-Opener-Policy"])
        for destination in ("iframe", "frame", "embed", "object", "image", "empty"):
            for path in ("/popupForm", "/addDomain?domain=a.example"):
                self.assertEqual(call("GET", path, Sec_Fetch_Dest=destination).status, 403)
        self.assert_nothing_asked()

    def test_preflight_gives_nothing_away(self):
        for origin, reader in ((SITE, SITE), ("null", None)):
            self.assertEqual(call("OPTIONS", "/sign", Origin=origin, Access_Control_Request_Method="POST").reader, reader)


class Flood(Guarded):
    """The good page is answered while others keep the service busy."""

    def good_page(self):
        answer = self.sign()
        self.assertEqual(answer.code, DONE)

    def running(self, work, count):
        """`count` threads that do it until the end of the block."""
        stop = threading.Event()
        done = [self.later(work, stop) for _ in range(count)]

        @contextlib.contextmanager
        def block():
            try:
                yield done
            finally:
                stop.set()
                for one in done:
                    one.result(3 * PATIENCE)
        return block()

    def test_ten_thousand_requests(self):
        numbers = itertools.count()
        whole = (raw("GET", "/pkcs11info", f"Origin: {EVIL}"), raw("GET", "/popupForm"), raw("GET", "/selfTest.htm"),
                 raw("POST", "/sign", f"Origin: {EVIL}", "Content-Length: 14", body=b"tbsPackage={}\n"))
        kinds = (*whole, b"\0" * 100, b"GET /popupForm HTTP/1.1\r\n", b"")
        answered = []

        def flood(stop):
            for i in numbers:
                if stop.is_set() and i >= REQUESTS:
                    return
                with contextlib.suppress(OSError), connect() as caller:
                    caller.sendall(kinds[i % len(kinds)])
                    if i % len(kinds) < len(whole):
                        answered.append(bool(read_all(caller)))
        before = self.memory()
        with self.running(flood, 4):
            self.good_page()
        self.assertGreater(sum(answered), REQUESTS / 4)
        self.assertLess(self.memory() - before, ROOM)
        self.good_page()
        self.assertEqual(self.signatures(), 2)

    def memory(self):
        with open(f"/proc/{self.service.pid}/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * 4096

    def test_gigabyte(self):
        """Refused by its headers; what comes all the same is not kept."""
        head = raw("POST", "/sign", f"Origin: {SITE}", f"Content-Length: {GIGABYTE}")
        sent = []

        def pour(stop):
            while not stop.is_set():
                with contextlib.suppress(OSError), connect() as caller:
                    caller.sendall(head)
                    while not stop.is_set():
                        caller.sendall(b"x" * (1 << 20))
                        sent.append(1)
        before = self.memory()
        with self.running(pour, 2):
            self.good_page()
        self.assertTrue(sent)
        self.assertLess(self.memory() - before, ROOM)
        with connect() as caller:
            caller.sendall(head)
            self.assertIn(b" 413 ", read_all(caller).split(b"\r\n")[0])

    def test_body_without_end(self):
        for header, status in (("Transfer-Encoding: chunked", 411), ("Content-Length: 1048577", 413), ("Content-Length: -1", 400),
                               ("Content-Length: 18446744073709551616", 413)):
            with self.subTest(header), connect() as caller:
                caller.sendall(raw("POST", "/sign", f"Origin: {SITE}", header))
                self.assertIn(f" {status} ".encode(), read_all(caller).split(b"\r\n")[0])

    def test_slow_loris(self):
        """A byte at a time outlives a limit on idle time: what is too slow ends all the same."""
        ended = []

        def drip(stop):
            while not stop.is_set():
                with contextlib.suppress(OSError), connect() as caller:
                    caller.sendall(b"GET /popupForm HTTP/1.1\r\nX: ")
                    while not stop.wait(0.02):
                        caller.sendall(b"x")
                    continue
                ended.append(1)
        with self.running(drip, 8):
            self.good_page()
            self.wait(lambda: len(ended) >= 16, "end of the slow ones")

    def test_many_that_say_nothing(self):
        """The oldest that has not spoken goes first."""
        with contextlib.ExitStack() as stack:
            idle = []

            def crowd(_stop):
                for _ in range(100):
                    for address in ("127.0.0.1", "::1"):
                        idle.append(stack.enter_context(connect(address)))
            with self.running(crowd, 1):
                pass
            self.good_page()
            first = idle[0]
            self.assertEqual(read_all(first), b"")

    def test_refused_without_its_body(self):
        """Who may not order is told so by the headers alone, and does not wait for what never comes."""
        for origin, host, words in ((EVIL, f"localhost:{PORT}", b'"ret_code":'), (None, f"localhost:{PORT}", b'"ret_code":'),
                                    (SITE, f"evil.example.com:{PORT}", b" 403 ")):
            with self.subTest(origin=origin, host=host), connect() as caller:
                lines = ["POST /sign HTTP/1.1", f"Host: {host}", "Content-Length: 1000"] + ([f"Origin: {origin}"] if origin else [])
                caller.sendall("\r\n".join(lines).encode() + b"\r\n\r\n")
                answer = read_all(caller)
                self.assertIn(words, answer)
                self.assertEqual(b"Access-Control-Allow-Origin" in answer, origin == EVIL)

    def test_body_that_does_not_come(self):
        """It has ten seconds, and nobody else waits for it."""
        with connect() as caller:
            caller.sendall(raw("POST", "/sign", f"Origin: {SITE}", "Content-Length: 1000"))
            self.good_page()
            self.assertEqual(read_all(caller), b"")

    def test_callers_that_break_off(self):
        for piece in (b"", b"GET", raw("GET", "/pkcs11info", f"Origin: {SITE}"),
                      raw("POST", "/sign", f"Origin: {SITE}", "Content-Length: 9"),
                      raw("POST", "/sign", f"Origin: {SITE}", "Content-Length: 9", body=b"tbsPa")):
            for how in (socket.SHUT_RDWR, socket.SHUT_WR):
                with contextlib.suppress(OSError), connect() as caller:
                    caller.sendall(piece)
                    caller.shutdown(how)
        self.good_page()


class Page(BrowserCase):
    """In the browser."""

    def run_on_page(self, script, site=EVIL):
        """`act` is what the page's button does: a click lets it open a window."""
        self.visit(site)
        self.browser.execute_script("document.getElementById('popup').onclick = function () {" + script + "};")
        self.browser.find_element("id", "popup").click()

    def test_frame(self):
        """None of our pages, and no answer, is shown in a frame of another site."""
        self.serve()
        self.allow_local_network(EVIL)
        for path in ("/popupForm", "/selfTest.htm", "/addDomain?domain=evil.example.com", "/pkcs11info"):
            with self.subTest(path):
                self.visit(EVIL)
                self.browser.execute_script("""
                    const frame = document.createElement("iframe");
                    window.heard = [];
                    addEventListener("message", (event) => heard.push(event.data));
                    frame.onload = () => show("loaded");
                    frame.src = arguments[0];
                    document.body.append(frame);""", OWN + path)
                self.result()
                self.browser.switch_to.frame(0)
                self.assertNotIn("data-token", self.browser.page_source)
                self.assertNotIn("ret_code", self.browser.page_source)
                self.browser.switch_to.default_content()
                self.assertEqual(self.browser.execute_script("return heard"), [])
        self.assert_nothing_asked()

    def test_foreign_page_gets_no_data(self):
        self.serve()
        self.allow_local_network(EVIL)
        self.visit(EVIL)
        for way, members in (("fetch", order()), ("fetch", {"func": "GetUserCert"}), ("image", {"func": "GetUserCert"})):
            self.press(way, members)
            answer = json.loads(self.result())
            self.assertEqual((code_of(answer), answer.keys()), (UNTRUSTED, REFUSAL))
        self.assert_nothing_asked()
        self.assertEqual(self.trace(), [])

    def test_form_of_a_foreign_page(self):
        """A form needs no permission and no CORS; it has the page's origin, or none that counts."""
        self.serve()
        self.allow_local_network(EVIL)
        self.run_on_page("""
            const form = document.createElement("form"), field = document.createElement("input");
            form.method = "POST"; form.action = "http://localhost:61161/sign"; form.target = "_blank"; form.rel = "opener";
            field.name = "tbsPackage"; field.value = '{"tbs":"a","pin":"123456"}';
            form.append(field); document.body.append(form); form.submit();""")
        self.switch_to_popup()
        self.wait(lambda: "ret_code" in self.browser.page_source, "refusal")
        self.assertIn(str(int(UNTRUSTED[0], 16)), self.browser.page_source)
        self.assert_nothing_asked()
        self.assertEqual(self.trace(), [])

    def test_popup_of_an_untrusted_site(self):
        """It asks for trust first, with the true address; no means no."""
        self.serve()
        self.visit(EVIL)
        self.press("popup", {**order(), "site": SITE, "origin": SITE})
        self.trust(EVIL, "_Refuse")
        self.assertEqual(code_of(json.loads(self.result())), UNTRUSTED)
        self.assertEqual((self.trusted(), self.trace()), ([SITE], []))

    def swap(self, page):
        """The page in the opener's window leads to one of another site: the two windows stay related."""
        self.browser.execute_script("location = arguments[0]", EVIL + page)
        script = "return document.readyState + location"
        self.wait(lambda: self.browser.execute_script(script) == f"complete{EVIL}{page}", "other page")

    def test_opener_goes_elsewhere_before_it_orders(self):
        """The good page opens the popup; at the time of the order another site is in its window: it is that site's order."""
        self.serve()
        self.visit()
        self.press("popup", {})  # which is no order, so the popup goes on listening
        self.swap("/swapped.html")
        self.switch_to_popup()
        self.browser.refresh()  # it speaks again
        self.trust(EVIL, "_Refuse")
        self.assertEqual((self.trusted(), self.trace()), ([SITE], []))

    def test_opener_goes_elsewhere_before_the_answer(self):
        """The answer is for the site that ordered, whoever is in its window then."""
        self.serve()
        self.visit()
        self.press("popup", order())
        self.question("Sign for %s?", SITE)
        self.swap("/listener.html")
        self.answer("_Sign")
        self.wait(lambda: not self.has_popup(), "end of the popup")
        self.assertEqual(self.browser.execute_script("return heard"), [])

    def test_another_window_cannot_order(self):
        """Only the opener is heard: a frame that got hold of the popup is not, though it be of the opener's own site."""
        self.serve()
        self.visit()
        self.press("popup", {})  # which is no order, so the popup goes on listening
        self.browser.execute_script("""
            const frame = document.createElement("iframe");
            window.handle = popup;
            window.posted = 0;
            frame.src = "/framed.html";
            document.body.append(frame);""")
        self.wait(lambda: self.browser.execute_script("return posted") > 5, "orders of the frame")
        self.assert_nothing_asked()
        self.browser.execute_script("order = arguments[0]; popup.postMessage(packed(), '*');", order(tbs="the page's own"))
        self.question("Sign for %s?", SITE)
        self.see("the page's own")
        self.answer("_Refuse")
        self.assertEqual(code_of(json.loads(self.result())), CANCELLED)

    def test_good_page_meanwhile(self):
        """The evil page's questions and orders do not keep the good one from its signature."""
        self.serve()
        self.allow_local_network(EVIL)
        self.visit(EVIL)
        self.browser.execute_script("""
            window.count = 0;
            (async function () {
                while (true) {
                    await fetch(SERVICE + "/sign", { method: "POST", body: "tbsPackage={}" }).catch(() => 0);
                    count++;
                }
            })();""")
        self.wait(lambda: self.browser.execute_script("return count") > 100, "flood")
        self.assertEqual(self.sign().code, DONE)
        before = self.browser.execute_script("return count")
        self.wait(lambda: self.browser.execute_script("return count") > before, "flood that goes on")


if __name__ == "__main__":
    main()
