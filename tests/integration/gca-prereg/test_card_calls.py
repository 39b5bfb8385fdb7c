"""How often the PKCS#11 module is called, counted by OpenSC's pkcs11-spy, against the least that a
program with libp11 needs (tests/bench/minimal-sign.c)."""
import collections
import glob
import os
import re

from card_case import PIN, CardCase, opensc_module
from harness import main

MINIMAL = os.environ["GCA_MINIMAL_SIGN"]
SPY = next(iter(glob.glob("/usr/lib/*/pkcs11-spy.so") + glob.glob("/usr/lib*/pkcs11-spy.so")))
CLEAN_UP = {"C_Logout", "C_CloseSession", "C_CloseAllSessions", "C_Finalize"}
GONE_CODES = ("CKR_DEVICE_REMOVED", "CKR_TOKEN_NOT_PRESENT")


class Calls(CardCase):
    def setUp(self):
        super().setUp()
        self.spied = os.path.join(self.folder, "spied")
        self.env.update(PKCS11SPY=opensc_module(), PKCS11SPY_OUTPUT=self.spied)
        # pkcs11-spy never frees its list of functions, and is unloaded when leaks are looked for
        self.env["ASAN_OPTIONS"] = self.env.get("ASAN_OPTIONS", "") + ":detect_leaks=0"

    def calls(self):
        """(function, what it returned) in order; empties the record."""
        with open(self.spied, encoding="utf-8", errors="replace") as file:
            text = file.read()
        os.unlink(self.spied)
        found = re.split(r"^\d+: (C_\w+)$", text, flags=re.M)[1:]
        returned = [re.search(r"^Returned:\s+\d+ (\w+)", body, re.M) for body in found[1::2]]
        return [(name, code.group(1) if code else None) for name, code in zip(found[::2], returned)]

    def minimal(self, *card):
        result = self.run_with_card(MINIMAL, SPY, PIN, self.regr(), self.path("minimal.der"), card=card)
        self.assert_status(result, 0)
        os.unlink(self.path("minimal.der"))
        return self.calls()

    def test_one_login_one_signature_and_few_calls(self):
        for generation in ("1", "2"):
            with self.subTest(generation=generation):
                card = ("--generation", generation)
                least = self.minimal(*card)
                result = self.sign("--module", SPY, "--output", self.path(f"{generation}.p7m"), card=card)
                self.assert_status(result, 0)
                ours = self.calls()
                count = collections.Counter(name for name, _ in ours)
                for name in ("C_Login", "C_SignInit", "C_Sign", "C_Finalize"):
                    self.assertEqual(count[name], 1, (name, count))
                self.assertLessEqual(len(ours), 1.2 * len(least), count)

    def test_always_authenticated_key_adds_one_login(self):
        self.assert_status(self.sign("--module", SPY, card=["--always-auth"]), 0)
        count = collections.Counter(name for name, _ in self.calls())
        self.assertEqual((count["C_Login"], count["C_SignInit"], count["C_Sign"]), (2, 1, 1))

    def test_wrong_pin_is_one_login(self):
        self.assert_status(self.sign("--module", SPY, pin="654321"), 4)
        count = collections.Counter(name for name, _ in self.calls())
        self.assertEqual((count["C_Login"], count["C_SignInit"]), (1, 0))

    def test_after_the_card_has_gone_only_clean_up(self):
        for moment in ("leave-at", "leave-after"):
            for where in ("verify", "sign"):
                with self.subTest(moment=moment, where=where):
                    result = self.sign("--module", SPY, card=[f"--{moment}", where])
                    calls = self.calls()
                    if result.status == 0:  # the signature had come back
                        self.assertEqual((moment, where), ("leave-after", "sign"))
                        os.unlink(self.path("out.p7m"))
                        continue
                    self.assert_status(result, 3)
                    gone = next((i for i, (_, code) in enumerate(calls) if code in GONE_CODES), None)
                    self.assertIsNotNone(gone, calls)
                    rest = {name for name, _ in calls[gone + 1:]}
                    self.assertLessEqual(rest, CLEAN_UP, calls[gone:])


if __name__ == "__main__":
    main()
