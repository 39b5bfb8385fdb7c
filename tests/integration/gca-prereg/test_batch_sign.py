"""gca-prereg --batch: a table, one look, one PIN, a signature a row."""
import glob
import json
import os
import re
import stat

import pexpect

from card_case import AGENCY_OID, BENCH, PIN, PKI, CardCase
from harness import ACCOUNT_URI, main

OTHER_PIN = "98765432"
MEMBERS = {"line", "account", "state", "file", "sha256", "next_step", "note", "certbot", "request", "message", "warnings"}
N_MANY = 100


class BatchCase(CardCase):
    def table(self, *rows, header="account,domains", name="hosts.csv"):
        return self.write(name, "\n".join([header, *rows]) + "\n")

    def hosts(self, n):
        self.regr()
        return self.table(*(f"regr.json,h{i}.example.gov.tw" for i in range(1, n + 1)))

    def batch_command(self, *options):
        return [self.prereg_tool, "--batch", "hosts.csv", "--dir", "out", *options]

    def batch(self, *options, card=(), pin=PIN, **more):
        return self.run_with_card(*self.batch_command("--yes", "--pin-file", self.pin_file(pin), *options),
                                  card=card, **more)

    def written(self):
        return sorted(glob.glob(os.path.join(self.work, "out", "*")))

    def journal(self):
        path = os.path.join(self.folder, "state/gca-toolkit/journal.jsonl")
        if not os.path.exists(path):
            return []
        with open(path, encoding="utf-8") as file:
            return [json.loads(line) for line in file]

    def assert_spent(self, pins, signatures):
        self.assertEqual((self.pins_sent(), self.signatures()), (pins, signatures), self.trace())

    def assert_all_verify(self):
        """By our own verify with the card's CA, and by openssl."""
        files = self.written()
        result = self.run_program(self.prereg_tool, "verify", *files, "--ca", os.path.join(PKI, "ca.pem"))
        self.assert_status(result, 0)
        return [json.loads(self.assert_verifies(os.path.join("out", os.path.basename(file)))) for file in files]

    def states(self, result):
        return [row["state"] for row in result.json["rows"]]


