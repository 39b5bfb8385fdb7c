"""Every page as it is seen: in other themes, with text twice as large, in both languages. Nothing is cut off, covered
or out of reach, and all text stands out from what is behind it."""
import os
import time

from application_case import NAMES, PAPERS, ApplicationCase
from gui_case import (BUTTON, CHECK, FIELDS, LABEL, LIST_ITEM, PASSWORD, RADIO, extents_of, has, is_ready, label_of, main,
                      pyatspi, screen_pixels, words_of)
from prereg_case import PreregCase
from tour import EXPANDER, Tour

HEADING, NOTICE, PANE = pyatspi.ROLE_HEADING, pyatspi.ROLE_NOTIFICATION, pyatspi.ROLE_SCROLL_PANE
WORDS = {LABEL, HEADING, NOTICE}
CONTROLS = {BUTTON, CHECK, RADIO, LIST_ITEM, EXPANDER, pyatspi.ROLE_COMBO_BOX, *FIELDS}
SLACK = 2  # pixels
LEAST = 800, 600  # the smallest screen
WHOLE = 800, 3900  # any page is seen whole
CONTRAST = 4.5  # WCAG 2.1, success criterion 1.4.3
SELECTED = 3.7  # white on Adwaita's blue: the theme's own


# ---- what is drawn ----


class Picture:
    """The screen's pixels."""

    def __init__(self):
        self.pixels = screen_pixels()
        self.data, self.stride = self.pixels.get_pixels(), self.pixels.get_rowstride()

    def colours(self, place):
        """Those of a rectangle, each once."""
        left, top, right, bottom = clip(place, (0, 0, self.pixels.get_width(), self.pixels.get_height()))
        found = set()
        for row in range(top, bottom):
            line = self.data[row * self.stride + 3 * left:row * self.stride + 3 * right]
            found.update(zip(line[0::3], line[1::3], line[2::3]))
        return found


def settled():
    """A picture of what has come to rest."""
    before = Picture()
    for _ in range(40):
        time.sleep(0.03)
        after = Picture()
        if after.data == before.data:
            break
        before = after
    return after


def luminance(colour):
    """WCAG 2.1, relative luminance."""
    parts = [value / 255 for value in colour]
    red, green, blue = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(colours):
    levels = [luminance(colour) for colour in colours] or [0]
    return (max(levels) + 0.05) / (min(levels) + 0.05)


# ---- where it is ----


def box(node):
    place = extents_of(node)
    return place.x, place.y, place.x + place.width, place.y + place.height


def clip(one, other):
    return max(one[0], other[0]), max(one[1], other[1]), min(one[2], other[2]), min(one[3], other[3])


def is_within(inner, outer):
    return inner[0] >= outer[0] - SLACK and inner[1] >= outer[1] - SLACK and \
        inner[2] <= outer[2] + SLACK and inner[3] <= outer[3] + SLACK


def overlap(one, other):
    left, top, right, bottom = clip(one, other)
    return right - left > SLACK and bottom - top > SLACK


def text_box(node):
    """Where its text stands; None: it has none."""
    text = node.queryText()
    if text.characterCount == 0:
        return None
    x, y, width, height = text.getRangeExtents(0, text.characterCount, pyatspi.DESKTOP_COORDS)
    return x, y, x + width, y + height


