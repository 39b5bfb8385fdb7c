"""A reader with a PIN pad: the window says where to enter the PIN, has no field for it, and goes on by itself. The
reader is pin-pad.c before OpenSC and the virtual card."""
import os

from card_case import opensc_module
from gui_case import BUTTON, CHECK, PASSWORD, PIN, main
from prereg_case import DONE, REVIEW, PreregCase

ENTER = "Enter the PIN on the keys of the reader “%s”."
STOPPED = "Now press the cancel key of the reader, which still waits for the PIN."
READER = "Virtual PCD 00 00"
WRONG = "739146"
LAST_TRY = "_Use the last try: a wrong PIN blocks the card"


class PinPad(PreregCase):
    def setUp(self):
        super().setUp()
        self.keys_path = os.path.join(self.folder, "keys")
        os.mkfifo(self.keys_path)
        self.env.update(GCA_PKCS11_MODULE=os.environ["GCA_PIN_PAD_MODULE"], GCA_PIN_PAD_KEYS=self.keys_path,
                        GCA_PIN_PAD_MODULE_BELOW=opensc_module())

    def press_on_reader(self, keys=""):
        """Nothing: the key that cancels."""
        def write():
            try:
                pad = os.open(self.keys_path, os.O_WRONLY | os.O_NONBLOCK)
            except OSError:  # the reader does not wait yet
                return False
            os.write(pad, f"{keys}\n".encode("ascii"))
            os.close(pad)
            return True
        self.wait(write, "reader that waits for its keys")

    def sign_at_reader(self):
        """Up to where the reader waits."""
        self.click("_Sign…")
        self.see(self.say(ENTER, READER))
        self.assertFalse([node for node in self.nodes() if node.getRole() == PASSWORD])
        self.assertEqual([], [node.name for node in self.nodes() if node.getRole() == BUTTON and
                              node.name == self.say("_OK")])

    def assert_unsigned(self, pins):
        self.page(REVIEW)
        self.assertEqual((self.pins_sent(), self.signatures(), self.messages()), (pins, 0, []))

    def test_the_pin_is_entered_at_the_reader(self):
        self.to_review()
        self.sign_at_reader()
        self.assertEqual(self.pins_sent(), 0)
        self.shot("enter")
        self.press_on_reader(PIN)
        self.page(DONE)
        self.assertEqual((self.pins_sent(), self.signatures()), (1, 1))
        self.content()
        self.shot("done")

    def test_cancelled_at_the_reader(self):
        self.to_review()
        self.sign_at_reader()
        self.press_on_reader()
        self.find("_Sign…", BUTTON)
        self.assert_unsigned(0)
        self.shot("cancelled")
        self.sign_at_reader()
        self.press_on_reader(PIN)
        self.page(DONE)
        self.assertEqual((self.pins_sent(), self.signatures()), (1, 1))

    def test_stopped_in_the_window(self):
        """The reader cannot be told; what is entered there after that signs nothing."""
        for keys, pins in (("", 0), (PIN, 1)):
            with self.subTest(keys):
                self.to_review()
                self.sign_at_reader()
                self.see_not(STOPPED)
                self.click("Sto_p")
                self.see(STOPPED)
                self.shot("stopped")
                self.press_on_reader(keys)
                self.find("_Sign…", BUTTON)
                self.assert_unsigned(pins)
                os.unlink(self.trace_path)

    def test_a_wrong_pin_and_the_last_try(self):
        self.to_review(card=("--tries", "2"))
        self.sign_at_reader()
        self.press_on_reader(WRONG)
        self.alert()
        self.click(LAST_TRY, CHECK)
        self.assert_unsigned(1)
        self.sign_at_reader()
        self.press_on_reader(PIN)
        self.page(DONE)
        self.assertEqual((self.pins_sent(), self.signatures()), (2, 1))

    def test_the_card_is_pulled_while_the_reader_waits(self):
        self.to_review()
        self.sign_at_reader()
        self.pull_card()
        self.press_on_reader(PIN)
        self.alert()
        self.assert_unsigned(0)

    def test_the_window_is_closed_while_the_reader_waits(self):
        """It goes at once; the program ends when the reader lets go of it, and signs nothing whatever is entered."""
        for keys, pins in (("", 0), (PIN, 1)):
            with self.subTest(keys):
                self.to_review()
                self.sign_at_reader()
                self.keys("ctrl+q")
                self.click("_Leave")
                self.wait(lambda: self.application.childCount == 0, "end of the window")
                self.press_on_reader(keys)
                self.assert_ended()
                self.assertEqual((self.pins_sent(), self.signatures(), self.messages()), (pins, 0, []))
                os.unlink(self.trace_path)


class PinPadChinese(PinPad):
    language = "zh_TW"


if __name__ == "__main__":
    main()
