"""gca-prereg verify against requests of other makers: the openssl command, and a program written from the
documentation (peer.py). Good ones are accepted, and what is demanded beyond them is looked at."""
import os

import harness
import peer
from request_case import ACCEPTABLE, DAY, MINUTE, RequestCase


class Good(RequestCase):
    def test_by_openssl(self):
        self.assert_accepted(peer.openssl_sign(harness.PKI, "agency", self.content(), "-cades"))

    def test_by_python(self):
        self.assert_accepted(self.sign())

    def test_every_member(self):
        key = peer.account_key("P-256")
        value = peer.canonical(peer.prove(peer.request(
            peer.load(harness.PKI, "agency")[0],
            account=peer.account(key),
            card={"serial": "TP00000000000001"},
            contact={"name": "王測試", "purpose": "測試網站", "email": "test@agency-test.gov.tw",
                     "postcode": "100", "address": "測試市測試路 1 號",
                     "phone": "02-1234-5678 #123", "fax": "02-1234-5679"}), key))
        answer = self.assert_accepted(self.sign(content=value))
        self.assertEqual(peer.canonical(answer["request"]), value)

    def test_every_card_of_an_agency(self):
        for holder in ("agency-secondary", "unit", "local", "soon"):
            with self.subTest(holder):
                self.assert_accepted(self.sign(holder))

    def test_signature_algorithm_named_in_full(self):
        message = self.message()
        message.signature_algorithm = peer.algorithm(peer.SHA256_WITH_RSA)
        self.assert_accepted(message.encode())

    def test_pem(self):
        data = self.sign()
        for label in ("CMS", "PKCS7"):
            with self.subTest(label):
                self.assertEqual(self.assert_accepted(peer.pem(data, label))["sha256"],
                                 peer.digest("sha256", data).hex())

    def test_issuer_inside_leads_to_the_root(self):
        message = self.message()
        message.certificates.append(peer.to_der(peer.load(harness.PKI, "ca")[0]))
        self.assert_accepted(message.encode(), anchors=["root.pem"])

    def test_certificates_inside_are_not_trusted(self):
        message = self.message()
        message.certificates += [peer.to_der(peer.load(harness.PKI, name)[0]) for name in ("ca", "root")]
        self.assert_refused(message.encode(), ["chain"], "No trusted CA", status=10, anchors=["untrusted.pem"])

    def test_anchor_from_the_folder(self):
        folder = os.path.join(self.env["XDG_CONFIG_HOME"], "gca-toolkit", "card-ca")
        os.makedirs(folder)
        os.symlink(self.pki("ca.pem"), os.path.join(folder, "ca.pem"))
        self.assert_accepted(self.sign(), anchors=[])

    def test_one_of_several_anchors(self):
        self.assert_accepted(self.sign(), anchors=["untrusted.pem", "root.pem", "ca.der"])

    def test_clock_four_minutes_ahead(self):
        self.assert_accepted(self.sign(when=peer.now() + 4 * MINUTE))

    def test_signed_while_a_certificate_held_that_has_ended_since(self):
        then = peer.now() - 730 * DAY
        self.assert_accepted(self.sign("expired", self.content("expired", created=then), then))

    def test_crl_that_revokes_nothing(self):
        for name in ("crl-valid.pem", "crl-valid.der"):
            with self.subTest(name):
                self.assert_accepted(self.sign(), "--crl", self.pki(name))

    def test_revoked_after_it_was_signed(self):
        self.assert_accepted(self.sign(), "--crl", self.pki("crl-revoked-after.pem"))

    def test_crl_that_ended_after_it_was_signed(self):
        then = peer.now() - 730 * DAY
        self.assert_accepted(self.sign("expired", self.content("expired", created=then), then),
                             "--crl", self.crl(begin=-800 * DAY, end=-700 * DAY))

    def test_account_in_another_spelling(self):
        content = self.content(account={"uri": "https://gtlscaweb.nat.gov.tw:443/ACMEWeb/acct/Aa-1"})
        for uri in ("https://gtlscaweb.nat.gov.tw/ACMEWeb/acct/Aa-1", "HTTPS://GTLSCAweb.nat.gov.tw/ACMEWeb/acct/Aa-1"):
            with self.subTest(uri):
                self.assert_accepted(self.sign(content=content), "--account", uri)

    def test_account_from_a_file(self):
        self.assert_accepted(self.sign(), "--account", self.regr())

    def test_domains_as_typed(self):
        self.assert_accepted(self.sign(), "-d", "例子.政府.TW", "-d", "www.agency-test.gov.tw")

    def test_quiet_leaves_the_verdict(self):
        result = self.verify(self.sign(), "--quiet")
        self.assert_status(result, 0)
        self.assertEqual(result.out.strip(), ACCEPTABLE)

    def test_file_whose_name_begins_with_a_dash(self):
        self.write("-request.p7m", self.sign())
        for names in (["--", "-request.p7m"], ["./-request.p7m"], ["--quiet", "--", "-request.p7m"]):
            with self.subTest(names):
                self.assert_status(self.run_program(harness.program("gca-prereg"), "verify", "--ca", self.pki("ca.pem"),
                                                    *names), 0)

    def test_from_standard_input(self):
        result = self.run_program(harness.program("gca-prereg"), "verify", "-", "--ca", self.pki("ca.pem"),
                                  stdin=self.sign())
        self.assert_status(result, 0)


