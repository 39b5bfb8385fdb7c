"""The papers of the application by letter as the window shows them: seen, and read out to those who do not see."""
import os
import subprocess

from application_case import PAPERS, PERSON, REQUEST, ApplicationCase
from csr_case import read
from gui_case import BUTTON, CHECK, RADIO, extents_of, has, main, pyatspi, screen_pixels
from letter_case import CONTACT, squeeze
from prereg_case import FIELDS

FORM, LETTER = "Preview of the application form", "Preview of the letter"
TITLE = "Application for a TLS certificate"  # of the form, where it has English words
INK = 64  # of 255: as dark at most
MARGIN = b"\xff" * 10000  # white: what a paper begins with
LINE, SCROLL_BAR = 2, 24  # pixels at most
NAME = "李測試"


def squeeze_fields(text):
    """In the table of a form no colon stands between a name and its value."""
    return squeeze(text).replace(":", "")


class Papers(ApplicationCase):
    def to_papers(self):
        """The folder of the request whose papers are shown."""
        folder = self.make_request()
        self.next(PAPERS)
        self.find("_Save Both", BUTTON)
        return folder

    def papers(self):
        return [node for node in self.nodes() if node.getRole() == pyatspi.ROLE_IMAGE]

    def paper(self, name):
        """Waits until that one is there, and no other."""
        self.wait(lambda: [paper.name for paper in self.papers()] == [self.say(name)], f"“{name}” alone")
        return self.papers()[0]

    def turn_to(self, title, name):
        """By its button, which tells that it is the one."""
        self.click(title, RADIO)
        self.wait(lambda: has(self.find(title, RADIO), pyatspi.STATE_CHECKED), f"“{title}” as the chosen one")
        return self.paper(name)

    def words(self, name):
        return self.paper(name).description

    def await_words(self, name, words):
        """What is read out, as soon as it holds them."""
        self.wait(lambda: words in self.words(name), f"“{words}” on the paper")
        return self.words(name)

    # ---- read out ----

    def text_of(self, pdf):
        done = subprocess.run(["pdftotext", "-raw", pdf, "-"], capture_output=True, check=True, env=self.env)
        return done.stdout.decode("utf-8")

    def test_all_of_a_paper_is_read_out(self):
        folder = self.to_papers()
        form = self.words(FORM)
        letter = self.turn_to("Lette_r", LETTER).description
        self.click("_Save Both")
        self.see("Saved:")
        self.assertEqual(squeeze_fields(form), squeeze_fields(self.text_of(os.path.join(folder, "form.pdf"))))
        self.assertEqual(letter, read(os.path.join(folder, "letter.txt")).decode("utf-8"))

    def test_english_words_come_and_go(self):
        self.to_papers()
        plain = self.words(FORM)
        self.assertNotIn(TITLE, plain)
        self.click("_English words beside the field names", CHECK)
        self.await_words(FORM, TITLE)
        self.shot("bilingual")
        self.click("_English words beside the field names", CHECK)
        self.wait(lambda: self.words(FORM) == plain, "the form without them")

    def test_what_is_changed_on_the_way_back_stands_on_both(self):
        self.to_papers()
        self.back(REQUEST)
        self.back(PERSON)
        self.enter(FIELDS["name"], NAME)
        self.next(REQUEST)
        self.next(PAPERS)
        self.assertNotIn(CONTACT["name"], self.await_words(FORM, NAME))
        self.turn_to("Lette_r", LETTER)
        self.assertNotIn(CONTACT["name"], self.await_words(LETTER, NAME))

    # ---- the user code ----

    def test_one_dialog_however_often_it_is_asked_for(self):
        self.to_papers()
        button = self.find("_User-Code Sheet…", BUTTON).queryAction()
        for _ in range(3):
            button.doAction(0)
        self.find("Make a code by c_hance", RADIO)
        button.doAction(0)
        self.click("_English words beside the field names", CHECK)  # done after all that
        self.await_words(FORM, TITLE)
        self.assertEqual(len([node for node in self.application if has(node, pyatspi.STATE_MODAL)]), 1)
        self.click_in_dialog("_Cancel")
        self.see_not("Make a code by c_hance")
        button.doAction(0)
        self.find("Make a code by c_hance", RADIO)

    # ---- seen ----

    def picture(self, name):
        """The pixels of what is seen of that paper within its line, but for where a scroll bar comes and goes."""
        paper = pane = self.paper(name)
        while pane.getRole() != pyatspi.ROLE_SCROLL_PANE:
            pane = pane.parent
        inner, outer, screen = extents_of(paper), extents_of(pane), screen_pixels()
        left, right = max(inner.x, outer.x) + LINE, min(inner.x + inner.width, outer.x + outer.width) - SCROLL_BAR
        top, bottom = max(inner.y, outer.y) + LINE, min(inner.y + inner.height, outer.y + outer.height)
        data, stride = screen.get_pixels(), screen.get_rowstride()
        return b"".join(data[row * stride + 3 * left:row * stride + 3 * right] for row in range(top, bottom))

    def drawn(self, name):
        """Such a picture, as soon as it is one: ink on paper, and no longer what was there before."""
        def look():
            pixels = self.picture(name)
            return pixels if pixels.startswith(MARGIN) and min(pixels) <= INK else None
        return self.wait(look, f"ink on “{name}”")

    def test_leafing_through_them(self):
        self.to_papers()
        form = self.drawn(FORM)
        self.turn_to("Lette_r", LETTER)
        self.wait(lambda: self.drawn(LETTER) != form, "another paper")
        self.shot("letter")
        self.turn_to("_Form", FORM)
        self.wait(lambda: self.drawn(FORM) == form, "the same form")
        self.turn_to("Lette_r", LETTER)
        self.back(REQUEST)
        self.next(PAPERS)
        self.assertIn(CONTACT["name"], self.words(LETTER))  # the one that was looked at


class PapersChinese(Papers):
    language = "zh_TW"


if __name__ == "__main__":
    main()
