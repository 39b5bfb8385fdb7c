"""The PIN: sent once or not at all, asked for without echo, never guessed at."""
import os
import re

import pexpect
from card_case import BENCH, PIN, CardCase
from harness import main, program

OTHER_PIN = "73914682"


class Tries(CardCase):
    def test_wrong_pin_costs_one_try(self):
        # OpenSC gives the state of a PIV card's PIN only for the last try
        for tries, words, left in ((3, "The PIN is wrong", None), (2, "one try is left", 1)):
            with self.subTest(tries=tries):
                result = self.sign("--json", card=["--tries", str(tries), "--pin", OTHER_PIN])
                self.assert_refused(result, 4, "The PIN is wrong", words)
                self.assertEqual((self.pins_sent(), self.signatures()), (1, 0))
                error = result.json["error"]
                self.assertEqual((error["code"], error["tries_left"]), ("pin-wrong", left))
                self.assert_nothing_written()

    def test_last_try_is_not_sent(self):
        result = self.sign("--json", card=["--tries", "1"])
        self.assert_refused(result, 4, "Only one try of the PIN is left", "nothing was sent to the card",
                            "--allow-last-try")
        self.assertEqual((self.pins_sent(), result.json["error"]["tries_left"]), (0, 1))
        self.assert_nothing_written()

    def test_last_try_is_sent_if_allowed(self):
        self.assert_status(self.sign("--allow-last-try", card=["--tries", "1"]), 0)
        self.assertEqual(self.pins_sent(), 1)
        self.assert_verifies()

    def test_last_try_wrong_blocks_the_card(self):
        result = self.sign("--allow-last-try", card=["--tries", "1", "--pin", OTHER_PIN])
        self.assert_refused(result, 5, "The PIN is blocked", "gca.nat.gov.tw")
        self.assertEqual(self.pins_sent(), 1)
        self.assert_nothing_written()

    def test_blocked(self):
        for options in ([], ["--allow-last-try"]):
            with self.subTest(options=options):
                result = self.sign(*options, card=["--tries", "0"])
                self.assert_refused(result, 5, "The PIN is blocked; nothing was sent to the card",
                                    "unblock", "gca.nat.gov.tw")
                self.assertEqual(self.pins_sent(), 0)
                self.assert_nothing_written()

    def test_malformed_pins_are_not_sent(self):
        for pin in ("12345a", "１２３４５６", "123", "123456789", "", " 123456", "-12345", "1" * 200):
            with self.subTest(pin=pin):
                result = self.sign(pin=pin)
                self.assert_refused(result, 4, "nothing was sent to the card")
                self.assertEqual(self.pins_sent(), 0)
                self.assert_nothing_written()


# A waits for its PIN; meanwhile B uses up two tries.
TRIES_USED_UP = r"""
mkfifo fifo; echo %(wrong)s >wrong; chmod 600 wrong
gca-prereg --account regr.json -d www.agency-test.gov.tw --yes --output out.p7m --verbose --pin-fd 3 3<>fifo 2>a.err &
for i in $(seq 100); do grep -q ': module /' a.err && break; sleep 0.1; done; sleep 0.5
for i in 1 2; do gca-card verify-pin --pin-file wrong; echo "B $?"; done
echo %(wrong)s >fifo; wait %%1; echo "A $?"; cat a.err >&2; rm -f fifo wrong a.err
"""

# At the question another card takes the place of the one that was shown.
CARD_SWAPPED = r"""
import os, signal, subprocess, sys, time, pexpect
child = pexpect.spawn("gca-prereg", ["--account", "regr.json", "-d", "www.agency-test.gov.tw",
                                     "--output", "out.p7m"], timeout=20, encoding="utf-8")
child.logfile_read = sys.stderr
child.expect("yes/no")
os.kill(int(os.environ["GCA_TEST_CARD_PID"]), signal.SIGTERM)
time.sleep(1)
other = subprocess.Popen([os.environ["GCA_VCARD"], "--pki", os.environ["GCA_TEST_PKI"], "--trace",
                          sys.argv[1], "--holder", "unit", "--number", "TP00000000000099"],
                         stdout=subprocess.PIPE)
other.stdout.readline()
time.sleep(1)
child.sendline("yes")
child.expect(pexpect.EOF)
child.close()
other.terminate()
other.wait()
sys.exit(child.exitstatus)
"""


