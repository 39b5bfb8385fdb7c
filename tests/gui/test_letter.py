"""The application by letter: agency, names, contact, key and request, papers; later the certificate and its export."""
import glob
import itertools
import os
import select
import shutil
import subprocess

from application_case import AGENCY, HOSTS, NAMES, PAPERS, PERSON, REQUEST, ApplicationCase
from csr_case import OID, ORGANIZATION, mode, openssl, read, spki_sha256
from gui_case import BUTTON, PASSWORD, main
from letter_case import CONTACT, squeeze
from prereg_case import FIELDS

PASSPHRASE = "ceshi-12345678"
# Another program's window, whose one button can be dragged: it is the file.
SOURCE = """
import sys, gi
gi.require_version("Gdk", "3.0")
gi.require_version("Gtk", "3.0")
from gi.repository import Gdk, Gtk
window, button = Gtk.Window(type=Gtk.WindowType.POPUP), Gtk.Button(label="drag")
button.drag_source_set(Gdk.ModifierType.BUTTON1_MASK, [], Gdk.DragAction.COPY)
button.drag_source_add_uri_targets()
button.connect("drag-data-get", lambda b, c, data, i, t: data.set_uris([sys.argv[1]]))
window.add(button); window.move(860, 20); window.set_default_size(100, 60); window.show_all()
button.connect("drag-begin", lambda b, c: c.connect("action-changed", lambda c, a: print("accepted", flush=True)))
print("there", flush=True)
Gtk.main()
"""


class Letter(ApplicationCase):
    def test_from_the_start_page_to_the_papers(self):
        self.open()
        self.click("Make a Key and a Certificate Request (Official Letter)")
        self.page(AGENCY)
        self.give_agency()
        self.shot("agency")
        self.next(HOSTS)
        self.enter("Host names", "\n".join(NAMES))
        self.find("_Next", BUTTON)
        self.see(f"C=TW,L=臺灣,O={ORGANIZATION},CN={NAMES[0]}")
        self.shot("hosts")
        self.next(PERSON)
        self.give_contact()
        self.shot("applicant")
        self.next(REQUEST)
        self.see("The key and the certificate request are made.")
        self.shot("request")
        folder, = self.folders()
        self.assert_request(folder)
        self.next(PAPERS)
        self.find("_Save Both", BUTTON)
        self.shot("papers")
        self.click("_Save Both")
        self.see("Saved:")
        self.shot("saved")
        self.assert_papers(folder)
        self.click("C_lose")
        self.find("Make a Key and a Certificate Request (Official Letter)", BUTTON)
        self.see(NAMES[0])
        self.shot("recent")

    def assert_request(self, folder):
        request, key = os.path.join(folder, "request.csr.pem"), os.path.join(folder, "privkey.pem")
        public = openssl("req", "-in", request, "-verify", "-noout", "-pubkey")
        self.assertEqual(public, openssl("pkey", "-in", key, "-pubout"))
        self.assertEqual((mode(key), mode(folder)), (0o600, 0o700))
        text = openssl("req", "-in", request, "-noout", "-text", "-subject", "-nameopt",
                       "utf8,sep_comma_plus,sname").decode()
        self.assertIn(f"subject=C=TW,L=臺灣,O={ORGANIZATION},CN={NAMES[0]}\n", text)
        self.assertIn(", ".join("DNS:" + name for name in NAMES), text)
        self.assertIn(squeeze(spki_sha256(public)), squeeze(self.screen()))

    def assert_papers(self, folder):
        papers = sorted(glob.glob(os.path.join(folder, "*.pdf")))
        self.assertEqual(len(papers), 2)
        for paper in papers:
            done = subprocess.run(["pdftotext", "-raw", paper, "-"], capture_output=True, check=True, env=self.env)
            text = squeeze(done.stdout.decode("utf-8"))
            for word in (CONTACT["name"], CONTACT["phone"], NAMES[0]):
                self.assertIn(squeeze(word), text, paper)

    def test_going_back_and_forth_loses_nothing_and_makes_no_second_key(self):
        folder = self.make_request()
        key = read(os.path.join(folder, "privkey.pem"))
        for page in (PERSON, HOSTS, AGENCY):
            self.click("_Back")
            self.page(page)
        self.see(OID)
        self.next(HOSTS)
        self.see(*NAMES)
        self.next(PERSON)
        self.assertEqual(self.value(FIELDS["name"]), CONTACT["name"])
        self.next(REQUEST)
        self.see("The key and the certificate request are made.")
        self.assertEqual(self.folders(), [folder])
        self.assertEqual(key, read(os.path.join(folder, "privkey.pem")))

    def test_an_agency_that_is_not_there(self):
        self.open("--letter")
        self.enter("_Search:", "沒有的測試機關")
        self.see("No agency in the register has all of these words.", "Take _In GDS.csv…")
        self.assertFalse(self.is_on("_Next"))
        self.shot("no-agency")

    def test_as_many_host_names_are_asked_for_as_the_ca_takes(self):
        one = "For which host name is the certificate? This CA takes one"
        for profile, is_one in (("gtlsca", True), ("test", False)):
            self.open("--letter", "--profile", profile)
            self.give_agency()
            self.next(HOSTS)
            self.assertEqual(bool(self.look_for(self.say(one))), is_one)

    def test_wrong_host_names_are_told(self):
        self.open("--letter")
        self.give_agency()
        self.next(HOSTS)
        self.enter("Host names", "www.example.gov.tw\nwww.exam ple!.tw")
        self.see("ple!.tw")
        self.assertFalse(self.is_on("_Next"))
        self.shot("hosts-wrong")
        self.enter("Host names", "www.example.gov.tw\nmail.example.gov.tw")
        self.see("mail.example.gov.tw", "Make a request for each.")
        self.assertFalse(self.is_on("_Next"))


