"""Who is asked, when, and what follows: nothing is signed that a person has not said yes to."""
import concurrent.futures
import json
import os

from service import (BUSY, CANCELLED, DONE, FILE, LOGIN_FAILED, NO_PIN, PATIENCE, PIN, SERVICE, SITE, TEXT_TO_SIGN, UNTRUSTED,
                     WRONG, ServiceCase, call, code_of, connect, main, order, post_as_popup, post_order, without)

SECOND, THIRD = "https://second.example.gov.tw", "https://third.example.gov.tw"


class Trust(ServiceCase):
    def test_empty_file(self):
        """It once ended the service at the first yes."""
        self.serve(sites=())
        self.assertEqual(os.path.getsize(self.sites), 0)
        waiting = self.later(post_as_popup, {"func": "CheckEnvir"}, path="/pkcs11info")
        self.trust()
        self.assertEqual((waiting.result(PATIENCE).code, self.trusted()), (DONE, [SITE]))

    def test_file_is_the_users(self):
        """Comments stay, a yes adds a line, a line that is taken out is asked about again."""
        self.serve(sites=("# mine", f"{SECOND}  # the second"))
        os.chmod(self.sites, 0o640)
        waiting = self.later(post_as_popup, order())
        self.question("Trust %s?", SITE)
        self.assertEqual(self.trusted(), [SECOND])
        self.answer("_Trust This Site")
        self.consent()
        self.assertEqual(waiting.result(PATIENCE).code, DONE)
        with open(self.sites, encoding="utf-8") as file:
            self.assertEqual(file.read(), f"# mine\n{SECOND}  # the second\n{SITE}\n")
        self.assertEqual(os.stat(self.sites).st_mode & 0o777, 0o640)
        with open(self.sites, "w", encoding="utf-8") as file:
            file.write("# none\n")
        waiting = self.later(post_as_popup, order())
        self.trust(button="_Refuse")
        self.assertEqual(waiting.result(PATIENCE).code, UNTRUSTED)

    def test_trust_is_no_consent(self):
        self.serve(sites=())
        waiting = self.later(post_as_popup, order())
        self.trust()
        self.consent(button="_Refuse")
        self.assertEqual(waiting.result(PATIENCE).code, CANCELLED)
        self.assertEqual((self.trusted(), self.signatures()), ([SITE], 0))

    def test_add_domain_only_asks(self):
        self.serve(sites=())
        for site, button, trusted, words in ((SITE, "_Refuse", [], "may not use the card"),
                                             (SECOND, "_Trust This Site", [SECOND], "may use the card")):
            waiting = self.add_domain(f"{site}.")
            self.trust(site, button)
            answer = waiting.result(PATIENCE)
            self.assertEqual((answer.status, self.trusted()), (200, trusted))
            self.assertIn(words, answer.body.decode())
        self.assertIn("may use the card", self.add_domain(SECOND).result(PATIENCE).body.decode())
        self.assertEqual(self.trace(), [])

    def add_domain(self, site):
        return self.later(call, "GET", f"/addDomain?domain={site}", Accept_Language="en")

    def test_a_no_is_kept(self):
        """Whatever the page tries next; the person's own line counts all the same."""
        self.serve(sites=())
        waiting = self.add_domain(SITE)
        self.trust(button="_Refuse")
        self.assertIn(self.sites, waiting.result(PATIENCE).body.decode())
        self.assertIn("nobody said yes", self.add_domain(SITE).result(PATIENCE).body.decode())
        self.assertEqual(post_as_popup(order()).code, UNTRUSTED)
        self.assert_nothing_asked()
        with open(self.sites, "w", encoding="utf-8") as file:
            file.write(SITE)
        waiting = self.later(post_as_popup, order())
        self.consent()
        self.assertEqual(waiting.result(PATIENCE).code, DONE)

    def test_three_noes_pause_it(self):
        self.serve(sites=())
        for site in (SITE, SECOND, THIRD):
            waiting = self.later(post_as_popup, order(), site)
            self.trust(site, "_Refuse")
            self.assertEqual(waiting.result(PATIENCE).code, UNTRUSTED)
        self.assertEqual(post_as_popup(order(), "https://fourth.example.gov.tw").code, UNTRUSTED)
        self.assert_nothing_asked()

    def test_questions_that_are_taken_back_pause_it(self):
        """A page that goes elsewhere and comes again."""
        self.serve(sites=())
        for _ in range(3):
            with connect() as page:
                page.sendall(b"GET /addDomain?domain=www.example.gov.tw HTTP/1.1\r\nHost: localhost:61161\r\n\r\n")
                self.question("Trust %s?", SITE)
            self.wait(lambda: not self.has_question(), "end of the question")
        self.assertEqual(post_as_popup(order()).code, UNTRUSTED)
        self.assert_nothing_asked()

    def test_questions_of_trust_leave_room(self):
        """However many are opened, the trusted site's order is the next."""
        self.serve()
        first = self.add_domain(SECOND)
        self.question("Trust %s?", SECOND)
        self.assertIn("Another question is still open", self.add_domain(THIRD).result(PATIENCE).body.decode())
        self.assertEqual(post_as_popup(order(), THIRD).code, BUSY)
        waiting = self.later(post_order, order())
        self.answer("_Refuse")
        self.assertEqual(first.result(PATIENCE).status, 200)
        self.question("Sign for %s?", SITE)
        self.assertIn("Another question is still open", self.add_domain(THIRD).result(PATIENCE).body.decode())
        self.answer("_Sign")
        self.assertEqual(waiting.result(PATIENCE).code, DONE)

    def test_strangers_take_no_place_of_the_trusted(self):
        """While one of them is asked about, one trusted site is the next, one more waits, and others are told."""
        self.serve()
        stranger = self.add_domain(SECOND)
        self.question("Trust %s?", SECOND)
        waiting = [self.later(post_order, order(tbs=text)) for text in ("first", "second", "third")]
        refused = next(concurrent.futures.as_completed(waiting, PATIENCE))
        self.assertEqual(refused.result().code, BUSY)
        waiting.remove(refused)
        self.assertFalse(stranger.done() or any(one.done() for one in waiting))
        self.answer("_Refuse")
        for _ in waiting:
            self.consent(button="_Refuse")
        self.assertEqual([one.result(PATIENCE).code for one in waiting], [CANCELLED] * 2)

    def assert_unreadable(self, words):
        """By every way 76000009, and nobody is asked for a yes that could not be kept; standard error and --doctor say why."""
        page = self.add_domain(SECOND).result(PATIENCE)
        self.assertIn("cannot be read or written", page.body.decode())
        for site in (SITE, SECOND):
            self.assertEqual(post_as_popup(order(), site).code, FILE)
            self.assertEqual(post_order(order(), origin=site).code, FILE)
            self.assertEqual(call("GET", "/pkcs11info", Origin=site).code, FILE)
            image = call("GET", "/p11Image.bmp", Origin=site)
            self.assertEqual(code_of(json.loads(image.body[54:].split(b"\0")[0])), FILE)
        self.assertEqual(call("GET", "/pkcs11info", Origin="null").code, UNTRUSTED)
        self.assert_nothing_asked()
        self.assertEqual(self.stderr().count(words), 1)
        self.assertIn(words, self.run_program(SERVICE, "--doctor").out)

    def test_link_to_nowhere(self):
        """What it led to may come back: it is not replaced."""
        self.serve(sites=None)
        os.makedirs(os.path.dirname(self.sites), mode=0o700, exist_ok=True)
        os.symlink(self.path("gone"), self.sites)
        self.assert_unreadable("is a link to a file that is not there")
        self.assertEqual((os.readlink(self.sites), os.path.exists(self.sites)), (self.path("gone"), False))

    def test_pipe(self):
        self.serve(sites=None)
        os.makedirs(os.path.dirname(self.sites), mode=0o700, exist_ok=True)
        os.mkfifo(self.sites)
        self.assert_unreadable("is a pipe (FIFO), not a file")

    def test_utf_16(self):
        """Half of it would be lost at a yes."""
        self.serve(sites=())
        text = f"{SITE}\r\n".encode("utf-16")
        with open(self.sites, "wb") as file:
            file.write(text)
        self.assert_unreadable("line 1 holds a zero byte")
        with open(self.sites, "rb") as file:
            self.assertEqual(file.read(), text)

    def test_no_room_for_one_more(self):
        """Who is on the list stays there; nobody is asked in vain."""
        self.serve(sites=(SITE, "#" * (65536 - len(SITE) - 2)))
        self.assertEqual(post_as_popup(order(), SECOND).code, FILE)
        self.assertIn("cannot be read or written", self.add_domain(SECOND).result(PATIENCE).body.decode())
        self.assertEqual(call("GET", "/pkcs11info", Origin=SITE).code, DONE)
        self.assert_nothing_asked()
        self.assertEqual(os.path.getsize(self.sites), 65536)

    def test_two_orders_of_one_stranger(self):
        """The second waits for the same answer; a third is told."""
        self.serve(sites=())
        orders = [self.later(post_as_popup, {"func": "CheckEnvir"}, SITE, path="/pkcs11info") for _ in range(3)]
        self.question("Trust %s?", SITE)
        refused = next(concurrent.futures.as_completed(orders, PATIENCE))
        self.assertEqual(refused.result().code, BUSY)
        self.answer("_Trust This Site")
        self.assertEqual(sorted(one.result(PATIENCE).code for one in orders), sorted((DONE, DONE, BUSY)))

    def test_add_domain_refuses_what_cannot_be_trusted(self):
        self.serve(sites=())
        for domain in ("http://www.example.gov.tw", "http://localhost:8080", "", "a%20b", "https://a@b", "a%0Ab", "a%23b",
                       "0x7f000001", "127.1", "-a-.gov.tw", "a_b.gov.tw", "a.example&domain=b.example", "a.example&x=1",
                       "www.a.gov.tw%00.evil.com"):
            with self.subTest(domain):
                self.assertEqual(call("GET", f"/addDomain?domain={domain}").status, 400)
        self.assertEqual(call("GET", "/addDomain?Domain=www.a.gov.tw").status, 400)
        self.assertEqual(call("GET", "/addDomain?domain=a.example", Sec_Fetch_Dest="image").status, 403)
        self.assert_nothing_asked()


