"""gca-prereg prepare: on a server, without a card; what it writes is what docs/prereg-request.md says."""
import base64
import json
import os
import stat

import harness
import peer

AGENCY = "2.16.886.101.20003.20060.20001"
DN = "C=TW,O=行政院,OU=政府憑證管理中心,OU=憑證測試中心"
DOMAIN = "www.agency-test.gov.tw"


def private_jwk(key):
    """certbot's private_key.json (RFC 7518 section 6.3.2)."""
    numbers = key.private_numbers()
    parts = {"d": numbers.d, "p": numbers.p, "q": numbers.q, "dp": numbers.dmp1, "dq": numbers.dmq1, "qi": numbers.iqmp}
    return {**peer.jwk(key), **{name: peer.number(value) for name, value in parts.items()}}


class Prepare(harness.Case):
    key = peer.account_key()

    def setUp(self):
        super().setUp()
        self.account = self.path("account")
        os.mkdir(self.account)
        self.regr(name="account/regr.json")
        self.put_key(private_jwk(self.key))

    def put_key(self, value, mode=0o400):
        path = os.path.join(self.account, "private_key.json")
        if os.path.exists(path):
            os.remove(path)
        return self.write("account/private_key.json", value if isinstance(value, str) else json.dumps(value), mode)

    def prepare(self, *options, **more):
        return self.run_program(harness.program("gca-prereg"), "prepare", "--account", self.account, "-d", DOMAIN,
                                "--output", "request.json", *options, **more)

    def read(self, name="request.json"):
        with open(self.path(name), "rb") as file:
            data = file.read()
        value = json.loads(data)
        self.assertEqual(peer.canonical(value), data)
        return value

    def test_request_with_proof(self):
        result = self.prepare("--oid", AGENCY, "--profile", "test", "--contact-name", "王測試")
        self.assert_status(result, 0)
        value = self.read()
        self.assertEqual(value["organization"], {"name": "行政院 政府憑證管理中心 憑證測試中心", "dn": DN, "oid": AGENCY})
        self.assertEqual(value["account"], peer.account(self.key))
        self.assertEqual((value["profile"], value["domains"]), ("test", [DOMAIN]))
        self.assertEqual(value["contact"], {"name": "王測試"})
        self.assertNotIn("card", value)
        self.assertEqual(stat.S_IMODE(os.stat(self.path("request.json")).st_mode), 0o600)
        self.assertIn("gca-prereg sign 'request.json'", result.err)
        self.assertIn("request.json", result.out)
        # RS256 is deterministic (RFC 8017 section 8.2.1): the very same bytes
        bare = {name: member for name, member in value.items() if name != "proof"}
        self.assertEqual(value, peer.prove(bare, self.key))

    def test_json(self):
        result = self.prepare("--oid", AGENCY, "--json")
        self.assert_status(result, 0)
        self.assertEqual((result.json["file"], result.json["proof"]), ("request.json", "proven"))
        self.assertEqual(result.json["request"], self.read())

    def test_without_proof(self):
        result = self.prepare("--oid", AGENCY, "--no-proof", "--json")
        self.assert_status(result, 0)
        self.assertEqual((result.json["proof"], result.json["note"]), ("none", None))  # it was wished
        self.assertNotIn("proof", self.read())

    def test_unusable_key_is_a_note(self):
        for content in ("{}", "x", json.dumps({"kty": "RSA", "n": "AQAB", "e": "AQAB"})):
            with self.subTest(content):
                self.put_key(content)
                result = self.prepare("--oid", AGENCY, "--output", f"{len(content)}.json")
                self.assert_status(result, 0)
                self.assertIn("Without proof: ", result.err)
                self.assertNotIn("proof", self.read(f"{len(content)}.json"))
                told = self.prepare("--oid", AGENCY, "--output", f"{len(content)}-q.json", "--quiet", "--json")
                self.assert_status(told, 0)
                self.assertIn("Note: Without proof: ", told.err)
                self.assertEqual(told.json["proof"], "none")
                self.assertIn("Without proof: ", told.json["note"])

    def test_no_key_beside_the_account(self):
        result = self.prepare("--oid", AGENCY, "--account", harness.ACCOUNT_URI)
        self.assert_status(result, 0)
        self.assertIn("Without proof: the account's key is not at hand.", result.err)
        self.assertEqual(self.read()["account"], {"uri": harness.ACCOUNT_URI})

    def test_by_dn(self):
        self.assert_status(self.prepare("--organization-dn", "ou=測試署,o=行政院,c=TW", "--oid", "2.16.886.101.90001",
                                        "--organization-name", "測試署"), 0)
        self.assertEqual(self.read()["organization"], {"name": "測試署", "dn": "C=TW,O=行政院,OU=測試署",
                                                       "oid": "2.16.886.101.90001"})

    def test_by_dn_without_oid(self):
        self.assert_status(self.prepare("--organization-dn", "C=TW,O=行政院,OU=測試署"), 0)
        self.assertEqual(self.read()["organization"], {"name": "行政院 測試署", "dn": "C=TW,O=行政院,OU=測試署"})

    def test_default_name(self):
        result = self.run_program(harness.program("gca-prereg"), "prepare", "--account", self.account, "-d", DOMAIN, "--oid",
                                  AGENCY)
        self.assert_status(result, 0)
        names = [name for name in os.listdir(self.work) if name.endswith(".json")]
        self.assertRegex(names[0], r"^gca-prereg-www\.agency-test\.gov\.tw-\d{8}T\d{6}Z\.json$")

    def test_refused(self):
        self.write("there.json", "x")
        for options, status, words in (
                ((), 2, "Which organisation?"),
                (("--oid", "2.16.886.101.1"), 2, "2.16.886.101.1"),
                (("--organization-dn", "測試"), 8, "測試"),
                (("--organization-dn", "C=TW,O=測試", "--oid", "x"), 8, "organization.oid"),
                (("--oid", AGENCY, "--output", "there.json"), 2, "not written over"),
                (("--oid", AGENCY, "-d", "gov.tw"), 2, "gov.tw"),
                (("--oid", AGENCY, "extra"), 2, "extra")):
            with self.subTest(options):
                result = self.prepare(*options)
                self.assert_status(result, status)
                self.assertIn(words, result.err)
                self.assertFalse(os.path.exists(self.path("request.json")))

    def test_misunderstood_options_answer_in_json(self):
        for words in (["submit", "-j", "--patience", "abc"], ["submit", "--patience", "abc", "--json"], ["-j", "--nonsense"],
                      ["accounts", "--json", "--bad"], ["nonesuch", "-j"], ["outbox", "-qj", "--bad"],
                      ["outbox", "--json=yes"], ["prepare", "-j", "--account"]):
            with self.subTest(words):
                result = self.run_program(harness.program("gca-prereg"), *words)
                self.assert_status(result, 2)
                if words[-1] != "--json=yes":
                    error = result.json["error"]
                    self.assertEqual((error["code"], error["exit_status"], error["hint"] is None), ("usage", 2, False))
                    self.assertIn(error["message"], result.err)
        for words in (["submit", "--patience", "abc"], ["outbox", "--bad", "--", "-j"], ["outbox", "-xj"], ["nonesuch"]):
            with self.subTest(words):
                self.assertEqual(self.run_program(harness.program("gca-prereg"), *words).out, "")

    def test_what_this_build_signs(self):
        """Without card support that is said, in place of a command or option that is not known."""
        with_card = os.path.exists(harness.program("gca-card"))
        for words in (["sign", "a.json"], ["-a", self.account, "-d", DOMAIN], []):
            with self.subTest(words):
                result = self.run_program(harness.program("gca-prereg"), *words)
                self.assertNotEqual(result.status, 0)
                self.assertEqual("built without card support" in result.err, not with_card)
                self.assertEqual("gca-prereg prepare" in result.err, not with_card)
        self.assert_status(self.run_program(harness.program("gca-prereg"), "sign", "--help"), 0)

    def test_nothing_of_the_key_is_told(self):
        result = self.prepare("--oid", AGENCY, "--verbose", "--json")
        secret = private_jwk(self.key)
        whole = result.out + result.err + json.dumps(self.read())
        for name in ("d", "p", "q", "dp", "dq", "qi"):
            self.assertNotIn(secret[name], whole)
            raw = base64.urlsafe_b64decode(secret[name] + "==")
            self.assertNotIn(raw.hex(), whole)


if __name__ == "__main__":
    harness.main()