class BadDemand(RequestCase):
    def test_another_account(self):
        for uri in ("https://localhost:14000/my-account/2a9c8F", "https://localhost/my-account/2a9c8f",
                    "https://localhost:14000/my-account/2a9c8f?x", "https://localhost:14000/my-account/2a9c8f/"):
            with self.subTest(uri):
                answer = self.assert_refused(self.sign(), ["account"], uri, "--account", uri)
                self.assertIn("account", [check["name"] for check in answer["checks"]])

    def test_a_domain_that_is_not_there(self):
        self.assert_refused(self.sign(), ["domains"], "agency-test.gov.tw", "-d", "www.agency-test.gov.tw",
                            "-d", "agency-test.gov.tw")

    def test_no_anchor(self):
        self.assert_refused(self.sign(), ["chain"], "No CA certificate is trusted here", status=10, anchors=[])

    def test_anchor_of_another_ca(self):
        self.assert_refused(self.sign(), ["chain"], "No trusted CA", status=10, anchors=["untrusted.pem"])

    def test_a_failure_goes_before_a_missing_anchor(self):
        data = self.sign(when=peer.now() + 6 * MINUTE)
        self.assert_refused(data, ["time", "chain"], "in the future", anchors=[])

    def test_no_leaf_as_anchor_of_others(self):
        self.assert_refused(self.sign(), ["chain"], "No trusted CA", status=10, anchors=["unit.pem"])

    def test_revoked_before_it_was_signed(self):
        self.assert_refused(self.sign(), ["revocation"], "has been revoked since",
                            "--crl", self.pki("crl-revoked-before.pem"))

    def test_one_list_of_several_revokes(self):
        self.assert_refused(self.sign(), ["revocation"], "has been revoked since",
                            "--crl", self.pki("crl-valid.pem"), "--crl", self.pki("crl-revoked-before.pem"))

    def test_crl_that_had_ended(self):
        self.assert_refused(self.sign(), ["revocation"], "it held until", "--crl", self.pki("crl-ended.pem"))

    def test_crl_signed_by_another(self):
        other = peer.load(harness.PKI, "untrusted")[1]
        self.assert_refused(self.sign(), ["revocation"], "signature does not verify", "--crl", self.crl(key=other))

    def test_crl_of_another_issuer(self):
        for name in ("crl-untrusted.pem", "crl-root.pem"):
            with self.subTest(name):
                self.assert_refused(self.sign(), ["revocation"], "No revocation list", "--crl", self.pki(name))

    def test_anchors_and_lists_that_cannot_be_read(self):
        """What was asked for is never passed over."""
        request = self.write("request.p7m", self.sign())
        for option, name, data in (("--ca", "junk", b"junk"), ("--ca", "none", b""), ("--crl", "junk", b"junk"),
                                   ("--crl", "certificate", peer.to_der(peer.load(harness.PKI, "ca")[0])),
                                   ("--ca", "key", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")):
            with self.subTest((option, name)):
                result = self.run_program(harness.program("gca-prereg"), "verify", request, "--ca", self.pki("ca.pem"),
                                          option, self.write(name, data))
                self.assert_status(result, 8)
                self.assertIn(name, result.err)
                self.assertEqual(result.out, "")


class Chinese(RequestCase):
    """LANGUAGE alone decides, in a UTF-8 locale."""

    env_zh = {"LANGUAGE": "zh_TW", "LC_ALL": "C.UTF-8"}

    def test_verdict(self):
        good = self.verify(self.sign(), **self.env_zh)
        self.assert_status(good, 0)
        self.assertTrue(good.out.splitlines()[-1].startswith("可受理"), good)
        bad = self.verify(self.sign(when=peer.now() + 6 * MINUTE), **self.env_zh)
        self.assert_status(bad, 9)
        self.assertTrue(bad.out.splitlines()[-1].startswith("不可受理"), bad)
        self.assertIn("民國", bad.out)

    def test_no_english_is_left(self):
        result = self.verify(self.sign(), **self.env_zh)
        for word in ("Request", "Signed", "Checks", "good", "Agency", "Domains"):
            self.assertNotIn(word, result.out)


if __name__ == "__main__":
    harness.main()
