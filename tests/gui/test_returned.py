"""What a CA has handed out: looked at together, put beside its key or not, and made use of."""
import glob
import itertools
import os
import select
import shutil
import subprocess

from application_case import NAMES, ApplicationCase
from csr_case import OID, mode, openssl, read
from gui_case import BUTTON, LIST_ITEM, PASSWORD, PATIENCE, has, main, pyatspi, text_of, words_of
from harness import BUILD

PASSPHRASE = "ceshi-12345678"
GOOD = "The certificate is good and lies beside its key now."
DOUBT = "The certificate lies beside its key now, but this computer does not trust its issuer."
OTHER = f"/C=TW/O=別的測試機關/CN={NAMES[0]}"
# Another program's window, whose one button can be dragged: it is the file.
SOURCE = """
import sys, gi
gi.require_version("Gdk", "3.0")
gi.require_version("Gtk", "3.0")
from gi.repository import Gdk, Gtk
window, button = Gtk.Window(type=Gtk.WindowType.POPUP), Gtk.Button(label="drag")
button.drag_source_set(Gdk.ModifierType.BUTTON1_MASK, [], Gdk.DragAction.COPY)
button.drag_source_add_uri_targets()
button.connect("drag-data-get", lambda b, c, data, i, t: data.set_uris(sys.argv[1:]))
window.add(button); window.move(860, 20); window.set_default_size(100, 60); window.show_all()
button.connect("drag-begin", lambda b, c: c.connect("action-changed", lambda c, a: print("accepted", flush=True)))
print("there", flush=True)
Gtk.main()
"""


