"""What the tests of the pre-registration share: the way through its pages."""
import glob
import json
import os

from gui_case import BUTTON, GuiCase
from harness import ACCOUNT_URI

CONTACT = {"name": "王測試", "purpose": "機關網站測試", "email": "test@example.gov.tw", "postcode": "10058",
           "address": "臺北市中正區測試路1號", "phone": "02-1234-5678", "fax": "02-1234-5679"}
FIELDS = {"name": "N_ame:", "purpose": "P_urpose of the certificate:", "email": "_E-mail address:",
          "postcode": "P_ostcode:", "address": "Postal add_ress:", "phone": "_Telephone number:", "fax": "_Fax number:"}
NAMES = ["www.agency-test.gov.tw", "測試.agency-test.gov.tw"]
A_LABELS = ["www.agency-test.gov.tw", "xn--g6w251d.agency-test.gov.tw"]
URI = "Or the account's _URI, as the CA has sent it:"
CARD, ACCOUNT, DOMAINS, SUBJECT, REVIEW, DONE = (
    "Choose the Card", "ACME Account", "Site Names", "Subject and Contact", "What Will Be Signed", "Done")


class PreregCase(GuiCase):
    def begin(self, *arguments, card=(), **env):
        """The card's page, with a card that can be used."""
        self.open("--prereg", *arguments, card=card, **env)
        self.page(CARD)
        self.see("The card has been read.")

    def give_account(self, uri=ACCOUNT_URI):
        self.enter(URI, uri)
        self.click("_Add to the List")
        self.choose(uri)
        self.find("_Next", BUTTON)

    def give_domains(self, names=tuple(NAMES)):
        self.enter("Site names", "\n".join(names))
        self.find("_Next", BUTTON)

    def give_contact(self, contact=None):
        for field, value in (CONTACT if contact is None else contact).items():
            self.enter(FIELDS[field], value)

    def to_subject(self, **more):
        self.begin(**more)
        self.next(ACCOUNT)
        self.give_account()
        self.next(DOMAINS)
        self.give_domains()
        self.next(SUBJECT)

    def to_review(self, **more):
        """The page that shows what will be signed, ready to be signed."""
        self.to_subject(**more)
        self.give_contact()
        self.next(REVIEW)
        self.find("_Sign…", BUTTON)

    def sign_in_window(self, **more):
        self.click("_Sign…")
        self.give_pin(**more)

    def messages(self, folder=None):
        """Names of the signed requests in a folder, by default the home folder."""
        return sorted(os.path.basename(path) for path in glob.glob(os.path.join(folder or self.work, "*.p7m")))

    def content(self):
        """Of the one request, which openssl has found good."""
        name, = self.messages()
        return json.loads(self.assert_verifies(name))
