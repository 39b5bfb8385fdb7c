"""Every page of the window, one after another, for tests that look each over in their own way."""
from application_case import AGENCY, HOSTS, NAMES, PAPERS, PERSON, REQUEST
from gui_case import BUTTON, CHECK, LABEL, has, pyatspi, walk
from prereg_case import ACCOUNT, CARD, DOMAINS, DONE, REVIEW, SUBJECT, PreregCase

EXPANDER, BAR = pyatspi.ROLE_TOGGLE_BUTTON, pyatspi.ROLE_INFO_BAR


class Tour:
    """Beside ApplicationCase and PreregCase."""

    def look_over(self, name):
        raise NotImplementedError

    def test_the_pages_of_the_pre_registration(self):
        self.open(card=("--second", "--holder unit --number TP00000000000002"))
        self.find("Pre-register an ACME Account with a GCA Card", BUTTON)
        self.look_over("start")
        self.click("Pre-register an ACME Account with a GCA Card")
        self.page(CARD)
        self.choose("TP00000000000001")
        self.look_over("card")
        self.next(ACCOUNT)
        self.give_account()
        self.look_over("account")
        self.next(DOMAINS)
        self.enter("Site names", "www.agency-test.gov.tw\nwww.測試!.tw\nwww.agency-test.gov.tw\n" + "a" * 60 + ".gov.tw")
        self.see("Wrong")
        self.look_over("domains-wrong")
        self.give_domains()
        self.next(SUBJECT)
        self.look_over("subject")
        self.click("_Give another subject by hand", CHECK)
        self.enter("The _whole subject without CN, such as C=TW,L=臺灣,O=…:", "C=TW,O=測試,CN=x")
        self.look_over("subject-wrong")
        self.click("_Give another subject by hand", CHECK)
        PreregCase.give_contact(self)
        self.next(REVIEW)
        self.find("_Sign…", BUTTON)
        self.look_over("review")
        self.click("The e_xact bytes", EXPANDER)
        self.look_over("review-bytes")
        self.click("_Sign…")
        self.give_pin("739146")
        self.assert_announced()
        self.look_over("review-wrong-pin")
        self.sign_in_window()
        self.page(DONE)
        self.look_over("result")

    def assert_announced(self):
        """The bar has role and name, and the focus is in it, so that it is read out."""
        self.alert()
        self.activate()
        bar = next(node for node in self.nodes() if node.getRole() == BAR)
        self.assertTrue(bar.name)
        self.wait(lambda: any(has(node, pyatspi.STATE_FOCUSED) for node in walk(bar)), "focus on the error")

    def test_the_pages_of_the_application(self):
        self.open("--letter")
        self.page(AGENCY)
        self.give_agency()
        self.look_over("agency")
        self.next(HOSTS)
        self.enter("Host names", "www.example.gov.tw\nwww.測試!.tw")
        self.find("測試!", LABEL, ready=False)  # what the check says, not what was entered
        self.look_over("hosts-wrong")
        self.enter("Host names", NAMES[0])
        self.next(PERSON)
        self.look_over("applicant")
        self.give_contact()
        self.next(REQUEST)
        self.see("The key and the certificate request are made.")
        self.look_over("request")
        self.next(PAPERS)
        self.find("_Save Both", BUTTON)
        self.look_over("papers")

    def test_what_comes_back(self):
        folder = self.make_request()
        file = self.authority.join("delivery.pem", self.authority.issue(folder, *NAMES), self.authority.ca)
        self.close()
        self.open(file)
        self.see("The certificate lies beside its key now, but this computer does not trust its issuer.")
        self.look_over("returned")

    def test_a_request_that_is_looked_into(self):
        self.to_review()
        self.sign_in_window()
        self.page(DONE)
        name, = self.messages()
        self.open(self.path(name))
        self.see("TP00000000000001")
        self.look_over("verify")
