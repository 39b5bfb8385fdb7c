"""No PIN stays in the service's memory; while a question is open, a page's PIN is in the secure heap alone. The card's PIN is one
that stands nowhere else. Of the program that asks, nothing stays either."""
import base64
import contextlib
import json
import os
import re
import signal
import subprocess
import urllib.parse

from browser import BrowserCase
from harness import BUILD
from service import (ALONG, BAD_JSON, CANCELLED, DONE, LOGIN_FAILED, PATIENCE, PROMPT, SITE, UNTRUSTED, WRONG, ServiceCase, call,
                     code_of, connect, main, order, post_as_popup, post_order, without)

CARD_PIN = "97531864"
OTHER_PIN = "86429753"
TEXT = "one that stands nowhere else, 測試"
SHADOW = 1 << 30  # bytes; larger ones are the bookkeeping of AddressSanitizer, which has no data


class MemoryCase(ServiceCase):
    def setUp(self):
        super().setUp()
        # AddressSanitizer's own heap is told to do as the C library does
        self.serve(ASAN_OPTIONS=os.environ.get("ASAN_OPTIONS", "") + f":max_free_fill_size={1 << 30}")

    def mappings(self, number):
        """(start, end, is of the secure heap) of what that process can write: that heap is left out of core files."""
        with open(f"/proc/{number}/smaps", encoding="utf-8", errors="replace") as file:
            text = file.read()
        for one in re.finditer(r"^([0-9a-f]+)-([0-9a-f]+) (\S+) .*\n(?:(?![0-9a-f]+-).*\n)*?VmFlags: (.*)$", text, re.MULTILINE):
            start, end = int(one.group(1), 16), int(one.group(2), 16)
            if one.group(3).startswith("rw") and end - start < SHADOW:
                yield start, end, "dd" in one.group(4).split()

    def places(self, pin=CARD_PIN, number=None):
        """How often the PIN is found in the service, or in that process: in the secure heap, and elsewhere."""
        number = number or self.service.pid
        found = {True: 0, False: 0}
        with open(f"/proc/{number}/mem", "rb", 0) as memory:
            for start, end, is_secure in self.mappings(number):
                memory.seek(start)
                with contextlib.suppress(OSError):  # given back meanwhile
                    found[is_secure] += memory.read(end - start).count(pin.encode())
        return found[True], found[False]

    def assert_forgotten(self, *pins):
        for pin in pins or (CARD_PIN, OTHER_PIN):
            self.assertEqual(self.places(pin), (0, 0))

    def assert_secure_only(self, pin=CARD_PIN):
        secure, elsewhere = self.places(pin)
        self.assertEqual(elsewhere, 0)
        self.assertGreater(secure, 0, "the order waits: its PIN must be somewhere, or this test cannot see it")


class Memory(MemoryCase):
    def sign_and_look(self, post, members):
        """Gives the code; the PIN has been looked for while the question was open."""
        waiting = self.later(post, members)
        self.question("Sign for %s?", SITE)
        self.assert_secure_only(members["pin"])
        self.answer("_Sign")
        return waiting.result(PATIENCE).code

    def test_signature(self):
        self.assertEqual(self.sign_and_look(post_order, order(pin=CARD_PIN)), DONE)
        self.assert_forgotten()

    def test_by_popup(self):
        self.assertEqual(self.sign_and_look(post_as_popup, order(pin=CARD_PIN)), DONE)
        self.assert_forgotten()

    def test_large_order(self):
        """Which comes in many pieces."""
        self.assertEqual(self.sign_and_look(post_order, {"pin": CARD_PIN, **order(tbs="測試" * 50000, pin=CARD_PIN)}), DONE)
        self.assert_forgotten()

    def test_wrong_pin(self):
        self.assertEqual(self.sign_and_look(post_order, order(pin=OTHER_PIN)), (LOGIN_FAILED, WRONG))
        self.assert_forgotten()
        self.assertEqual(self.sign(order(pin=CARD_PIN)).code, DONE)

    def test_refusal(self):
        waiting = self.later(post_order, order(pin=CARD_PIN))
        self.consent(button="_Refuse")
        self.assertEqual(waiting.result(PATIENCE).code, CANCELLED)
        self.assert_forgotten()

    def test_one_that_waits(self):
        first = self.later(post_order, order(pin=CARD_PIN))
        self.question("Sign for %s?", SITE)
        with connect() as caller:
            body = ("tbsPackage=" + json.dumps(order(pin=OTHER_PIN))).encode()
            caller.sendall(f"POST /sign HTTP/1.1\r\nHost: localhost:61161\r\nOrigin: {SITE}\r\n"
                           f"Content-Length: {len(body)}\r\n\r\n".encode() + body)
            self.wait(lambda: self.places(OTHER_PIN)[0] > 0, "the second order")
            self.assert_secure_only(OTHER_PIN)
        self.wait(lambda: self.places(OTHER_PIN) == (0, 0), "end of the second order")
        self.answer("_Sign")
        self.assertEqual(first.result(PATIENCE).code, DONE)
        self.assert_forgotten()

    def test_text(self):
        """What was signed, or not, does not lie about in what has been freed."""
        for button, code in (("_Sign", DONE), ("_Refuse", CANCELLED)):
            for text, encoding in ((TEXT * 40, "NONE"), (base64.b64encode((TEXT * 40).encode()).decode(), "base64")):
                with self.subTest(code=code, encoding=encoding):
                    waiting = self.later(post_order, order(tbs=text, tbsEncoding=encoding, pin=CARD_PIN))
                    self.question("Sign for %s?", SITE)
                    self.assertNotEqual(self.places(TEXT), (0, 0))
                    self.answer(button)
                    self.assertEqual(waiting.result(PATIENCE).code, code)
                    self.wait(lambda: self.places(TEXT) == (0, 0), "end of the text")

    def test_our_own_pin_field(self):
        waiting = self.later(post_order, without(order(), "pin"))
        self.consent(pin=CARD_PIN)
        self.assertEqual(waiting.result(PATIENCE).code, DONE)
        self.assert_forgotten()