class Signing(BatchCase):
    def test_a_hundred_with_one_pin(self):
        self.hosts(N_MANY)
        result = self.batch("--json", timeout=240)
        self.assert_status(result, 0)
        self.assert_spent(1, N_MANY)
        contents = self.assert_all_verify()
        self.assertEqual({content["domains"][0] for content in contents},
                         {f"h{i}.example.gov.tw" for i in range(1, N_MANY + 1)})
        self.assertEqual(len({content["nonce"] for content in contents}), N_MANY)
        self.assertEqual({content["organization"]["oid"] for content in contents}, {AGENCY_OID})
        self.assertEqual(self.states(result), ["signed"] * N_MANY)
        self.assertEqual([row["line"] for row in result.json["rows"]], list(range(2, N_MANY + 2)))
        noted = [(entry["sha256"], entry["domains"]) for entry in self.journal()]
        self.assertEqual(noted, [(row["sha256"], row["request"]["domains"]) for row in result.json["rows"]])
        self.assertIn(f"{N_MANY} of {N_MANY}: h{N_MANY}.example.gov.tw", result.err)

    def test_columns_and_names(self):
        self.regr()
        self.table(f'{ACCOUNT_URI},"a.example.gov.tw, b.example.gov.tw;c.example.gov.tw","O=測試機關,C=TW"',
                   "regr.json,測試.政府.tw,", "", header="account,domains,subject")
        result = self.batch("--subject", "O=測試總處,C=TW")
        self.assert_status(result, 0)
        self.assert_spent(1, 2)
        subjects = {tuple(content["domains"]): content["subject"] for content in self.assert_all_verify()}
        self.assertEqual(subjects, {
            ("a.example.gov.tw", "b.example.gov.tw", "c.example.gov.tw"): [["C", "TW"], ["O", "測試機關"]],
            ("xn--g6w251d.xn--mxtq1m.tw",): [["C", "TW"], ["O", "測試總處"]]})
        for path in self.written():
            self.assertRegex(os.path.basename(path), r"^gca-prereg-[a-z0-9.-]+-\d{8}T\d{6}Z\.p7m$")
            self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), 0o600)
            self.assertIn(os.path.basename(path), result.out)

    def test_one_name_for_several_files(self):
        self.regr()
        self.table(*(f"regr.json,a.example.gov.tw b{i}.example.gov.tw" for i in range(3)))
        self.assert_status(self.batch("--pem"), 0)
        self.assertEqual(len(self.written()), 3)
        for path in self.written():
            with open(path, encoding="ascii") as file:
                self.assertTrue(file.readline().startswith("-----BEGIN"), path)

    def test_what_cannot_be_used_is_left_out(self):
        self.regr()
        self.table("regr.json,a.example.gov.tw",
                   "regr.json,a.example.gov.tw",          # the same as line 2
                   "none.json,b.example.gov.tw",          # no such account
                   "regr.json,b_.example.gov.tw",         # no host name
                   "regr.json,",                          # no domain
                   "-,c.example.gov.tw",
                   "regr.json,d.example.gov.tw,e.example.gov.tw",  # unquoted comma
                   "regr.json,z.example.gov.tw")
        result = self.batch("--json")
        self.assertEqual(self.states(result), ["signed", "skipped"] + ["unusable"] * 5 + ["signed"], result)
        self.assertNotIn(result.status, (0, 130))
        self.assert_spent(1, 2)
        self.assertEqual(len(self.assert_all_verify()), 2)
        self.assertIn("Line 3 is left out: Line 2 asks for the same.", result.err)
        self.assertIn("5 rows could not be used; the first is line 4", result.err)
        for row in result.json["rows"]:
            self.assertEqual(set(row), MEMBERS)
            self.assertEqual(row["state"] == "signed", row["file"] is not None)
            self.assertEqual(row["state"] == "signed", row["message"] is None)

    def test_the_same_in_another_order_or_by_another_way(self):
        self.regr()
        self.table("regr.json,a.example.gov.tw b.example.gov.tw", f"{ACCOUNT_URI},B.example.gov.tw a.example.gov.tw")
        result = self.batch("--json")
        self.assert_status(result, 0)
        self.assertEqual(self.states(result), ["signed", "skipped"])
        self.assert_spent(1, 1)

    def test_dry_run(self):
        self.hosts(3)
        result = self.run_with_card(*self.batch_command("--dry-run"))
        self.assert_status(result, 0)
        for i in (1, 2, 3):
            self.assertIn(f"h{i}.example.gov.tw", result.out)
        self.assert_spent(0, 0)
        self.assert_nothing_written("hosts.csv")


class Refused(BatchCase):
    def assert_untouched(self, result, status, words):
        self.assert_refused(result, status, words)
        self.assertEqual((self.written(), self.journal()), ([], []))

    def test_tables(self):
        self.regr()
        for text, words in (("account,domain\nregr.json,a.example.gov.tw\n", "column “domain”"),
                            ("account\nregr.json\n", "no column “domains”"),
                            ("domains\na.example.gov.tw\n", "no column “account”"),
                            ("account,domains\n", "has no rows"),
                            ('account,domains\nregr.json,"a\n', "Line 2 of")):
            with self.subTest(text=text):
                self.write("hosts.csv", text)
                self.assert_untouched(self.run_program(*self.batch_command("--yes")), 8, words)

    def test_no_row_can_be_used(self):
        self.table("regr.json,a b_", "none,a.example.gov.tw")
        result = self.run_program(*self.batch_command("--yes"))
        self.assertNotEqual(result.status, 0)
        self.assertIn("2 rows could not be used", result.err)

    def test_options_that_do_not_go_together(self):
        self.hosts(1)
        for options in (["--account", "regr.json"], ["--domain", "a.example.gov.tw"], ["--output", "x"]):
            with self.subTest(options=options):
                self.assert_untouched(self.run_program(*self.batch_command(*options)), 2, options[0])
        self.assert_untouched(self.run_program(self.prereg_tool, "-a", "regr.json", "-d", "a.example.gov.tw",
                                               "--dir", "out"), 2, "--batch")
        self.assert_untouched(self.run_program(self.prereg_tool, "--batch", "-", "--pin-fd", "0"), 2,
                              "Standard input")

    def test_holder_who_must_not_sign(self):
        self.hosts(2)
        self.assert_untouched(self.batch(card=["--holder", "citizen"]), 8, "citizen card")
        self.assert_spent(0, 0)

    def test_no_terminal(self):
        self.hosts(2)
        result = self.run_with_card(*self.batch_command("--pin-file", self.pin_file()))
        self.assert_untouched(result, 2, "There is no terminal")
        self.assertIn("--yes", result.err)
        self.assert_spent(0, 0)
        self.assert_untouched(self.run_with_card(*self.batch_command("--yes")), 2, "There is no terminal")
        self.assert_spent(0, 0)

    def test_wrong_pin_costs_one_try(self):
        self.hosts(3)
        self.assert_untouched(self.batch(card=["--pin", OTHER_PIN]), 4, "The PIN is wrong")
        self.assert_spent(1, 0)

    def test_folder_that_cannot_be_written(self):
        self.hosts(2)
        self.write("out", "a file")
        self.assert_refused(self.batch(), 1, "out")
        self.assert_spent(0, 0)


