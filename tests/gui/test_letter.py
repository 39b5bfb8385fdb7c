"""The application by letter: agency, names, contact, key and request, papers."""
import glob
import os
import subprocess

from application_case import AGENCY, HOSTS, NAMES, PAPERS, PERSON, REQUEST, ApplicationCase
from csr_case import OID, ORGANIZATION, mode, openssl, read, spki_sha256
from gui_case import BUTTON, LABEL, LIST_ITEM, TEXT, main, words_of
from letter_case import CONTACT, squeeze
from prereg_case import FIELDS


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
        self.off("_Next")
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
        self.find("ple!.tw", LABEL, ready=False)
        self.see("1 of 3 host names" if self.language == "en" else "3 個主機名稱")
        self.off("_Next")
        self.shot("hosts-wrong")
        self.enter("Host names", "www.example.gov.tw\nmail.example.gov.tw")
        self.see("mail.example.gov.tw", "Make a request for each.")
        self.off("_Next")


    def test_what_is_made_cannot_be_typed_over(self):
        self.open("--letter")
        self.to_request_page()
        self.see("The key and the certificate request are made.")
        self.back(PERSON)
        self.back(HOSTS)
        self.see("The request is made: its host names stay as they are.", self.say("_Cancel"))
        self.assertEqual([node for node in self.nodes() if node.getRole() == TEXT], [])
        self.assertEqual([words_of(node) for node in self.nodes() if node.getRole() == LIST_ITEM and NAMES[0] in words_of(node)],
                         [NAMES[0]])
        self.shot("hosts-made")
        self.back(AGENCY)
        self.see("The request is made: its agency stays as it is.")
        self.next(HOSTS)


class LetterChinese(Letter):
    language = "zh_TW"


if __name__ == "__main__":
    main()
