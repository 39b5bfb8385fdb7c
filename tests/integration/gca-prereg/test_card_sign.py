"""gca-prereg with a card: what it signs, what it refuses to, and what it leaves behind."""
import base64
import hashlib
import json
import os
import re
import stat

from card_case import AGENCY_OID, PIN, PKI, CardCase
from harness import ACCOUNT_URI, main

REFUSED = {
    "citizen": "citizen card (自然人憑證), not a GCA card",
    "company": "company card (工商憑證), not a GCA card",
    "school": "school's card (組織及團體憑證), not a GCA card",
    "server": "server's certificate",
    "expired": "expired on",
    "not-yet-valid": "is not valid before",
}
STRANGE_URI = "https://localhost:14000/my-account/a%2Fb?x=%E8%A1%8C&y=1+2"


class Signing(CardCase):
    def test_happy_path_on_both_generations(self):
        for generation in (1, 2):
            with self.subTest(generation=generation):
                name = f"out-{generation}.p7m"
                result = self.sign("--output", self.path(name), card=["--generation", str(generation)])
                self.assert_status(result, 0)
                self.assertEqual((self.pins_sent(), self.signatures()), (1, 1))
                content = json.loads(self.assert_verifies(name))
                self.assertEqual(content["domains"], ["www.agency-test.gov.tw"])
                self.assertEqual(content["organization"]["oid"], AGENCY_OID)
                self.assertEqual(content["card"]["serial"], "TP00000000000001")
                self.assertEqual(stat.S_IMODE(os.stat(self.path(name)).st_mode), 0o600)

    def test_the_uri_is_signed_byte_for_byte(self):
        for uri in (ACCOUNT_URI, STRANGE_URI):
            with self.subTest(uri=uri):
                name = hashlib.sha256(uri.encode()).hexdigest()[:8] + ".p7m"
                self.assert_status(self.sign("--account", self.regr(uri, "strange.json"), "--output",
                                             self.path(name)), 0)
                self.assertIn(b'"uri":"' + uri.encode() + b'"', self.assert_verifies(name))

    def test_ca_certificates_of_the_card_are_inside(self):
        self.assert_status(self.sign("--pem"), 0)
        der = base64.b64decode("".join(self.text("out.p7m").splitlines()[1:-1]))
        for name in ("agency", "ca", "root"):
            with open(os.path.join(PKI, f"{name}.der"), "rb") as file:
                self.assertIn(file.read(), der)

    def text(self, name):
        with open(self.path(name), encoding="ascii") as file:
            return file.read()

    def test_commands_before_the_module_are_the_fewest(self):
        for generation in (1, 2):
            with self.subTest(generation=generation):
                fewest = self.fewest(generation, with_ca=True)
                self.sign("--output", self.path(f"{generation}.p7m"),
                          card=["--generation", str(generation)])
                self.assertEqual(len(self.public_reads()), fewest, self.trace())

    def test_digest_can_be_read_aloud(self):
        result = self.sign()
        with open(self.path("out.p7m"), "rb") as file:
            digest = hashlib.sha256(file.read()).hexdigest()
        self.assertIn(" ".join(re.findall("....", digest)), result.out)

    def test_json_answer_is_pure(self):
        result = self.sign("--json", "--verbose")
        self.assert_status(result, 0)
        with open(self.path("out.p7m"), "rb") as file:
            self.assertEqual(result.json["sha256"], hashlib.sha256(file.read()).hexdigest())
        self.assertEqual(result.json["request"], json.loads(self.assert_verifies()))

    def test_other_cards_that_may_sign(self):
        for holder, words in (("agency-secondary", ""), ("unit", ""), ("local", "local government"),
                              ("soon", "https://gca.nat.gov.tw/")):
            with self.subTest(holder=holder):
                result = self.sign("--output", self.path(f"{holder}.p7m"), card=["--holder", holder])
                self.assert_refused(result, 0, words)
                self.assert_verifies(f"{holder}.p7m")

    def test_default_name_even_twice_a_second(self):
        command = [self.prereg_tool, "--account", self.regr(), "-d", "a.gov.tw,b.gov.tw", "--yes",
                   "--pin-file", self.pin_file()]
        for _ in range(3):
            self.assert_status(self.run_with_card(*command), 0)
        written = [name for name in os.listdir(self.work) if name.endswith(".p7m")]
        self.assertEqual(len(written), 3)
        for name in written:
            self.assertRegex(name, r"^gca-prereg-a\.gov\.tw-\d{8}T\d{6}Z(-\d+)?\.p7m$")
            self.assert_verifies(name)

    def test_pem(self):
        self.assert_status(self.sign("--pem", "--output", self.path("out.pem")), 0)
        self.assert_verifies("out.pem")

    def test_journal_notes_what_was_signed(self):
        result = self.sign("--json")
        with open(os.path.join(self.folder, "state/gca-toolkit/journal.jsonl"), encoding="utf-8") as file:
            lines = [json.loads(line) for line in file]
        self.assertEqual(len(lines), 1)
        self.assertEqual(lines[0]["sha256"], result.json["sha256"])
        self.assertEqual((lines[0]["account"], lines[0]["domains"], lines[0]["file"]),
                         (ACCOUNT_URI, ["www.agency-test.gov.tw"], self.path("out.p7m")))
        self.assertRegex(lines[0]["time"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")


class NotSigning(CardCase):
    def assert_untouched(self, *written):
        self.assertEqual(self.pin_questions(), 0, self.trace())
        self.assert_nothing_written(*written)
        self.assertFalse(os.path.exists(os.path.join(self.folder, "state/gca-toolkit/journal.jsonl")))

    def test_refused_holders(self):
        for holder, words in REFUSED.items():
            with self.subTest(holder=holder):
                self.assert_refused(self.sign(card=["--holder", holder]), 8, words)
                self.assert_untouched()

    def test_encryption_only_is_refused(self):
        result = self.sign(card=["--holder", "encryption"])
        self.assert_status(result, 8)
        self.assert_untouched()
        self.assertRegex(result.err, "encryption|key usage")

    def test_dry_run(self):
        for options in ([], ["--json"]):
            with self.subTest(options=options):
                result = self.sign("--dry-run", *options)
                self.assert_status(result, 0)
                content = result.json["request"] if options else result.json
                self.assertEqual(content["account"]["uri"], ACCOUNT_URI)
                self.assert_untouched()

    def test_an_existing_file_is_never_overwritten(self):
        self.write("out.p7m", "mine")
        self.assert_refused(self.sign(), 2, "out.p7m", "exists already")
        self.assert_untouched("out.p7m")
        with open(self.path("out.p7m"), encoding="ascii") as file:
            self.assertEqual(file.read(), "mine")

    def test_nor_a_dangling_link(self):
        os.symlink(self.path("elsewhere"), self.path("out.p7m"))
        self.assertNotEqual(self.sign().status, 0)
        self.assert_untouched("out.p7m")

    def test_folder_is_missing(self):
        result = self.sign("--output", self.path("none/out.p7m"))
        self.assert_refused(result, 1, "/none”")
        self.assert_untouched()

    def test_no_terminal_and_no_yes(self):
        command = [part for part in self.sign_command() if part != "--yes"]
        result = self.run_with_card(*command)
        self.assert_refused(result, 2, "There is no terminal to ask at", "--yes")
        self.assert_untouched()

    def test_no_terminal_for_the_pin(self):
        command = self.sign_command()
        at = command.index("--pin-file")
        result = self.run_with_card(*command[:at], *command[at + 2:])
        self.assert_refused(result, 2, "There is no terminal to ask at", "--pin-fd")
        self.assertEqual(self.pins_sent(), 0)
        self.assert_nothing_written()

    def test_a_card_that_the_module_does_not_know(self):
        result = self.sign(card=["--no-piv"])
        self.assert_refused(result, 3, "~/.config/gca-toolkit/config.ini")
        self.assertEqual(self.pins_sent(), 0)
        self.assert_nothing_written()


class Privacy(CardCase):
    def test_the_pin_is_found_nowhere_afterwards(self):
        pin = "73914682"
        result = self.sign("--verbose", "--json", card=["--pin", pin], pin=pin)
        self.assert_status(result, 0)
        self.assertNotEqual(pin, PIN)
        os.unlink(self.path("pin"))
        said = [result.out.encode(), result.err.encode()]
        for folder, _, names in os.walk(self.folder):
            for name in names:
                with open(os.path.join(folder, name), "rb") as file:
                    said.append(file.read())
        for text in said:
            self.assertNotIn(pin.encode(), text)
            self.assertNotIn(pin.encode().hex().encode(), text.lower().replace(b" ", b""))

    def test_a_pin_in_a_token_uri_is_refused_and_not_repeated(self):
        for uri in ("pkcs11:serial=1?pin-value=73914682", "pkcs11:?pin-source=%7Cecho%2073914682"):
            with self.subTest(uri=uri):
                result = self.sign("--token", uri)
                self.assert_refused(result, 2, "is refused")
                self.assertNotIn("73914682", result.err + result.out)
                self.assertEqual(self.pins_sent(), 0)


if __name__ == "__main__":
    main()
