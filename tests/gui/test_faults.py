"""What goes wrong beside the card: the window lives on, says what to do, and ends when it is told to."""
import os
import shutil

from application_case import AGENCY, PAPERS, REQUEST, ApplicationCase
from csr_case import read
from gui_case import BUTTON, ENDS_WITHIN, main
from harness import SOURCE
from prereg_case import CARD, DONE, REVIEW, PreregCase

# A disk of the window's own, with a file in it that leaves no room.
FULL = 'mkdir -p "$0"; mount -t tmpfs -o size=64k tmpfs "$0"; cat /dev/zero >"$0/full" 2>/dev/null; test -s "$0/full"'


class FaultCase(PreregCase, ApplicationCase):
    def fill_disk(self, folder):
        self.run_in_bench("sh", "-c", FULL, folder)

    def make_room(self, folder):
        self.run_in_bench("rm", os.path.join(folder, "full"))


class NoRoom(FaultCase):
    def test_a_signed_request_is_not_lost_for_want_of_room(self):
        self.to_review()
        self.fill_disk(self.work)
        self.sign_in_window()
        self.assertIn(self.say("The request is signed. Make room or choose another folder, and save it."), self.alert())
        self.shot("prereg-no-room")
        self.make_room(self.work)
        self.save_elsewhere()
        self.assertEqual((self.pins_sent(), self.signatures()), (1, 1))

    def save_elsewhere(self):
        """In the folder that is offered, as seen by the window."""
        self.click("_Save In…")
        self.click_in_dialog("_Open")
        self.page(DONE)
        name = self.run_in_bench("ls", self.work).decode().strip()
        self.write(name, self.run_in_bench("cat", self.path(name)))
        self.assertTrue(self.assert_verifies(name))

    def test_signing_into_a_folder_that_is_read_only(self):
        self.to_review()
        self.run_in_bench("mount", "-t", "tmpfs", "-o", "ro", "tmpfs", self.work)
        self.sign_in_window()
        self.alert()
        self.see("_Save In…")
        self.assertFalse(self.look_for(self.say("_Back"), BUTTON))
        self.assertEqual(self.pins_sent(), 1)

    def test_a_request_is_made_again_when_there_is_room(self):
        self.open("--letter")
        self.fill_disk(self.env["XDG_DATA_HOME"])
        self.to_request_page()
        self.alert()
        self.shot("request-no-room")
        self.make_room(self.env["XDG_DATA_HOME"])
        self.click("_Try Again")
        self.see("The key and the certificate request are made.")

    def test_papers_are_saved_when_there_is_room(self):
        folder = self.make_request()
        self.next(PAPERS)
        self.find("_Save Both", BUTTON)
        self.run_in_bench("mount", "-t", "tmpfs", "-o", "ro", "tmpfs", folder)
        self.click("_Save Both")
        self.alert()
        self.shot("papers-read-only")
        self.run_in_bench("umount", folder)
        self.click("_Save Both")
        self.see("Saved:")


class Missing(FaultCase):
    def data_without(self, *names):
        """The project's data but for some of it."""
        place = os.path.join(self.folder, "share")
        shutil.copytree(os.path.join(SOURCE, "data"), place, ignore=shutil.ignore_patterns(*names))
        return place

    def test_the_register(self):
        self.open("--letter", GCA_DATADIR=self.data_without("oid-register.txt"))
        self.page(AGENCY)
        self.enter("_Search:", "測試")
        self.see("There is no register of agencies on this computer.", "Take _In GDS.csv…")
        self.shot("no-register")
        self.on("_Cancel")

    def test_the_profiles(self):
        self.open(GCA_DATADIR=self.data_without("*.profile"))
        self.click("Pre-register an ACME Account with a GCA Card")
        self.alert()
        self.shot("no-profile")
        self.find("Pre-register an ACME Account with a GCA Card", BUTTON)

    def test_a_folder_for_what_is_remembered(self):
        self.to_subject()
        os.mkdir(self.env["XDG_CONFIG_HOME"], 0o500) if os.geteuid() else self.write_in_the_way()
        self.give_contact()
        self.next(REVIEW)
        self.find("_Sign…", BUTTON)
        self.sign_in_window()
        self.page(DONE)

    def write_in_the_way(self):
        """Root may write everywhere, but not make a folder of a file."""
        with open(self.env["XDG_CONFIG_HOME"], "wb"):
            pass

    def test_the_file_that_is_opened(self):
        self.open(self.path("none.pem"))
        self.alert()
        self.open(self.write("broken.pem", "-----BEGIN CERTIFICATE-----\n測試\n-----END CERTIFICATE-----\n"))
        self.alert()
        self.open(self.write("broken.p7m", b"\x30\x80" + os.urandom(64)))
        self.alert()
        self.shot("broken")


class Closed(FaultCase):
    def close_window(self):
        self.keys("ctrl+q")

    def leave(self):
        """Closes it where something would be given up."""
        self.close_window()
        self.click("_Leave")

    def test_at_the_start(self):
        self.open()
        self.find("Pre-register an ACME Account with a GCA Card", BUTTON)
        self.close_window()
        self.assert_ended()

    def test_while_a_card_does_not_answer(self):
        self.open("--prereg", card=("--slow", "30000"))
        self.page(CARD)
        self.find("Looking for cards")
        self.close_window()
        self.assert_ended()

    def test_while_the_pin_is_asked_for(self):
        self.to_review()
        self.click("_Sign…")
        self.pin_field()
        self.keys("Escape")
        self.find("_Sign…", BUTTON)
        self.leave()
        self.assert_ended()
        self.assertEqual(self.pins_sent(), 0)

    def test_while_a_slow_card_is_read(self):
        self.to_subject(card=("--slow", "100"))
        self.give_contact({"name": "王測試"})
        self.click("_Next")
        self.see("Reading account and card …")
        self.leave()
        self.assert_ended()

    def test_while_the_key_is_made(self):
        self.to_request_page_from_start()
        self.leave()
        self.assert_ended()
        for folder in self.folders():
            self.assertIn(b"PRIVATE KEY", read(os.path.join(folder, "privkey.pem")))

    def to_request_page_from_start(self):
        self.open("--letter")
        self.to_request_page()
        self.page(REQUEST)

    def test_it_is_asked_and_can_be_gone_on_with(self):
        self.to_subject()
        self.give_contact({"name": "王測試"})
        self.close_window()
        self.see("Leave before it is finished?")
        self.shot("leave")
        self.click("_Go On")
        self.next(REVIEW)
        self.see("王測試")


if __name__ == "__main__":
    main()
