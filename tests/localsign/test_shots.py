"""Pictures of all that a person sees, in both languages, in tests/localsign/shots of the build folder; and what stands there."""
import os

from browser import BrowserCase
from service import OWN, PATIENCE, SHOTS, SITE, main, order, post_order, without

LONG = "測試申請書\n申請單位：測試機關\n" + "聯絡人：測試員，電話 02-0000-0000\n" * 20


class English(BrowserCase):
    browser_language = "en"
    html_language = "en"
    heading = "The local signing service is running"

    def picture(self, name):
        os.makedirs(SHOTS, exist_ok=True)
        self.assertTrue(self.browser.save_screenshot(os.path.join(SHOTS, f"{type(self).__name__}-{self.language}-{name}.png")))

    def body(self):
        return self.browser.execute_script("return document.body.innerText")

    def test_self_test(self):
        self.serve()
        self.browser.get(f"{OWN}/selfTest.htm")
        self.assertIn(self.say(self.heading), self.body())
        self.assertEqual(self.browser.execute_script("return document.documentElement.lang"), self.html_language)
        self.browser.find_element("id", "look").click()
        self.assertIn("Virtual PCD 00 00", self.result("found"))
        self.picture("selftest")
        self.browser.find_element("id", "look").click()
        self.wait(lambda: "Virtual PCD 00 00" in self.text("found"), "second look")

    def test_add_domain(self):
        self.serve(sites=())
        waiting = self.later(self.browser.get, f"{OWN}/addDomain?domain=www.example.gov.tw")
        self.question("Trust %s?", SITE)
        self.find("_Trust This Site")
        self.shot("trust")
        self.answer("_Trust This Site")
        waiting.result(PATIENCE)
        self.assertIn(self.say("This site may use the card now. You are still asked before anything is signed."), self.body())
        self.picture("add-domain")

    def test_popup(self):
        self.serve()
        self.visit()
        self.press("popup", order(tbs=LONG))
        self.question("Sign for %s?", SITE)
        self.find("_Sign")
        self.shot("sign")
        self.switch_to_popup()
        self.assertIn(SITE, self.body())
        self.picture("popup")
        self.answer("_Refuse")
        self.switch_back()
        self.result()

    def test_pin(self):
        self.serve()
        waiting = self.later(post_order, without(order(tbs="AAECAwQF", tbsEncoding="base64"), "pin"))
        self.question("Sign for %s?", SITE)
        self.pin_field()
        self.shot("pin")
        self.answer("_Refuse")
        waiting.result(PATIENCE)

    def test_refusals(self):
        self.serve()
        for name, path in (("none", "/none"), ("impossible", "/addDomain?domain=http%3A%2F%2Fwww.example.gov.tw")):
            self.browser.get(OWN + path)
            self.assertTrue(self.body().strip())
            self.picture(name)
        self.browser.get(f"{OWN}/popupForm")
        self.assertTrue(self.body().strip())
        self.picture("popup-alone")


class Chinese(English):
    browser_language = "zh-TW"
    language = "zh_TW"
    html_language = "zh-Hant-TW"


if __name__ == "__main__":
    main()
