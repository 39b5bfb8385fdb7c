"""What is signed, as openssl sees it: the PKCS#7, its attributes, and the bare signature."""
import base64
import datetime
import os
import re

from service import BAD_PARAMETER, DONE, PATIENCE, PKI, SITE, TEXT_TO_SIGN, ServiceCase, call, main, order, post_order

NONCE = "1.2.840.113549.1.9.25.3"
CARD_NUMBER = "2.16.886.1.100.2.204"
BYTES = bytes(range(256))


class SignatureCase(ServiceCase):
    def setUp(self):
        super().setUp()
        self.serve()

    def signed(self, **members):
        answer = self.sign(order(**members))
        self.assertEqual(answer.code, DONE)
        self.assertEqual(answer.json.keys(), {"func", "ret_code", "last_error", "signature", "certb64", "cardSN", "version"})
        return base64.b64decode(answer.json["signature"]), answer.json


class Signature(SignatureCase):
    def printed(self, signature):
        """openssl's account of the message; each attribute's value by its name or number."""
        text = self.openssl("cms", "-cmsout", "-print", "-inform", "DER", "-in", self.write("signature", signature)).decode()
        part = text[text.index("signedAttrs:"):text.index("unsignedAttrs:")]
        found = re.findall(r"object: (?:\w+|undefined) \(([\d.]+)\)\n +(?:value\.)?set:\n((?:(?! +object:).*\n)+)", part)
        return text, dict(found)

    def test_attributes(self):
        before = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
        signature, answer = self.signed(nonce="測試 nonce")
        after = datetime.datetime.now(datetime.timezone.utc)
        self.assertEqual(self.verify(signature).decode(), TEXT_TO_SIGN)
        text, attributes = self.printed(signature)
        self.assertEqual(attributes.keys(), {"1.2.840.113549.1.9.3", "1.2.840.113549.1.9.4", "1.2.840.113549.1.9.5", NONCE,
                                             CARD_NUMBER})
        self.assertIn("pkcs7-data (1.2.840.113549.1.7.1)", attributes["1.2.840.113549.1.9.3"])
        when = re.search(r"UTCTIME:(\w+ +\d+ [\d:]+ \d+) GMT", attributes["1.2.840.113549.1.9.5"])
        when = datetime.datetime.strptime(when.group(1), "%b %d %H:%M:%S %Y").replace(tzinfo=datetime.timezone.utc)
        self.assertTrue(before <= when <= after, (before, when, after))
        octets = re.findall(r"\d{4} - ((?:[0-9a-f]{2}[ -])+)", attributes[NONCE])
        self.assertEqual(bytes.fromhex("".join(octets).replace("-", " ")).decode(), "測試 nonce")
        self.assertIn(f"PRINTABLESTRING:{answer['cardSN']}", attributes[CARD_NUMBER])
        self.assertIn("algorithm: sha256 ", text)

    def test_without_all_that_is_optional(self):
        signature, _ = self.signed(withCardSN=False, withSigningTime="false", nonce="")
        self.assertEqual(self.verify(signature).decode(), TEXT_TO_SIGN)
        self.assertEqual(self.printed(signature)[1].keys(), {"1.2.840.113549.1.9.3", "1.2.840.113549.1.9.4"})

    def test_signer_is_in_it(self):
        """The certificate of the answer is the card's, and verifies by itself."""
        signature, answer = self.signed()
        certificate = base64.b64decode(answer["certb64"])
        with open(os.path.join(PKI, "agency.der"), "rb") as file:
            self.assertEqual(certificate, file.read())
        self.openssl("cms", "-verify", "-inform", "DER", "-in", self.write("signature", signature), "-purpose", "any",
                     "-CAfile", os.path.join(PKI, "chain.pem"), "-signer", self.path("signer.pem"), "-out", os.devnull)
        der = self.openssl("x509", "-in", self.path("signer.pem"), "-outform", "DER")
        self.assertEqual(der, certificate)

    def test_digests(self):
        for digest, name in (("SHA256", "sha256"), ("SHA384", "sha384"), ("SHA512", "sha512"), ("", "sha256")):
            with self.subTest(digest):
                signature, _ = self.signed(hashAlgorithm=digest)
                self.assertEqual(self.verify(signature).decode(), TEXT_TO_SIGN)
                self.assertIn(f"algorithm: {name} ", self.printed(signature)[0])

    def test_bytes(self):
        """Not text: they are described by their digest, and signed as they are."""
        waiting = self.later(post_order, order(tbs=base64.b64encode(BYTES).decode(), tbsEncoding="base64"))
        self.question("Sign for %s?", SITE)
        self.see("This is not text. Compare its SHA-256 with the one that the site shows, if it shows one.", "256 bytes")
        self.answer("_Sign")
        self.assertEqual(self.verify(base64.b64decode(waiting.result(PATIENCE).json["signature"])), BYTES)

    def assert_bare(self, signature, digest):
        key = self.openssl("x509", "-in", os.path.join(PKI, "agency.pem"), "-noout", "-pubkey")
        self.openssl("dgst", f"-{digest}", "-verify", self.write("key", key), "-signature",
                     self.write("bare", signature), self.write("content", TEXT_TO_SIGN))

    def test_bare(self):
        for digest in ("SHA256", "SHA384", "SHA512"):
            with self.subTest(digest):
                self.assert_bare(self.signed(signatureType="PKCS1", hashAlgorithm=digest)[0], digest.lower())

    def test_sha1_where_allowed(self):
        """Only for the site that the user has written so."""
        self.end_service()
        self.serve(sites=(f"{SITE} sha1", "https://other.example.gov.tw"))
        self.assert_bare(self.signed(signatureType="PKCS1", hashAlgorithm="SHA1")[0], "sha1")
        self.assertIn("algorithm: sha1 ", self.printed(self.signed(hashAlgorithm="SHA1")[0])[0])
        self.assertEqual(post_order(order(hashAlgorithm="SHA1"), "https://other.example.gov.tw").code, BAD_PARAMETER)


class TwoCards(SignatureCase):
    """In two readers."""

    def slots(self):
        return [slot for slot in call("GET", "/pkcs11info", Origin=SITE).json["slots"] if "token" in slot]

    def test_reader_is_chosen(self):
        numbers = {slot["slotDescription"]: slot["token"]["serialNumber"] for slot in self.slots()}
        self.assertEqual((len(numbers), "TP00000000000002" in numbers.values()), (2, True))
        for reader, number in numbers.items():
            self.assertEqual(self.signed(slotDescription=reader)[1]["cardSN"], number)

    def test_none_is_chosen(self):
        """Not the first that comes: a page that knows of one card only must not get the other's signature."""
        answer = post_order(order())
        self.assertEqual(answer.code, BAD_PARAMETER)
        self.assert_nothing_asked()


if __name__ == "__main__":
    main()
