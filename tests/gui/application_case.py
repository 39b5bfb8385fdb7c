"""What the tests of the application by letter share: the way through its pages, and a CA."""
import glob
import os
import shutil
import tempfile

import authority
from csr_case import OID
from gui_case import BUTTON, GuiCase
from letter_case import CONTACT
from prereg_case import FIELDS

AGENCY, HOSTS, PERSON, REQUEST, PAPERS = (
    "Agency", "Host Names", "Contact", "Key and Request", "Form and Letter")
NAMES = ["www.example.gov.tw"]  # GTLSCA takes one in a certificate


class ApplicationCase(GuiCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.mkdtemp(prefix="gca-test-")
        cls.addClassCleanup(shutil.rmtree, folder)
        cls.authority = authority.Authority(folder)

    def setUp(self):
        super().setUp()
        self.requests = os.path.join(self.env["XDG_DATA_HOME"], "gca-toolkit/requests")

    def give_agency(self):
        self.enter("_Search:", "憑證測試中心")
        self.choose(OID)
        self.find("_Next", BUTTON)

    def give_contact(self):
        for field, value in CONTACT.items():
            if self.look_for(self.say(FIELDS[field])):
                self.enter(FIELDS[field], value)

    def to_request_page(self, *names):
        """From the first page to that of the key, which is being made."""
        self.page(AGENCY)
        self.give_agency()
        self.next(HOSTS)
        self.enter("Host names", "\n".join(names or NAMES))
        self.next(PERSON)
        self.give_contact()
        self.next(REQUEST)

    def make_request(self, *names):
        """The folder of a request made in the window."""
        self.open("--letter")
        self.to_request_page(*names)
        self.see("The key and the certificate request are made.")
        folder, = self.folders()
        return folder

    def folders(self):
        return sorted(glob.glob(os.path.join(self.requests, "*Z*")))
