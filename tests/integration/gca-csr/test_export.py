"""gca-csr export and install: a PKCS#12 file that openssl reads, and lines with the real paths."""
import os

import harness
from csr_case import HOST, mode, openssl
from return_case import ReturnCase

PASSPHRASE = "tEst-9-passphrase"


class Export(ReturnCase):
    def setUp(self):
        super().setUp()
        self.request = self.make()
        self.passphrase = self.write("passphrase", PASSPHRASE)

    def export(self, *arguments, status=0):
        return self.csr("export", self.request, "--passphrase-file", self.passphrase, *arguments, status=status)

    def open(self, path, *options, passphrase=PASSPHRASE):
        return openssl("pkcs12", "-in", path, "-passin", "pass:" + passphrase, *options)

    def assert_p12(self, path, leaf):
        self.assertEqual(mode(path), 0o600)
        key = self.open(path, "-nocerts", "-nodes")
        self.assertEqual(openssl("pkey", stdin=key), openssl("pkey", "-in", os.path.join(self.request, "privkey.pem"),
                                                            "-passin", "pass:" + PASSPHRASE))
        self.assertEqual(openssl("x509", stdin=self.open(path, "-clcerts", "-nokeys")), self.bare(leaf))
        self.assertEqual(openssl("x509", stdin=self.open(path, "-cacerts", "-nokeys")), self.bare(self.authority.ca))
        openssl("pkcs12", "-in", path, "-passin", "pass:wrong", "-noout", fails=True)

    def algorithms(self, path):
        done = self.run_program("openssl", "pkcs12", "-in", path, "-passin", "pass:" + PASSPHRASE, "-info", "-noout")
        self.assert_status(done, 0)
        return done.err

    def test_new_and_old_algorithms(self):
        leaf = self.issue(self.request)
        self.attach(leaf, self.authority.ca)
        path = os.path.join(self.request, HOST + ".p12")
        self.assertEqual(self.export("--p12", "--json").json["file"], path)
        self.assert_p12(path, leaf)
        self.assertRegex(self.algorithms(path), r"(?s)MAC: sha256.*AES-256-CBC")
        self.assertIn(self.path("old.p12"), self.export("--compat", "-o", "old.p12").out)
        self.assert_p12(self.path("old.p12"), leaf)
        self.assertRegex(self.algorithms(self.path("old.p12")), r"(?s)MAC: sha1.*3-KeyTripleDES")

    def test_never_over_a_file(self):
        self.attach(self.issue(self.request), self.authority.ca)
        self.export()
        before = self.snapshot(self.request)
        self.assert_words(self.export(status=1), HOST + ".p12")
        self.assert_untouched(self.request, before)
        self.assert_words(self.export("-o", os.path.join(self.request, "privkey.pem"), status=1), "privkey.pem")
        self.assert_untouched(self.request, before)

    def test_encrypted_key(self):
        self.request = self.make("--encrypt", "--passphrase-file", self.passphrase, cn="b.example.gov.tw")
        leaf = self.issue(self.request)
        self.attach(leaf, self.authority.ca)
        self.assert_words(self.export(status=2), "passphrase")
        self.export("--key-passphrase-file", self.write("wrong", "wrong one"), status=4)
        result = self.export("--key-passphrase-file", self.passphrase, "--json")
        self.assert_p12(result.json["file"], leaf)

    def test_refused(self):
        self.assert_words(self.export(status=8), "attach")  # there is no certificate yet
        self.attach(self.issue(self.request), self.authority.ca)
        self.passphrase = self.write("passphrase", "abc")
        self.export(status=2)
        self.passphrase = self.write("passphrase", "通關密語測試")  # Windows and Java read others than ASCII differently
        self.export(status=2)
        self.csr("export", self.work, "--passphrase-file", self.passphrase, status=2)
        self.csr("export", status=2)
        self.assertFalse(os.path.exists(os.path.join(self.request, HOST + ".p12")))


class Install(ReturnCase):
    def test_real_paths(self):
        folder = self.make()
        self.attach(self.issue(folder), self.authority.ca)
        for server, words in (("apache", ["SSLCertificateFile", "fullchain.pem", "privkey.pem"]),
                              ("nginx", ["ssl_certificate_key", "fullchain.pem", "privkey.pem"]),
                              ("tomcat", [HOST + ".p12"]), ("iis", [HOST + ".p12"])):
            with self.subTest(server):
                result = self.csr("install", server, os.path.basename(folder))
                self.assertEqual(result.err, "")
                for word in words:
                    self.assertIn(word, result.out)
                self.assertIn(folder, result.out)
                self.assertEqual(self.csr("install", server, folder, "--json").json["config"], result.out)

    def test_before_the_certificate_and_refused(self):
        folder = self.make()
        self.assert_words(self.csr("install", "nginx", folder), "attach")
        self.assert_words(self.csr("install", "other", folder, status=2), "other", "nginx")
        self.csr("install", "nginx", status=2)
        self.csr("install", "nginx", self.work, status=2)


if __name__ == "__main__":
    harness.main()
