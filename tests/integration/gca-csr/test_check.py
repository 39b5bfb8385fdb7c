"""gca-csr check: the checking alone, on any files."""
import os

import harness
from csr_case import HOST, openssl
from return_case import ReturnCase


class Check(ReturnCase):
    def setUp(self):
        super().setUp()
        self.request = self.make()
        self.key, self.csr_file = (os.path.join(self.request, name) for name in ("privkey.pem", "request.csr.pem"))
        self.leaf = self.issue(self.request)
        self.other = os.path.join(harness.PKI, "server.key.pem")

    def check(self, *arguments, status=0):
        told = self.csr("check", "--json", *arguments, status=status)
        return self.states(told.json["findings"])

    def failed(self, *arguments, status=9):
        return [name for name, state in self.check(*arguments, status=status).items() if state == "failed"]

    def test_good(self):
        a = self.authority
        full = a.join("full.pem", self.leaf, a.ca)
        for arguments in (["--cert", full], ["--cert", self.leaf, "--chain", a.ca], ["--key", self.key],
                          ["--csr", self.csr_file], ["--csr", self.csr_file, "--key", self.key],
                          ["--cert", full, "--key", self.key, "--csr", self.csr_file, "-d", HOST, "--ca", a.root]):
            with self.subTest(arguments):
                self.assertLessEqual(set(self.check(*arguments)), {"trust"})
        self.assertNotIn("trust", self.check("--cert", full, "--ca", a.root))
        told = self.check("--cert", a.der(self.leaf, "check.cer"), "--chain", a.ca)
        self.assertEqual(told, {"form": "warning", "trust": "warning"})

    def test_bad(self):
        a = self.authority
        full = a.join("full.pem", self.leaf, a.ca)
        sub = a.intermediate("check-sub", "測試下層憑證", issuer="ca")
        below = self.issue(self.request, name="check-below", issuer="check-sub")
        for arguments, failed in (
                (["--cert", full, "--key", self.other], ["key"]),
                (["--cert", full, "-d", "other.example.gov.tw"], ["names"]),
                (["--cert", self.leaf], ["chain-leaf-only"]),
                (["--cert", self.leaf, "--chain", a.root], ["chain-stray", "chain-issuer"]),
                (["--cert", self.leaf, "--chain", a.ca, "--chain", a.root], ["chain-root"]),
                (["--cert", a.join("turned.pem", a.ca, self.leaf)], ["chain-order"]),
                (["--cert", below, "--chain", a.ca, "--chain", sub], ["chain-order"]),
                (["--cert", full, "--chain", a.intermediate("check-other", "測試另一憑證")], ["chain-stray"]),
                (["--cert", a.ca], ["names", "usage", "chain-leaf-only"])):
            with self.subTest(arguments):
                self.assertEqual(self.failed(*arguments), failed)
                self.csr("check", *arguments, status=9)

    def test_request_of_another_key_and_by_another_tool(self):
        self.assertEqual(self.failed("--csr", self.csr_file, "--key", self.other), ["key"])
        other = self.make(cn="other.example.gov.tw")
        failed = self.failed("--cert", self.authority.join("full.pem", self.leaf, self.authority.ca), "--csr",
                             os.path.join(other, "request.csr.pem"))
        self.assertEqual(failed, ["request"])
        subject = f"/C=TW/O=Test/OU=Unit/CN={HOST}"
        openssl("req", "-new", "-key", self.key, "-subj", subject, "-out", self.path("ou.pem"))
        self.assertIn("csr-subject", self.failed("--csr", self.path("ou.pem")))

    def test_statuses(self):
        for arguments, status in (([], 2), (["--chain", self.leaf], 2), (["--cert", self.path("none")], 1),
                                  (["--cert", self.key], 8), (["--key", self.leaf], 8), (["--csr", self.leaf], 8),
                                  (["--cert", self.leaf, "-d", "a b"], 2), (["--cert", self.leaf, "one more"], 2)):
            with self.subTest(arguments):
                self.csr("check", *arguments, status=status)


if __name__ == "__main__":
    harness.main()
