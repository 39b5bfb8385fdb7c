"""gca-card list, and what stands between a user and a card: each state has its own words."""
import json
import time

from card_case import AGENCY, HOLD, CardCase
from harness import main

SECOND = ("--second", "--holder unit --number TP00000000000002")

# Waits by asking pcscd, through the program itself, until a card is (not) there.
UNTIL = 'until "$1" list --json | grep -c \'"card": true\' | grep -qx "$2"; do sleep 0.05; done'


class States(CardCase):
    def test_no_service(self):
        result = self.show(card=["--no-pcscd"])
        self.assert_refused(result, 3, "pcscd is not running", "systemctl start pcscd.socket")

    def test_access_refused(self):
        # Without its capabilities root too is bound by the mode of pcscd's socket.
        result = self.run_with_card(
            "sh", "-c", 'chmod 0 /run/pcscd/pcscd.comm; exec setpriv --bounding-set=-all '
            '--inh-caps=-all "$1" show', "sh", self.card_tool)
        self.assert_refused(result, 3, "refuses access to this user", "polkit")
        self.assertNotIn("is not running", result.err)

    def test_no_reader(self):
        result = self.show(card=["--no-reader"])
        self.assert_refused(result, 3, "No card reader is connected", "Plug in the card reader")

    def test_no_card(self):
        result = self.show(card=["--no-card"])
        self.assert_refused(result, 3, "There is no card in the reader", "Virtual PCD 00 00",
                            "Virtual PCD 00 01", "chip first")

    def test_unknown_card(self):
        result = self.show(card=["--no-hicos", "--no-piv"])
        self.assert_refused(result, 3, "is of another kind than the GCA card", "Virtual PCD 00 00")

    def test_mute_card(self):
        started = time.monotonic()
        result = self.show("--json", card=["--slow", "30000"])
        self.assertLess(time.monotonic() - started, 10)
        self.assert_refused(result, 3, "Virtual PCD 00 00", "does not answer")
        self.assertEqual(result.json["error"]["code"], "card-unknown")

    def test_mute_card_is_left_when_interrupted(self):
        # A command has four seconds; what goes on two after the signal is killed, which is another status.
        result = self.run_with_card(
            "bash", "-mc", '''
"$1" show --json --verbose 2>said & show=$!
until grep -q "2 readers" said; do sleep 0.05; done
sleep 0.3; kill -INT $show
{ sleep 2; kill -KILL $show; } >/dev/null 2>&1 &
wait $show; status=$?; cat said >&2; exit $status''', "bash", self.card_tool, card=["--slow", "30000"])
        self.assert_refused(result, 130, "Cancelled")
        self.assertEqual(result.json["error"]["code"], "cancelled")

    def test_every_state_is_told_to_scripts(self):
        for card, code in ((["--no-pcscd"], "no-reader"), (["--no-reader"], "no-reader"),
                           (["--no-card"], "no-card"), (["--no-hicos", "--no-piv"], "card-unknown")):
            with self.subTest(card=card):
                result = self.show("--json", card=card)
                self.assert_status(result, 3)
                self.assertEqual(result.json["error"]["code"], code)

    def test_signing_meets_the_same_states(self):
        for card in (["--no-pcscd"], ["--no-reader"], ["--no-card"], ["--no-hicos", "--no-piv"]):
            with self.subTest(card=card):
                self.assert_status(self.sign(card=card), 3)
                self.assert_nothing_written()

    def test_no_such_reader(self):
        result = self.show("--reader", "Gemalto")
        self.assert_refused(result, 3, "Gemalto", "Virtual PCD 00 00")

    def test_no_such_serial(self):
        result = self.show("--serial", "TP99999999999999")
        self.assert_refused(result, 3, "TP99999999999999")

    def show_beside(self, share, *options):
        """While another program has the card, see HOLD."""
        return self.run_with_card("bash", "-c", '''
coproc holder { exec /usr/bin/python3 -c "$1" "$2"; }
read -r status <&"${holder[0]}"; shift 2
"$0" show "$@"; exit $?''', self.card_tool, HOLD, str(share), *options)

    def test_a_card_in_use_may_be_the_one_named(self):
        for options in ((), ("--serial", "TP00000000000001")):
            with self.subTest(options=options):
                result = self.show_beside(1, *options)
                self.assert_refused(result, 3, "Virtual PCD 00 00", "in use by another program",
                                    "these programs use card readers: ")

    def test_what_is_waited_for_is_told(self):
        result = self.show_beside(2, "--serial", "TP00000000000001")
        self.assert_refused(result, 3, "in use by another program", "Waiting for it …")


