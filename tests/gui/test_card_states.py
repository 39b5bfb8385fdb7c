"""The first page says what is in the readers, as it is and as it changes, and what to do about it."""
import os
import signal

from card_case import AGENCY, PKI
from gui_case import BUTTON, LIST_ITEM, main, walk, words_of
from harness import BUILD
from prereg_case import ACCOUNT, CARD, PreregCase

VCARD = os.path.join(BUILD, "tests/card/gca-vcard")
SECOND = ("--second", "--holder unit --number TP00000000000002")
NO_SERVICE = "The smart card service (pcscd) is not running."
READ = "The card has been read."


class CardStates(PreregCase):
    def look(self, *card):
        """The card's page with such a bench."""
        self.open("--prereg", card=card or None)
        self.page(CARD)

    def rows(self):
        return [node for node in self.nodes() if node.getRole() == LIST_ITEM]

    def assert_stuck(self, name, picture, *words):
        """It is said in picture and words, and there is no way on; the window lives."""
        self.see(*words)
        self.find(picture)
        self.off("_Next")
        self.on("_Cancel")
        self.shot(name)

    def test_no_service(self):
        self.look()
        self.assert_stuck("no-service", "Card service off", "pcscd", "systemctl start pcscd.socket")

    def test_the_service_is_started_while_the_page_is_open(self):
        self.look()
        self.see("pcscd")
        self.start_service()
        self.find("No card reader")

    def test_the_service_dies_and_comes_back(self):
        self.look("--generation", "2")
        self.see(READ)
        os.kill(self.pcscd_pid, signal.SIGKILL)
        self.assert_stuck("service-died", "Card service off", "systemctl start pcscd.socket")
        self.assertEqual(self.rows(), [])
        self.start_service()
        self.find("No card")
        self.start_in_bench(VCARD, "--pki", PKI, "--trace", self.trace_path)  # the first one went with the service
        self.see(READ)
        self.find("_Next", BUTTON)

    def test_no_reader(self):
        self.look("--no-reader")
        self.assert_stuck("no-reader", "No card reader", "Plug in the card reader")

    def test_no_card(self):
        self.look("--no-card")
        self.assert_stuck("no-card", "No card", "Insert the GCA card, chip first.")

    def test_the_card_is_pulled_and_put_back(self):
        self.look("--generation", "1")
        self.see(READ)
        self.pull_card()
        self.assert_stuck("pulled", "No card", "Insert the GCA card, chip first.")
        self.assertEqual(self.rows(), [])
        self.insert_card()
        self.see(READ, AGENCY)
        self.find("_Next", BUTTON)
        self.assertEqual(self.pin_questions(), 0)

    def test_a_card_of_another_kind_of_system(self):
        self.look("--no-hicos", "--no-piv")
        self.assert_stuck("unknown", "Card cannot be used", "is of another kind than the GCA card")

    def test_a_card_that_the_module_does_not_know(self):
        """It is told before anything is asked, with what helps."""
        self.look("--no-piv")
        self.see(READ)
        self.click("_Next")
        self.assertIn("~/.config/gca-toolkit/config.ini", self.alert())
        self.page(CARD)
        self.see(READ)
        self.shot("not-in-module")
        self.on("_Next")

    def test_a_mute_card(self):
        self.look("--slow", "30000")
        self.assert_stuck("mute", "Card cannot be used", "if it stays mute, try another reader")

    def test_of_two_cards_one_must_be_chosen(self):
        self.look(*SECOND)
        self.assert_stuck("two", "Card found", "There are several cards.", "TP00000000000001", "TP00000000000002")
        self.choose("TP00000000000002")
        self.find("_Next", BUTTON)
        self.shot("two-chosen")
        self.click("_Next")
        self.page(ACCOUNT)

    def test_a_chosen_card_that_is_pulled_is_chosen_no_more(self):
        self.look(*SECOND)
        self.see("TP00000000000002")
        self.choose("TP00000000000002")
        self.find("_Next", BUTTON)
        os.kill(self.second_pid, signal.SIGUSR1)
        self.see_not("TP00000000000002")
        self.see(READ, "TP00000000000001")

    def test_a_card_that_another_program_uses(self):
        self.look("--generation", "1")
        self.see(READ)
        self.pull_card()
        self.find("No card")
        self.close()
        self.open(card=())
        holder = self.hold_card(1)
        self.click("Pre-register an ACME Account with a GCA Card")
        self.assert_stuck("busy", "Card in use", "Virtual PCD 00 00")
        holder.stdin.close()
        self.see(READ)
        self.find("_Next", BUTTON)

    def test_an_expired_certificate(self):
        self.look("--holder", "expired")
        self.assert_stuck("expired", "Card cannot be used", "This card cannot sign; the reason stands below.")
        self.assert_refused_row("The card's certificate expired on")
        self.see_not("Insert the GCA card of your agency.")

    def test_a_citizens_card(self):
        self.look("--holder", "citizen")
        self.assert_stuck("citizen", "Card cannot be used", "This card cannot sign; the reason stands below.")
        self.find("Cannot be used")

    def assert_refused_row(self, word):
        row, = self.rows()
        word = self.say(word)
        self.assertTrue(any(word in words_of(part) for part in walk(row)), self.screen())

    def test_a_certificate_that_ends_soon_is_told_and_can_be_used(self):
        self.look("--holder", "soon")
        self.see(READ)
        self.find("_Next", BUTTON)
        self.shot("soon")


class CardStatesChinese(CardStates):
    language = "zh_TW"


if __name__ == "__main__":
    main()
