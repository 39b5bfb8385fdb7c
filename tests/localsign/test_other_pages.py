"""Pages in two other styles of public sites, with all that a clerk does there: one that looks at the reader through the image and
signs through the popup, one that uses fetch alone."""
import base64
import json
import os
import signal

from browser import BrowserCase
from service import PIN, SITE, main

FORM = "申請人：測試署\n金額：1+1 & 100%\n狀態：\"A\" %41"
QUERY = "a=%41&back=%2F%3Fb%3D1%2B1"


class Other(BrowserCase):
    page = button = ""

    def setUp(self):
        super().setUp()
        self.serve()
        self.allow_local_network()
        self.visit(page=self.page)

    def fill(self, name, text):
        self.browser.execute_script("document.getElementById(arguments[0]).value = arguments[1]", name, text)

    def click_button(self, name):
        self.browser.find_element("id", name).click()

    def value(self, name):
        return self.browser.execute_script("return document.getElementById(arguments[0]).value", name)

    def sign_form(self, text, pin=PIN, button="_Sign"):
        """What the page says in the end."""
        self.fill("content", text)
        self.fill("pin", pin)
        self.click_button(self.button)
        self.consent(button=button)
        return self.result()


class Permit(Other):
    page = "/permit.html"
    button = "sign"

    def state(self, words):
        self.wait(lambda: self.text("state") == words, f"state “{words}”")

    def test_card_comes_and_goes(self):
        card = int(os.environ["GCA_TEST_CARD_PID"])
        self.state("已插入IC卡")
        os.kill(card, signal.SIGUSR1)
        self.state("請插入IC卡")
        self.assertEqual(self.value("reader"), "")
        os.kill(card, signal.SIGUSR2)
        self.state("已插入IC卡")
        self.assertEqual(self.value("reader"), "Virtual PCD 00 00")

    def test_signs(self):
        self.state("已插入IC卡")
        self.assertRegex(self.sign_form(FORM), r"\A簽章完成 \w{16}\Z")
        self.assertEqual(self.verify(base64.b64decode(self.value("signature"))).decode(), FORM)
        self.assertIn("已插入IC卡", self.text("state"))

    def test_errors(self):
        self.state("已插入IC卡")
        self.assertEqual(self.sign_form(FORM, button="_Refuse"), "簽章失敗 0x76000999")
        self.assertEqual(self.sign_form(FORM, pin="999999"), "簽章失敗 0x76100006/160")
        self.assertEqual(self.value("signature"), "")
        self.assertRegex(self.sign_form(FORM), "簽章完成")

    def test_service_that_comes_late(self):
        """The page says that it is not there, and sees it when it is."""
        self.end_service()
        self.state("未安裝元件")
        self.serve(sites=())
        self.state("0x76000031")
        self.fill("content", FORM)
        self.fill("pin", PIN)
        self.click_button("sign")
        self.trust()
        self.consent()
        self.assertRegex(self.result(), "簽章完成")
        self.state("已插入IC卡")


class Portal(Other):
    page = "/portal.html"
    button = "login"

    def test_signs(self):
        answer = json.loads(self.sign_form(QUERY))
        self.assertRegex(answer["tbs"], r"&nonce=\d+-\d+\Z")
        self.assertTrue(answer["tbs"].startswith(QUERY))
        certificate = self.write("certificate", base64.b64decode(answer["certb64"]))
        key = self.openssl("x509", "-inform", "DER", "-in", certificate, "-noout", "-pubkey")
        self.openssl("dgst", "-sha384", "-verify", self.write("key", key), "-signature",
                     self.write("bare", base64.b64decode(answer["signature"])), self.write("content", answer["tbs"]))

    def test_what_it_shows(self):
        """The text as the page has it, and nothing of it decoded a second time."""
        self.fill("content", QUERY)
        self.click_button("login")
        self.question("Sign for %s?", SITE)
        self.see("a=%41&")
        self.pin_field()
        self.answer("_Refuse")
        self.assertEqual(self.result(), "登入失敗：使用者已取消動作")

    def test_errors(self):
        self.assertEqual(self.sign_form(QUERY, pin="999999"), "登入失敗：IC卡登入失敗：PIN碼錯誤")
        self.end_service()
        self.click_button("login")
        self.assertEqual(self.wait(lambda: "TypeError" in self.result() and self.result(), "error"), "TypeError：Failed to fetch")
        self.serve(sites=())
        self.click_button("login")
        self.wait(lambda: self.result() == "登入失敗：非信任網站", "refusal")
        self.assert_nothing_asked()
        self.assertEqual(self.signatures(), 0)


if __name__ == "__main__":
    main()
