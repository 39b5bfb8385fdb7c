"""What stands around the pages: the way out, the steps at the side, the list of recent work, what is known of a CA
before work starts; and the small dialogs."""
import os
import shutil

from application_case import AGENCY, HOSTS, NAMES, ApplicationCase
from gui_case import BUTTON, LABEL, LIST_ITEM, PIN, has, main, pyatspi
from prereg_case import ACCOUNT, CARD, REVIEW, PreregCase

PREREG = "_Pre-register an ACME Account with a GCA Card"
LETTER = "_Make a Key and a Certificate Request (Official Letter)"
QUESTION = "Leave before it is finished?"
DIRECTORY = "https://gtlscaweb.nat.gov.tw/ACMEWeb/directory"
URI = "https://gtlscaweb.nat.gov.tw/ACMEWeb/acct/2a9c8f"
WITH_PORT = "https://gtlscaweb.nat.gov.tw:443/ACMEWeb/acct/2a9c8f"
FULL_WIDTH = PIN.translate({ord("0") + i: ord("０") + i for i in range(10)})
ICON = pyatspi.ROLE_ICON
ENOUGH = 11  # pieces of recent work: more than are shown at first
SHOWN = 8


class WayOut(ApplicationCase):
    def test_cancel_asks_where_something_was_entered(self):
        self.open("--letter")
        self.page(AGENCY)
        self.give_agency()
        self.next(HOSTS)
        self.enter("Host names", NAMES[0])
        self.click("_Cancel")
        self.see(QUESTION)
        self.shot("question")
        self.click("_Go On")
        self.page(HOSTS)
        self.assertEqual(self.value("Host names"), NAMES[0])
        self.click("_Cancel")
        self.click("_Leave")
        self.find(PREREG, BUTTON)

    def test_cancel_asks_nothing_on_the_first_page(self):
        self.open("--letter")
        self.page(AGENCY)
        self.click("_Cancel")
        self.find(LETTER, BUTTON)

    def test_the_keys_of_the_start_page(self):
        folder = self.make_request()
        self.open()
        self.see(NAMES[0])
        self.keys("alt+r")
        self.wait(lambda: self.focused().getRole() == LIST_ITEM, "focus on recent work")
        self.keys("alt+m")
        self.page(AGENCY)
        self.assertTrue(os.path.isdir(folder))
        self.click("_Cancel")
        self.find(PREREG, BUTTON)
        self.keys("alt+p")
        self.page(CARD)

    def focused(self):
        return [node for node in self.nodes() if has(node, pyatspi.STATE_FOCUSED)][0]  # none: LookupError

    def test_all_of_the_recent_work(self):
        folder = self.make_request()
        for i in range(1, ENOUGH):
            shutil.copytree(folder, f"{folder}-{i}")
        self.open()
        self.wait(lambda: len(self.rows()) == SHOWN, "first rows")
        self.activate()
        self.click("Show _All")
        self.wait(lambda: len(self.rows()) == ENOUGH, "all rows")
        self.wait(lambda: self.focused() == self.rows()[SHOWN], "focus on the first that is new")
        self.shot("recent")

    def rows(self):
        return [node for node in self.nodes() if node.getRole() == LIST_ITEM]

    def test_the_trust_in_the_ca_is_told_first(self):
        self.open("--letter")
        self.page(AGENCY)
        self.wait(lambda: self.look_for("Chrome", LABEL), "what is known of the CA")

    def test_the_steps_have_their_states_as_names(self):
        self.open("--letter")
        self.page(AGENCY)
        self.give_agency()
        self.next(HOSTS)
        names = [node.name for node in self.nodes() if node.getRole() == ICON]
        for state in ("done", "now", "to come"):
            self.assertIn(self.say(state), names)
        self.assertNotIn("Forward", names)


class Accounts(PreregCase):
    def to_account(self, *card):
        self.begin(card=card)
        self.next(ACCOUNT)

    def rows(self):
        return [node for node in self.nodes() if node.getRole() == LIST_ITEM]

    def add(self, uri):
        self.enter("Or the account's _URI, as the CA has sent it:", uri)
        self.click("_Add to the List")

    def test_two_spellings_are_one_account_which_can_be_removed(self):
        self.to_account()
        self.give_account(WITH_PORT)
        self.wait(lambda: self.look_for("Chrome", LABEL), "what is known of the CA")
        self.add(URI)
        self.wait(lambda: self.value("Or the account's _URI, as the CA has sent it:") == "", "account")
        self.assertEqual(len(self.rows()), 1)
        self.shot("account")
        self.click("Re_move")
        self.see("No ACME account was found on this computer.")
        self.off("_Next")
        self.assertEqual(self.rows(), [])

    def test_the_directory_is_no_account(self):
        self.to_account()
        self.add(DIRECTORY)
        self.assertIn(self.say("Give the account's own URI"), self.alert())
        self.assertEqual(self.rows(), [])
        self.shot("directory")


class Card(PreregCase):
    def test_a_pin_of_other_than_digits_cannot_be_sent(self):
        self.to_review()
        self.click("_Sign…")
        for wrong in (FULL_WIDTH, "12345a"):
            self.pin_field().queryEditableText().setTextContents(wrong)
            self.see("The PIN has only the digits 0 to 9")
            self.off("_OK")
        self.shot("pin")
        self.pin_field().queryEditableText().setTextContents(PIN)
        self.see_not("The PIN has only the digits 0 to 9: no letters, and no full-width digits.")
        self.on("_OK")
        self.click("_Cancel")
        self.page(REVIEW)
        self.assertEqual(self.pins_sent(), 0)

    def test_a_card_without_certificates_has_a_remedy(self):
        for card in (("--order", ""), ("--broken-der", "cdf-empty")):
            with self.subTest(card=card):
                self.open("--prereg", card=card)
                self.see("The card holds no certificate of its holder.", "Insert the GCA card of your agency; if this")

    def test_a_card_with_a_damaged_certificate_has_a_remedy(self):
        self.open("--prereg", card=("--broken-der", "cert-garbage"))
        self.see("Clean the chip and insert the card again")
        self.shot("garbage")


class ChineseWayOut(WayOut):
    language = "zh_TW"


if __name__ == "__main__":
    main()