class Interrupted(BatchCase):
    def test_pulled_in_the_middle(self):
        self.hosts(6)
        for how, signed in (("at", 2), ("after", 3)):
            with self.subTest(how=how):
                before = len(self.written())
                result = self.batch("--json", card=[f"--leave-{how}", "sign:3"])
                self.assert_status(result, 3)
                states = self.states(result)
                n = states.count("signed")
                self.assertIn(n, (2, signed), result)
                self.assertEqual(states, ["signed"] * n + ["failed"] + ["left"] * (5 - n))
                self.assertEqual(len(self.written()) - before, n)
                self.assertIn(f"{n} signed, {5 - n} not begun. The card was removed", result.err)
                self.assertIn(f"up to line {n + 1} out of the table", result.err)
                self.assertEqual(self.pins_sent(), 1)
        self.assertEqual(len(self.assert_all_verify()), len(self.journal()))

    def test_ctrl_c_in_the_middle(self):
        self.hosts(40)
        child = pexpect.spawn(BENCH, ["--slow", "20", "--", "bash", "-mc", '"$@"; echo "status $?"', "bash",
                                      *self.batch_command("--yes", "--pin-file", self.pin_file())],
                              cwd=self.work, env=self.env, encoding="utf-8", timeout=60)
        self.addCleanup(child.close, force=True)
        child.expect("3 of 40")
        child.sendintr()
        child.expect(r"Stopped: (\d+) signed, (\d+) not begun")
        signed, left = int(child.match.group(1)), int(child.match.group(2))
        child.expect_exact("status 130")
        child.expect(pexpect.EOF)
        child.close()
        self.assertEqual(signed + left, 40)
        self.assertGreaterEqual(signed, 3)
        self.assertGreater(left, 0)
        self.assert_spent(1, signed)
        self.assertEqual(len(self.assert_all_verify()), signed)


class AtTerminal(BatchCase):
    def spawn(self, *options, card=()):
        child = pexpect.spawn(BENCH, [*card, "--", *self.batch_command(*options)], cwd=self.work, env=self.env,
                              encoding="utf-8", timeout=30)
        self.addCleanup(child.close, force=True)
        return child

    def finish(self, child, status):
        child.expect(pexpect.EOF)
        child.close()
        self.assertEqual(child.exitstatus, status, child.before)
        return child.before

    def test_everything_is_shown_before_the_one_yes(self):
        self.regr()
        self.table("regr.json,a.example.gov.tw b.example.gov.tw", "none.json,c.example.gov.tw",
                   "regr.json,d.example.gov.tw")
        child = self.spawn()
        child.expect_exact("Sign these 2 requests? [yes/no] ")
        for words in (r"a\.example", r"b\.example", r"d\.example", "/my-account/2a9c8f", "TP00000000000001",
                      "Line 2 of", "Line 4 of", "Line 3 is left out: .*none.json", r"of \d+ allowed",
                      "O=行政院-政府憑證管理中心-憑證測試中心"):
            self.assertRegex(child.before, words)
        warnings = re.findall(r"does not look like.*", child.before)
        self.assertLessEqual(len(warnings), 1, child.before)
        self.assertEqual(self.pin_questions(), 0)
        child.sendline("yes")
        child.expect_exact("PIN of card TP00000000000001: ")
        child.sendline(PIN)
        self.finish(child, 1)  # as for a file that is not there
        self.assert_spent(1, 2)

    def test_no(self):
        self.hosts(2)
        child = self.spawn()
        child.expect_exact("[yes/no] ")
        child.sendline("no")
        self.finish(child, 130)
        self.assertEqual(self.pin_questions(), 0)
        self.assert_nothing_written("hosts.csv")


