"""The card at the desk, the work on the server: docs/two-places.md. p11-kit's real server and client with a relay
between them where ssh -R would be: both ends are local sockets either way, so no sshd is needed here."""
import contextlib
import glob
import os
import re
import socket
import subprocess
import tempfile
import threading
import time

import pexpect
from cryptography.hazmat.primitives import serialization

import harness
import softhsm_case

CLIENT = (glob.glob("/usr/lib/*/pkcs11/p11-kit-client.so") + glob.glob("/usr/lib*/pkcs11/p11-kit-client.so"))[0]
DOMAIN = "www.agency-test.gov.tw"
OID = "2.16.886.101.20003.20060.20001"


class Relay:
    """What ssh -R does with a socket. Keeps what passes in either direction; `limit`: bytes downwards until it breaks."""

    def __init__(self, near, far, limit=None):
        self.far, self.limit = far, limit
        self.up, self.down, self.ends = bytearray(), bytearray(), []
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.bind(near)
        os.chmod(near, 0o600)
        self.socket.listen()
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self):
        for end in self.ends:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def close(self):
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
        self.cut()

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                near, _ = self.socket.accept()
                far = socket.socket(socket.AF_UNIX)
                far.connect(self.far)
                self.ends += [near, far]
                for source, target, kept in ((near, far, self.up), (far, near, self.down)):
                    threading.Thread(target=self._carry, args=(source, target, kept), daemon=True).start()

    def _carry(self, source, target, kept):
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                if kept is self.down and self.limit is not None:
                    data = data[:self.limit - len(kept)]
                kept += data
                target.sendall(data)
                if kept is self.down and len(kept) == self.limit:
                    break
        for end in (source, target):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


class RemoteCase(softhsm_case.SoftHsmCase):
    """self.env is the desk's; self.server, the server's, has neither the token nor a reader."""

    def setUp(self):
        super().setUp()
        self.near = os.path.join(self.folder, "near.sock")
        self.env["XDG_RUNTIME_DIR"] = os.path.join(self.folder, "run")
        os.mkdir(self.env["XDG_RUNTIME_DIR"], 0o700)
        self.make_token("one")
        self.server = {**self.env, "P11_KIT_SERVER_ADDRESS": "unix:path=" + self.near}
        del self.server["SOFTHSM2_CONF"]

    def make_token(self, label, holder="agency"):
        self.init_token(label)
        self.import_key(label, os.path.join(harness.PKI, holder + ".key.pem"), "SIGN", "5349474e")
        self.tool("pkcs11-tool", "--module", self.module, "--token-label", label, "--login", "--pin", harness.PIN,
                  "--write-object", os.path.join(harness.PKI, holder + ".der"), "--type", "cert", "--id", "5349474e")

    def start_desk(self, tokens="pkcs11:", limit=None):
        """p11-kit's server and the line; ends with the test, or by stop_desk."""
        command = ["p11-kit", "server", "--sh", "--provider", self.module, tokens]
        started = subprocess.run(command, env=self.env, check=True, stdout=subprocess.PIPE, text=True, timeout=20,
                                 stderr=subprocess.DEVNULL).stdout  # which it keeps open, so no pipe
        self.address = re.search(r"ADDRESS=unix:path=([^;]+);", started).group(1)
        self.server_pid = re.search(r"PID=(\d+);", started).group(1)
        self.addCleanup(self.stop_desk)
        return self.start_line(limit)

    def stop_desk(self):
        if self.server_pid:
            self.env["P11_KIT_SERVER_PID"] = self.server_pid
            self.tool("p11-kit", "server", "--kill")
        self.server_pid = None

    def assert_ended(self, address):
        """p11-kit only sends its server a SIGTERM: it removes its socket a moment later."""
        deadline = time.monotonic() + 20
        while os.path.exists(address):
            self.assertLess(time.monotonic(), deadline, "the server of the desk still listens")
            time.sleep(0.02)

    def start_line(self, limit=None):
        with contextlib.suppress(FileNotFoundError):
            os.remove(self.near)
        relay = Relay(self.near, self.address, limit)
        self.addCleanup(relay.close)
        return relay

    def on_server(self, name, *arguments, **more):
        done = subprocess.run([harness.program(name), *arguments], cwd=self.work, env=self.server, capture_output=True,
                              stdin=subprocess.DEVNULL, timeout=20, start_new_session=True, **more)
        return harness.Result(done)

    def sign(self, *options, pin=harness.PIN, output="request.p7m"):
        return self.on_server("gca-prereg", "--account", self.regr(), "-d", DOMAIN, "--yes", "--module", CLIENT,
                              "--pin-file", self.pin_file(pin), "--output", output, *options)

    def assert_good(self, name="request.p7m"):
        """By OpenSSL, which knows nothing of us."""
        done = self.run_program("openssl", "cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", name, "-CAfile",
                                os.path.join(harness.PKI, "chain.pem"), "-purpose", "any")
        self.assertEqual(done.status, 0, done)
        self.assertIn(DOMAIN, done.out)


