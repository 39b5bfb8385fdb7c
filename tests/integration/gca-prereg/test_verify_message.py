"""Requests of other makers with something wrong in signature or envelope: each fault is refused under its own name."""
import os

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

import harness
import peer
from request_case import DAY, MINUTE, RequestCase


class BadSignature(RequestCase):
    def altered(self, **attributes):
        """A message with attributes put in, or with None left out."""
        message = self.message()
        for name, values in attributes.items():
            kind = getattr(peer, name)
            if values is None:
                del message.attributes[kind]
            else:
                message.attributes[kind] = values
        return message.encode()

    def test_openssl_without_signing_certificate(self):
        self.assert_refused(peer.openssl_sign(harness.PKI, "agency", self.content()),
                            ["signing-certificate-v2"], "“signing-certificate-v2” is missing")

    def test_signing_certificate_of_version_1(self):
        sha1 = peer.digest("sha1", peer.to_der(peer.load(harness.PKI, "agency")[0]))
        old = peer.sequence(peer.sequence(peer.sequence(peer.octets(sha1))))
        self.assert_refused(self.altered(SIGNING_CERTIFICATE_V2=None, SIGNING_CERTIFICATE=[old]),
                            ["signing-certificate-v2"], "“signing-certificate-v2” is missing")

    def test_signing_certificate_is_another(self):
        other = peer.signing_certificate_v2(peer.load(harness.PKI, "unit")[0])
        self.assert_refused(self.altered(SIGNING_CERTIFICATE_V2=[other]),
                            ["signing-certificate-v2"], "does not name the signer")

    def test_signer_is_second_among_signing_certificates(self):
        own, other = (peer.sequence(peer.octets(peer.digest("sha256", peer.to_der(peer.load(harness.PKI, name)[0]))))
                      for name in ("agency", "ca"))
        value = peer.sequence(peer.sequence(other, own))
        self.assert_refused(self.altered(SIGNING_CERTIFICATE_V2=[value]),
                            ["signing-certificate-v2"], "does not name the signer")

    def test_signing_certificate_by_another_digest(self):
        der = peer.to_der(peer.load(harness.PKI, "agency")[0])
        value = peer.sequence(peer.sequence(peer.sequence(
            peer.sequence(peer.oid(peer.DIGESTS["sha512"])), peer.octets(peer.digest("sha512", der)))))
        self.assert_refused(self.altered(SIGNING_CERTIFICATE_V2=[value]),
                            ["signing-certificate-v2"], "does not use SHA-256")

    def test_signing_certificate_malformed(self):
        for value in (peer.octets(b"x"), peer.sequence(), peer.sequence(peer.sequence()),
                      peer.sequence(peer.sequence(peer.sequence(peer.octets(b"short"))))):
            with self.subTest(value.hex()):
                self.assert_refused(self.altered(SIGNING_CERTIFICATE_V2=[value]),
                                    ["signing-certificate-v2"], "signing-certificate-v2")

    def test_another_certificate_for_the_same_key(self):
        """Put in place of the signer's: the attribute names the one that was meant."""
        message = self.message("soon")
        message.attributes[peer.SIGNING_CERTIFICATE_V2] = [
            peer.signing_certificate_v2(peer.load(harness.PKI, "agency")[0])]
        self.assert_refused(message.encode(), ["signing-certificate-v2"], "does not name the signer")

    def test_openssl_without_signed_attributes(self):
        self.assert_refused(peer.openssl_sign(harness.PKI, "agency", self.content(), "-noattr"),
                            ["attributes", "signing-certificate-v2", "signature", "time"], "no signed attributes")

    def test_no_content_type(self):
        self.assert_refused(self.altered(CONTENT_TYPE=None), ["attributes", "signature"], "“contentType”")

    def test_content_type_is_another(self):
        self.assert_refused(self.altered(CONTENT_TYPE=[peer.oid(peer.SIGNED_DATA)]),
                            ["attributes", "signature"], "“contentType”")

    def test_no_message_digest(self):
        self.assert_refused(self.altered(MESSAGE_DIGEST=None), ["attributes", "signature"], "“messageDigest”")

    def test_message_digest_of_something_else(self):
        self.assert_refused(self.altered(MESSAGE_DIGEST=[peer.octets(bytes(32))]), ["signature"], "does not verify")

    def test_attribute_with_two_values(self):
        digest = peer.octets(peer.digest("sha256", self.content()))
        self.assert_refused(self.altered(MESSAGE_DIGEST=[digest, peer.octets(bytes(32))]),
                            ["attributes", "signature"], "exactly one value")

    def test_attribute_twice(self):
        message = self.message()
        single = message.encode_attributes
        message.encode_attributes = lambda: single() + [peer.sequence(
            peer.oid(peer.SIGNING_TIME), peer.set_of(peer.utc_time(peer.now() - DAY)))]
        self.assert_refused(message.encode(), ["attributes", "signature", "time"], "exactly one value")

    def test_signature_altered(self):
        message = self.message()
        sign = message.sign
        message.sign = lambda data: sign(data)[:-1] + bytes([sign(data)[-1] ^ 1])
        self.assert_refused(message.encode(), ["signature"], "does not verify")

    def test_content_altered_after_signing(self):
        data = self.sign()
        self.assertEqual(data.count(b"www.agency-test.gov.tw"), 1)
        self.assert_refused(data.replace(b"www.agency-test.gov.tw", b"www.agency-best.gov.tw"),
                            ["signature"], "does not verify")

    def test_attribute_altered_after_signing(self):
        when = peer.now()
        data = self.sign(when=when)
        later = (when + MINUTE).strftime("%y%m%d%H%M%SZ").encode()
        self.assert_refused(data.replace(when.strftime("%y%m%d%H%M%SZ").encode(), later), ["signature"], "does not verify")

    def test_sha1(self):
        """With SHA-1 openssl writes the first version of the signing certificate."""
        data = peer.openssl_sign(harness.PKI, "agency", self.content(), "-cades", "-md", "sha1")
        self.assert_refused(data, ["algorithms", "signing-certificate-v2"], "only SHA-256 is accepted")
        self.assert_refused(self.by_digest("sha1"), ["algorithms"], "only SHA-256 is accepted")

    def by_digest(self, name):
        message = self.message()
        message.use_digest(name)
        return message.encode()

    def test_sha512(self):
        self.assert_refused(self.by_digest("sha512"), ["algorithms"], "only SHA-256 is accepted")

    def test_openssl_rsa_pss(self):
        data = peer.openssl_sign(harness.PKI, "agency", self.content(), "-cades",
                                 key_option=["-keyopt", "rsa_padding_mode:pss"])
        self.assert_refused(data, ["algorithms"], "only RSA PKCS#1 v1.5")

    def test_python_rsa_pss(self):
        message = self.message()
        sha256 = peer.algorithm(peer.DIGESTS["sha256"])
        message.signature_algorithm = peer.algorithm(peer.RSA_PSS, peer.sequence(
            peer.der(0xA0, sha256), peer.der(0xA1, peer.algorithm(peer.MGF1, sha256)), peer.der(0xA2, peer.integer(32))))
        message.sign = lambda data: message.key.sign(
            data, padding.PSS(padding.MGF1(hashes.SHA256()), 32), hashes.SHA256())
        self.assert_refused(message.encode(), ["algorithms"], "only RSA PKCS#1 v1.5")

    def test_elliptic_curve_signer(self):
        key = ec.generate_private_key(ec.SECP256R1())
        message = peer.Message(self.content(), self.issue(key.public_key()), key)
        message.signature_algorithm = peer.sequence(peer.oid(peer.ECDSA_WITH_SHA256))
        message.sign = lambda data: key.sign(data, ec.ECDSA(hashes.SHA256()))
        self.assert_refused(message.encode(), ["algorithms"], "only RSA")

    def test_short_key(self):
        key = rsa.generate_private_key(65537, 1024)
        message = peer.Message(self.content(), self.issue(key.public_key()), key)
        self.assert_refused(message.encode(), ["algorithms", "chain"], "1024 bits")


