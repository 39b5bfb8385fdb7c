"""The window opens without any card or network, and leads to both paths; and a page that is left at once leaves
nothing behind that would still be done to it."""
from application_case import AGENCY
from gui_case import BUTTON, PATIENCE, GuiCase, main
from prereg_case import CARD

ROUNDS = 12
PREREG = "Pre-register an ACME Account with a GCA Card"
LETTER = "Make a Key and a Certificate Request (Official Letter)"


class Start(GuiCase):
    def test_both_paths_begin(self):
        self.open("--prereg")
        self.see(CARD)
        self.shot("prereg")


class LeftAtOnce(GuiCase):
    """A critical of GTK or GLib ends the program, and close() finds it in what was said."""

    def press(self, words):
        """As soon as it is there, whatever is still to come."""
        name = self.say(words)
        self.wait(lambda: self.look_for(name, BUTTON), f"“{name}”").queryAction().doAction(0)

    def assert_alive(self):
        self.find(PREREG, BUTTON)
        self.assertIsNone(self.process.poll(), self.stderr())

    def test_home_and_in_again(self):
        for option, way in (("--prereg", PREREG), ("--letter", LETTER)):
            with self.subTest(option):
                self.open(option)
                for _ in range(ROUNDS):
                    self.press("_Cancel")
                    self.press(way)
                self.press("_Cancel")
                self.assert_alive()

    def test_home_and_in_again_beside_a_card(self):
        """What reads the card is on its way when its page goes."""
        self.open("--prereg", card=())
        for _ in range(ROUNDS):
            self.press("_Cancel")
            self.press(PREREG)
        self.see("The card has been read.")

    def test_home_while_the_register_is_searched(self):
        self.open("--letter")
        for _ in range(ROUNDS):
            self.page(AGENCY)
            self.enter("_Search:", "測試")
            self.press("_Cancel")
            self.press(LETTER)
        self.press("_Cancel")
        self.assert_alive()

    def test_by_keys_faster_than_it_is_drawn(self):
        """The start page has its first choice in the focus, if it gets to that. The last key is sent with the others:
        the accessibility bus would come in between, as GTK's listener lets it do within a key's event."""
        self.open("--prereg")
        self.page(CARD)
        self.activate()
        self.xdotool("key", "--delay", "0", *(["Alt+c", "Return"] * ROUNDS), "ctrl+q")
        self.assert_ended(within=PATIENCE)

    def test_closed_at_once(self):
        for option in ("--prereg", "--letter", "--prereg", "--letter", ""):
            self.open(*filter(None, [option]))
            self.keys("ctrl+q")
            self.assert_ended()


if __name__ == "__main__":
    main()