class TwoCards(CardCase):
    def assert_both_listed(self, result):
        self.assert_refused(result, 2, "There are 2 cards", "Virtual PCD 00 00: TP00000000000001",
                            "Virtual PCD 00 01: TP00000000000002", AGENCY, "測試署", "--reader",
                            "--serial")

    def test_no_choice_is_refused(self):
        self.assert_both_listed(self.show(card=SECOND))

    def test_signing_without_choice_is_refused(self):
        self.assert_both_listed(self.sign(card=SECOND))
        self.assertEqual(self.pin_questions(), 0)
        self.assert_nothing_written()

    def test_reader_chooses(self):
        for reader, number in (("Virtual PCD 00 00", 1), ("Virtual PCD 00 01", 2), ("00 01", 2)):
            with self.subTest(reader=reader):
                result = self.show("--json", "--reader", reader, card=SECOND)
                self.assert_status(result, 0)
                self.assertEqual(result.json["number"], f"TP0000000000000{number}")

    def test_serial_chooses(self):
        for number in ("TP00000000000001", "tp00000000000002"):
            with self.subTest(number=number):
                result = self.show("--json", "--serial", number, card=SECOND)
                self.assert_status(result, 0)
                self.assertEqual(result.json["number"], number.upper())

    def test_the_chosen_card_alone_gets_the_pin(self):
        other = self.path("other-trace")
        card = ("--second", "--holder unit --number TP00000000000002")
        result = self.sign("--serial", "TP00000000000001", card=card, GCA_TEST_TRACE2=other)
        self.assert_status(result, 0)
        self.assertEqual((self.pins_sent(), self.signatures()), (1, 1))
        with open(other, encoding="ascii") as file:
            self.assertNotIn("verify", file.read())


class List(CardCase):
    def test_readers_and_cards(self):
        result = self.run_with_card(self.card_tool, "list")
        self.assert_status(result, 0)
        self.assertEqual(result.out, "Virtual PCD 00 00: a card\nVirtual PCD 00 01: empty\n")

    def test_json(self):
        answer = self.run_with_card(self.card_tool, "list", "--json").json
        self.assertEqual((answer["schema"], answer["command"]), (1, "gca-card list"))
        self.assertEqual([r["card"] for r in answer["readers"]], [True, False])
        self.assertEqual(answer["readers"][0]["atr"], "3bb813008131fa524348544d4f494341a5")

    def test_empty_readers_are_no_error(self):
        result = self.run_with_card(self.card_tool, "list", card=["--no-card"])
        self.assert_status(result, 0)
        self.assertEqual(result.out, "Virtual PCD 00 00: empty\nVirtual PCD 00 01: empty\n")

    def test_no_reader(self):
        result = self.run_with_card(self.card_tool, "list", card=["--no-reader"])
        self.assert_refused(result, 3, "No card reader is connected")

    def test_wait_returns_when_the_card_comes(self):
        result = self.run_with_card(
            "bash", "-c", f'set -- "$1" 0; kill -USR1 $GCA_TEST_CARD_PID; {UNTIL}; '
            '(sleep 0.3; kill -USR2 $GCA_TEST_CARD_PID) & exec "$1" list --wait', "bash", self.card_tool)
        self.assert_status(result, 0)
        self.assertEqual(result.out, "Virtual PCD 00 00: a card\nVirtual PCD 00 01: empty\n")

    def test_wait_ends_with_ctrl_c(self):
        result = self.run_with_card(
            "bash", "-mc", '"$1" list --wait & sleep 0.3; kill -INT $!; wait $!', "bash",
            self.card_tool, card=["--no-card"])
        self.assert_status(result, 130)
        self.assertEqual(result.out, "")

    def test_watch_lists_at_every_change_until_ctrl_c(self):
        result = self.run_with_card(
            "bash", "-mc", '''
"$1" list --watch --json >watched & watch=$!
lists() { until [ "$(grep -c '"readers"' watched)" -ge $1 ]; do sleep 0.05; done; }
lists 1; kill -USR1 $GCA_TEST_CARD_PID
lists 2; kill -USR2 $GCA_TEST_CARD_PID
lists 3; kill -INT $watch; wait $watch''', "bash", self.card_tool)
        self.assert_status(result, 130)
        with open(self.path("watched"), encoding="utf-8") as file:
            text = file.read()
        decoder, seen, at = json.JSONDecoder(), [], 0
        while at < len(text):
            answer, at = decoder.raw_decode(text, at)
            at += len(text[at:]) - len(text[at:].lstrip())
            if "readers" in answer:
                seen.append(answer["readers"][0]["card"])
        self.assertEqual(seen, [True, False, True])


if __name__ == "__main__":
    main()
