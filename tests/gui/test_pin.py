"""The PIN: asked for once a click, sent once or not at all, and read by nobody. A PIN pad needs a reader that has one:
what it is told is tested with the scripted module in tests/unit."""
import os

from gui_case import BUTTON, CHECK, PASSWORD, PIN, main, text_of
from prereg_case import DONE, REVIEW, PreregCase

WRONG = "739146"
READER = "Virtual PCD 00 00"
LAST_TRY = "_Use the last try: a wrong PIN blocks the card"


class Pin(PreregCase):
    def refuse(self, *card, pin=PIN):
        """Signs with a card that does not let it; what the window says."""
        self.to_review(card=card)
        self.sign_in_window(pin=pin)
        return self.alert()

    def assert_unsigned(self, pins):
        self.page(REVIEW)
        self.assertEqual((self.pins_sent(), self.signatures(), self.messages()), (pins, 0, []))

    def test_a_wrong_pin_costs_one_try_a_click(self):
        self.assertIn(self.say("The PIN is wrong."), self.refuse(pin=WRONG))
        self.assert_unsigned(1)
        self.shot("wrong")
        self.sign_in_window(pin=WRONG)
        self.wait(lambda: self.pins_sent() == 2, "second try")
        self.find(LAST_TRY, CHECK)
        self.assert_unsigned(2)
        self.shot("last-try")

    def test_the_right_pin_after_a_wrong_one(self):
        self.refuse(pin=WRONG)
        self.click("_Sign…")
        self.see("The PIN that was entered last was wrong.")
        self.shot("refused-before")
        self.keys("Escape")
        self.click("_Sign…")
        self.see("The PIN that was entered last was wrong.")
        self.give_pin()
        self.page(DONE)
        self.assertEqual((self.pins_sent(), self.signatures()), (2, 1))
        self.content()

    def test_the_last_try_is_sent_only_if_it_is_allowed(self):
        self.to_review(card=("--tries", "1"))
        self.click("_Sign…")
        self.find(LAST_TRY, CHECK)
        self.assertIn(self.say("Only one try of the PIN is left; nothing was sent to the card."), self.alert())
        self.assert_unsigned(0)
        self.click(LAST_TRY, CHECK)
        self.sign_in_window()
        self.page(DONE)
        self.assertEqual(self.pins_sent(), 1)
        self.content()

    def test_a_wrong_last_try_blocks_and_is_not_offered_again(self):
        self.to_review(card=("--tries", "1"))
        self.click("_Sign…")
        self.click(LAST_TRY, CHECK)
        self.click("_Sign…")
        self.pin_field()
        self.shot("last-try-dialog")
        self.give_pin(WRONG)
        self.see("The PIN is blocked")
        self.see_not(LAST_TRY)
        self.assert_unsigned(1)
        self.shot("blocked")

    def test_a_blocked_card(self):
        self.to_review(card=("--tries", "0"))
        self.click("_Sign…")
        self.assertIn("gca.nat.gov.tw", self.alert())
        self.assert_unsigned(0)

    def test_cancelled(self):
        self.to_review()
        self.click("_Sign…")
        self.pin_field()
        self.click("_Cancel")
        self.find("_Sign…", BUTTON)
        self.assert_unsigned(0)
        self.sign_in_window()
        self.page(DONE)
        self.assertEqual(self.pins_sent(), 1)

    def test_escape_cancels(self):
        self.to_review()
        self.click("_Sign…")
        self.pin_field()
        self.keys("Escape")
        self.find("_Sign…", BUTTON)
        self.assert_unsigned(0)

    def test_the_card_is_pulled_while_the_pin_is_asked_for(self):
        """The question goes, with what has been typed, without anything being done in the window."""
        self.to_review()
        self.click("_Sign…")
        self.pin_field().queryEditableText().setTextContents(PIN)
        self.on("_OK")
        self.pull_card()
        said = self.alert()
        self.assertIn(self.say("The card was removed from the reader “%s”.", READER), said)
        self.assertIn(self.say("Insert the card again and leave it in until the work is done."), said)
        self.assertEqual([], [node for node in self.nodes() if node.getRole() == PASSWORD])
        self.assert_unsigned(0)
        self.shot("pulled")
        self.insert_card()
        self.wait(lambda: self.trace()[-1] == "power-on", "card to be in")
        self.sign_until_it_works()

    def sign_until_it_works(self):
        """The module's thread of its own may see the card a moment later than pcscd."""
        self.sign_in_window()
        self.page(DONE)
        self.assertEqual(self.pins_sent(), 1)
        self.content()

    def test_the_card_is_pulled_while_it_signs(self):
        self.to_review(card=("--leave-at", "sign"))
        self.sign_in_window()
        self.alert()
        self.assert_unsigned(1)
        self.see("_Sign…")

    def test_a_pin_that_cannot_be_one_is_not_sent(self):
        self.to_review()
        self.click("_Sign…")
        field = self.pin_field()
        field.queryEditableText().setTextContents("123")
        self.off("_OK")
        field.queryEditableText().setTextContents("12345a")
        self.off("_OK")
        self.click("_Cancel")
        self.assert_unsigned(0)

    def test_nobody_reads_the_pin(self):
        self.to_review()
        self.click("_Sign…")
        field = self.pin_field()
        field.queryEditableText().setTextContents(PIN)
        self.wait(lambda: len(text_of(field)) == len(PIN), "dots")
        self.assertNotRegex(text_of(field), "[0-9]")
        self.assertEqual(field.getRole(), PASSWORD)
        self.assertNotIn(PIN, self.screen())
        self.keys("ctrl+a", "ctrl+c")
        self.click("_OK")
        self.page(DONE)
        self.assertNotIn(PIN, self.screen())
        self.assertNotIn(PIN, self.stderr())
        self.assert_nowhere_in(self.folder)

    def assert_nowhere_in(self, folder):
        """Neither in what was saved nor in what is remembered."""
        for place, _, names in os.walk(folder):
            for name in names:
                with open(os.path.join(place, name), "rb") as file:
                    self.assertNotIn(PIN.encode(), file.read(), name)


class PinChinese(Pin):
    language = "zh_TW"


if __name__ == "__main__":
    main()
