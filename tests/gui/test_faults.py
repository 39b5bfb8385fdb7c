"""What goes wrong beside the card: the window lives on, says what to do, and ends when it is told to."""
import os
import shutil
import subprocess

from application_case import AGENCY, NAMES, PAPERS, REQUEST, ApplicationCase
from csr_case import read
from gui_case import ALERT, BUTTON, CHECK, main
from harness import SOURCE
from letter_case import CONTACT, squeeze
from prereg_case import CARD, DONE, REVIEW, PreregCase

# A disk of the window's own; and a file in it that leaves no room, but for so many bytes.
DISK = 'mkdir -p "$0"; mount -t tmpfs -o size="$1" tmpfs "$0"'
FILL = 'cat /dev/zero >"$0/full" 2>/dev/null; truncate -s "-$1" "$0/full" && test -s "$0/full"'
REQUEST_FILES = {"request.json", "request.csr.pem", "privkey.pem"}
PAPER_FILES = {"form.pdf", "letter.pdf", "letter.txt"}
TITLE = "Application for a TLS certificate"  # of the form, where it has English words
FORM_ALONE = 300 << 10  # bytes: the form has 220 KiB, the letter 110 KiB


class FaultCase(PreregCase, ApplicationCase):
    def make_disk(self, folder, size="64k"):
        self.run_in_bench("sh", "-c", DISK, folder, size)

    def fill_disk(self, folder, but=0):
        self.run_in_bench("sh", "-c", FILL, folder, str(but))

    def make_room(self, folder):
        self.run_in_bench("rm", os.path.join(folder, "full"))


class NoRoom(FaultCase):
    def test_a_signed_request_is_not_lost_for_want_of_room(self):
        self.to_review()
        self.make_disk(self.work)
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
        self.make_disk(self.env["XDG_DATA_HOME"])
        self.fill_disk(self.env["XDG_DATA_HOME"])
        self.to_request_page()
        self.alert()
        self.shot("request-no-room")
        self.make_room(self.env["XDG_DATA_HOME"])
        self.click("_Try Again")
        self.see("The key and the certificate request are made.")


class PapersCase(FaultCase):
    def to_papers(self):
        self.see("The key and the certificate request are made.")
        self.next(PAPERS)
        self.find("_Save Both", BUTTON)

    def save_in_vain(self, *told):
        self.click("_Save Both")
        for words in told:
            self.assertIn(self.say(words), self.alert())

    def save(self):
        self.click("_Save Both")
        self.see("Saved:")
        self.assert_no_alert()

    def assert_no_alert(self):
        self.assertEqual([], [node.name for node in self.nodes() if node.getRole() == ALERT])

    def files(self):
        """All that lies in the folder of the request, as the window sees it: the content by the name."""
        folder = self.run_in_bench("find", self.requests, "-mindepth", "1", "-type", "d").decode().strip()
        names = self.run_in_bench("ls", "-A", folder).decode().split()
        return {name: self.run_in_bench("cat", os.path.join(folder, name)) for name in names}

    def assert_papers(self, files, *names):
        """Beside the request there are these alone, and whole."""
        self.assertEqual(set(files) - REQUEST_FILES, set(names))
        for name in names:
            if name.endswith(".pdf"):
                self.assertIn(squeeze(NAMES[0]), squeeze(self.text_of(files[name])), name)

    def text_of(self, pdf):
        done = subprocess.run(["pdftotext", "-raw", "-", "-"], input=pdf, capture_output=True, check=True, env=self.env)
        self.assertEqual(done.stderr, b"")
        return done.stdout.decode("utf-8")


