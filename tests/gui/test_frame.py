"""What stands around the pages: the way out, the steps at the side, the list of recent work, what is known of a CA
before work starts; and the small dialogs."""
import os
import shutil
import subprocess

from application_case import AGENCY, HOSTS, NAMES, PAPERS, ApplicationCase
from gui_case import BUTTON, LABEL, LIST_ITEM, PATIENCE, PIN, has, main, pyatspi
from prereg_case import ACCOUNT, CARD, DOMAINS, DONE, REVIEW, SUBJECT, PreregCase

PREREG = "_Pre-register an ACME Account with a GCA Card"
LETTER = "_Make a Key and a Certificate Request (Official Letter)"
NAME, PATH = "tw.gca_toolkit.Wizard", "/tw/gca_toolkit/Wizard"
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

    def test_closing_asks_nothing_where_nothing_was_entered(self):
        self.open("--letter")
        self.page(AGENCY)
        self.keys("ctrl+q")
        self.assert_ended()

    def test_closing_asks_on_the_first_page_too(self):
        self.open("--letter")
        self.page(AGENCY)
        self.give_agency()
        self.keys("ctrl+q")
        self.see(QUESTION)
        self.click("_Go On")
        self.next(HOSTS)
        self.enter("Host names", NAMES[0])
        self.back(AGENCY)
        self.keys("ctrl+q")
        self.click("_Leave")
        self.assert_ended()

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


def call(path, method, *arguments):
    """Of the program, as a desktop does it."""
    subprocess.run(["gdbus", "call", "--session", "--dest", NAME, "--object-path", path, "--method", method, *arguments],
                   check=True, capture_output=True, timeout=PATIENCE)


class Opened(ApplicationCase):
    def open_in_window(self, path):
        files = "[<[b'" + path + "']>]"
        call(PATH + "/window/1", "org.gtk.Actions.Activate", "open", files, "{}")

    def test_a_file_that_is_of_no_use_leaves_the_page(self):
        with open(self.path("photo.jpg"), "wb") as photo:
            photo.write(b"\xff\xd8\xff\xe0")
        self.open()
        self.click(LETTER)
        self.to_request_page()
        self.next(PAPERS)
        self.open_in_window(self.path("photo.jpg"))
        self.assertIn("photo.jpg", self.alert())
        self.page(PAPERS)
        self.shot("photo")

    def test_a_file_that_can_be_shown_is_asked_about(self):
        folder = self.make_request()
        file = shutil.copy(self.authority.issue(folder, *NAMES), self.work)
        self.open()
        self.click(LETTER)
        self.page(AGENCY)
        self.give_agency()
        self.open_in_window(file)
        self.see(QUESTION)
        self.click("_Leave")
        self.see("What was checked")


class TwoWindows(PreregCase):
    def setUp(self):
        super().setUp()
        self.program = None

    def open_two(self):
        """Both on the card's page."""
        self.open(card=())
        self.program = self.application
        self.begin_in(self.frames()[0])
        call(PATH, "org.freedesktop.Application.Activate", "{}")
        first, second = self.wait(lambda: self.frames() if len(self.frames()) == 2 else None, "second window")
        if self.look_for(self.say("The card has been read."), root=second):
            first, second = second, first
        self.begin_in(second)
        return first, second

    def frames(self):
        return [node for node in self.program if node.getRole() == pyatspi.ROLE_FRAME]

    def begin_in(self, window):
        self.application = window
        self.click(PREREG)
        self.page(CARD)
        self.see("The card has been read.")

    def test_both_use_the_card_in_turn(self):
        first, _ = self.open_two()
        self.next(ACCOUNT)
        self.give_account()
        self.next(DOMAINS)
        self.give_domains()
        self.next(SUBJECT)
        self.give_contact()
        self.next(REVIEW)
        self.click("_Sign…")
        second, self.application = self.application, self.program
        self.pin_field()
        self.application = first
        self.click("_Next")
        self.see("This program is using the card already, perhaps in another window. Waiting for it …")
        self.shot("waiting")
        self.click("Sto_p")
        self.page(CARD)
        self.click("_Next")
        self.application = self.program
        self.give_pin()
        self.application = second
        self.page(DONE)
        self.application = first
        self.page(ACCOUNT)
        self.application = self.program
        self.assertEqual((self.pins_sent(), self.signatures()), (1, 1))


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
