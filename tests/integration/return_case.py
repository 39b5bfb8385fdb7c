"""What the tests of attach, check, export, install and list share: a CA, and what it has issued."""
import os
import shutil
import tempfile

import authority
import csr_case
from csr_case import mode, openssl, read

MADE = ["cert.pem", "chain.pem", "fullchain.pem"]


class ReturnCase(csr_case.CsrCase):
    """With a CA for all tests of a class."""

    @classmethod
    def setUpClass(cls):
        folder = tempfile.mkdtemp(prefix="gca-test-")
        cls.addClassCleanup(shutil.rmtree, folder)
        cls.authority = authority.Authority(folder)

    def issue(self, folder, *names, **more):
        return self.authority.issue(folder, *names, **more)

    def attach(self, *paths, status=0):
        """Gives the one certificate's answer; with a chain to a root that is not trusted here."""
        told = self.csr("attach", "--json", *paths, status=status).json["certificates"]
        self.assertEqual(len(told), 1)
        return told[0]

    def states(self, findings):
        """Name -> state, without what is good."""
        return {finding["name"]: finding["state"] for finding in findings if finding["state"] != "ok"}

    def text(self, told, name):
        return next(finding["text"] + (finding["fix"] or "") for finding in told["findings"] if finding["name"] == name)

    def assert_attached(self, folder, leaf, *chain):
        """As a web server will read the files."""
        self.assertEqual(self.plain(folder, "cert.pem"), self.bare(leaf))
        self.assertEqual(self.plain(folder, "chain.pem"), b"".join(self.bare(path) for path in chain))
        self.assertEqual(self.plain(folder, "fullchain.pem"), b"".join(self.bare(path) for path in (leaf, *chain)))
        self.assertEqual([mode(os.path.join(folder, name)) for name in MADE], [0o644] * 3)
        self.assertEqual(openssl("x509", "-in", os.path.join(folder, "fullchain.pem"), "-noout", "-pubkey"),
                         openssl("req", "-in", os.path.join(folder, "request.csr.pem"), "-noout", "-pubkey"))

    def plain(self, folder, name):
        return read(os.path.join(folder, name))

    def bare(self, path):
        return openssl("x509", "-in", path)

    def assert_untouched(self, folder, before):
        self.assertEqual(self.snapshot(folder), before)