class NoRoomForPapers(PapersCase):
    def setUp(self):
        super().setUp()
        self.disk = os.path.dirname(self.requests)
        self.open("--letter")
        self.make_disk(self.disk, "4m")
        self.to_request_page()
        self.to_papers()

    def test_they_are_saved_when_there_is_room(self):
        self.fill_disk(self.disk)
        self.save_in_vain("See that there is room on the disk and that you may write into that folder; then try again.")
        self.shot("papers-no-room")
        self.assert_papers(self.files())
        self.make_room(self.disk)
        self.save()
        self.assert_papers(self.files(), *PAPER_FILES)

    def test_room_for_one_of_them(self):
        self.fill_disk(self.disk, but=FORM_ALONE)
        self.save_in_vain("letter.pdf")
        self.assert_papers(self.files(), "form.pdf")
        self.make_room(self.disk)
        self.save()
        self.assert_papers(self.files(), *PAPER_FILES)

    def test_those_of_before_stay_whole(self):
        self.save()
        before = self.files()
        self.click("_English words beside the field names", CHECK)
        self.see_not("Saved:")
        self.find("_Save Both", BUTTON)
        self.fill_disk(self.disk)
        self.save_in_vain("form.pdf")
        self.assertEqual(self.files(), before)
        self.make_room(self.disk)
        self.save()
        after = self.files()
        self.assert_papers(after, *PAPER_FILES)
        self.assertIn(squeeze(TITLE), squeeze(self.text_of(after["form.pdf"])))

    def test_one_is_saved_elsewhere(self):
        self.fill_disk(self.disk)
        self.save_in_vain("Or save the paper in another place with “Save As…”.")
        self.click("Save _As…")
        self.click_in_dialog("_Save")
        self.see("Saved:")
        self.assert_no_alert()
        name = NAMES[0] + "-form.pdf"
        self.assertEqual(os.listdir(self.work), [name])
        self.assertIn(squeeze(CONTACT["name"]), squeeze(self.text_of(read(self.path(name)))))

    def save_code_sheet(self):
        self.click("_User-Code Sheet…")
        self.see("Make a code by c_hance")
        self.click("_Save")

    def test_the_sheet_with_the_user_code(self):
        self.fill_disk(self.disk)
        self.save_code_sheet()
        self.assertIn(self.say("Or print the sheet, which needs no file."), self.alert())
        self.assert_papers(self.files())
        self.make_room(self.disk)
        self.save_code_sheet()
        self.see("The sheet with the user code is saved as")
        self.assert_no_alert()
        self.assert_papers(self.files(), "code-sheet.pdf")


class NoFolderForPapers(PapersCase):
    GONE = "is not a request folder: there is no request.json in it."
    REMEDY = "If it was deleted, bring it back from a backup"

    def setUp(self):
        super().setUp()
        self.request = self.make_request()
        self.away = self.path("away")

    def take_away(self):
        os.rename(self.request, self.away)

    def bring_back(self):
        os.rename(self.away, self.request)

    def test_they_are_saved_when_it_is_there_again(self):
        self.to_papers()
        self.take_away()
        self.save_in_vain(self.GONE, self.REMEDY)
        self.shot("papers-no-folder")
        self.assertFalse(os.path.exists(self.request))
        self.assert_papers(dict.fromkeys(os.listdir(self.away)))
        self.bring_back()
        self.save()
        self.assert_papers(self.files(), *PAPER_FILES)

    def test_they_are_made_when_it_is_there_again(self):
        self.take_away()
        self.next(PAPERS)
        self.assertIn(self.say(self.REMEDY), self.alert())
        self.off("_Save Both")
        self.bring_back()
        self.click("_Try Again")
        self.on("_Save Both")
        self.save()
        self.assert_papers(self.files(), *PAPER_FILES)

    def test_a_folder_that_is_read_only(self):
        self.to_papers()
        self.run_in_bench("mount", "--bind", self.request, self.request)
        self.run_in_bench("mount", "-o", "remount,ro,bind", self.request)
        self.save_in_vain("See that there is room on the disk and that you may write into that folder; then try again.")
        self.shot("papers-read-only")
        self.run_in_bench("umount", self.request)
        self.assert_papers(self.files())
        self.save()
        self.assert_papers(self.files(), *PAPER_FILES)


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