class RemoteCard(RemoteCase):
    def test_shows_and_signs(self):
        self.start_desk()
        for options in ([], ["--token", "pkcs11:"], ["--token", "pkcs11:token=one"]):
            with self.subTest(options):
                shown = self.on_server("gca-card", "show", "--json", "--module", CLIENT, *options)
                self.assert_status(shown, 0)
                self.assertEqual(shown.json["holder"]["oid"], OID)
                self.assert_status(self.sign(*options), 0)
                self.assert_good()
                os.remove(self.path("request.p7m"))

    def test_prepared_there_and_signed_there(self):
        self.start_desk()
        prepared = self.on_server("gca-prereg", "prepare", "--account", self.regr(), "-d", DOMAIN, "--oid", OID,
                                  "--output", "request.json")
        self.assert_status(prepared, 0)
        signed = self.on_server("gca-prereg", "sign", "request.json", "--yes", "--module", CLIENT, "--pin-file",
                                self.pin_file(), "--output", "request.p7m")
        self.assert_status(signed, 0)
        self.assert_good()

    def test_what_goes_over_the_line(self):
        """The PIN does; neither the card's key nor the request, of which there is a hash."""
        line = self.start_desk()
        self.assert_status(self.sign(), 0)
        self.assertEqual(line.up.count(harness.PIN.encode()), 1)
        self.assertNotIn(harness.PIN.encode(), line.down)
        with open(os.path.join(harness.PKI, "agency.key.pem"), "rb") as file:
            numbers = serialization.load_pem_private_key(file.read(), None).private_numbers()
        modulus = numbers.public_numbers.n
        both = bytes(line.up + line.down)
        self.assertIn(modulus.to_bytes((modulus.bit_length() + 7) // 8, "big"), both)
        for secret in (numbers.p, numbers.q, numbers.d):
            self.assertNotIn(secret.to_bytes((secret.bit_length() + 7) // 8, "big"), both)
        for word in (DOMAIN, harness.ACCOUNT_URI, "gca-prereg"):
            self.assertNotIn(word.encode(), both)

    def test_only_the_token_that_was_named(self):
        self.make_token("two", "unit")
        self.start_desk("pkcs11:token=two")
        shown = self.on_server("gca-card", "show", "--json", "--module", CLIENT)
        self.assert_status(shown, 0)
        self.assertEqual(shown.json["holder"]["kind"], "unit")
        self.assert_status(self.sign("--token", "pkcs11:token=one"), 3)
        self.assert_nothing_written()

    def test_wrong_pin_is_sent_once(self):
        line = self.start_desk()
        self.assert_status(self.sign(pin="654321"), 4)
        self.assertEqual(line.up.count(b"654321"), 1)
        self.assert_nothing_written()

    def test_login_belongs_to_its_connection(self):
        """While one has given the PIN, or thinks about it, another is asked for its own; the desk works on."""
        self.start_desk()
        child = self.ask((r"Sign this\?", "yes"))
        child.expect("PIN of", timeout=20)
        self.assert_status(self.sign(pin="654321", output="other.p7m"), 4)
        self.assert_status(self.sign(output="second.p7m"), 0)
        self.assert_status(self.run_program(harness.program("gca-card"), "show", "--module", self.module), 0)
        child.sendline(harness.PIN)
        child.expect(pexpect.EOF, timeout=20)
        child.close()
        self.assertEqual(child.exitstatus, 0)
        self.assert_good()
        self.assert_good("second.p7m")
        self.assertNotIn("other.p7m", os.listdir(self.work))

    def ask(self, *answers):
        """Goes through these questions and answers on a terminal; stops before the next one."""
        child = pexpect.spawn(harness.program("gca-prereg"), [
            "--account", self.regr(), "-d", DOMAIN, "--token", "pkcs11:", "--module", CLIENT, "--output",
            "request.p7m"], cwd=self.work, env=self.server, encoding="utf-8")
        self.addCleanup(child.close, force=True)
        for question, answer in answers:
            child.expect(question, timeout=20)
            child.sendline(answer)
        return child

    def assert_gives_up(self, child):
        """With a sentence about the card or its module, not about the PIN."""
        child.expect(pexpect.EOF, timeout=20)
        child.close()
        self.assertIn(child.exitstatus, (1, 3), child.before)
        self.assertRegex(child.before, r"gca-prereg: The (PKCS#11 module|reader|card) ")
        self.assert_nothing_written()

    def test_line_breaks_while_a_question_is_open(self):
        for before, question, answer in (([], r"Sign this\?", "yes"), ([(r"Sign this\?", "yes")], "PIN of", harness.PIN)):
            with self.subTest(question):
                if not before:
                    line = self.start_desk()
                else:
                    line = self.start_line()
                child = self.ask(*before)
                child.expect(question, timeout=20)
                line.cut()
                child.sendline(answer)
                self.assert_gives_up(child)
        self.start_line()
        self.assert_status(self.sign(), 0)

    def test_line_breaks_within_the_signature(self):
        line = self.start_desk()
        self.assert_status(self.sign("--token", "pkcs11:"), 0)
        with open(self.path("request.p7m"), "rb") as file:
            signature = file.read()[-256:]  # the last element of the last SignerInfo, RFC 5652 section 5.3
        os.remove(self.path("request.p7m"))
        line = self.start_line(line.down.index(signature) + 100)
        result = self.sign("--token", "pkcs11:")
        self.assertIn(result.status, (1, 3), result)
        self.assertEqual(line.up.count(harness.PIN.encode()), 1)
        self.assert_nothing_written()

    def test_nobody_at_the_desk(self):
        self.start_desk()
        self.stop_desk()
        result = self.sign("--token", "pkcs11:")
        self.assert_status(result, 1)
        self.assertIn("PKCS#11 module", result.err)
        self.assert_nothing_written()


class Document(RemoteCase):
    """The commands of docs/two-places.md, as they stand there but for the places that must differ."""

    def setUp(self):
        super().setUp()
        with open(os.path.join(harness.SOURCE, "docs/two-places.md"), encoding="utf-8") as file:
            self.blocks = re.findall(r"(?ms)^```sh\n(.*?)^```$", file.read())
        cert = self.path("certbot")
        os.makedirs(cert)
        os.rename(self.regr(), os.path.join(cert, "regr.json"))
        self.tool("ln", "-s", *[harness.program(name) for name in ("gca-prereg", "gca-card")], self.folder)
        trust = os.path.join(self.env["XDG_CONFIG_HOME"], "gca-toolkit/card-ca")
        os.makedirs(trust)
        self.tool("cp", os.path.join(harness.PKI, "ca.pem"), os.path.join(harness.PKI, "root.pem"), trust)
        self.places = [("/etc/letsencrypt", cert), ("/home/clerk/card.sock", self.near), ("www.example.gov.tw", DOMAIN),
                       ("/usr/lib/libHicos_p11v1.so", self.module), ("sudo ", ""),
                       ("/usr/lib/x86_64-linux-gnu/pkcs11/p11-kit-client.so", CLIENT)]

    def block(self, words):
        """The block that begins with these words, with our places, without questions."""
        text = next(block for block in self.blocks if block.startswith(words))
        for place, ours in self.places:
            text = text.replace(place, ours)
        pin = self.pin_file()
        return re.sub(r"(?m)^(gca-prereg sign .*)$", rf"\1 --yes --pin-file {pin}", text)

    def shell(self, text, env):
        path = self.folder + ":" + env["PATH"]
        with tempfile.TemporaryFile() as errors:  # no pipe: p11-kit's server keeps it open
            done = subprocess.run(["sh", "-euc", text], cwd=self.work, env={**env, "PATH": path}, stderr=errors, timeout=60,
                                  stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, start_new_session=True)
            errors.seek(0)
            done.stderr = errors.read()
        result = harness.Result(done)
        self.assert_status(result, 0)
        return result

    def test_with_files(self):
        self.shell(self.block("sudo gca-prereg prepare"), self.server)
        desk = self.block("gca-prereg sign")
        self.env["GCA_PKCS11_MODULE"] = self.module
        result = self.shell(desk, self.env)
        self.assertIn("\nACCEPTABLE: ", result.out)
        self.assert_good()

    def test_live(self):
        """All of it in one shell but the server's part; at ssh's place is the relay."""
        desk, ssh = self.block("eval ").splitlines()
        near, far = re.fullmatch(r'ssh -o ExitOnForwardFailure=yes -R "([^:]+):(.*)" clerk@server\.example\.gov\.tw',
                                 ssh).groups()
        told = self.shell(f'{desk}\nprintf "%s\\n" "{far}" "$P11_KIT_SERVER_PID"', self.env).out.split()
        self.address, self.server_pid = told
        self.addCleanup(self.stop_desk)
        self.assertEqual(near, self.near)
        self.assertEqual(os.stat(os.path.dirname(self.address)).st_mode & 0o777, 0o700)
        self.start_line()
        server = {name: value for name, value in self.server.items() if name != "P11_KIT_SERVER_ADDRESS"}
        result = self.shell(self.block("export P11_KIT_SERVER_ADDRESS"), server)
        self.assertIn(OID, result.out)
        self.assert_good()
        self.shell(self.block("rm -f"), server)
        self.assertFalse(os.path.exists(self.near))
        self.env["P11_KIT_SERVER_PID"] = self.server_pid
        self.shell(self.block("p11-kit server --kill"), self.env)
        self.server_pid = None
        self.assert_ended(self.address)


class VirtualCard(harness.Case):
    """The card of the bench in a reader at the desk, OpenSC behind p11-kit's server; no pcscd on the server. Its key
    asks for the PIN at each signature."""

    SCRIPT = """set -eu
        eval "$(p11-kit server --sh --provider "$1" pkcs11:)"
        shift
        trap 'p11-kit server --kill >/dev/null' EXIT
        PCSCLITE_CSOCK_NAME=/nonexistent "$@"
    """

    def sign(self, pin=harness.PIN):
        self.env["XDG_RUNTIME_DIR"] = os.path.join(self.folder, "run")
        os.makedirs(self.env["XDG_RUNTIME_DIR"], 0o700, exist_ok=True)
        return self.run_with_card("sh", "-c", self.SCRIPT, "sh", harness.opensc_module(), harness.program("gca-prereg"),
                                  "--account", self.regr(), "-d", DOMAIN, "--yes", "--pin-file", self.pin_file(pin),
                                  "--output", "request.p7m", "--module", CLIENT, "--json")

    def test_one_login_and_one_signature(self):
        result = self.sign()
        self.assert_status(result, 0)
        self.assertEqual((self.verifies(), self.signatures()), (1, 1))
        self.assertEqual(result.json["request"]["organization"]["oid"], OID)

    def test_wrong_pin_costs_one_try(self):
        result = self.sign("654321")
        self.assert_status(result, 4)
        self.assertEqual((self.verifies(), self.signatures()), (1, 0))
        self.assert_nothing_written()


if __name__ == "__main__":
    harness.main()