class AlwaysAuthenticated(BatchCase):
    """PIV 9C: a PIN for each signature, each typed by the user."""

    spawn, finish = AtTerminal.spawn, AtTerminal.finish

    def test_a_pin_each(self):
        self.hosts(3)
        child = self.spawn("--yes", card=["--always-auth"])
        child.expect_exact("PIN of card TP00000000000001: ")
        child.sendline(PIN)
        child.expect_exact("asks for its PIN at every signature: 3 PIN entries")
        for nth in (2, 3):
            child.expect_exact(f"PIN of card TP00000000000001, for signature {nth} of 3: ")
            self.assertEqual(self.signatures(), nth - 1)
            child.sendline(PIN)
        self.finish(child, 0)
        self.assertEqual(self.signatures(), 3)
        self.assertLessEqual(self.pins_sent(), 4)  # login's is given to the first signature, too
        self.assertEqual(len(self.assert_all_verify()), 3)

    def test_the_second_wrong(self):
        self.hosts(3)
        child = self.spawn("--yes", card=["--always-auth"])
        child.expect_exact("PIN of card TP00000000000001: ")
        child.sendline(PIN)
        child.expect_exact("for signature 2 of 3: ")
        child.sendline("654321")
        rest = self.finish(child, 4)
        self.assertIn("1 signed, 1 not begun. The PIN is wrong", rest)
        refused = [o for apdu, secret, o in self.apdus() if secret and apdu[2:4] == "20" and o != "9000"]
        self.assertEqual((len(refused), self.signatures()), (1, 1), self.trace())
        self.assertEqual(len(self.assert_all_verify()), 1)

    def test_a_pin_from_a_file_is_not_sent_again_and_again(self):
        self.hosts(2)
        result = self.batch(card=["--always-auth"])
        self.assert_refused(result, 2, "asks for its PIN at every signature", "one by one")
        self.assertLessEqual(self.pins_sent(), 1)
        self.assertEqual((self.signatures(), self.written(), self.journal()), (0, [], []))

    def prepare(self, *names):
        self.regr()
        for name in names:
            result = self.run_program(self.prereg_tool, "prepare", "--account", "regr.json", "-d", name,
                                      "--oid", AGENCY_OID, "--output", name + ".json")
            self.assert_status(result, 0)
        return [name + ".json" for name in names]

    def test_prepared_requests_want_a_pin_each_too(self):
        files = self.prepare("a.example.gov.tw", "b.example.gov.tw")
        child = pexpect.spawn(BENCH, ["--always-auth", "--", self.prereg_tool, "sign", "--yes", *files], cwd=self.work,
                              env=self.env, encoding="utf-8", timeout=30)
        self.addCleanup(child.close, force=True)
        child.expect_exact("PIN of card TP00000000000001: ")
        child.sendline(PIN)
        child.expect_exact("asks for its PIN at every signature: 2 PIN entries")
        child.expect_exact("PIN of card TP00000000000001, for signature 2 of 2: ")
        self.assertEqual(self.signatures(), 1)
        child.sendline(PIN)
        self.finish(child, 0)
        self.assertEqual(self.signatures(), 2)
        signed = glob.glob(os.path.join(self.work, "gca-prereg-*.p7m"))
        self.assertEqual(len(signed), 2)
        for name in signed:
            self.assert_verifies(os.path.basename(name))

    def test_prepared_requests_with_a_pin_from_a_file(self):
        files = self.prepare("a.example.gov.tw", "b.example.gov.tw")
        result = self.run_with_card(self.prereg_tool, "sign", "--yes", "--pin-file", self.pin_file(), *files,
                                    card=["--always-auth"])
        self.assert_refused(result, 2, "asks for its PIN at every signature")
        self.assertEqual((self.signatures(), self.journal()), (0, []))

    def test_one_row_is_as_one_request(self):
        self.hosts(1)
        self.assert_status(self.batch(card=["--always-auth"]), 0)
        self.assertEqual(self.signatures(), 1)


if __name__ == "__main__":
    main()
