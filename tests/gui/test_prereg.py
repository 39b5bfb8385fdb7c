"""The pre-registration from the card to the saved request."""
import pyatspi
from card_case import AGENCY, AGENCY_OID
from gui_case import BUTTON, CHECK, LABEL, TEXT, has, label_of, main, text_of
from harness import ACCOUNT_URI
from prereg_case import (A_LABELS, ACCOUNT, CARD, CONTACT, DOMAINS, DONE, FIELDS, NAMES, REVIEW, SUBJECT, URI,
                         PreregCase)


class Prereg(PreregCase):
    def test_from_the_start_page_to_the_signed_request(self):
        self.open(card=())
        self.shot("start")
        self.click("Pre-register an ACME Account with a GCA Card")
        self.page(CARD)
        self.see("The card has been read.", AGENCY, AGENCY_OID, "TP00000000000001")
        self.shot("card")
        self.next(ACCOUNT)
        self.give_account()
        self.shot("account")
        self.next(DOMAINS)
        self.give_domains()
        self.see(A_LABELS[1])
        self.shot("domains")
        self.next(SUBJECT)
        self.see("C=TW,L=臺灣,O=行政院-政府憑證管理中心-憑證測試中心")
        self.give_contact()
        self.shot("subject")
        self.next(REVIEW)
        self.find("_Sign…", BUTTON)
        self.see(ACCOUNT_URI, AGENCY, AGENCY_OID, *A_LABELS, *CONTACT.values())
        self.shot("review")
        self.assertEqual(self.pins_sent(), 0)
        self.click("_Sign…")
        self.pin_field()
        self.shot("pin")
        self.give_pin()
        self.page(DONE)
        self.shot("result")
        self.assertEqual((self.pins_sent(), self.signatures()), (1, 1))
        self.assert_content()
        self.see(self.messages()[0])
        self.assert_no_way_back()

    def assert_content(self):
        content = self.content()
        self.assertEqual(content["domains"], A_LABELS)
        self.assertEqual(content["contact"], CONTACT)
        self.assertEqual(content["account"]["uri"], ACCOUNT_URI)
        self.assertEqual(content["organization"]["oid"], AGENCY_OID)
        self.assertEqual(content["subject"], [["C", "TW"], ["L", "臺灣"], ["O", "行政院-政府憑證管理中心-憑證測試中心"]])

    def assert_no_way_back(self):
        names = [node.name for node in self.nodes() if node.getRole() == BUTTON]
        self.assertNotIn(self.say("_Back"), names)
        self.assertNotIn(self.say("_Cancel"), names)
        self.keys("Alt+Left", "Alt+b", "Escape")
        self.page(DONE)
        self.click("C_lose")
        self.find("Pre-register an ACME Account with a GCA Card", BUTTON)
        self.see(self.say("Recent work"))

    def test_going_back_and_forth_loses_nothing(self):
        self.to_review()
        for page in (SUBJECT, DOMAINS, ACCOUNT, CARD):
            self.back(page)
        self.see("The card has been read.")
        self.next(ACCOUNT)
        self.see(ACCOUNT_URI)
        self.next(DOMAINS)
        self.assertEqual(self.value("Site names"), "\n".join(NAMES))
        self.next(SUBJECT)
        self.assertEqual({field: self.value(label) for field, label in FIELDS.items()}, CONTACT)
        self.next(REVIEW)
        self.see(ACCOUNT_URI, *A_LABELS, *CONTACT.values())
        self.assertEqual(self.pins_sent(), 0)

    def test_what_is_changed_on_the_way_back_is_what_is_signed(self):
        self.to_review()
        self.back(SUBJECT)
        self.back(DOMAINS)
        self.give_domains(["mail.agency-test.gov.tw"])
        self.next(SUBJECT)
        self.enter(FIELDS["name"], "李測試")
        self.enter(FIELDS["fax"], "")
        self.next(REVIEW)
        self.see("mail.agency-test.gov.tw")
        self.sign_in_window()
        self.page(DONE)
        content = self.content()
        self.assertEqual(content["domains"], ["mail.agency-test.gov.tw"])
        self.assertEqual((content["contact"]["name"], "fax" in content["contact"]), ("李測試", False))

    def test_a_page_begins_at_what_can_be_done(self):
        """Not at a text that could be copied: all of it would be selected."""
        self.to_subject()
        self.activate()
        self.wait(lambda: has(self.find("_Give another subject by hand", CHECK), pyatspi.STATE_FOCUSED), "focus")
        self.assertEqual([], [text_of(node) for node in self.nodes() if node.getRole() == LABEL and
                              node.queryText().getNSelections()])

    def test_the_contact_is_read_out_from_the_top(self):
        self.to_subject()
        labels = [self.say(label) for label in FIELDS.values()]
        self.assertEqual([(label_of(node), node.getRole()) for node in self.nodes() if label_of(node) in labels],
                         [(label, role) for label in labels for role in (LABEL, TEXT)])

    def test_the_contact_is_remembered(self):
        self.to_review()
        self.to_subject()
        self.assertEqual({field: self.value(label) for field, label in FIELDS.items()}, CONTACT)

    def test_wrong_names_are_told_as_they_are_typed(self):
        self.begin()
        self.next(ACCOUNT)
        self.give_account()
        self.next(DOMAINS)
        self.enter("Site names", "www.agency-test.gov.tw\nwww.測試!.tw")
        self.see("Wrong", "Good")
        self.off("_Next")
        self.shot("domains-wrong")
        self.enter("Site names", "www.agency-test.gov.tw\nwww.agency-test.gov.tw")
        self.see("Given twice")
        self.on("_Next")

    def test_a_wrong_contact_is_told_as_it_is_typed(self):
        self.to_subject()
        self.enter(FIELDS["email"], "test at example")
        self.off("_Next")
        self.assertIn(self.say("it must look like name@agency.gov.tw"), self.find(FIELDS["email"], TEXT).description)
        self.shot("subject-wrong")
        self.enter(FIELDS["email"], "test@example.gov.tw")
        self.find("_Next", BUTTON)

    def test_a_subject_given_by_hand_is_signed_and_remembered(self):
        self.to_subject()
        self.click("_Give another subject by hand", CHECK)
        own = "The _whole subject without CN, such as C=TW,L=臺灣,O=…:"
        self.enter(own, "C=TW,O=測試機關,CN=x")
        self.see("Leave CN out of the subject: the site's name is added by itself.")
        self.off("_Next")
        self.enter(own, "C=TW,O=測試機關")
        self.give_contact({"name": "王測試"})
        self.next(REVIEW)
        self.find("_Sign…", BUTTON)
        self.sign_in_window()
        self.page(DONE)
        self.assertEqual(self.content()["subject"], [["C", "TW"], ["O", "測試機關"]])
        self.to_subject()
        self.wait(lambda: self.value(own) == "C=TW,O=測試機關", "the subject of before")

    def test_an_account_uri_that_is_none_is_refused(self):
        self.begin()
        self.next(ACCOUNT)
        self.enter(URI, "http://測試")
        for button in ("_Add to the List", "_Next"):
            self.click(button)
            self.assertIn(self.say("Copy the whole address of the account"), self.alert())
            self.page(ACCOUNT)
        self.enter(URI, "")
        self.off("_Next")


class PreregChinese(Prereg):
    language = "zh_TW"


if __name__ == "__main__":
    main()