class Meanwhile(CardCase):
    """The person takes time to answer, and the world goes on."""

    def with_programs(self):
        return {"PATH": os.path.dirname(program("gca-card")) + ":" + self.env["PATH"]}

    def test_last_try_is_not_sent_after_others_used_tries(self):
        self.regr()
        result = self.run_with_card("bash", "-c", TRIES_USED_UP % {"wrong": OTHER_PIN[:6]},
                                    **self.with_programs())
        self.assertIn("B 4\nB 4\nA 4\n", result.out, result)
        self.assertIn("Only one try of the PIN is left", result.err)
        self.assertEqual(self.pins_sent(), 2)

    def test_pin_does_not_go_to_another_card(self):
        self.regr()
        other = os.path.join(self.folder, "other-trace")
        result = self.run_with_card("/usr/bin/python3", "-c", CARD_SWAPPED, other,
                                    **self.with_programs())
        self.assert_status(result, 3)
        self.assertIn("The card was removed from the reader", result.err)
        with open(other, encoding="ascii") as trace:
            self.assertNotIn("verify", trace.read().split("\n"))


class AlwaysAuthenticated(CardCase):
    """PIV 9C wants the PIN before each signature: the one that login has just accepted, once more."""

    def test_signs(self):
        for generation in (1, 2):
            with self.subTest(generation=generation):
                name = f"out-{generation}.p7m"
                result = self.sign("--output", self.path(name),
                                   card=["--always-auth", "--generation", str(generation)])
                self.assert_status(result, 0)
                outcomes = [outcome for apdu, secret, outcome in self.apdus()
                            if secret and apdu[2:4] == "20"]
                self.assertLessEqual(len(outcomes), 2)
                self.assertEqual(set(outcomes), {"9000"})
                self.assertEqual(self.signatures(), 1)
                self.assert_verifies(name)

    def test_wrong_pin_costs_one_try(self):
        result = self.sign(card=["--always-auth", "--pin", OTHER_PIN])
        self.assert_refused(result, 4, "The PIN is wrong")
        self.assertEqual((self.pins_sent(), self.signatures()), (1, 0))
        self.assert_nothing_written()


class Sources(CardCase):
    def without_pin(self, *options):
        command = self.sign_command(*options)
        at = command.index("--pin-file")
        return command[:at] + command[at + 2:]

    def test_descriptor(self):
        result = self.run_with_card("sh", "-c", 'exec "$@" --pin-fd 7 7<pin', "sh", *self.without_pin())
        self.assert_status(result, 0)
        self.assertEqual(self.pins_sent(), 1)

    def test_standard_input(self):
        for typed in (b"123456\n", b"123456", b"123456\r\n"):
            with self.subTest(typed=typed):
                result = self.run_with_card(*self.without_pin("--pin-fd", "0", "--output",
                                                              self.path(f"{len(typed)}.p7m")),
                                            stdin=typed)
                self.assert_status(result, 0)

    def test_file_that_is_not_there(self):
        result = self.sign("--pin-file", self.path("none"))
        self.assert_refused(result, 1, "none")
        self.assertEqual(self.pins_sent(), 0)

    def test_two_lines_are_refused(self):
        result = self.sign(pin="123456\n654321")
        self.assert_refused(result, 8, "more than one line")
        self.assertEqual(self.pins_sent(), 0)

    def test_file_open_to_others_is_warned_of(self):
        path = self.write("open-pin", PIN + "\n", mode=0o644)
        result = self.sign("--pin-file", path)
        self.assert_status(result, 0)
        self.assertIn("open-pin", result.err)


