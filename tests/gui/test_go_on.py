"""What can be gone on with: the sheet with the user code, a CA that is trusted for one check, a request signed before."""
import glob
import os
import shutil

import test_print
from gui_case import BUTTON, CHECK, PASSWORD, RADIO, has, is_ready, main, pyatspi, walk
from harness import PKI
from letter_case import squeeze
from prereg_case import DONE, SUBJECT, PreregCase

SHEET = "_User-Code Sheet…"
CODE = "aB3-xY7q"


class CodeSheet(test_print.Print):
    def open_sheet(self):
        self.click(SHEET)
        return self.wait(lambda: next((node for node in self.nodes() if node.getRole() == pyatspi.ROLE_DIALOG), None),
                         "dialog")

    def press(self, dialog, words):
        name = self.say(words)
        button = self.wait(lambda: next((node for node in walk(dialog) if node.getRole() == BUTTON and
                                         node.name == name and is_ready(node)), None), name)
        button.queryAction().doAction(0)

    def type_codes(self, code, again):
        self.click("I choose the code _myself:", RADIO)
        fields = [node for node in self.nodes() if node.getRole() == PASSWORD]
        for field, text in zip(fields, (code, again), strict=True):
            field.queryEditableText().setTextContents(text)

    def test_a_code_that_is_typed_is_saved_once(self):
        folder = self.to_papers()
        dialog = self.open_sheet()
        self.type_codes(CODE, CODE + "x")
        self.press(dialog, "_Save")
        self.see("The two codes are not the same.")
        self.assertEqual(glob.glob(os.path.join(folder, "code-sheet*")), [])
        self.type_codes(CODE, CODE)
        self.press(dialog, "_Save")
        self.see("code-sheet.pdf")
        path = os.path.join(folder, "code-sheet.pdf")
        self.assertEqual(os.stat(path).st_mode & 0o777, 0o600)
        self.assertIn("a小寫B大寫3數字-符號減號x小寫Y大寫7數字q小寫", self.text_of(path))
        self.assertNotIn(CODE, self.screen())
        self.click(SHEET)
        self.assertIn("code-sheet.pdf", self.alert())

    def test_a_code_by_chance_is_printed_and_kept_nowhere(self):
        folder = self.to_papers()
        self.press(self.open_sheet(), "_Print…")
        self.shot("dialog")
        words = self.gtk_says("Print to File")
        printer = self.wait(lambda: self.look_for(words, pyatspi.ROLE_TABLE_CELL), f"“{words}”")
        printer.parent.queryTable().addRowSelection(0)
        self.click_in_dialog("_Print")
        path, = self.wait(self.printed, "printed file")
        self.assertIn(squeeze("用戶代碼"), self.text_of(path))
        self.assertEqual(glob.glob(os.path.join(folder, "*.pdf")), [])


class Again(PreregCase):
    def sign(self):
        self.to_review()
        self.sign_in_window()
        self.page(DONE)
        return self.path(self.messages()[0])

    def choose_ca(self):
        """The dialog begins where the request lies; the one row is chosen already."""
        self.click("_Trust a CA's Certificate…")
        self.wait(lambda: self.look_for("ca.pem", pyatspi.ROLE_TABLE_CELL), "file")
        self.click_in_dialog("_Open")

    def test_a_ca_is_trusted_for_one_check(self):
        request = self.sign()
        self.open(request)
        self.see(self.say("COULD NOT BE CHECKED: %s", ""), self.say("Could not be checked"))
        self.shot("unchecked")
        shutil.copy(os.path.join(PKI, "ca.pem"), self.work)
        self.choose_ca()
        self.see("ACCEPTABLE: every check holds.")
        told = self.say("Trusted for this check alone: “%s”.", self.path("ca.pem"))
        self.wait(lambda: self.look_for(told), told)
        self.open(request)
        self.see(self.say("COULD NOT BE CHECKED: %s", ""))

    def test_a_file_that_is_no_certificate_is_not_trusted(self):
        request = self.sign()
        self.open(request)
        with open(self.path("ca.pem"), "w", encoding="ascii") as file:
            file.write("none")
        self.choose_ca()
        self.assertIn("ca.pem", self.alert())
        self.see(self.say("COULD NOT BE CHECKED: %s", ""))

    def test_a_damaged_file_is_told_in_plain_words(self):
        for name, content in (("cut.p7m", b"0\x82\x10\0\x06\x09"), ("empty.p7m", b""), ("page.p7m", b"<html>")):
            with open(self.path(name), "wb") as file:
                file.write(content)
            self.open(self.path(name))
            told = self.alert()
            self.assertIn(name, told)
            self.assertNotIn("CMS", told)
            self.assertIn(".p7m”" if self.language == "en" else ".p7m", told)
            self.find("_Open Another File…", BUTTON)

    def test_what_cannot_be_read_as_a_file_can_be_chosen_anew(self):
        os.mkdir(self.path("folder.p7m"))
        for name in ("folder.p7m", "gone.p7m"):
            self.open(self.path(name))
            told = self.alert()
            self.assertIn(name, told)
            self.assertIn(self.say("Choose the file anew: it may have been moved or deleted"), told)
            self.find("_Open Another File…", BUTTON)

    def test_a_request_that_was_changed_is_not_gone_on_with(self):
        request = self.sign()
        with open(request, "ab") as file:
            file.write(b"more")
        self.open(request)
        self.see("No CA takes it as it is. Have the request signed and sent once more, or choose another file.")
        self.find("_Open Another File…", BUTTON)
        self.see_not("Hand it in")
        self.shot("changed")

    def test_what_was_signed_here_can_be_handed_in_later(self):
        request = self.sign()
        self.open(request)
        self.see("Hand it in", "This profile is for tests only: there is nobody to send the file to.")
        other = shutil.copy(request, self.path("other.p7m"))
        self.open(other)
        self.see("Checks")
        self.see_not("Hand it in")

    def test_the_last_try_comes_into_sight_and_has_the_focus(self):
        self.to_review(card=("--tries", "1"), GDK_DPI_SCALE="2")
        self.click("The e_xact bytes", pyatspi.ROLE_TOGGLE_BUTTON)
        self.find("_Sign…", BUTTON)
        self.activate()
        self.keys("End")
        self.click("_Sign…")
        box = self.find("_Use the last try: a wrong PIN blocks the card", CHECK)
        self.wait(lambda: has(box, pyatspi.STATE_SHOWING) and has(box, pyatspi.STATE_FOCUSED), "box in sight")
        self.assertIn(self.say("Only one try of the PIN is left; nothing was sent to the card."), self.alert())

    def test_a_blocked_card_signs_no_more(self):
        self.to_review(card=("--tries", "0"))
        self.click("_Sign…")
        self.alert()
        self.off("_Sign…")
        self.back(SUBJECT)


if __name__ == "__main__":
    main()