class Returned(ApplicationCase):
    def hand_out(self, **more):
        """Request folder, and a file of the CA's with certificate and chain."""
        folder = self.make_request()
        leaf = self.authority.issue(folder, *NAMES, **more)
        file = shutil.copy(self.authority.join("delivery.pem", leaf, self.authority.ca, self.authority.root), self.work)
        self.close()
        return folder, file

    def assert_attached(self, folder):
        self.see("The certificate is good and lies beside its key now.")
        self.assertEqual(openssl("x509", "-in", os.path.join(folder, "fullchain.pem"), "-noout", "-pubkey"),
                         openssl("req", "-in", os.path.join(folder, "request.csr.pem"), "-noout", "-pubkey"))

    def test_a_certificate_on_the_command_line_is_checked_and_exported(self):
        folder, file = self.hand_out()
        self.open(file)
        self.assert_attached(folder)
        self.see("What was checked", "SSLCertificateFile")
        self.shot("returned")
        self.click("_Export as PKCS#12…")
        self.click_in_dialog("_Save")
        self.give_passphrase()
        self.see(self.say("Written: %s", "")[:4])
        self.shot("exported")
        self.assert_exported(folder)

    def give_passphrase(self):
        """As often as it is asked for."""
        for _ in range(2):
            field = self.wait(lambda: next((node for node in self.nodes() if node.getRole() == PASSWORD and
                                            node.queryText().characterCount == 0), None), "empty field")
            field.queryEditableText().setTextContents(PASSPHRASE)
            self.click("_OK")

    def assert_exported(self, folder):
        file, = glob.glob(os.path.join(folder, "*.p12")) + glob.glob(os.path.join(folder, "*.pfx"))
        out = openssl("pkcs12", "-in", file, "-nodes", "-passin", "pass:" + PASSPHRASE)
        self.assertEqual(openssl("pkey", "-pubout", stdin=out), openssl(
            "req", "-in", os.path.join(folder, "request.csr.pem"), "-noout", "-pubkey"))
        self.assertEqual(mode(file), 0o600)

    def test_a_certificate_dropped_on_the_window(self):
        folder, file = self.hand_out()
        self.open()
        self.find("Make a Key and a Certificate Request (Official Letter)", BUTTON)
        source = subprocess.Popen(["/usr/bin/python3", "-c", SOURCE, "file://" + file], stdout=subprocess.PIPE,
                                  env={**self.env, "NO_AT_BRIDGE": "1"})
        self.addCleanup(source.stdout.close)
        self.addCleanup(source.wait)
        self.addCleanup(source.terminate)
        self.assertEqual(source.stdout.readline(), b"there\n")
        self.drag(source, (900, 50), (400, 450))
        self.assert_attached(folder)

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

    def test_a_certificate_with_other_names_is_refused(self):
        folder = self.make_request()
        leaf = shutil.copy(self.authority.issue(folder, "www.other-test.gov.tw", name="other"), self.work)
        self.close()
        self.open(leaf)
        self.see(self.say("The certificate was not put in. The first thing to mend: %s.", "")[:12])
        self.assertFalse(os.path.exists(os.path.join(folder, "cert.pem")))
        self.shot("refused")

    def test_a_certificate_without_its_key(self):
        folder, file = self.hand_out()
        shutil.rmtree(folder)
        self.open(file)
        self.find("_Look for the Key in Another Folder…", BUTTON)
        self.shot("no-key")


class LetterChinese(Letter):
    language = "zh_TW"


class ReturnedChinese(Returned):
    language = "zh_TW"


if __name__ == "__main__":
    main()
