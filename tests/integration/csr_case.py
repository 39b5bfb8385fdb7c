"""What the tests of gca-csr and gca-letter share: request folders, and what openssl says of them."""
import glob
import hashlib
import json
import os
import re
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


def dump(path):
    """The objects of a request in order, and (type, value) of what follows each."""
    lines = openssl("asn1parse", "-in", path).decode().splitlines()
    cells = [line.partition(": ")[2].partition(":")[::2] for line in lines]
    kinds = [kind.strip() for kind, _ in cells]
    return [(cells[i][1], following) for i, (kind, following) in enumerate(zip(kinds, kinds[1:])) if kind == "OBJECT"]


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


class NewCase(CsrCase):
    """With the judges of a new request: openssl and certtool."""

    def unprivileged(self):
        """In front of a command: for root, too, a folder's mode counts then."""
        return ["setpriv", "--bounding-set=-dac_override"] if os.geteuid() == 0 else []

    def shell(self, script, *arguments, status=0):
        """gca-csr as `"$@"` of a script."""
        result = self.run_program("sh", "-c", script, "sh", self.csr_tool, "--cn", HOST, "--oid", OID, *arguments)
        self.assertEqual(result.status, status, result)
        return result

    def assert_made(self, folder, names=(HOST,), subject=f"C=TW,L=臺灣,O={ORGANIZATION}", bits=2048, passin="pass:"):
        key, request = os.path.join(folder, "privkey.pem"), os.path.join(folder, "request.csr.pem")
        self.assertEqual({name: file[0] for name, file in self.snapshot(folder).items()},
                         {"privkey.pem": 0o600, "request.csr.pem": 0o644, "request.json": 0o644})
        self.assertEqual(mode(folder), 0o700)
        public = openssl("req", "-in", request, "-verify", "-noout", "-pubkey")
        self.assertEqual(public, openssl("pkey", "-in", key, "-passin", passin, "-pubout"))
        self.assertIn(f"({bits} bit)", openssl("pkey", "-pubin", "-text", "-noout", stdin=public).decode())
        shown = openssl("req", "-in", request, "-noout", "-subject", "-nameopt", "utf8,sep_comma_plus,sname")
        self.assertEqual(shown.decode().strip(), f"subject={subject},CN={names[0]}")
        self.assert_form(request, len(subject.split(",")))
        self.assert_certtool(request, names, subject)
        self.assert_json(folder, names, subject, public)

    def assert_form(self, request, parts):
        """C PrintableString, all else UTF8String; subjectAltName and SHA-256, and nothing beside."""
        objects = dump(request)
        names, rest = objects[:parts + 1], [name for name, _ in objects[parts + 1:]]
        self.assertEqual([kind for _, kind in names], ["PRINTABLESTRING"] + ["UTF8STRING"] * parts)
        order = ["countryName", "localityName", "organizationName", "commonName"]
        self.assertEqual([name for name, _ in names], order if parts == 3 else [order[0], *order[2:]])
        self.assertEqual(rest, ["rsaEncryption", "Extension Request", "X509v3 Subject Alternative Name",
                                "sha256WithRSAEncryption"])

    def assert_certtool(self, request, names, subject):
        done = self.run_program("certtool", "--crq-info", "--infile", request, LC_ALL="C.UTF-8")
        self.assert_status(done, 0)
        text = done.out
        organization = re.search("O=([^,]*)", subject).group(1)
        for word in ("Self signature: verified", "RSA-SHA256", organization):
            self.assertIn(word, text)
        self.assertEqual(re.findall(r"(?:DNSname|IPAddress): (\S+)", text), list(names))

    def assert_json(self, folder, names, subject, public):
        """docs/request-folder.md."""
        request = json.loads(read(os.path.join(folder, "request.json")))
        self.assertLessEqual(set(request), {"version", "tool", "created", "profile", "names", "subject", "agency",
                                            "key", "spki_sha256"})
        self.assertEqual(request["version"], 1)
        self.assertRegex(request["tool"], r"^gca-toolkit \d")
        self.assertEqual(request["names"], list(names))
        self.assertEqual(request["subject"], f"{subject},CN={names[0]}")
        self.assertEqual(request["key"], "privkey.pem")
        self.assertEqual(request["spki_sha256"], spki_sha256(public))
        self.assertRegex(request["created"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
