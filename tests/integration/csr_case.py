"""What the tests of gca-csr and gca-letter share: request folders, and what openssl says of them."""
import glob
import hashlib
import os
import subprocess

import harness

HOST = "www.example.gov.tw"
OID = "2.16.886.101.20003.20060.20001"
ORGANIZATION = "行政院-政府憑證管理中心-憑證測試中心"
MEMBERS = {"schema", "command", "folder", "csr", "key", "created", "profile", "agency_name", "agency_oid", "subject",
           "names", "spki_sha256"}


def openssl(*command, stdin=None, fails=False):
    """Standard output of openssl; with `fails` it must not succeed."""
    done = subprocess.run(("openssl", *command), input=stdin, capture_output=True, env={"PATH": os.environ["PATH"]})
    if fails == (done.returncode == 0):
        raise AssertionError((command, done.stdout + done.stderr))
    return done.stdout


def spki_sha256(public_pem):
    return hashlib.sha256(openssl("pkey", "-pubin", "-outform", "DER", stdin=public_pem)).hexdigest()


def mode(path):
    return os.stat(path).st_mode & 0o7777


def read(path):
    with open(path, "rb") as file:
        return file.read()


class CsrCase(harness.Case):
    csr_tool = harness.program("gca-csr")
    letter_tool = harness.program("gca-letter")

    def csr(self, *arguments, status=0, **more):
        result = self.run_program(self.csr_tool, *arguments, **more)
        self.assert_status(result, status)
        return result

    def new(self, *arguments, cn=HOST, **more):
        return self.csr("--cn", cn, "--oid", OID, *arguments, **more)

    def make(self, *arguments, **more):
        """A request folder in the test's own: its path."""
        return self.new("--json", *arguments, **more).json["folder"]

    def folders(self, parent=None):
        return sorted(glob.glob(os.path.join(parent or self.work, "*Z*")))

    def snapshot(self, folder):
        """Every file of a folder with mode and content."""
        return {name: (mode(path), read(path)) for path in glob.glob(os.path.join(folder, "*"))
                for name in [os.path.basename(path)]}

    def assert_words(self, result, *words):
        for word in words:
            self.assertIn(word, result.err, result)

    def assert_refused(self, result, status, *words):
        self.assert_status(result, status)
        self.assert_words(result, *words)
