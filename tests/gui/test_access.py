"""Every page for those who do not see it, use no mouse, or need it twice as large."""
import collections
import os
import re

import pyatspi
from application_case import AGENCY, HOSTS, NAMES, PAPERS, PERSON, REQUEST, ApplicationCase
from gui_case import BUTTON, CHECK, LABEL, LIST_ITEM, TEXT, extents_of, has, is_ready, label_of, main, walk
from prereg_case import ACCOUNT, CARD, DOMAINS, DONE, REVIEW, SUBJECT, PreregCase

EXPANDER, COMBO, TABLE, CELL, PANE, HEADING, NOTICE, BAR, RADIO = (
    pyatspi.ROLE_TOGGLE_BUTTON, pyatspi.ROLE_COMBO_BOX, pyatspi.ROLE_TABLE, pyatspi.ROLE_TABLE_CELL,
    pyatspi.ROLE_SCROLL_PANE, pyatspi.ROLE_HEADING, pyatspi.ROLE_NOTIFICATION, pyatspi.ROLE_INFO_BAR,
    pyatspi.ROLE_RADIO_BUTTON)
CONTROLS = {BUTTON, CHECK, TEXT, LIST_ITEM, EXPANDER, COMBO, TABLE, RADIO}  # what takes the focus by Tab
READ_ONLY = {LABEL, PANE, CELL, HEADING, NOTICE}  # can have it too: to be copied from, or to be scrolled
SLACK = 2  # pixels
MNEMONIC = re.compile(r"<Alt>(\w)")


class Access(ApplicationCase, PreregCase):
    scale = 1

    def setUp(self):
        super().setUp()
        self.env["GDK_DPI_SCALE"] = str(self.scale)

    def look_over(self, name):
        """All that can be said of a page as it stands."""
        self.shot(name)
        nodes = self.nodes()
        self.assert_named(name, nodes)
        self.assert_mnemonics_differ(name, nodes)
        self.assert_whole(name)
        if self.scale == 1:
            self.assert_tab_reaches_all(name)

    def assert_named(self, page, nodes):
        for node in nodes:
            if has(node, pyatspi.STATE_FOCUSABLE) and is_ready(node) and node.getRole() not in READ_ONLY:
                self.assertIn(node.getRole(), CONTROLS, (page, node))
                self.assertTrue(label_of(node).strip(), (page, node.getRoleName(), "has no name"))
                self.assertNotRegex(label_of(node), r"[.。]\.", page)

    def assert_mnemonics_differ(self, page, nodes):
        keys = collections.defaultdict(set)
        for node in nodes:
            for key in self.mnemonics(node):
                keys[key].add(label_of(node))
        self.assertFalse({key: names for key, names in keys.items() if len(names) > 1}, page)

    @staticmethod
    def mnemonics(node):
        try:
            action = node.queryAction()
            bindings = [action.getKeyBinding(i) for i in range(action.nActions)]
        except NotImplementedError:
            return []
        return {found.lower() for binding in bindings for found in MNEMONIC.findall(binding or "")}

    # ---- Tab ----

    def focused(self):
        """Of a combo box the focus is in a part that GTK does not tell of."""
        nodes = self.nodes()
        return next((node for node in nodes if has(node, pyatspi.STATE_FOCUSED) and
                     node.getRole() != pyatspi.ROLE_FRAME), None) or next(
                         (node for node in nodes if node.getRole() == COMBO), None)

    def assert_tab_reaches_all(self, page):
        """Round and back to where it began; of a list or a group one is enough."""
        self.keys("Tab")
        first = self.wait(self.focused, "focus")
        seen, at = [first], first
        while len(seen) < 60:
            self.xdotool("key", "Tab")
            before = at
            at = self.wait(lambda: self.other_focus(before), f"focus after “{label_of(before)}”")  # noqa: B023
            if at == first:
                break
            seen.append(at)
        self.assertEqual(at, first, (page, "Tab does not come round"))
        missed = [node for node in self.nodes() if self.must_be_reached(node) and
                  not any(node == other or self.is_beside(node, other) for other in seen)]
        self.assertEqual([], [(node.getRoleName(), label_of(node)) for node in missed],
                         (page, [label_of(node) for node in seen]))

    def other_focus(self, before):
        node = self.focused()
        return node if node != before else None

    @staticmethod
    def must_be_reached(node):
        return node.getRole() in CONTROLS and is_ready(node) and has(node, pyatspi.STATE_FOCUSABLE)

    @staticmethod
    def is_beside(node, other):
        """Rows of a list, choices of a group: arrows lead from one to the next."""
        return node.getRole() in (LIST_ITEM, RADIO) and other.getRole() == node.getRole() and node.parent == other.parent

    # ---- room ----

    def assert_whole(self, page):
        """In a window as wide as at the start, and as high as it takes to see all: nothing is cut at its sides."""
        frame = next(node for node in self.nodes() if node.getRole() == pyatspi.ROLE_FRAME)
        window = self.xdotool("search", "--onlyvisible", "--class", "gca-wizard").split()[-1]
        before = extents_of(frame)
        self.assertLessEqual((before.width, before.height), (852, 652), (page, "the window grew"))
        self.xdotool("windowsize", window, before.width, 3000)
        self.wait(lambda: extents_of(frame).height >= 2900, "high window")
        try:
            for node in self.nodes(frame):
                self.assert_within(page, node, extents_of(frame))
        finally:
            self.xdotool("windowsize", window, before.width, before.height)
            self.wait(lambda: extents_of(frame).height == before.height, "window as before")

    def assert_within(self, page, node, frame):
        if node.getRole() not in CONTROLS | {LABEL, HEADING, NOTICE} or node.getRole() == TABLE:
            return
        if not has(node, pyatspi.STATE_SHOWING):  # folded in, or in a view that scrolls by itself
            return
        place = extents_of(node)
        self.assertGreaterEqual(place.x, frame.x - SLACK, (page, label_of(node)))
        self.assertLessEqual(place.x + place.width, frame.x + frame.width + SLACK, (page, label_of(node)))
        if node.getRole() in (LABEL, HEADING, NOTICE) and label_of(node):
            self.assert_text_within(page, node, place)

    def assert_text_within(self, page, node, place):
        text = node.queryText()
        words = text.getRangeExtents(0, text.characterCount, pyatspi.DESKTOP_COORDS)
        if text.characterCount == 0 or isinstance(words, int):
            return
        x, y, width, height = words
        self.assertLessEqual((x + width, y + height), (place.x + place.width + SLACK, place.y + place.height + SLACK),
                             (page, label_of(node), "is cut off"))
        self.assertGreaterEqual((x, y), (place.x - SLACK, place.y - SLACK), (page, label_of(node), "is cut off"))

    # ---- the pages ----

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
        self.see("測試!")
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
        self.see("The certificate is good and lies beside its key now.")
        self.look_over("returned")

    def test_a_request_that_is_looked_into(self):
        self.to_review()
        self.sign_in_window()
        self.page(DONE)
        name, = self.messages()
        self.open(self.path(name))
        self.see("TP00000000000001")
        self.look_over("verify")


class AccessChinese(Access):
    language = "zh_TW"


class AccessLarge(Access):
    scale = 2


class AccessLargeChinese(AccessChinese):
    scale = 2


if __name__ == "__main__":
    main()