class BadEnvelope(RequestCase):
    def test_trailing_bytes(self):
        for more in (b"\0", b"\n", b"x" * 100, self.sign()):
            with self.subTest(more[:4]):
                self.assert_refused(self.sign() + more, ["envelope"], "more bytes behind")

    def test_text_around_pem(self):
        data = peer.pem(self.sign())
        self.assert_refused(data + b"I agree.\n", ["envelope"], "more bytes behind")
        self.assert_refused(data + data, ["envelope"], "more bytes behind")

    def test_second_signer(self):
        other = self.message("unit", self.content())
        message = self.message()
        message.certificates += other.certificates
        self.assert_refused(message.encode(other.signer_info()), ["signer"], "signed 2 times")

    def test_openssl_second_signer(self):
        more = ["-signer", self.pki("unit.pem"), "-inkey", self.pki("unit.key.pem")]
        data = peer.openssl_sign(harness.PKI, "agency", self.content(), "-cades", *more)
        self.assert_refused(data, ["signer"], "signed 2 times")

    def test_no_signer(self):
        message = self.message()
        self.assert_refused(peer.wrap(message.signed_data()), ["signer"], "not signed by anyone")

    def test_no_certificate(self):
        message = self.message()
        message.certificates = []
        self.assert_refused(message.encode(), ["signer"], "certificate is missing")

    def test_certificate_of_somebody_else(self):
        message = self.message()
        message.certificates = [peer.to_der(peer.load(harness.PKI, "unit")[0])]
        self.assert_refused(message.encode(), ["signer"], "certificate is missing")

    def test_indefinite_length(self):
        """BER all around: OpenSSL reads it, and what is signed is the same."""
        inner = self.message()
        data = b"\x30\x80" + peer.oid(peer.SIGNED_DATA) + b"\xA0\x80" + inner.signed_data(
            inner.signer_info()) + b"\0\0\0\0"
        self.assert_refused(data, ["attributes", "signature"], "not encoded in DER")

    def test_constructed_content(self):
        message = self.message()
        whole = message.content
        message.encapsulated = lambda: peer.sequence(peer.oid(peer.DATA), peer.der(
            0xA0, peer.der(0x24, peer.octets(whole[:9]), peer.octets(whole[9:]))))
        self.assert_refused(message.encode(), ["attributes", "signature"], "not encoded in DER")

    def test_openssl_stream(self):
        data = peer.openssl_sign(harness.PKI, "agency", self.content(), "-cades", "-stream")
        self.assert_refused(data, ["attributes", "signature"], "not encoded in DER")

    def test_attributes_out_of_order(self):
        message = self.message()
        sort, message.encode_attributes = message.encode_attributes, lambda: []
        unsorted = b"".join(sorted(sort(), reverse=True))
        message.signer_info = lambda: peer.sequence(
            peer.integer(1), message.issuer_and_serial(), peer.algorithm(peer.DIGESTS["sha256"]),
            peer.der(0xA0, unsorted), message.signature_algorithm,
            peer.octets(message.sign(peer.der(0x31, unsorted))))
        self.assert_refused(message.encode(), ["attributes", "signature"], "not encoded in DER")

    def test_no_message_at_all(self):
        certificate = peer.to_der(peer.load(harness.PKI, "agency")[0])
        good = self.sign()
        files = {
            "empty": b"", "blank": b"\n", "text": "這不是簽章檔\n".encode(), "json": self.content(),
            "binary": bytes(range(256)), "truncated": good[:-1], "half": good[:len(good) // 2],
            "first byte": good[:1], "certificate": certificate, "certificate in PEM":
            peer.pem(certificate, "CERTIFICATE"), "wrong label": peer.pem(good, "PKCS12"),
            "damaged PEM": peer.pem(good).replace(b"\nM", b"\n!", 1)[:-40], "text before PEM": b"x\n" + peer.pem(good),
            "detached": self.detached(), "encrypted": self.encrypted(), "data": peer.sequence(
                peer.oid(peer.DATA), peer.der(0xA0, peer.octets(self.content()))),
            "other content type": self.content_type("1.2.840.113549.1.9.16.1.4"),
            "endless length": b"\x30\x84\xFF\xFF\xFF\xFF" + good[4:],
        }
        for name, data in files.items():
            with self.subTest(name):
                result = self.verify(data)
                self.assert_status(result, 8)
                self.assertEqual(result.out, "", result)
                self.assertRegex(result.err, r"\Agca-prereg verify: .+\.\n(  → .+\n)?\Z")
                answer = self.verify(data, "--json").json
                self.assertEqual((answer["error"]["code"], answer["command"]), ("bad-data", "gca-prereg verify"))

    def content_type(self, kind):
        message = self.message()
        message.content_type = kind
        return message.encode()

    def detached(self):
        message = self.message()
        message.encapsulated = lambda: peer.sequence(peer.oid(peer.DATA))
        return message.encode()

    def encrypted(self):
        source, target = self.write("plain", self.content()), self.path("sealed")
        done = self.run_program("openssl", "cms", "-encrypt", "-binary", "-in", source, "-outform", "DER",
                                "-out", target, self.pki("encryption.pem"))
        self.assertEqual(done.status, 0, done)
        with open(target, "rb") as file:
            return file.read()

    def test_files_that_cannot_be_read(self):
        os.mkfifo(self.path("fifo"))
        self.write("large", b"\0" * (2 * 1024 * 1024 + 1))
        for name, status, words in ((".", 2, "is a folder"), ("fifo", 2, "is a pipe"), ("nowhere", 1, "nowhere"),
                                    ("/dev/null", 2, "is a device"), ("large", 8, "is larger than")):
            with self.subTest(name):
                result = self.run_program(harness.program("gca-prereg"), "verify", name, "--ca", self.pki("ca.pem"))
                self.assert_status(result, status)
                self.assertIn(words, result.err)
                self.assertEqual(result.out, "")


if __name__ == "__main__":
    harness.main()