class Terminal(CardCase):
    """A shell with job control runs the program, so that Ctrl-C reaches it and not the bench, and
    shows the terminal's echo before and after."""

    SCRIPT = 'stty -a | grep -ow -e -*echo; "$@"; s=$?; echo "status $s"; stty -a | grep -ow -e -*echo; exit $s'

    def spawn(self, *options, card=(), yes=False):
        command = self.sign_command(*options)
        at = command.index("--pin-file")
        command = command[:at] + command[at + 2:]
        if not yes:
            command.remove("--yes")
        child = pexpect.spawn(BENCH, [*card, "--", "bash", "-mc", self.SCRIPT, "bash", *command],
                              cwd=self.work, env=self.env, encoding="utf-8", timeout=20)
        self.addCleanup(child.close, force=True)
        child.logfile_read = open(os.path.join(self.folder, "screen"), "w", encoding="utf-8")
        self.addCleanup(child.logfile_read.close)
        return child

    def finish(self, child, status):
        child.expect(pexpect.EOF)
        child.close()
        child.logfile_read.flush()
        with open(os.path.join(self.folder, "screen"), encoding="utf-8") as file:
            screen = file.read()
        self.assertIn(f"status {status}", screen)
        self.assertEqual(child.exitstatus, status, screen)
        self.assertEqual(re.findall(r"^(-?echo)\r?$", screen, re.M), ["echo", "echo"], screen)
        return screen

    def test_yes_and_pin(self):
        child = self.spawn(card=["--pin", OTHER_PIN])
        child.expect_exact("Sign this? [yes/no] ")
        self.assertEqual(self.pin_questions(), 0)
        child.sendline("yes")
        child.expect_exact("PIN of card TP00000000000001: ")
        child.sendline(OTHER_PIN)
        screen = self.finish(child, 0)
        self.assertNotIn(OTHER_PIN, screen)
        self.assertEqual((self.pins_sent(), self.signatures()), (1, 1))
        self.assert_verifies()

    def test_what_is_asked_was_shown_before(self):
        child = self.spawn()
        child.expect_exact("Sign this? [yes/no] ")
        for part in ("www.agency-test.gov.tw", "/my-account/2a9c8f", "TP00000000000001",
                     "O=行政院-政府憑證管理中心-憑證測試中心"):
            self.assertIn(part, child.before)
        child.sendline("no")
        self.finish(child, 130)

    def test_no(self):
        for answer in ("no", "", "yess", "n"):
            with self.subTest(answer=answer):
                child = self.spawn()
                child.expect_exact("[yes/no] ")
                child.sendline(answer)
                self.finish(child, 130)
                self.assertEqual(self.pin_questions(), 0)
                self.assert_nothing_written()

    def test_ctrl_c_at_the_question(self):
        child = self.spawn()
        child.expect_exact("[yes/no] ")
        child.sendintr()
        self.finish(child, 130)
        self.assert_nothing_written()

    def test_ctrl_c_at_the_pin(self):
        child = self.spawn(yes=True)
        child.expect_exact("PIN of card TP00000000000001: ")
        child.send(OTHER_PIN)
        child.sendintr()
        screen = self.finish(child, 130)
        self.assertNotIn(OTHER_PIN, screen)
        self.assertIn("ancelled", screen)
        self.assertNotIn("Operation was cancelled", screen)  # GLib's own words, in no language but English
        self.assertEqual(self.pins_sent(), 0)
        self.assert_nothing_written()

    def test_end_of_input_at_the_pin(self):
        child = self.spawn(yes=True)
        child.expect_exact("PIN of card TP00000000000001: ")
        child.sendeof()
        self.finish(child, 130)
        self.assertEqual(self.pins_sent(), 0)

    def test_the_state_is_told_before_asking(self):
        child = self.spawn("--allow-last-try", card=["--tries", "1"], yes=True)
        child.expect("This is the last try.*PIN of card TP00000000000001: ")
        child.sendline(PIN)
        self.finish(child, 0)

    def test_wrong_pin_is_not_asked_for_again(self):
        child = self.spawn(card=["--pin", OTHER_PIN], yes=True)
        child.expect_exact("PIN of card TP00000000000001: ")
        child.sendline("654321")
        screen = self.finish(child, 4)
        self.assertNotIn("654321", screen)
        self.assertEqual(screen.count("PIN of card"), 1)
        self.assertEqual(self.pins_sent(), 1)
        self.assert_nothing_written()


if __name__ == "__main__":
    main()