class Consent(ServiceCase):
    def setUp(self):
        super().setUp()
        self.serve(sites=(SITE, SECOND, THIRD))

    def test_all_is_shown(self):
        waiting = self.later(post_order, order())
        self.question("Sign for %s?", SITE)
        self.see(SITE, "Virtual PCD 00 00", "行政院 政府憑證管理中心 憑證測試中心", TEXT_TO_SIGN)
        self.assertEqual((self.verifies(), self.signatures()), (0, 0))
        self.answer("_Sign")
        self.assertEqual(waiting.result(PATIENCE).code, DONE)

    def test_one_signature_a_consent(self):
        for count in (1, 2):
            self.assertEqual(self.sign().code, DONE)
            self.assertEqual((self.verifies(), self.signatures()), (count, count))

    def test_one_more_waits_and_others_are_told(self):
        first = self.later(post_order, order())
        self.question("Sign for %s?", SITE)
        second = self.later(post_order, order(tbs="second"), origin=SECOND)
        third = self.later(post_order, order(tbs="third"), origin=THIRD)
        refused = next(concurrent.futures.as_completed((first, second, third), PATIENCE))
        self.assertEqual(refused.result().code, BUSY)
        site, waiting = (SECOND, second) if refused is third else (THIRD, third)
        self.assertFalse(first.done() or waiting.done())
        self.assertEqual(len(self.prompts()), 1)
        self.answer("_Sign")
        self.assertEqual(first.result(PATIENCE).code, DONE)
        self.consent(site, "_Refuse")
        self.assertEqual(waiting.result(PATIENCE).code, CANCELLED)
        self.assertEqual(self.signatures(), 1)

    def test_lists_are_answered_meanwhile(self):
        first = self.later(post_order, order())
        self.question("Sign for %s?", SITE)
        self.assertEqual(call("GET", "/pkcs11info", Origin=SECOND).code, DONE)
        self.answer("_Refuse")
        self.assertEqual(first.result(PATIENCE).code, CANCELLED)

    def test_page_that_goes_takes_its_question_along(self):
        body = ("tbsPackage=" + json.dumps(order())).encode()
        with connect() as page:
            page.sendall(f"POST /sign HTTP/1.1\r\nHost: localhost:61161\r\nOrigin: {SITE}\r\n"
                         f"Content-Length: {len(body)}\r\n\r\n".encode() + body)
            self.question("Sign for %s?", SITE)
        self.wait(lambda: not self.has_question(), "end of the question")
        self.assertEqual((self.verifies(), self.signatures()), (0, 0))

    def test_our_own_pin_field(self):
        waiting = self.later(post_order, without(order(), "pin"))
        self.consent(pin="999999")
        self.assertEqual(waiting.result(PATIENCE).code, (LOGIN_FAILED, WRONG))
        waiting = self.later(post_order, order(pin=""))
        self.consent(pin=PIN)
        self.assertEqual(waiting.result(PATIENCE).code, DONE)
        self.assertEqual(self.verifies(), 2)

    def test_killed_window_is_no_yes(self):
        waiting = self.later(post_order, order())
        self.question("Sign for %s?", SITE)
        os.kill(self.application.get_process_id(), 9)
        self.assertEqual(waiting.result(PATIENCE).code, CANCELLED)
        self.assertEqual((self.verifies(), self.signatures()), (0, 0))

    def test_consent_does_not_outlive_trust(self):
        waiting = self.later(post_order, order())
        self.question("Sign for %s?", SITE)
        os.unlink(self.sites)
        self.answer("_Sign")
        self.assertEqual(waiting.result(PATIENCE).code, UNTRUSTED)
        self.assertEqual((self.verifies(), self.signatures()), (0, 0))

    def test_ends_with_the_service(self):
        waiting = self.later(post_order, order())
        self.question("Sign for %s?", SITE)
        self.end_service()
        self.assertEqual(waiting.result(PATIENCE).status, 503)
        self.assertEqual((self.verifies(), self.signatures()), (0, 0))


class Nobody(ServiceCase):
    """No window can be shown: so nothing is signed."""

    def test_no_display(self):
        self.serve(DISPLAY="", WAYLAND_DISPLAY="")
        self.assertEqual(post_order(order()).code, CANCELLED)
        self.assertEqual(post_order(without(order(), "pin")).code, NO_PIN)
        self.assertEqual(post_as_popup(order(), SECOND).code, UNTRUSTED)
        self.assertEqual((self.verifies(), self.signatures(), self.trusted()), (0, 0, [SITE]))

    def test_no_switch_says_yes(self):
        for switch in ("--yes", "--batch", "--no-prompt", "--assume-yes", "--trust", "--pin=1"):
            with self.subTest(switch):
                result = self.run_program(SERVICE, switch)
                self.assertEqual(result.status, 2)

    def test_no_pages_word_says_yes(self):
        """What the page writes into its order is not heard."""
        self.serve()
        waiting = self.later(post_order, order(answer="yes", consent=True, silent="true"))
        self.consent(button="_Refuse")
        self.assertEqual(waiting.result(PATIENCE).code, CANCELLED)


if __name__ == "__main__":
    main()
