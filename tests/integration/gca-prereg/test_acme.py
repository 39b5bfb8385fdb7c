"""A real ACME server (Pebble) and a real client (certbot): the account that certbot registers is the one that is
signed. Runs itself inside a bench, where network and card are its own."""
import base64
import glob
import hashlib
import json
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import time

import harness
import peer

if "GCA_TEST_RUN" not in os.environ:
    os.execv(harness.BENCH, [harness.BENCH, "--", sys.executable, *sys.argv])

DIRECTORY = "https://localhost:14000/dir"


class Acme(harness.Case):
    """One server and one registration for all."""

    @classmethod
    def setUpClass(cls):
        cls.base = os.path.join(os.environ["GCA_TEST_RUN"], "acme")
        cls.config = os.path.join(cls.base, "letsencrypt")
        os.mkdir(cls.base)
        cls.addClassCleanup(shutil.rmtree, cls.base)
        cls.start_pebble()
        cls.register(cls.config)
        cls.account = glob.glob(cls.config + "/accounts/localhost:14000/dir/*")[0]

    @classmethod
    def start_pebble(cls):
        path = os.path.join(cls.base, "pebble.json")
        with open(path, "w", encoding="ascii") as file:
            json.dump({"pebble": {
                "listenAddress": "127.0.0.1:14000", "managementListenAddress": "127.0.0.1:15000",
                "certificate": os.path.join(harness.PKI, "tls.pem"), "privateKey": os.path.join(harness.PKI, "tls-key.pem"),
                "httpPort": 5002, "tlsPort": 5001, "ocspResponderURL": "", "externalAccountBindingRequired": False}}, file)
        pebble = subprocess.Popen(["pebble", "-config", path], env={"PATH": os.environ["PATH"], "PEBBLE_VA_NOSLEEP": "1",
                                                                  "PEBBLE_VA_ALWAYS_VALID": "1", "PEBBLE_WFE_NONCEREJECT": "0"},
                                  stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        cls.addClassCleanup(pebble.wait)
        cls.addClassCleanup(pebble.kill)
        for _ in range(400):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", 14000)) == 0:
                    return
            time.sleep(0.05)
        raise AssertionError("Pebble does not start")

    @classmethod
    def register(cls, config):
        cls.certbot(config, "certbot", "register", "--server", DIRECTORY, "--agree-tos", "-m", "test@example.com",
                    "--no-eff-email")

    @classmethod
    def certbot(cls, config, *command):
        subprocess.run(
            [*command, "-n", "--config-dir", config, "--work-dir", cls.base + "/work", "--logs-dir", cls.base + "/logs"],
            env={"PATH": os.environ["PATH"], "HOME": cls.base, "REQUESTS_CA_BUNDLE": os.path.join(harness.PKI, "tls.pem")},
            stdin=subprocess.DEVNULL, capture_output=True, check=True)

    def read(self, name):
        with open(os.path.join(self.account, name), "rb") as file:
            return file.read()

    def uri(self):
        return json.loads(self.read("regr.json"))["uri"]

    def thumbprint(self):
        """RFC 7638, in this program's own words."""
        key = json.loads(self.read("private_key.json"))
        text = json.dumps({name: key[name] for name in ("e", "kty", "n")}, sort_keys=True, separators=(",", ":"))
        return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode().rstrip("=")

    def sign(self, where, *more, stdin=b""):
        result = self.run_program(harness.program("gca-prereg"), "--account", where, "-d", "www.agency-test.gov.tw",
                                  "--yes", "--pin-file", self.pin_file(), "--module", harness.opensc_module(),
                                  "--output", "request.p7m", *more, stdin=stdin)
        self.assert_status(result, 0)
        content = self.openssl_content()
        os.remove(self.path("request.p7m"))
        return json.loads(content), content, result

    def openssl_content(self):
        done = self.run_program("openssl", "cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", "request.p7m",
                                "-CAfile", os.path.join(harness.PKI, "chain.pem"), "-purpose", "any")
        self.assertEqual(done.status, 0, done)
        return done.out.encode()

    def test_from_registration_to_signature(self):
        request, content, result = self.sign(self.config)
        self.assertEqual(request["account"], {"uri": self.uri(), "thumbprint": self.thumbprint()})
        self.assertIn(b'"uri":"' + self.uri().encode() + b'"', content)
        self.assertEqual(peer.canonical(request), content)
        self.assertNotIn("is not the one that certbot made", result.err)
        self.assertEqual(request["profile"], "test")

    def test_certbot_takes_the_line_that_is_printed(self):
        """Up to the certificate; which authenticator it is, certbot would ask a person."""
        result = self.sign(self.config, "-d", "例子.政府.tw", "--json")[2]
        self.assertEqual(len(result.json["certbot"]), 1)
        words = shlex.split(result.json["certbot"][0])
        config = self.path("letsencrypt")
        shutil.copytree(self.config, config, symlinks=True)
        self.certbot(config, *words, "--standalone", "--http-01-port", "5002")
        live = glob.glob(config + "/live/*/cert.pem")[0]
        shown = self.run_program("openssl", "x509", "-in", live, "-noout", "-text").out
        self.assertIn("Public-Key: (2048 bit)", shown)
        self.assertIn("rsaEncryption", shown)
        self.assertEqual(set(re.findall(r"DNS:(\S+?)(?:,|\s)", shown)), {"www.agency-test.gov.tw", "xn--fsqu00a.xn--mxtq1m.tw"})

    def test_line_names_the_account(self):
        """certbot has two with that server, and would ask which."""
        config = self.path("two")
        shutil.copytree(self.config, config, symlinks=True)
        first = os.path.basename(self.account)
        os.rename(os.path.join(config, "accounts/localhost:14000/dir", first), self.path(first))
        self.register(config)
        second = os.path.basename(glob.glob(config + "/accounts/localhost:14000/dir/*")[0])
        os.rename(self.path(first), os.path.join(config, "accounts/localhost:14000/dir", first))
        for account in (first, second):
            folder = os.path.join(config, "accounts/localhost:14000/dir", account)
            words = shlex.split(self.sign(folder, "--json")[2].json["certbot"][0])
            with self.subTest(account):
                self.assertEqual(words[words.index("--config-dir") + 1], config)
                self.certbot(config, *words, "--standalone", "--http-01-port", "5002", "--cert-name", account)
                with open(f"{config}/renewal/{account}.conf", encoding="utf-8") as file:
                    self.assertIn(f"account = {account}\n", file.read())

    def test_lines_for_certbot_stand_alone(self):
        """So that they can be copied; nothing of them with --quiet."""
        line = re.compile(r"(?m)^certbot certonly --server https://localhost:14000/dir .*-d www\.agency-test\.gov\.tw$")
        self.assertRegex(self.sign(self.config)[2].out, line)
        self.assertNotRegex(self.sign(self.config, "--quiet")[2].out, line)

    def test_without_the_key(self):
        request, _, _ = self.sign("-", stdin=self.read("regr.json"))
        self.assertEqual(request["account"], {"uri": self.uri()})

    def test_certbot_names_the_folder_after_the_key(self):
        """So a key put into another account's folder is seen."""
        moved = shutil.copytree(self.account, self.path("0123456789abcdef0123456789abcdef"))
        request, _, result = self.sign(moved)
        self.assertEqual(request["account"]["thumbprint"], self.thumbprint())
        self.assertIn("is not the one that certbot made this folder for", result.err)

    def test_two_accounts(self):
        both = self.path("both")
        shutil.copytree(self.config, both)
        self.register(self.path("second"))
        other = glob.glob(self.path("second") + "/accounts/localhost:14000/dir/*")[0]
        shutil.copytree(other, both + "/accounts/localhost:14000/dir/" + os.path.basename(other))
        result = self.run_program(harness.program("gca-prereg"), "--account", both, "-d", "www.agency-test.gov.tw", "--yes")
        self.assert_status(result, 2)
        self.assertIn(self.uri(), result.err)
        self.assertEqual(self.sign(both + "/accounts/localhost:14000/dir/" + os.path.basename(other))[0]["account"]["uri"],
                         json.loads(open(other + "/regr.json", "rb").read())["uri"])

    def test_verify_knows_the_account(self):
        result = self.run_program(harness.program("gca-prereg"), "--account", self.config, "-d", "www.agency-test.gov.tw",
                                  "--yes", "--pin-file", self.pin_file(), "--module", harness.opensc_module(),
                                  "--output", "request.p7m")
        self.assert_status(result, 0)
        for where, status in ((self.config, 0), (self.uri(), 0), (self.uri() + "1", 9)):
            with self.subTest(where):
                checked = self.run_program(harness.program("gca-prereg"), "verify", "request.p7m", "--ca",
                                           os.path.join(harness.PKI, "root.pem"), "--ca", os.path.join(harness.PKI, "ca.pem"),
                                           "--account", where)
                self.assert_status(checked, status)


if __name__ == "__main__":
    harness.main()
