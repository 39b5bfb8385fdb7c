"""The card is pulled at one command after another of a whole signing run.

Each seventh position, and those around PIN and signature; all with GCA_TEST_ALL=1. Every time: the
card's going is named, no PIN is called wrong or sent twice, no file is left, and the program ends soon.
"""
import concurrent.futures
import os
import time

from card_case import GONE, CardCase
from harness import main

EVERY = 1 if os.environ.get("GCA_TEST_ALL") == "1" else 7
PATIENCE = 5  # seconds from the card's going to the program's end
WORKERS = 2


def positions(apdus):
    """Those to pull at, of a run with these commands."""
    special = [number for number, (apdu, secret, _) in enumerate(apdus, 1)
               if secret or apdu[2:4] in ("20", "87")]
    near = {number + d for number in special for d in (-1, 0, 1)}
    return sorted((near | set(range(1, len(apdus) + 1, EVERY))) & set(range(1, len(apdus) + 1)))


class Sweep(CardCase):
    def pull(self, card):
        """The result, and the seconds that the program went on after the card had gone."""
        ended = os.path.join(self.folder, "ended")
        result = self.run_with_card("sh", "-c", '"$@"; s=$?; touch ../ended; exit $s', "sh",
                                    *self.sign_command("--json"), card=card, timeout=25)
        return result, os.stat(ended).st_mtime - os.stat(self.trace_path).st_mtime

    def check(self, card, pins, may_be_signed):
        result, seconds = self.pull(card)
        self.assert_status(result, result.status)
        self.assertLessEqual(self.pins_sent(), pins)
        self.assertIn("removed", self.trace())
        if result.status == 0:
            self.assertTrue(may_be_signed, result)
            self.assert_verifies()
            return
        self.assertEqual(result.status, 3, result)
        self.assertIn(result.json["error"]["code"], GONE, result)
        self.assert_nothing_written()
        self.assertLess(seconds, PATIENCE)

    def check_apart(self, *arguments):
        """In a folder of its own."""
        case = Sweep(self._testMethodName)
        case.setUp()
        try:
            case.check(*arguments)
        finally:
            case.doCleanups()

    def sweep(self, *card):
        self.assert_status(self.sign(card=card), 0)
        apdus, pins = self.apdus(), self.pins_sent()
        runs = [(how, number) for number in positions(apdus) for how in ("at", "after")]
        with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
            done = {(how, number): pool.submit(self.check_apart, (*card, f"--leave-{how}", str(number)),
                                               pins, (how, number) == ("after", len(apdus)))
                    for how, number in runs}
            for run, future in done.items():
                with self.subTest(card=card, pulled=run):
                    future.result()

    def test_first_generation(self):
        self.sweep("--generation", "1")

    def test_second_generation(self):
        self.sweep("--generation", "2")

    def test_always_authenticated(self):
        self.sweep("--generation", "2", "--always-auth")


class Returned(CardCase):
    """Pulled and put back at once: never a second PIN by itself."""

    def test_around_the_pin(self):
        for moment in ("verify", "sign"):
            for how in ("at", "after"):
                with self.subTest(moment=moment, how=how):
                    started = time.monotonic()
                    result = self.sign("--json", "--output", self.path(f"{moment}-{how}.p7m"),
                                       card=[f"--leave-{how}", moment, "--return-after", "500"])
                    self.assertLess(time.monotonic() - started, 15)
                    self.assertLessEqual(self.pins_sent(), 1)
                    self.assertIn(result.status, (0, 3), result)
                    if result.status == 3:
                        self.assertIn(result.json["error"]["code"], GONE | {"busy"}, result)
                        self.assertFalse(os.path.exists(self.path(f"{moment}-{how}.p7m")))


if __name__ == "__main__":
    main()
