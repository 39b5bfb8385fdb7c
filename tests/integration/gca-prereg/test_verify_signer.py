"""Requests that the wrong card signed, or at the wrong time: each fault is refused under its own name."""
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa

import harness
import peer
from request_case import MINUTE, RequestCase


class BadHolder(RequestCase):
    def test_kinds_of_cards(self):
        for holder, words in (("citizen", "citizen"), ("company", "company"), ("school", "school"), ("server", "server")):
            with self.subTest(holder):
                self.assert_refused(self.sign(holder), ["holder"], words)

    def test_encryption_only(self):
        self.assert_refused(self.sign("encryption"), ["holder"], "not for signing")

    def test_expired_when_it_was_signed(self):
        self.assert_refused(self.sign("expired"), ["holder", "chain"], "expired on")

    def test_not_yet_valid_when_it_was_signed(self):
        self.assert_refused(self.sign("not-yet-valid"), ["holder", "chain"], "not valid before")

    def test_openssl_expired(self):
        self.assert_refused(peer.openssl_sign(harness.PKI, "expired", self.content("expired"), "-cades"),
                            ["holder", "chain"], "expired on")

    def test_certificate_signed_with_sha1(self):
        self.assert_refused(self.sign("sha1"), ["chain"], "SHA-1")

    def test_speaks_for_another(self):
        self.assert_refused(self.sign("unit", self.content("agency")), ["organization"], "speaks for")

    def test_oid_of_another(self):
        value = peer.request(peer.load(harness.PKI, "agency")[0])
        value["organization"]["oid"] = "2.16.886.101.1"
        self.assert_refused(self.sign(content=peer.canonical(value)), ["organization"], "2.16.886.101.1")
        del value["organization"]["oid"]
        self.assert_refused(self.sign(content=peer.canonical(value)), ["organization"], "OID")

    def test_certificate_of_an_unknown_ca(self):
        self.assert_refused(self.sign("untrusted-agency"), ["chain"], "No trusted CA", status=10)
        self.assert_accepted(self.sign("untrusted-agency"), anchors=["untrusted.pem"])

    def test_forged_issuer(self):
        """Names the right CA, by a key of its own."""
        key = rsa.generate_private_key(65537, 2048)
        issuer, model = (peer.load(harness.PKI, name)[0] for name in ("ca", "agency"))
        builder = (x509.CertificateBuilder().subject_name(model.subject).issuer_name(issuer.subject)
                   .public_key(key.public_key()).serial_number(7)
                   .not_valid_before(model.not_valid_before).not_valid_after(model.not_valid_after))
        for extension in model.extensions:
            builder = builder.add_extension(extension.value, extension.critical)
        forged = builder.sign(key, hashes.SHA256())
        answer = self.assert_refused(peer.Message(self.content(), forged, key).encode(), ["chain"], "signature")
        self.assertEqual(answer["holder"]["kind"], "agency")


class BadTime(RequestCase):
    def test_six_minutes_ahead(self):
        self.assert_refused(self.sign(when=peer.now() + 6 * MINUTE), ["time"], "in the future")

    def test_before_it_was_made(self):
        content = self.content(created=peer.now())
        self.assert_refused(self.sign(content=content, when=peer.now() - MINUTE), ["time"], "before it was made")

    def test_no_signing_time(self):
        message = self.message()
        del message.attributes[peer.SIGNING_TIME]
        self.assert_refused(message.encode(), ["time"], "“signingTime” is missing")

    def test_malformed_signing_time(self):
        stamp = peer.now()
        for value in (peer.der(0x17, b"not a time"), peer.der(0x17, stamp.strftime("%y%m%d%H%MZ").encode()),
                      peer.der(0x17, stamp.strftime("%y%m%d%H%M%S+0800").encode()), peer.octets(b"x"),
                      peer.der(0x17, b"261345000000Z"), peer.generalized_time(stamp)):
            with self.subTest(value):
                message = self.message()
                message.attributes[peer.SIGNING_TIME] = [value]
                self.assert_refused(message.encode(), ["time"], "“signingTime”")


if __name__ == "__main__":
    harness.main()
