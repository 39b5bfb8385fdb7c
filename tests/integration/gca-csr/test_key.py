"""gca-csr with a key that exists already: in a file, or on a token of SoftHSM2."""
import glob
import json
import os
import subprocess

import harness
import softhsm_case

HOST = "host.example.gov.tw"
PKI = harness.PKI
MARK = "aB-測試9"  # a PIN or passphrase that is found again wherever it stands


def openssl(*command):
    return subprocess.run(("openssl", *command), check=True, capture_output=True).stdout


def public_key(path):
    return openssl("pkey", "-in", path, "-pubout")


class KeyCase(softhsm_case.SoftHsmCase):
    web = os.path.join(PKI, "server.key.pem")
    mail = os.path.join(PKI, "company.key.pem")

    def csr(self, key, *arguments, **more):
        return self.run_program(harness.program("gca-csr"), "--cn", HOST, "--organization", "測試機關", "--key", key,
                                *arguments, **more)

    def folders(self):
        return sorted(glob.glob(self.path("*.example.gov.tw-*Z")))

    def assert_made(self, result, key, place, n=1):
        """Folders without a key of their own, whose requests are signed by `key`; openssl says so."""
        self.assert_status(result, 0)
        made = self.folders()
        self.assertEqual(len(made), n, made)
        for folder in made:
            self.assertEqual(sorted(os.listdir(folder)), ["request.csr.pem", "request.json"])
            request = os.path.join(folder, "request.csr.pem")
            openssl("req", "-in", request, "-verify", "-noout")
            self.assertEqual(openssl("req", "-in", request, "-pubkey", "-noout"), public_key(key))
            with open(os.path.join(folder, "request.json"), encoding="utf-8") as file:
                text = file.read()
            self.assertIn(json.dumps(place), text)
            self.assertNotIn(MARK, text)

    def assert_refused(self, result, status, *words):
        self.assert_status(result, status)
        for word in words:
            self.assertIn(word, result.err)
        self.assertNotIn(MARK, result.err + result.out)
        self.assertEqual(self.folders(), [])


class File(KeyCase):
    def encrypted(self, passphrase=MARK):
        path = self.path("key.pem")
        openssl("pkcs8", "-topk8", "-in", self.web, "-out", path, "-v2", "aes-256-cbc", "-passout", "pass:" + passphrase)
        return path

    def test_plain(self):
        self.assert_made(self.csr(self.web), self.web, self.web)

    def test_relative(self):
        os.symlink(self.web, self.path("key.pem"))
        self.assert_made(self.csr("key.pem"), self.web, os.path.realpath(self.work) + "/key.pem")

    def test_pkcs1(self):
        path = self.path("key.pem")
        openssl("rsa", "-in", self.web, "-traditional", "-out", path)
        self.assert_made(self.csr(path), self.web, path)

    def test_encrypted(self):
        path = self.encrypted()
        result = self.csr(path, "--passphrase-file", self.write("passphrase", MARK + "\n"))
        self.assert_made(result, self.web, path)

    def test_wrong_passphrase(self):
        result = self.csr(self.encrypted("other"), "--passphrase-file", self.write("passphrase", MARK + "\n"))
        self.assert_refused(result, 4)

    def test_without_a_terminal_the_options_are_named(self):
        self.assert_refused(self.csr(self.encrypted()), 2, "--passphrase-file")

    def test_no_key(self):
        for path, status in ((self.path("none"), 1), (self.work, 2), (os.path.join(PKI, "server.pem"), 8)):
            with self.subTest(path):
                self.assert_refused(self.csr(path), status)


class Token(KeyCase):
    def setUp(self):
        super().setUp()
        self.init_token("one", MARK)
        self.import_key("one", self.web, "web", "01", MARK)
        self.import_key("one", self.mail, "測試", "02", MARK)

    def on_token(self, uri, *arguments, pin=MARK):
        given = ["--pin-file", self.pin_file(pin)] if pin else []
        return self.csr(uri, "--module", self.module, *given, *arguments)

    def test_by_label_or_id(self):
        for uri, key in (("pkcs11:token=one;object=web", self.web), ("pkcs11:id=%02;type=private", self.mail),
                         ("pkcs11:object=%E6%B8%AC%E8%A9%A6", self.mail)):
            with self.subTest(uri):
                self.assert_made(self.on_token(uri), key, uri)
                for folder in self.folders():
                    self.tool("rm", "-r", folder)

    def test_key_made_on_the_token(self):
        self.tool("pkcs11-tool", "--module", self.module, "--token-label", "one", "--login", "--pin", MARK,
                  "--keypairgen", "--key-type", "rsa:2048", "--label", "own", "--id", "03")
        der = self.tool("pkcs11-tool", "--module", self.module, "--token-label", "one", "--read-object", "--type",
                        "pubkey", "--id", "03")
        with open(self.path("public.der"), "wb") as file:
            file.write(der)
        result = self.on_token("pkcs11:object=own")
        self.assert_status(result, 0)
        request = os.path.join(self.folders()[0], "request.csr.pem")
        self.assertEqual(openssl("req", "-in", request, "-verify", "-noout", "-pubkey"),
                         openssl("pkey", "-pubin", "-inform", "DER", "-in", self.path("public.der"), "-pubout"))

    def test_pin_source_is_not_written_down(self):
        result = self.on_token("pkcs11:object=web?pin-source=file:" + self.pin_file(MARK), pin=None)
        self.assert_made(result, self.web, "pkcs11:object=web")

    def test_several_keys_are_listed(self):
        result = self.on_token("pkcs11:token=one")
        self.assert_refused(result, 2, "“web”", "“測試”", "object=web", "id=%02")

    def test_no_such_key(self):
        self.assert_refused(self.on_token("pkcs11:token=one;object=other"), 8, "“web”", "“測試”")

    def test_no_such_token(self):
        self.assert_refused(self.on_token("pkcs11:token=two;object=web"), 3, "“one”")

    def test_wrong_pin(self):
        self.assert_refused(self.on_token("pkcs11:object=web", pin=MARK + "x"), 4)

    def test_pin_of_no_length(self):
        self.assert_refused(self.on_token("pkcs11:object=web", pin="1"), 4, "nothing was sent")

    def test_pin_in_the_uri_is_refused(self):
        for query in ("pin-value=" + MARK, "pin-source=|touch%20x", "pin-source=https://localhost/pin"):
            with self.subTest(query):
                self.assert_refused(self.on_token("pkcs11:object=web?" + query), 2, "pin-")

    def test_without_a_terminal_the_options_are_named(self):
        self.assert_refused(self.on_token("pkcs11:object=web", pin=None), 2, "--pin-file")

    def test_key_that_the_ca_does_not_take(self):
        path = self.path("ec.pem")
        openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", path)
        self.import_key("one", path, "curve", "04", MARK)
        self.assert_refused(self.on_token("pkcs11:object=curve"), 2, "RSA")

    def test_batch(self):
        """The module is not for several threads: rows of one key come one after the other."""
        names = [f"{i}.example.gov.tw" for i in range(40)]
        table = self.write("hosts.csv", "cn\n" + "\n".join(names) + "\n")
        result = self.run_program(harness.program("gca-csr"), "--batch", table, "--organization", "測試機關", "--key",
                                  "pkcs11:object=web", "--module", self.module, "--pin-file", self.pin_file(MARK))
        self.assert_made(result, self.web, "pkcs11:object=web", n=len(names))


if __name__ == "__main__":
    harness.main()
