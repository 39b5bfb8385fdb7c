"""What is typed into fields: judged at once, told where it stands, and Return goes on."""
import os

from application_case import AGENCY, HOSTS, NAMES, PERSON, REQUEST, ApplicationCase
from csr_case import OID, read
from gui_case import FIELDS as ENTRIES
from gui_case import BUTTON, CHECK, LIST_ITEM, TEXT, has, main, pyatspi, walk, words_of
from prereg_case import ACCOUNT, CONTACT, DOMAINS, FIELDS, REVIEW, SUBJECT, URI, PreregCase

GTLSCA_URI = "https://gtlscaweb.nat.gov.tw/ACMEWeb/acct/2a9c8f"
NOTIFICATION = pyatspi.ROLE_NOTIFICATION


class FieldCase(ApplicationCase):
    def to_person(self):
        self.open("--letter")
        self.page(AGENCY)
        self.give_agency()
        self.next(HOSTS)
        self.enter("Host names", NAMES[0])
        self.next(PERSON)

    def focus(self, name):
        field = self.find(name, TEXT)
        self.activate()
        field.queryComponent().grabFocus()
        self.wait(lambda: has(field, pyatspi.STATE_FOCUSED), "focus")

    def write_contact(self, text):
        folder = os.path.join(self.env["XDG_CONFIG_HOME"], "gca-toolkit")
        os.makedirs(folder, exist_ok=True)
        path = os.path.join(folder, "contact.ini")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path


class Contact(FieldCase):
    def test_what_the_form_asks_for_is_said_at_the_field(self):
        self.to_person()
        self.see(self.say("Still to be filled in: %s.", "")[:5])
        self.off("_Next")
        self.give_contact()
        self.find("_Next", BUTTON)
        for field, bad, good, word in (("postcode", "100058", "１００５８", "100058"),
                                       ("address", "測試路1號", CONTACT["address"], "測試路1號"),
                                       ("phone", "無", "０２－１２３４５６７８", None)):
            with self.subTest(field):
                self.enter(FIELDS[field], bad)
                self.off("_Next")
                self.assert_told(FIELDS[field], word)
                self.assertNotIn("--", self.screen())
                self.shot("contact-" + field)
                self.enter(FIELDS[field], good)
                self.find("_Next", BUTTON)
                self.assertFalse(self.notifications())
        self.next(REQUEST)

    def notifications(self):
        return [words_of(node) for node in self.nodes() if node.getRole() == NOTIFICATION and words_of(node)]

    def assert_told(self, field, word):
        """Below the field, as what a screen reader speaks when it appears, and with the field."""
        sentence, = self.notifications()
        self.assertEqual(self.find(field, TEXT).description, sentence)
        if word:
            self.assertIn(word, sentence)

    def test_one_bad_value_does_not_cost_the_others(self):
        path = self.write_contact("[contact]\nname=王測試\nemail=test@example.gov.tw\nfax=無\n")
        self.to_person()
        self.assertIn("無", self.alert())
        self.shot("contact-bad-value")
        self.assertEqual((self.value(FIELDS["name"]), self.value(FIELDS["fax"])), ("王測試", ""))
        self.give_contact()
        self.enter(FIELDS["email"], "other@example.gov.tw")
        self.next(REQUEST)
        self.assertIn("email=other@example.gov.tw\n", read(path).decode())
        self.assertIn("name=", read(path).decode())

    def test_a_damaged_file_is_told_and_left_alone(self):
        path = self.write_contact("name: 王測試\n")
        self.to_person()
        self.assertIn("contact.ini", self.alert())
        self.give_contact()
        self.next(REQUEST)
        self.assertEqual(read(path).decode(), "name: 王測試\n")

    def test_return_goes_on(self):
        self.to_person()
        self.give_contact()
        self.focus(FIELDS["email"])
        self.keys("Return")
        self.page(REQUEST)


class Search(FieldCase):
    def test_return_goes_to_the_agency_and_on(self):
        self.open("--letter")
        self.page(AGENCY)
        self.focus("_Search:")
        self.enter("_Search:", "憑證測試中心")
        self.keys("Return")
        self.wait(lambda: any(has(node, pyatspi.STATE_FOCUSED) for node in self.nodes()
                              if node.getRole() == LIST_ITEM), "focus in the list")
        self.keys("Return")
        self.page(HOSTS)

    def test_what_is_pasted_or_simplified(self):
        self.open("--letter")
        self.page(AGENCY)
        self.enter("_Search:", "\u202e憑證測試\u200b中心")
        self.wait(lambda: any(OID in words_of(part) for node in self.nodes() if node.getRole() == LIST_ITEM
                              for part in walk(node)), "agency")
        self.assertEqual([node.name for node in self.find("_Search:", *ENTRIES)],
                         [self.say("Search"), self.say("Clear")])
        self.enter("_Search:", "审计部")
        self.see("审")
        self.see("none of its names, which are in traditional characters.")
        self.shot("simplified")


class Hosts(FieldCase):
    def test_a_name_that_stands_there_twice_is_one(self):
        self.open("--letter")
        self.page(AGENCY)
        self.give_agency()
        self.next(HOSTS)
        self.enter("Host names", f"{NAMES[0]}\n{NAMES[0].upper()}")
        self.see(self.say("%s is given twice; it is taken once.", NAMES[0]))
        self.shot("host-twice")
        self.on("_Next")
        self.enter("Host names", "www.agency.local")
        self.see("its last part is no top-level domain of the Internet")
        self.off("_Next")
        self.assertIn("www.agency.local", self.find("Host names", TEXT).description)


class Subject(PreregCase):
    def test_what_the_ca_s_own_form_asks_for_is_asked_here(self):
        self.begin()
        self.next(ACCOUNT)
        self.give_account()
        self.enter(URI, GTLSCA_URI)
        self.next(DOMAINS)
        self.give_domains()
        self.activate()
        self.keys("alt+n")
        self.page(SUBJECT)
        self.enter(FIELDS["name"], CONTACT["name"])
        self.see(self.say("Still to be filled in: %s.", "")[:5])
        self.off("_Next")
        self.shot("subject-needed")
        self.back(DOMAINS)
        self.next(SUBJECT)
        self.assertEqual(self.value(FIELDS["name"]), CONTACT["name"])
        self.give_contact({**CONTACT, "fax": ""})
        self.next(REVIEW)
        self.see(GTLSCA_URI, "/ACME_apply.html")
        self.shot("review-gtlsca")

    def test_why_it_does_not_go_on_without_a_subject(self):
        self.to_subject()
        self.click("_Give another subject by hand", CHECK)
        self.see("Type the subject, or untick the box above.")
        self.shot("own-subject-empty")
        self.off("_Next")


class SubjectChinese(Subject):
    language = "zh_TW"


if __name__ == "__main__":
    main()
