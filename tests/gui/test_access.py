"""Every page for those who do not see it or use no mouse."""
import collections
import re

from application_case import ApplicationCase
from gui_case import BUTTON, CHECK, LABEL, LIST_ITEM, RADIO, TEXT, has, is_ready, label_of, main, pyatspi
from prereg_case import PreregCase
from tour import EXPANDER, Tour

COMBO, TABLE, CELL, PANE, HEADING, NOTICE = (
    pyatspi.ROLE_COMBO_BOX, pyatspi.ROLE_TABLE, pyatspi.ROLE_TABLE_CELL, pyatspi.ROLE_SCROLL_PANE,
    pyatspi.ROLE_HEADING, pyatspi.ROLE_NOTIFICATION)
CONTROLS = {BUTTON, CHECK, TEXT, LIST_ITEM, EXPANDER, COMBO, TABLE, RADIO}  # what takes the focus by Tab
READ_ONLY = {LABEL, PANE, CELL, HEADING, NOTICE}  # can have it too: to be copied from, or to be scrolled
MNEMONIC = re.compile(r"<Alt>(\w)")


class Access(Tour, ApplicationCase, PreregCase):
    def look_over(self, name):
        nodes = self.nodes()
        self.assert_named(name, nodes)
        self.assert_mnemonics_differ(name, nodes)
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


class AccessChinese(Access):
    language = "zh_TW"


if __name__ == "__main__":
    main()
