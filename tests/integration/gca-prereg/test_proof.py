"""The proof of the account's key in a signed request, made by a stranger from RFC 7515, 7518 and 7638: what holds,
what is not there, and what one changed bit breaks."""
import base64
import json
import os

import harness
import peer
from request_case import RequestCase

OTHER = "https://localhost:14000/my-account/other"
KEYS = {kind: peer.account_key(kind) for kind in ("RSA", "P-256", "P-384")}
KEY = KEYS["P-256"]
FLIPPED = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def flip(text, at, bit=1):
    """One bit of the bytes that base64url stands for."""
    data = bytearray(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    data[at] ^= bit
    return peer.base64url(bytes(data))


class Proof(RequestCase):
    def request(self, key=KEY, **members):
        certificate = peer.load(harness.PKI, "agency")[0]
        return peer.request(certificate, **{"account": peer.account(key), **members})

    def signed(self, value):
        return self.sign(content=peer.canonical(value))

    def test_holds_for_each_kind_of_key(self):
        for kind, key in KEYS.items():
            with self.subTest(kind):
                data = self.signed(peer.prove(self.request(key), key))
                told = self.assert_accepted(data)
                self.assertEqual(told["proof"], "proven")
                remark = f"by the key “{peer.thumbprint(key)}”; compare it with the CA's record of this account"
                self.assertIn({"name": "proof", "passed": True, "message": None, "remark": remark}, told["checks"])
                self.assertIn(f"  [good] Proof by the account's key: {remark}\n", self.verify(data).out)

    def test_key_of_somebody_else(self):
        """Another's account, a key just made: the proof holds, and says nothing of the account's own key."""
        data = self.signed(peer.prove(self.request(), KEY))
        uri = self.request()["account"]["uri"]
        os.makedirs(self.path("account"))
        for key, accepted in ((KEYS["P-384"], False), (KEY, True)):
            self.write("account/regr.json", json.dumps({"uri": uri}))
            self.write("account/private_key.json", json.dumps(peer.jwk(key)))
            with self.subTest(accepted=accepted):
                if accepted:
                    checks = self.assert_accepted(data, "--account", self.path("account"))["checks"]
                    self.assertEqual([check["remark"] for check in checks], [None] * len(checks))
                else:
                    self.assert_refused(data, ["account"], "another key of the account", "--account", self.path("account"))
        checks = self.assert_accepted(data, "--account", uri)["checks"]
        self.assertIn("compare it with the CA's record", {check["name"]: check["remark"] for check in checks}["proof"])

    def test_none_is_told_and_is_no_failure(self):
        data = self.signed(self.request())
        told = self.assert_accepted(data)
        self.assertEqual(told["proof"], "none")
        self.assertNotIn("proof", [check["name"] for check in told["checks"]])
        self.assertIn("  [none] Proof by the account's key: not proven", self.verify(data).out)

    def test_every_part_of_the_request_is_covered(self):
        """Signed anew by the card, as a thief of the proof would; the account's key did not take part."""
        value = peer.prove(self.request(), KEY)
        nonce, thumbprint = value["nonce"], value["account"]["thumbprint"]
        changed = {
            "domains": ["xww.agency-test.gov.tw"],
            "nonce": flip(nonce, 0),
            "profile": "tesu",
            "subject": [["C", "TW"], ["L", "臺灣"], ["O", "行政院-憑證測試中心2"]],
            "account": {"uri": value["account"]["uri"], "thumbprint": flip(thumbprint, 0)},
            "card": {"serial": "TP00000000000002"},
        }
        for member, other in changed.items():
            with self.subTest(member):
                told = self.assert_refused(self.signed({**value, member: other}), ["proof"], "proof of the account's key")
                self.assertEqual(told["proof"], "failed")
        with self.subTest("account.uri"):
            account = {**value["account"], "uri": OTHER}
            self.assert_refused(self.signed({**value, "account": account}), ["proof"], "proof")

    def test_one_bit_of_the_proof(self):
        value = peer.prove(self.request(), KEY)
        for member, text in value["proof"].items():
            size = len(base64.urlsafe_b64decode(text + "=="))
            for at in (0, size // 2, size - 1):
                for bit in (1, 0x80):
                    with self.subTest(member=member, at=at, bit=bit):
                        proof = {**value["proof"], member: flip(text, at, bit)}
                        told = self.verify(self.signed({**value, "proof": proof}), "--json")
                        self.assert_status(told, 9)
                        self.assertEqual([c["name"] for c in told.json["checks"] if not c["passed"]], ["proof"])

    def test_bits_beyond_the_last_byte(self):
        """base64url has one spelling: RFC 4648 section 3.5."""
        value = peer.prove(self.request(), KEY)
        text = value["proof"]["payload"]  # 32 bytes: two bits of the last character stand for nothing
        last = FLIPPED[FLIPPED.index(text[-1]) + 1]
        self.assert_refused(self.signed({**value, "proof": {**value["proof"], "payload": text[:-1] + last}}), ["proof"],
                            "base64url")

    def test_another_key(self):
        value = self.request()
        other = KEYS["P-384"]
        self.assert_refused(self.signed(peer.prove(value, other)), ["proof"], "another key than the account's")

    def test_another_account_in_the_header(self):
        self.assert_refused(self.signed(peer.prove(self.request(), KEY, url=OTHER)), ["proof"], "for another account")
        self.assert_refused(self.signed(peer.prove(self.request(), KEY, url=None)), ["proof"], "for another account")

    def test_without_thumbprint(self):
        value = self.request(account={"uri": harness.ACCOUNT_URI})
        self.assert_refused(self.signed(peer.prove(value, KEY)), ["proof"], "another key than the account's")

    def test_headers_that_are_not_ours(self):
        secret = {**peer.jwk(KEY), "d": "AA"}
        for header in ({"crit": ["b64"]}, {"b64": True}, {"kid": OTHER}, {"jwk": secret}, {"jwk": None}, {"nonce": "AA"}):
            with self.subTest(header=list(header)):
                self.assert_refused(self.signed(peer.prove(self.request(), KEY, **header)), ["proof"], "proof")

    def test_algorithm_that_is_not_the_keys(self):
        for name in ("none", "HS256", "RS256", "ES384"):
            with self.subTest(name):
                value = self.request()
                payload = peer.digest("sha256", peer.canonical(value))
                proof = peer.jws(KEY, {"jwk": peer.jwk(KEY), "url": harness.ACCOUNT_URI, "alg": name}, payload)
                self.assert_refused(self.signed({**value, "proof": proof}), ["proof"], name)

    def test_form(self):
        good = peer.prove(self.request(), KEY)["proof"]
        for proof, words in (({**good, "header": "e30"}, "“proof.header” is wrong"),
                             ({name: good[name] for name in ("protected", "signature")}, "“proof.payload” is wrong"),
                             ({**good, "payload": ""}, "“proof.payload” is wrong"),
                             ({**good, "signature": "A" * 4001}, "“proof.signature” is wrong"),
                             ({**good, "signature": "AA="}, "“proof.signature” is wrong"),
                             ({**good, "signature": 1}, "“proof.signature” is wrong")):
            with self.subTest(words):
                value = {**self.request(), "proof": proof}
                told = self.assert_refused(self.signed(value), ["content"], words)
                self.assertIsNone(told["proof"])

    def test_bits_of_the_message(self):
        """Not signed anew: the signature is gone, and where the content can still be read, the proof too."""
        value = peer.prove(self.request(), KEY)
        data = self.signed(value)
        for what in (value["nonce"], value["domains"][0], value["account"]["uri"], value["proof"]["signature"]):
            with self.subTest(what[:20]):
                at = data.index(what.encode()) + len(what) - 2
                broken = bytearray(data)
                broken[at] ^= 1
                told = self.verify(bytes(broken), "--json")
                self.assert_status(told, 9)
                failed = [check["name"] for check in told.json["checks"] if not check["passed"]]
                self.assertIn("signature", failed)
                self.assertTrue({"proof", "content"} & set(failed), failed)


if __name__ == "__main__":
    harness.main()
