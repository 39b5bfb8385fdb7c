"""Printing through GTK's dialog, to its own printer “Print to File”: the paper is the one that is saved."""
import glob
import os
import re
import subprocess

from application_case import PAPERS, ApplicationCase
from gui_case import BUTTON, PATIENCE, RADIO, main, pyatspi
from letter_case import CONTACT, squeeze

A4 = (595, 842)  # points
# What GTK 3.24 says of its own dialog's tabs when it is closed and somebody listens on the accessibility bus
GTK_OWN = "gtk_notebook_get_tab_label: assertion 'list != NULL' failed"


class Print(ApplicationCase):
    def setUp(self):
        super().setUp()
        self.env["G_DEBUG"] = ""  # for GTK_OWN; close() looks for the rest
        settings = os.path.join(self.env["XDG_CONFIG_HOME"], "gtk-3.0")
        os.makedirs(settings)
        with open(os.path.join(settings, "settings.ini"), "w", encoding="ascii") as file:
            file.write("[Settings]\ngtk-print-backends=file\n")  # no printer of this machine

    def stderr(self):
        return "".join(line for line in super().stderr().splitlines(True) if GTK_OWN not in line)

    def to_papers(self):
        """The folder of the request whose papers are shown."""
        folder = self.make_request()
        self.next(PAPERS)
        self.find("_Save Both", BUTTON)
        return folder

    def open_dialog(self):
        self.click("_Print…")
        words = self.gtk_says("Print to File")
        printer = self.wait(lambda: self.look_for(words, pyatspi.ROLE_TABLE_CELL), f"“{words}”")
        printer.parent.queryTable().addRowSelection(0)

    def print_to_file(self):
        """The file, in the folder that GTK offers."""
        self.open_dialog()
        self.click_in_dialog("_Print")
        path, = self.wait(self.printed, "printed file")
        return path

    def printed(self):
        """Whole ones: the end is written last."""
        found = []
        for path in glob.glob(os.path.join(self.work, "*.pdf")):
            with open(path, "rb") as file:
                found += [path] if file.read().rstrip().endswith(b"%%EOF") else []
        return found

    def run_tool(self, *command):
        done = subprocess.run(command, capture_output=True, check=True, env=self.env, timeout=PATIENCE)
        return done.stdout.decode("utf-8")

    def text_of(self, path):
        return squeeze(self.run_tool("pdftotext", "-raw", path, "-"))

    def take_page(self):
        """The text of what is printed: one page, as there is one picture of it in the window."""
        path = self.print_to_file()
        self.assertEqual(len([node for node in self.nodes() if node.getRole() == pyatspi.ROLE_IMAGE]), 1)
        told = self.run_tool("pdfinfo", path)
        self.assertEqual(re.search(r"^Pages: +(\d+)$", told, re.M).group(1), "1", told)
        size = re.search(r"^Page size: +([\d.]+) x ([\d.]+)", told, re.M).groups()
        self.assertEqual(tuple(round(float(number)) for number in size), A4)
        text = self.text_of(path)
        os.unlink(path)
        return text

    def test_both_papers(self):
        folder = self.to_papers()
        form = self.take_page()
        self.click("Lette_r", RADIO)
        letter = self.take_page()
        self.click("_Save Both")
        self.see("Saved:")
        saved = [self.text_of(path) for path in sorted(glob.glob(os.path.join(folder, "*.pdf")))]
        self.assertEqual(sorted([form, letter]), sorted(saved))
        self.assertNotEqual(form, letter)
        for word in (CONTACT["name"], CONTACT["phone"]):
            self.assertIn(squeeze(word), form)

    def test_cancelled(self):
        self.to_papers()
        self.open_dialog()
        self.shot("dialog")
        self.click_in_dialog("_Cancel")
        self.wait(lambda: self.look_for(self.say("_Print…"), BUTTON), "the page")
        self.assertEqual(self.printed(), [])
        self.assert_no_alert()
        self.print_to_file()

    def assert_no_alert(self):
        self.assertEqual([], [node for node in self.nodes() if node.getRole() == pyatspi.ROLE_INFO_BAR])

    def test_a_printer_that_fails(self):
        self.to_papers()
        self.run_in_bench("mount", "-t", "tmpfs", "-o", "ro", "tmpfs", self.work)
        self.open_dialog()
        self.click_in_dialog("_Print")
        self.assertIn(self.say("It could not be printed: %s", ""), self.alert())
        self.shot("failed")
        self.run_in_bench("umount", self.work)
        self.print_to_file()
        self.assert_no_alert()


class PrintChinese(Print):
    language = "zh_TW"


if __name__ == "__main__":
    main()