def is_cut_short(node):
    """Pango gives all characters that it leaves out the room of its dots together: three of them are narrower than any
    three that are there."""
    text = node.queryText()
    count = text.characterCount
    for first in {0, count // 2 - 1, count - 3}:
        places = [text.getCharacterExtents(at, pyatspi.DESKTOP_COORDS)
                  for at in range(max(first, 0), min(first + 3, count)) if text.getText(at, at + 1).isprintable()]
        if len(places) == 3 and sum(width for _, _, width, _ in places) < 0.45 * places[0][3]:
            return True
    return False


def wanted_of(node):
    """The contrast that its text must have."""
    if node.queryText().getNSelections() > 0:
        return SELECTED
    while node is not None and node.getRole() != LIST_ITEM:
        node = node.parent
    return SELECTED if node is not None and has(node, pyatspi.STATE_SELECTED) else CONTRAST


def in_scrolled(node):
    """What scrolls it into sight; None: nothing does."""
    while node is not None and node.getRole() != PANE:
        node = node.parent
    return node


class Looks(Tour, ApplicationCase, PreregCase):
    theme = "Adwaita"
    scale = 1

    def setUp(self):
        super().setUp()
        self.env.update(GTK_THEME=self.theme, GDK_DPI_SCALE=str(self.scale))

    def look_over(self, name):
        frame = next(node for node in self.nodes() if node.getRole() == pyatspi.ROLE_FRAME)
        self.title = frame.name  # stands above all pages, and is cut short where other windows' are
        self.resize(frame, LEAST)
        self.shot(name)
        self.assertEqual([], self.lost(frame), name)
        self.resize(frame, WHOLE)
        nodes = self.nodes(frame)
        picture = settled()
        faults = [fault for node in nodes for fault in self.faults_of(node, box(frame), picture)]
        faults += [fault for node in nodes for fault in self.covered(node)]
        self.assertEqual([], faults, name)
        self.resize(frame, LEAST)

    def resize(self, frame, size):
        """A window that cannot be as small as that stays larger."""
        window = self.xdotool("search", "--onlyvisible", "--class", "gca-wizard").split()[-1]
        self.xdotool("windowsize", window, *size)
        self.wait(lambda: (extents_of(frame).width, extents_of(frame).height) == size, f"window of {size}")

    def lost(self, frame):
        """What is neither in the window nor can be scrolled into it."""
        return [label_of(node) for node in self.nodes(frame) if node.getRole() in WORDS | CONTROLS and
                not (has(node, pyatspi.STATE_SHOWING) and is_within(box(node), box(frame))) and not in_scrolled(node)]

    # ---- the page seen whole ----

    def faults_of(self, node, frame, picture):
        """What is wrong with a text or control; one folded in, or in a list that scrolls by itself, is not there."""
        role = node.getRole()
        if role not in WORDS | CONTROLS or not has(node, pyatspi.STATE_SHOWING):
            return
        place, name = box(node), (node.getRoleName(), label_of(node) or words_of(node))
        if not is_within(place, frame):
            yield (*name, "is not within the window", place)
        if role not in WORDS | set(FIELDS):
            return
        text = text_box(node)
        if text is None:
            return
        if role in WORDS and not is_within(text, place):
            yield (*name, "is cut off", text, place)
        if role in WORDS and label_of(node) != self.title and is_cut_short(node):
            yield (*name, "is cut short by dots")
        found = contrast(picture.colours(clip(text, place)))
        if is_ready(node) and found < wanted_of(node):  # what cannot be used need not stand out
            yield (*name, f"stands out by {found:.1f} only")

    @staticmethod
    def covered(node):
        """Parts of it that lie over one another."""
        parts = [part for part in node if part is not None and has(part, pyatspi.STATE_SHOWING) and
                 part.getRole() != pyatspi.ROLE_SCROLL_BAR]  # it comes and goes over what it scrolls
        places = [box(part) for part in parts]
        for i, part in enumerate(parts):
            for j in range(i):
                if overlap(places[i], places[j]):
                    yield (part.getRoleName(), label_of(part), "lies over", parts[j].getRoleName(), label_of(parts[j]))


class LooksChinese(Looks):
    language = "zh_TW"


class Dark(Looks):
    theme = "Adwaita:dark"


class HighContrast(Looks):
    theme = "HighContrast"


class Dialogs:
    """They fit the smallest screen with large text, too: what is out of sight there cannot be moved into it."""

    scale = 2

    def assert_fits(self, name):
        dialog = self.wait(self.dialog, "dialog")
        self.wait(lambda: extents_of(dialog).width > 1, "its size")
        settled()
        self.shot(name)
        place = extents_of(dialog)
        self.assertLessEqual(place.width, LEAST[0], name)
        self.assertLessEqual(place.height, LEAST[1], name)

    def test_the_dialogs_of_the_application(self):
        self.make_request()
        self.click("_Cancel")
        self.assert_fits("leave")
        self.click("_Go On")
        self.next(PAPERS)
        self.click("_User-Code Sheet…")
        self.assert_fits("code")

    def test_the_dialogs_of_signing(self):
        self.to_review()
        self.run_in_bench("mount", "-t", "tmpfs", "-o", "ro", "tmpfs", self.work)
        self.click("_Sign…")
        self.pin_field()
        self.assert_fits("pin")
        self.give_pin()
        self.alert()
        self.keys("ctrl+q")
        self.find("Leave without saving the signed request?")
        self.assert_fits("unsaved")

    def test_the_dialog_of_the_export(self):
        folder = self.make_request()
        file = self.authority.join("delivery.pem", self.authority.issue(folder, *NAMES), self.authority.ca)
        self.close()
        self.open(file)
        self.click("_Export as PKCS#12…")
        self.click_in_dialog("_Save")
        fields = self.wait(lambda: [node for node in self.nodes(self.dialog()) if node.getRole() == PASSWORD], "fields")
        self.assert_fits("export")
        with open(os.path.join(folder, NAMES[0] + ".p12"), "wb"):  # meanwhile
            pass
        for field in fields:
            field.queryEditableText().setTextContents("ceshi-12345678")
        self.click("_Export")
        self.alert()
        self.assertLessEqual(extents_of(self.dialog()).width, LEAST[0])


class Large(Dialogs, Looks):
    pass


class LargeChinese(Dialogs, LooksChinese):
    pass


if __name__ == "__main__":
    main()