class Refused(MemoryCase):
    """Orders that are not even read, with a PIN in them."""

    def body(self, **members):
        return "tbsPackage=" + json.dumps(order(pin=CARD_PIN, **members))

    def assert_gone(self):
        """Of an answer that did not wait for the body: the library's memory goes with the connection, just behind it."""
        self.wait(lambda: self.places() == (0, 0), "end of the PIN")

    def test_strangers(self):
        self.assertEqual(post_order(order(pin=CARD_PIN), origin="https://evil.example.com").code, UNTRUSTED)
        self.assertEqual(call("POST", "/sign", self.body()).code, UNTRUSTED)
        self.assertEqual(post_as_popup(order(pin=CARD_PIN), word="no-such-token").code, UNTRUSTED)
        self.assert_gone()

    def test_places(self):
        for path, host, status in (("/sign", "evil.example.com", 403), ("/none", "localhost:61161", 404),
                                   ("/popupForm", "localhost:61161", 405), ("/pkcs11info", "localhost:61161", 200),
                                   ("/decrypt", "localhost:61161", 200)):
            with self.subTest(path=path, host=host):
                self.assertEqual(call("POST", path, self.body(), host=host, Origin=SITE).status, status)
                self.assert_gone()

    def test_bad_json(self):
        for body in (self.body()[:-1], self.body() + "}", "tbsPackage=" + urllib.parse.quote(self.body())[20:]):
            answer = call("POST", "/sign", body, Origin=SITE)
            self.assertEqual((answer.status, answer.code), (200, BAD_JSON))
            self.assert_forgotten()

    def test_too_much(self):
        """Refused by its headers, yet its first bytes are here already."""
        for header in ("Content-Length: 1073741824", "Transfer-Encoding: chunked", "Content-Length: a"):
            with self.subTest(header), connect() as caller:
                caller.sendall(f"POST /sign HTTP/1.1\r\nHost: localhost:61161\r\nOrigin: {SITE}\r\n{header}\r\n\r\n".encode() +
                               self.body().encode() * 10)
                self.wait(lambda: not caller.recv(65536), "end")
                self.assert_gone()

    def test_broken_off(self):
        """What has come of a body is kept for ten seconds at most: the library need not see its caller go."""
        for end in (len(self.body()) - 20, len(self.body()) // 2, len(self.body()) - 1):
            with connect() as caller:
                caller.sendall(f"POST /sign HTTP/1.1\r\nHost: localhost:61161\r\nOrigin: {SITE}\r\n"
                               f"Content-Length: {len(self.body())}\r\n\r\n".encode() + self.body().encode()[:end])
        self.assertEqual(call("GET", "/waiting.gif").status, 200)
        self.assert_gone()


class Prompt(MemoryCase):
    """The program that asks, at the socket where it waits for the next question."""

    def setUp(self):
        super().setUp()
        path = os.path.join(os.environ["XDG_RUNTIME_DIR"], "gca-toolkit/localsign-prompt")
        os.makedirs(os.path.dirname(path), exist_ok=True)
        settings = [f"--setenv={name}={value}" for name, value in self.env.items()]
        with open(self.stderr_path, "ab") as stderr:
            program = os.path.join(BUILD, "gui/localsign-prompt", PROMPT)
            self.prompt = subprocess.Popen([*ALONG, "systemd-socket-activate", "-l", path, *settings, program], env=self.env,
                                           stderr=stderr, start_new_session=True)
        self.addCleanup(self.end_prompt, path)
        self.wait(lambda: self.has_said("Listening on " + path), "socket")

    def end_prompt(self, path):
        os.killpg(self.prompt.pid, signal.SIGTERM)
        self.prompt.wait(PATIENCE)
        os.unlink(path)

    def test_forgets_the_question(self):
        for button, code in (("_Sign", DONE), ("_Refuse", CANCELLED)):
            with self.subTest(code=code):
                waiting = self.later(post_order, without(order(tbs=TEXT), "pin"))
                self.question("Sign for %s?", SITE)
                self.pin_field().queryEditableText().setTextContents(CARD_PIN)
                self.assertGreater(self.places(TEXT, self.application.get_process_id())[1], 0)
                self.answer(button)
                self.assertEqual(waiting.result(PATIENCE).code, code)
                self.assertEqual(self.prompts(), [self.prompt.pid])
                for word in (TEXT, CARD_PIN):
                    self.assertEqual(self.places(word, self.prompt.pid), (0, 0))


class Page(BrowserCase, MemoryCase):
    """As Chromium sends it."""

    def test_popup(self):
        self.visit()
        self.press("popup", order(pin=CARD_PIN), "uri")
        self.question("Sign for %s?", SITE)
        self.assert_secure_only()
        self.answer("_Sign")
        self.assertEqual(code_of(json.loads(self.result())), DONE)
        self.assert_forgotten()

    def test_fetch(self):
        self.allow_local_network()
        self.visit()
        self.press("fetch", order(pin=CARD_PIN))
        self.question("Sign for %s?", SITE)
        self.assert_secure_only()
        self.answer("_Sign")
        self.assertEqual(code_of(json.loads(self.result())), DONE)
        self.assert_forgotten()


if __name__ == "__main__":
    main()
