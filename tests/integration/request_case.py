"""What the tests of gca-prereg verify share: requests of other makers, and what is told of them."""
import datetime
import os

from cryptography import x509
from cryptography.hazmat.primitives import hashes

import harness
import peer

MINUTE = datetime.timedelta(minutes=1)
DAY = datetime.timedelta(days=1)
ACCEPTABLE = "ACCEPTABLE: every check holds."


class RequestCase(harness.Case):
    """What the good and the bad ones share."""

    def pki(self, name):
        return os.path.join(harness.PKI, name)

    def content(self, holder="agency", **members):
        return peer.canonical(peer.request(peer.load(harness.PKI, holder)[0], **members))

    def message(self, holder="agency", content=None, when=None):
        return peer.Message(content or self.content(holder), *peer.load(harness.PKI, holder), when)

    def sign(self, holder="agency", content=None, when=None):
        return self.message(holder, content, when).encode()

    def verify(self, data, *options, anchors=("ca.pem",), **env):
        self.write("request.p7m", data)
        trusted = [word for name in anchors for word in ("--ca", self.pki(name))]
        return self.run_program(harness.program("gca-prereg"), "verify", "request.p7m", *trusted, *options, **env)

    def crl(self, issuer="ca", key=None, begin=-DAY, end=365 * DAY):
        """A CRL that revokes nothing, with a validity of its own, or by a key that is not the CA's."""
        certificate, own_key = peer.load(harness.PKI, issuer)
        identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(own_key.public_key())
        crl = (x509.CertificateRevocationListBuilder().issuer_name(certificate.subject)
               .last_update((peer.now() + begin).replace(tzinfo=None))
               .next_update((peer.now() + end).replace(tzinfo=None))
               .add_extension(identifier, False).sign(key or own_key, hashes.SHA256()))
        return self.write("list.pem", peer.to_pem(crl))

    def issue(self, public_key):
        """A certificate of the agency, by its CA, for another key."""
        issuer, issuer_key = peer.load(harness.PKI, "ca")
        model = peer.load(harness.PKI, "agency")[0]
        builder = (x509.CertificateBuilder().subject_name(model.subject).issuer_name(issuer.subject)
                   .public_key(public_key).serial_number(x509.random_serial_number())
                   .not_valid_before(model.not_valid_before).not_valid_after(model.not_valid_after))
        for extension in model.extensions:
            if extension.oid.dotted_string != "2.5.29.14":
                builder = builder.add_extension(extension.value, extension.critical)
        return builder.sign(issuer_key, hashes.SHA256())

    def assert_accepted(self, data, *options, **more):
        plain = self.verify(data, *options, **more)
        self.assert_status(plain, 0)
        self.assertEqual(plain.out.splitlines()[-1], ACCEPTABLE, plain)
        self.assertEqual(plain.out.splitlines()[0], "Request", plain)
        self.assertEqual(plain.err, "", plain)
        told = self.verify(data, "--json", *options, **more)
        self.assert_status(told, 0)
        self.assertTrue(told.json["accepted"])
        self.assertTrue(all(check["passed"] and check["message"] is None for check in told.json["checks"]))
        return told.json

    def assert_refused(self, data, failed, words, *options, status=9, **more):
        """`failed`: the names of the checks that fail, in order; `words`: of the first one's sentence."""
        plain = self.verify(data, *options, **more)
        self.assert_status(plain, status)
        last = plain.out.splitlines()[-1]
        self.assertTrue(last.startswith("NOT ACCEPTABLE: "), plain)
        self.assertIn(words, last)
        self.assertIn(last.partition(": ")[2], plain.err)
        told = self.verify(data, "--json", *options, **more)
        self.assert_status(told, status)
        self.assertFalse(told.json["accepted"])
        self.assertEqual([check["name"] for check in told.json["checks"] if not check["passed"]], failed, told)
        self.assertTrue(all(check["message"] for check in told.json["checks"] if not check["passed"]))
        return told.json