class Returned(ApplicationCase):
    def make_request(self, *names):
        """As the window makes one, which is tested elsewhere."""
        os.makedirs(self.requests)
        subprocess.run([os.path.join(BUILD, "cli/gca-csr"), "--cn", (names or NAMES)[0], "--oid", OID,
                        "--dir", self.requests], check=True, capture_output=True, env=self.env, timeout=PATIENCE)
        folder, = self.folders()
        return folder

    def issue(self, folder, name="leaf", **more):
        return shutil.copy(self.authority.issue(folder, *NAMES, name=name, **more), self.work)

    def hand_out(self, **more):
        """Request folder, and a file of the CA's with certificate and chain."""
        folder = self.make_request()
        leaf = self.authority.issue(folder, *NAMES, **more)
        file = shutil.copy(self.authority.join("delivery.pem", leaf, self.authority.ca, self.authority.root), self.work)
        self.close()
        return folder, file

    def assert_attached(self, folder):
        self.see(DOUBT)
        self.assertEqual(openssl("x509", "-in", os.path.join(folder, "fullchain.pem"), "-noout", "-pubkey"),
                         openssl("req", "-in", os.path.join(folder, "request.csr.pem"), "-noout", "-pubkey"))

    def refused(self):
        return self.say("The certificate was not put in. The first thing to mend: %s.", "")[:12]

    def in_sight(self, words):
        """It has the focus, or stands where it can be read."""
        node = self.find(words)
        self.wait(lambda: has(node, pyatspi.STATE_SHOWING), f"“{words}” in sight")

    # ---- the export ----

    def begin_export(self):
        self.click("_Export as PKCS#12…")
        self.click_in_dialog("_Save")

    def passphrases(self):
        fields = self.wait(lambda: [node for node in self.nodes() if node.getRole() == PASSWORD][:2], "fields")
        self.assertEqual(len(fields), 2)
        return [field.queryEditableText() for field in fields]

    def type_passphrases(self, *texts):
        for field, text in zip(self.passphrases(), texts, strict=True):
            field.setTextContents(text)

    def test_a_certificate_on_the_command_line_is_checked_and_exported(self):
        folder, file = self.hand_out()
        self.open(file)
        self.assert_attached(folder)
        self.see("What was checked", "SSLCertificateFile")
        self.shot("returned")
        self.begin_export()
        for texts, fault in ((("1234567", ""), "8"), (("密語密語密語密語", ""), "ASCII"),
                             ((PASSPHRASE, PASSPHRASE + "x"), self.say("The two passphrases are not the same."))):
            self.type_passphrases(*texts)
            self.wait(lambda word=fault: self.look_for(word), fault)
            self.off("_Export")
        self.shot("passphrase")
        self.passphrases()[1].setTextContents(PASSPHRASE)
        self.click("_Export")
        self.in_sight(self.say("Written: %s", "")[:4])
        self.shot("exported")
        self.assert_exported(folder)

    def assert_exported(self, folder):
        file, = glob.glob(os.path.join(folder, "*.p12")) + glob.glob(os.path.join(folder, "*.pfx"))
        out = openssl("pkcs12", "-in", file, "-nodes", "-passin", "pass:" + PASSPHRASE)
        self.assertEqual(openssl("pkey", "-pubout", stdin=out), openssl(
            "req", "-in", os.path.join(folder, "request.csr.pem"), "-noout", "-pubkey"))
        self.assertEqual(mode(file), 0o600)

    def test_no_file_is_written_over(self):
        folder, file = self.hand_out()
        self.open(file)
        self.assert_attached(folder)
        self.begin_export()
        self.wait(self.passphrases, "dialog")
        before = os.path.join(folder, NAMES[0] + ".p12")
        with open(before, "w", encoding="ascii") as other:  # meanwhile
            other.write("x")
        self.type_passphrases(PASSPHRASE, PASSPHRASE)
        self.click("_Export")
        self.assertIn(NAMES[0] + "-2.p12", self.alert())
        self.shot("there-already")
        self.assertEqual([text_of(field).replace("●", "") for field in self.nodes() if field.getRole() == PASSWORD
                          and field.queryText().characterCount != len(PASSPHRASE)], [])
        self.click("_Cancel")
        self.begin_export()
        self.type_passphrases(PASSPHRASE, PASSPHRASE)
        self.click("_Export")
        self.see(NAMES[0] + "-2.p12")
        self.assertEqual(read(before), b"x")

    # ---- what comes in ----

    def drop(self, *paths):
        source = subprocess.Popen(["/usr/bin/python3", "-c", SOURCE, *("file://" + path for path in paths)],
                                  stdout=subprocess.PIPE, env={**self.env, "NO_AT_BRIDGE": "1"})
        self.addCleanup(source.stdout.close)
        self.addCleanup(source.wait)
        self.addCleanup(source.terminate)
        self.assertEqual(source.stdout.readline(), b"there\n")
        self.drag(source, (900, 50), (400, 450))

    def drag(self, source, begin, end):
        """Lets go as soon as the window below says that it takes it."""
        self.xdotool("mousemove", *begin, "mousedown", 1)
        steps = itertools.cycle((0, 4))

        def is_accepted():
            step = next(steps)
            self.xdotool("mousemove", end[0] + step, end[1] + step)
            return select.select([source.stdout], [], [], 0)[0]
        self.wait(is_accepted, "window that takes the file")
        self.xdotool("mouseup", 1)

    def test_certificate_and_chain_dropped_on_the_window(self):
        folder = self.make_request()
        leaf, chain = self.issue(folder), shutil.copy(self.authority.ca, self.work)
        self.open()
        self.see("GCA Certificate Wizard")
        self.drop(leaf, chain)
        self.assert_attached(folder)
        self.see(leaf, chain)

    def test_files_on_the_command_line_belong_together(self):
        folder = self.make_request()
        leaf, chain = self.issue(folder), shutil.copy(self.authority.ca, self.work)
        self.open(leaf, chain)
        self.assert_attached(folder)
        self.assertEqual(len(list(self.application)), 1)

    def test_the_chain_can_come_later(self):
        folder = self.make_request()
        leaf, chain = self.issue(folder), shutil.copy(self.authority.ca, self.work)
        self.open(leaf)
        self.see(self.refused())
        self.find("_Add Files…", BUTTON)
        self.assertIn(self.say("fault"), self.first_row())
        self.shot("without-chain")
        self.drop(chain)
        self.assert_attached(folder)
        self.assertIsNone(self.look_for(self.say("_Add Files…"), BUTTON))
        self.drop(chain)  # nothing is wanted any more: it is looked at by itself
        self.assertIn(self.say("There are only CA certificates in it; the server's own is missing."), self.alert())

    def first_row(self):
        checks = self.find("What was checked")
        return next(words_of(node) for node in self.nodes(checks) if node.getRole() == LIST_ITEM)

    def test_the_certificate_can_come_after_its_chain(self):
        folder = self.make_request()
        leaf, chain = self.issue(folder), shutil.copy(self.authority.ca, self.work)
        self.open(chain)
        self.alert()
        self.find("_Open Another File…", BUTTON)
        self.click("_Add Files…")
        self.choose_file(os.path.basename(leaf))
        self.assert_attached(folder)

    def choose_file(self, name):
        cell = self.wait(lambda: self.look_for(name, pyatspi.ROLE_TABLE_CELL), name)
        while cell.parent.getRole() != pyatspi.ROLE_TABLE:
            cell = cell.parent
        table = cell.parent.queryTable()
        table.addRowSelection(table.getRowAtIndex(cell.getIndexInParent()))
        self.click_in_dialog("_Open")

    def test_the_headline_has_no_doubt_once_the_ca_is_trusted(self):
        folder, file = self.hand_out()
        self.open(file)
        self.assert_attached(folder)
        self.see("no identity data of a card holder in it (2.5.29.9)")
        self.assertIn(self.say("note"), [node.name for node in self.nodes() if node.getRole() == pyatspi.ROLE_ICON])
        shutil.copy(self.authority.root, self.path("root.pem"))
        self.click("_Trust a CA's Certificate…")
        self.choose_file("root.pem")
        self.see(GOOD)

    # ---- what was there ----

    def test_recent_work_with_a_certificate_is_gone_on_with(self):
        folder, file = self.hand_out()
        self.open(file)
        self.assert_attached(folder)
        before = {name: read(os.path.join(folder, name)) for name in os.listdir(folder)}
        self.open()
        self.choose_recent()
        self.see(DOUBT, "SSLCertificateFile", "_Export as PKCS#12…")
        self.assertIn(self.say("note"), self.first_row())
        self.shot("again")
        self.assertEqual(before, {name: read(os.path.join(folder, name)) for name in os.listdir(folder)})

    def choose_recent(self):
        row = self.wait(lambda: next((node for node in self.nodes() if node.getRole() == LIST_ITEM), None), "row")
        row.queryComponent().grabFocus()
        self.keys("Return")

    def test_another_certificate_is_kept_and_told_of(self):
        folder, file = self.hand_out(end=300)
        self.open(file)
        self.assert_attached(folder)
        first = read(os.path.join(folder, "fullchain.pem"))
        self.open(self.issue(folder, name="next"))
        self.assert_attached(folder)
        kept, = glob.glob(os.path.join(folder, "earlier-*.pem"))
        self.see(os.path.basename(kept))
        self.assertEqual(read(kept), first)
        self.assertNotEqual(read(os.path.join(folder, "fullchain.pem")), first)

    def test_another_organisation_is_taken_only_if_it_is_wanted(self):
        folder, file = self.hand_out(subject=("-subj", OTHER))
        self.open(file)
        self.see("The certificate is for another organisation than was asked for: it was not put in.")
        self.assertFalse(os.path.exists(os.path.join(folder, "cert.pem")))
        self.shot("other-organisation")
        self.click("Take It All the _Same")
        self.see("The certificate lies beside its key now, but is not for the name that was asked for.")
        self.assertTrue(os.path.exists(os.path.join(folder, "cert.pem")))

    # ---- what is refused ----

    def test_a_certificate_with_other_names_is_refused(self):
        folder = self.make_request()
        leaf = shutil.copy(self.authority.issue(folder, "www.other-test.gov.tw", name="other"), self.work)
        self.open(leaf)
        self.see(self.refused())
        self.assertFalse(os.path.exists(os.path.join(folder, "cert.pem")))
        self.shot("refused")

    def test_a_certificate_without_its_key(self):
        folder, file = self.hand_out()
        shutil.rmtree(folder)
        self.open(file)
        self.see("The certificate fits no key here: it was not put in.")
        self.find("_Look for the Key in Another Folder…", BUTTON)
        self.shot("no-key")

    def test_no_option_is_named(self):
        folder = self.make_request()
        for paths in ([self.issue(folder)], [self.issue(folder), self.authority.ca]):
            self.open(*paths)
            self.find("What was checked")
            self.assertNotRegex(self.screen(), "--[a-z]|gca-csr")

    def test_the_worst_stands_first_and_can_be_read_in_big_letters(self):
        folder = self.make_request()
        leaf = shutil.copy(self.authority.issue(folder, "www.other-test.gov.tw", name="other"), self.work)
        self.open(leaf, self.authority.ca, GDK_DPI_SCALE="2")
        self.in_sight(self.refused())
        self.assertIn("www.other-test.gov.tw", self.first_row())


class ReturnedChinese(Returned):
    language = "zh_TW"


if __name__ == "__main__":
    main()
