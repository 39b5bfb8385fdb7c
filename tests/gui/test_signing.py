"""What can go wrong between the review page and a saved file: the card, the service, the disk."""
import glob
import os
import signal
import time

from gui_case import ALERT, BUTTON, PATIENCE, main, text_of
from prereg_case import DONE, PreregCase

QUESTION = "Leave without saving the signed request?"
AT_ONCE = 2  # seconds: the card's driver is not waited for


class TheCard(PreregCase):
    def sign(self):
        self.click("_Sign…")

    def stop_at_once(self):
        start = time.monotonic()
        self.click("Sto_p")
        self.find("_Sign…", BUTTON)
        self.assertLess(time.monotonic() - start, AT_ONCE)
        self.assertFalse([node for node in self.nodes() if node.getRole() == ALERT])

    def hold_card_after(self, asked):
        """Once it was asked more than that often: before a PIN comes the card is asked for the tries."""
        end = time.monotonic() + PATIENCE
        while len(list(self.apdus())) <= asked and time.monotonic() < end:
            time.sleep(0.002)
        os.kill(self.card_pid, signal.SIGSTOP)
        self.addCleanup(os.kill, self.card_pid, signal.SIGCONT)

    def test_another_program_has_it_for_itself(self):
        self.to_review()
        holder = self.hold_card(1)
        self.sign()
        told = self.alert()
        self.assertIn(self.say("is in use by another program"), told)
        self.assertIn("these programs use card readers: ", told)
        self.assertEqual(self.pins_sent(), 0)
        self.end(holder)
        self.sign_in_window()
        self.page(DONE)

    def test_another_program_keeps_it_waiting(self):
        self.to_review()
        self.hold_card(2)
        self.sign()
        self.see("is in use by another program", "Waiting for it …")
        self.shot("waiting")
        self.stop_at_once()

    def test_it_does_not_answer(self):
        self.to_review()
        os.kill(self.card_pid, signal.SIGSTOP)
        self.addCleanup(os.kill, self.card_pid, signal.SIGCONT)
        self.sign()
        self.see("does not answer. Waiting for it …")
        self.stop_at_once()

    def test_stopped_after_the_pin_was_sent(self):
        self.to_review(card=("--slow", "60"))
        self.sign()
        self.pin_field()
        asked = len(list(self.apdus()))
        self.give_pin()
        self.hold_card_after(asked)
        self.click("Sto_p")
        os.kill(self.card_pid, signal.SIGCONT)
        told = self.alert()
        self.assertIn(self.say("Nothing was signed."), told)
        self.assertIn(self.say("The PIN was sent to the card once."), told)
        self.assertEqual((self.pins_sent(), self.signatures(), self.messages()), (1, 0, []))
        self.find("_Sign…", BUTTON)
        self.shot("stopped")

    def test_the_service_dies_while_the_pin_is_typed(self):
        self.to_review()
        self.sign()
        self.pin_field()
        os.kill(self.pcscd_pid, signal.SIGKILL)
        self.assertIn(self.say("The smart card service pcscd is not running."), self.alert())
        self.assertEqual(self.pins_sent(), 0)


class TheBytes(PreregCase):
    def shown(self):
        return self.wait(lambda: next((text for text in map(text_of, self.nodes()) if text.startswith("{")), None),
                         "bytes")

    def test_what_is_shown_is_signed(self):
        self.to_review()
        self.find("The e_xact bytes").queryAction().doAction(0)
        shown = self.shown()
        self.sign_in_window()
        self.page(DONE)
        name, = self.messages()
        self.assertEqual(self.assert_verifies(name).decode(), shown)


class TheDisk(PreregCase):
    def sign_in_vain(self):
        """Into a home that cannot be written to."""
        self.to_review()
        self.run_in_bench("mount", "-t", "tmpfs", "-o", "ro", "tmpfs", self.work)
        self.sign_in_window()
        return self.alert()

    def kept(self, *places):
        return glob.glob(os.path.join(*places, "gca-toolkit/unsaved/*.p7m"))

    def ask_to_leave(self):
        """Closes the window, and waits for the question."""
        self.keys("ctrl+q")
        return self.wait(lambda: self.look_for(self.say(QUESTION), root=self.dialog()), "question")

    def answer(self, words):
        self.wait(lambda: self.look_for(self.say(words), BUTTON, root=self.dialog()),
                  f"“{words}”").queryAction().doAction(0)

    def assert_unsaved(self, path):
        """One is asked no more, and can do what one could before."""
        self.see_not(QUESTION)
        self.on("_Save In…")
        self.assertIn(path, self.alert())
        self.assertEqual(self.kept(self.env["XDG_DATA_HOME"]), [path])

    def assert_saved(self):
        """In the folder that GTK offers; what was kept meanwhile is gone."""
        self.page(DONE)
        self.assertEqual(self.kept(self.env["XDG_DATA_HOME"]), [])
        name, = self.messages()
        self.assert_verifies(name)
        self.assertEqual((self.pins_sent(), self.signatures()), (1, 1))

    def test_it_is_kept_and_can_be_saved_when_leaving(self):
        told = self.sign_in_vain()
        path, = self.kept(self.env["XDG_DATA_HOME"])
        self.assertIn(path, told)
        self.ask_to_leave()
        self.see(path)
        self.shot("leave-unsaved")
        self.run_in_bench("umount", self.work)
        self.answer("_Save In…")
        self.click_in_dialog("_Open")
        self.assert_saved()

    def test_one_stays_and_can_save(self):
        self.sign_in_vain()
        path, = self.kept(self.env["XDG_DATA_HOME"])
        self.ask_to_leave()
        self.answer("_Go On")
        self.assert_unsaved(path)
        self.ask_to_leave()
        self.keys("Escape")
        self.assert_unsaved(path)
        self.run_in_bench("umount", self.work)
        self.click("_Save In…")
        self.click_in_dialog("_Open")
        self.assert_saved()

    def test_one_is_asked_no_more_when_it_is_saved_meanwhile(self):
        """Behind the question, where a screen reader comes."""
        self.sign_in_vain()
        self.run_in_bench("umount", self.work)
        behind = self.on("_Save In…")
        self.ask_to_leave()
        behind.queryAction().doAction(0)
        self.click_in_dialog("_Open")
        self.assert_saved()
        self.see_not(QUESTION)

    def test_one_leaves_and_it_is_still_kept(self):
        self.sign_in_vain()
        path, = self.kept(self.env["XDG_DATA_HOME"])
        self.ask_to_leave()
        self.keys("alt+l")  # behind the keys that asked: see test_start
        self.assert_ended()
        os.rename(path, self.path("kept.p7m"))
        self.assert_verifies("kept.p7m")

    def test_it_is_kept_until_logout_when_nothing_else_can_be_written(self):
        for name in ("XDG_DATA_HOME", "XDG_STATE_HOME"):
            with open(self.env[name], "wb"):
                pass
        told = self.sign_in_vain()
        path, = self.kept(self.env["XDG_RUNTIME_DIR"])
        self.assertIn(self.say("A copy is kept as “%s” until you log out.", path), told)
        self.close()  # by SIGTERM
        os.rename(path, self.path("kept.p7m"))
        self.assert_verifies("kept.p7m")


if __name__ == "__main__":
    main()
