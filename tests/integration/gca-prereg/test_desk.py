"""Two places, one request: prepared with certbot's account on the server, signed at the desk with the card, verified
anywhere. Runs itself inside a bench."""
import datetime
import json
import os
import shutil
import sys

import harness
import peer

if "GCA_TEST_RUN" not in os.environ:
    os.execv(harness.BENCH, [harness.BENCH, "--", sys.executable, *sys.argv])

import acme_case  # noqa: E402  pylint: disable=wrong-import-position

AGENCY = "2.16.886.101.20003.20060.20001"
DOMAIN = "www.agency-test.gov.tw"
DAY = datetime.timedelta(days=1)


class Desk(acme_case.Case):
    """One registration for all."""

    @classmethod
    def setUpClass(cls):
        cls.base = os.path.join(os.environ["GCA_TEST_RUN"], "desk")
        os.mkdir(cls.base)
        cls.addClassCleanup(shutil.rmtree, cls.base)
        pebble = acme_case.Pebble(cls.base, 0)
        cls.addClassCleanup(pebble.stop)

    def setUp(self):
        super().setUp()
        self.env["GCA_TEST_TRACE"] = self.trace_path = os.environ["GCA_TEST_TRACE"]
        self.account = self.register()
        self.prepare()
        self.before = self.verifies(), self.signatures()

    def spent(self):
        """PINs sent and signatures made since."""
        return self.verifies() - self.before[0], self.signatures() - self.before[1]

    def prepare(self, *options, name="request.json"):
        result = self.run_program(harness.program("gca-prereg"), "prepare", "--account", self.path("letsencrypt"), "-d",
                                  DOMAIN, "--output", name, *(options or ("--oid", AGENCY)))
        self.assert_status(result, 0)
        return result

    def sign(self, *words, yes=("--yes",)):
        return self.run_program(harness.program("gca-prereg"), "sign", *words, *yes, "--pin-file", self.pin_file(),
                                "--module", harness.opensc_module())

    def check(self, name, *options):
        return self.run_program(harness.program("gca-prereg"), "verify", name, "--ca", os.path.join(harness.PKI, "ca.pem"),
                                "--json", *options)

    def load(self, name="request.json"):
        with open(self.path(name), "rb") as file:
            return json.load(file)

    def store(self, value, name="request.json"):
        os.remove(self.path(name))
        self.write(name, peer.canonical(value))

    def refuse(self, status, words, *names):
        result = self.sign(*(names or ("request.json",)), "--output", "refused.p7m")
        self.assert_status(result, status)
        self.assertIn(words, result.err)
        self.assertFalse(os.path.exists(self.path("refused.p7m")))
        self.assertEqual(self.spent(), (0, 0))
        return result

    def test_carried_signed_verified(self):
        with open(self.path("request.json"), "rb") as file:
            content = file.read()
        result = self.sign("request.json", "--output", "request.p7m")
        self.assert_status(result, 0)
        self.assertEqual(self.spent(), (1, 1))
        told = self.check("request.p7m", "--account", self.path("letsencrypt"), "-d", DOMAIN)
        self.assert_status(told, 0)
        self.assertEqual(told.json["proof"], "proven")
        shown = self.run_program("openssl", "cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", "request.p7m",
                                 "-CAfile", os.path.join(harness.PKI, "chain.pem"), "-purpose", "any")
        self.assertEqual(shown.out.encode(), content)
        for words in ("This will be signed:", DOMAIN, AGENCY, "made with the account's key", "DN ", self.load()["nonce"]):
            self.assertIn(words, result.err)

    def test_several_with_one_login(self):
        for name in ("b.json", "c.json"):
            self.prepare(name=name)
        result = self.sign("request.json", "b.json", "c.json", "--json")
        self.assert_status(result, 0)
        self.assertEqual(self.spent(), (1, 3))
        names = [signed["file"] for signed in result.json["signed"]]
        self.assertEqual(len(set(names)), 3)
        for name in names:
            self.assert_status(self.check(name), 0)

    def test_name_that_is_not_the_cards(self):
        """Anything may stand there; who signs must see it."""
        self.prepare("--oid", AGENCY, "--organization-name", "總統府", name="other.json")
        result = self.sign("other.json", "--output", "other.p7m")
        self.assert_status(result, 0)
        card = self.run_program(harness.program("gca-card"), "show", "--json", "--module",
                                harness.opensc_module()).json["holder"]["organization"]
        self.assertIn(f"The request calls the agency “總統府”, but the card is that of “{card}”.", result.err)
        told = self.check("other.p7m")
        self.assert_status(told, 0)
        remarks = {check["name"]: check["remark"] for check in told.json["checks"]}
        self.assertEqual(remarks["organization"], f"it calls itself “總統府”, but the certificate says “{card}”")
        self.assertNotIn("calls the agency", self.sign("request.json", "--output", "good.p7m").err)

    def test_several_have_no_one_output(self):
        self.prepare(name="b.json")
        self.refuse(2, "only one request", "request.json", "b.json")

    def test_nobody_to_ask(self):
        result = self.sign("request.json", "--output", "refused.p7m", yes=())
        self.assert_status(result, 2)
        self.assertEqual(self.spent(), (0, 0))

    def test_one_bit(self):
        good = self.load()
        nonce = "A" + good["nonce"][1:] if good["nonce"][0] != "A" else "B" + good["nonce"][1:]
        proof = dict(good["proof"])
        proof["signature"] = ("A" if proof["signature"][0] != "A" else "B") + proof["signature"][1:]
        for change in ({"nonce": nonce}, {"domains": ["www.agency-tesu.gov.tw"]}, {"proof": proof},
                       {"account": {**good["account"], "uri": good["account"]["uri"] + "1"}}):
            with self.subTest(list(change)):
                self.store({**good, **change})
                self.refuse(9, "proof of the account's key")

    def test_not_canonical(self):
        with open(self.path("request.json"), "ab") as file:
            file.write(b"\n")
        self.refuse(9, "canonical")

    def test_signed_message_is_no_prepared_request(self):
        self.assert_status(self.sign("request.json", "--output", "signed.p7m"), 0)
        self.before = self.verifies(), self.signatures()
        self.assertIn("gca-prereg submit", self.refuse(8, "“signed.p7m” has been signed already.", "signed.p7m").err)
        for junk in (b"0\x80", b"", b"hello\n", b"[]"):
            self.write("junk", junk)
            self.refuse(8, "“junk” is no prepared request, as “gca-prereg prepare” makes it.", "junk")

    def test_one_request_is_signed_once(self):
        """By its nonce, whatever the file's name."""
        shutil.copy(self.path("request.json"), self.path("copy.json"))
        for names in (("request.json", "request.json"), ("request.json", "copy.json")):
            result = self.sign(*names)
            self.assert_status(result, 2)
            self.assertIn(f"“{names[0]}” and “{names[1]}” are one request", result.err)
        self.assertEqual(self.spent(), (0, 0))

    def test_domains_by_the_profile(self):
        """A hand that knows the account's key put in what no CA gives."""
        value = {name: member for name, member in self.load().items() if name != "proof"}
        self.store({**value, "domains": ["gov.tw"]})
        self.refuse(9, "gov.tw")

    def test_age(self):
        value = {name: member for name, member in self.load().items() if name != "proof"}
        self.store({**value, "created": peer.rfc3339(peer.now() - 31 * DAY)})
        self.assertIn("gca-prereg prepare", self.refuse(9, "more than 30 days ago").err)
        self.store({**value, "created": peer.rfc3339(peer.now() + DAY)})
        self.refuse(9, "in the future")
        self.store({**value, "created": peer.rfc3339(peer.now() - 29 * DAY)})
        result = self.sign("request.json", "--output", "old.p7m")
        self.assert_status(result, 0)
        self.assertIn("Nothing proves", result.err)

    def test_another_organisation(self):
        self.prepare("--organization-dn", "C=TW,O=行政院,OU=測試署", "--oid", AGENCY, name="other.json")
        result = self.refuse(9, "was prepared for “C=TW,O=行政院,OU=測試署”", "other.json")
        self.assertIn("憑證測試中心", result.err)
        self.assertIn(f"--oid {AGENCY} --organization-dn", result.err)
        self.prepare("--organization-dn", self.load()["organization"]["dn"], name="no-oid.json")
        self.refuse(9, "OID not known", "no-oid.json")

    def test_another_card(self):
        value = {name: member for name, member in self.load().items() if name != "proof"}
        self.store({**value, "card": {"serial": "TP00000000000009"}})
        self.refuse(9, "TP00000000000009")


if __name__ == "__main__":
    harness.main()
