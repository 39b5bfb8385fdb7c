"""Pages of public web sites in Chromium: the three ways to call, the three styles of escaping, the browser's permission."""
import base64
import json

from browser import DEVELOPER, BrowserCase
from service import (CANCELLED, DONE, NOT_SUPPORTED, SITE, TEXT_TO_SIGN, UNTRUSTED, code_of, main, order, without)

STYLES = ("uri", "plus", "none")
LIST = {"func": "GetUserCert"}


class Page(BrowserCase):
    def answer_of(self, way, members, style="none"):
        self.press(way, members, style)
        return json.loads(self.result())

    def assert_signed(self, answer, text=TEXT_TO_SIGN):
        self.assertEqual(code_of(answer), DONE)
        self.assertEqual(self.verify(base64.b64decode(answer["signature"])).decode(), text)
        self.assertRegex(answer["cardSN"], r"\A\w{16}\Z")
        self.assertTrue(answer["certb64"])

    def requests(self):
        """What has reached the service, by its own account."""
        return [line for line in self.stderr().splitlines() if "request: " in line]


class Popup(Page):
    def test_trust_is_asked_once_and_kept(self):
        self.serve(sites=None)
        self.visit()
        self.press("popup", order())
        self.trust()
        self.consent()
        self.assert_signed(json.loads(self.result()))
        self.assertEqual(self.trusted(), [SITE])
        self.wait(lambda: not self.has_popup(), "end of the popup")
        self.press("popup", order())
        self.consent()
        self.assert_signed(json.loads(self.result()))
        self.end_service()
        self.serve(sites=None)
        self.press("popup", order())
        self.consent()
        self.assert_signed(json.loads(self.result()))

    def test_styles(self):
        self.serve()
        self.visit()
        for style in STYLES:
            with self.subTest(style):
                self.press("popup", order(), style)
                self.question("Sign for %s?", SITE)
                self.see(TEXT_TO_SIGN)
                self.answer("_Sign")
                self.assert_signed(json.loads(self.result()))

    def test_lists(self):
        self.serve()
        self.visit()
        answer = self.answer_of("popup", LIST)
        self.assertEqual((answer["func"], code_of(answer)), ("pkcs11info", DONE))
        self.assertTrue([slot for slot in answer["slots"] if "certs" in slot.get("token", {})])
        answer = self.answer_of("popup", {"func": "CheckEnvir"})
        self.assertEqual(code_of(answer), DONE)
        self.assertFalse([slot for slot in answer["slots"] if "certs" in slot.get("token", {})])
        answer = self.answer_of("popup", {"func": "DecryptData", "tbs": "AA=="})
        self.assertEqual((answer["func"], code_of(answer)), ("decrypt", NOT_SUPPORTED))
        self.assert_nothing_asked()

    def test_untrusted_site_may_not_list(self):
        self.serve(sites=())
        self.visit()
        self.press("popup", LIST)
        self.trust(button="_Refuse")
        answer = json.loads(self.result())
        self.assertEqual((code_of(answer), answer.keys()), (UNTRUSTED, {"func", "ret_code", "last_error"}))

    def test_our_own_pin_field(self):
        self.serve()
        self.visit()
        self.press("popup", without(order(), "pin"))
        self.consent(pin="123456")
        self.assert_signed(json.loads(self.result()))
        self.assertEqual(self.verifies(), 1)

    def test_refusal(self):
        self.serve()
        self.visit()
        self.press("popup", order())
        self.consent(button="_Refuse")
        self.assertEqual(code_of(json.loads(self.result())), CANCELLED)
        self.assertEqual((self.verifies(), self.signatures()), (0, 0))

    def test_closing_it_takes_the_question_away(self):
        self.serve()
        self.visit()
        self.press("popup", order())
        self.question("Sign for %s?", SITE)
        self.switch_to_popup()
        self.browser.close()
        self.switch_back()
        self.wait(lambda: not self.has_question(), "end of the question")
        self.assertEqual(self.signatures(), 0)

    def test_developer(self):
        """http is trusted on loopback alone, and when written in the file by hand: never by a question."""
        self.serve(sites=())
        self.visit(DEVELOPER)
        self.assertEqual(code_of(self.answer_of("popup", order())), UNTRUSTED)
        self.assert_nothing_asked()
        self.end_service()
        self.serve(sites=(f"{DEVELOPER}  # mine",))
        self.press("popup", order())
        self.consent(DEVELOPER)
        self.assert_signed(json.loads(self.result()))

    def test_needs_no_permission(self):
        self.serve()
        self.allow_local_network(setting="denied")
        self.visit()
        self.press("popup", order())
        self.consent()
        self.assert_signed(json.loads(self.result()))


class Direct(Page):
    """fetch and image, which need the browser's permission."""

    def test_fetch_styles(self):
        self.serve()
        self.allow_local_network()
        self.visit()
        for style in STYLES:
            with self.subTest(style):
                text = TEXT_TO_SIGN if style != "none" else TEXT_TO_SIGN + " %41"
                self.press("fetch", order(tbs=text), style)
                self.consent()
                self.assert_signed(json.loads(self.result()), text)

    def test_lists(self):
        self.serve()
        self.allow_local_network()
        self.visit()
        by_fetch, by_image = (self.answer_of(way, {"func": "CheckEnvir"}) for way in ("fetch", "image"))
        self.assertEqual(code_of(by_fetch), DONE)
        self.assertEqual(by_fetch, by_image)
        self.assertTrue([slot for slot in by_image["slots"] if "token" in slot])

    def test_untrusted_site(self):
        """It may read that it is not trusted, and nothing else; nobody is bothered."""
        self.serve(sites=())
        self.allow_local_network()
        self.visit()
        for way, members in (("fetch", order()), ("fetch", LIST), ("image", LIST)):
            with self.subTest(way):
                answer = self.answer_of(way, members)
                self.assertEqual((code_of(answer), answer.keys()), (UNTRUSTED, {"func", "ret_code", "last_error"}))
        self.assert_nothing_asked()
        self.assertEqual(self.trace(), [])

    def test_permission_denied(self):
        """Not one request is sent, so there is nothing that the service could answer."""
        self.serve("--verbose")
        self.allow_local_network(setting="denied")
        self.visit()
        for way, members in (("fetch", order()), ("fetch", LIST), ("image", LIST)):
            with self.subTest(way):
                self.press(way, members)
                self.assertRegex(self.result(), "^failed")
        self.assertEqual(self.requests(), [])
        self.allow_local_network()
        self.assertEqual(code_of(self.answer_of("fetch", LIST)), DONE)
        self.assertEqual(len(self.requests()), 1)


if __name__ == "__main__":
    main()
