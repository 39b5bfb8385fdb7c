"""Cards that answer oddly or wrongly: read all the same, or refused with what and where it was."""
import concurrent.futures
import itertools

from card_case import AGENCY_OID, CardCase
from harness import main

GENERATIONS = (("--generation", "1"), ("--generation", "2"))
BROKEN = {
    "cdf-length": "file 5030/4104, byte 2:",
    "cdf-truncated": "file 5030/4104, byte",
    "cdf-empty": "no certificate of its holder",
    "cdf-huge-length": "file 5030/4104, byte 0:",
    "cdf-indefinite": "file 5030/4104, byte 0:",
    "cdf-index-beyond": "“SIGN” on the card cannot be used: file 5030/08F2, byte",
    "cdf-index-negative": "file 5030/4104, byte",
    "cdf-slice-zero": "“SIGN” on the card cannot be used: file 5030/08F2, byte 0:",
    "cert-truncated": "“SIGN” on the card cannot be used: file 5030/08F2, byte 0:",
    "cert-garbage": "“SIGN” on the card cannot be used: file 5030/08F2, byte 0:",
}
ODD = (["--le-wrong"], ["--61xx"], ["--dislike-length"], ["--cdf-on-block-edge", "6B00"],
       ["--cdf-on-block-edge", "6282"], ["--cdf-on-block-edge", "empty"], ["--short", "150"],
       ["--short", "7"], ["--short", "1"], ["--extra-cdf"], ["--shift-offsets"], ["--slice-longer"],
       ["--mf-leaves-applet"], ["--slow", "20"], ["--order", "CACert,KEYX,SIGN02,SIGN"],
       ["--order", "ROOTCACert,FOREIGN,SIGN"], ["--le-wrong", "--61xx", "--mf-leaves-applet"],
       ["--dislike-length", "--61xx"], ["--short", "9", "--shift-offsets", "--extra-cdf"])


class OddButGood(CardCase):
    def test_read_all_the_same(self):
        for odd, generation in itertools.product(ODD, GENERATIONS):
            with self.subTest(odd=odd, generation=generation):
                result = self.show("--json", card=[*generation, *odd])
                self.assert_status(result, 0)
                self.assertEqual((result.json["number"], result.json["holder"]["oid"]),
                                 ("TP00000000000001", AGENCY_OID))

    def test_signed_all_the_same(self):
        odds = (["--61xx"], ["--le-wrong"], ["--shift-offsets", "--extra-cdf"], ["--mf-leaves-applet"],
                ["--order", "CACert,KEYX,SIGN02,SIGN"])
        for odd, generation in itertools.product(odds, GENERATIONS):
            with self.subTest(odd=odd, generation=generation):
                name = f"out-{odd[0]}-{generation[1]}.p7m"
                result = self.sign("--output", self.path(name), card=[*generation, *odd])
                self.assert_status(result, 0)
                self.assert_verifies(name)


class Broken(CardCase):
    def test_broken_der_is_placed(self):
        for (variant, words), generation in itertools.product(BROKEN.items(), GENERATIONS):
            with self.subTest(variant=variant, generation=generation):
                result = self.show(card=[*generation, "--broken-der", variant])
                self.assert_refused(result, 8, words)
                self.assertEqual(result.out, "")

    def test_nothing_broken_is_signed(self):
        for variant in BROKEN:
            with self.subTest(variant=variant):
                self.assert_status(self.sign(card=["--broken-der", variant]), 8)
                self.assertEqual(self.pin_questions(), 0)
                self.assert_nothing_written()

    def test_more_bytes_than_asked_for(self):
        for extra, generation in itertools.product(("1", "40"), GENERATIONS):
            with self.subTest(extra=extra, generation=generation):
                result = self.show(card=[*generation, "--overlong", extra])
                self.assert_refused(result, 8, "READ BINARY of file 5030/4104, byte 0",
                                    f"gave {200 + int(extra)} bytes where 200 were asked for")

    def test_cards_without_signing_certificate(self):
        for order, words in (("KEYX,CACert", "encryption certificates only"),
                             ("CACert,ROOTCACert", "no certificate of its holder")):
            with self.subTest(order=order):
                self.assert_refused(self.show(card=["--order", order]), 8, words)


class WrongStatus(CardCase):
    """A wrong status word at each of the first commands, of gca-card show and of a signature."""

    POSITIONS = range(1, 26)
    STATUS_WORDS = ("6F00", "6A82")

    def check(self, position, word, generation):
        case = WrongStatus(self._testMethodName)
        case.setUp()
        try:
            result = case.sign("--json", card=[*generation, "--sw", f"{position}={word}"])
            case.assert_status(result, result.status)
            self.assertIn(result.status, (0, 3, 8), result)
            self.assertLessEqual(case.pins_sent(), 1)
            if result.status == 0:
                case.assert_verifies()
                return
            self.assertRegex(result.json["error"]["message"] + (result.json["error"]["detail"] or ""),
                             "SELECT|READ BINARY|file [0-9A-F]{4}", result)
            self.assertEqual(case.pin_questions(), 0)
            case.assert_nothing_written()
        finally:
            case.doCleanups()

    def test_works_or_names_the_command(self):
        runs = list(itertools.product(self.POSITIONS, self.STATUS_WORDS, GENERATIONS))
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            done = {run: pool.submit(self.check, *run) for run in runs}
            for run, future in done.items():
                with self.subTest(run=run):
                    future.result()

    def test_a_card_without_number_is_still_of_use(self):
        result = self.show("--json", card=["--generation", "2", "--sw", "4=6A82"])
        self.assert_status(result, 0)
        self.assertIsNone(result.json["number"])


class WrongStatusOfThePin(CardCase):
    """What goes wrong at the card is not the PIN's fault. (To 6D00 at VERIFY and to 6982 at a signature
    OpenSC itself answers with another VERIFY, so these are left out.)"""

    def test_verify_fails_for_another_reason(self):
        for word in ("6F00", "6A86", "6A88"):
            with self.subTest(word=word):
                result = self.sign(card=["--sw", f"verify={word}"])
                self.assert_status(result, result.status)
                self.assertNotIn(result.status, (0, 4, 5, 130), result)
                self.assertEqual((self.pins_sent(), self.signatures()), (1, 0))
                self.assertNotIn("try is left", result.err)
                self.assert_nothing_written()

    def test_signature_fails(self):
        for word in ("6F00", "6A80"):
            with self.subTest(word=word):
                result = self.sign(card=["--sw", f"sign={word}"])
                self.assert_status(result, result.status)
                self.assertNotIn(result.status, (0, 4, 5, 130), result)
                self.assertNotIn("overwriting", result.err)
                self.assertEqual(self.pins_sent(), 1)
                self.assert_nothing_written()


if __name__ == "__main__":
    main()
