"""A server that answers as GTLSCA does and Pebble cannot: an account is pending until its pre-registration is
accepted. It speaks HTTPS and checks nonce, kid, url and signature; its other answers are what goes wrong on the way."""
import base64
import http.server
import json
import os
import re
import secrets
import ssl
import threading

import acme_case
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils

acme_case.go_inside()

BASE = "https://localhost:14443/ACMEWeb"
URN = "urn:ietf:params:acme:error:"


def decode(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def account(status, **more):
    return 200, "application/json", json.dumps({"status": status, "contact": ["mailto:test@example.com"], **more})


def problem(status, kind, detail):
    return status, "application/problem+json", json.dumps({"type": URN + kind, "detail": detail, "status": status})


ANSWERS = {
    "pending": account("pending"),
    "valid": account("valid", orders="https://localhost:14443/ACMEWeb/orders"),
    "revoked": account("revoked"),
    "strange": account("on\u001b[2J-hold"),
    "refused-pending": problem(403, "unauthorized", "Account status is pending"),
    "refused-revoked": problem(401, "unauthorized", "The account was REVOKED"),
    "refused": problem(403, "unauthorized", "no"),
    "unknown": problem(400, "accountDoesNotExist", "not found"),
    "email": problem(400, "userEmailRequired", "contact"),
    "terms": problem(403, "userActionRequired", "agree"),
    "proxy": (503, "text/html", "<html><h1>Bad gateway</h1></html>"),
    "empty": (200, "application/json", ""),
    "list": (200, "application/json", "[]"),
    "wordless": (200, "application/json", "{}"),
    "number": (200, "application/json", '{"status": 1}'),
    "contacts": account("valid", contact=[1, None, "mailto:a@example.com"]),
    "large": account("valid", contact=["mailto:" + "a" * 400000]),
    "moved": (302, "text/plain", "elsewhere"),
}


class Handler(http.server.BaseHTTPRequestHandler):
    """The server's `nonces` are those given and not used yet; `posts` counts by account."""

    protocol_version = "HTTP/1.1"

    def answer(self, status, kind, body, nonce=None, more=()):
        data = body.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        if nonce is None:
            nonce = secrets.token_urlsafe(16)
            self.server.nonces.add(nonce)
        if nonce:
            self.send_header("Replay-Nonce", nonce)
        for name, value in more:
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def do_HEAD(self):
        bad = {"none": "", "spaced": "a b", "long": "a" * 2000}
        self.answer(200, "text/plain", "", nonce=bad.get(self.path.rsplit("/", 1)[1]))

    def do_GET(self):
        name = self.path.rsplit("/", 1)[1]
        nonces = {"elsewhere": "https://localhost:14444/ACMEWeb/nonce", "plain": "http://localhost:14443/ACMEWeb/nonce",
                  "missing": None, "none": BASE + "/none", "spaced": BASE + "/spaced", "long": BASE + "/long"}
        if name == "gone":
            self.answer(404, "text/html", "<html>gone</html>")
            return
        links = {"newNonce": nonces.get(name, BASE + "/nonce"), "newAccount": BASE + "/new",
                 "meta": {"caaIdentities": ["gca.nat.gov.tw", 7, "bad name", "tls.example.gov.tw"]}}
        if name == "bare":
            del links["meta"]
        self.answer(200, "application/json", json.dumps({k: v for k, v in links.items() if v}))

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        name = self.path.rsplit("/", 1)[1]
        fault = self.fault(body)
        self.server.posts.append(name)
        if fault:
            self.server.faults.append(fault)
            self.answer(*problem(400, "malformed", fault))
        elif name == "never" or (name.startswith("later") and self.server.posts.count(name) <= int(name[5:])):
            self.answer(*problem(400, "badNonce", "old"))
        elif name == "nonceless":
            once = self.server.posts.count(name) == 1
            self.answer(*(problem(400, "badNonce", "old") if once else account("valid")), nonce="" if once else None)
        else:
            self.answer(*ANSWERS.get(re.sub(r"\d+$", "", name) if name.startswith("later") else name, ANSWERS["valid"]),
                        more=[("Location", BASE + "/acct/valid")] if name == "moved" else ())

    def fault(self, body):
        jws = json.loads(body)
        header = json.loads(decode(jws["protected"]))
        url = f"https://{self.headers['Host']}{self.path}"
        if sorted(jws) != ["payload", "protected", "signature"] or jws["payload"] != "":
            return "not POST-as-GET"
        if sorted(header) != ["alg", "kid", "nonce", "url"] or header["alg"] != "ES256":
            return "header"
        if header["kid"] != url or header["url"] != url:
            return "url"
        if header["nonce"] not in self.server.nonces:
            return "nonce"
        self.server.nonces.remove(header["nonce"])
        if self.headers["Content-Type"] != "application/jose+json":
            return "content type"
        raw = decode(jws["signature"])
        self.server.key.verify(utils.encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")),
                               f"{jws['protected']}.".encode(), ec.ECDSA(hashes.SHA256()))
        return None

    def log_message(self, *words):
        pass


class Pending(acme_case.Case):
    """A server of one's own for each test."""

    def setUp(self):
        super().setUp()
        key = ec.generate_private_key(ec.SECP256R1())
        self.key = self.write("account.key", key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()))
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 14443), Handler)
        self.server.daemon_threads = True
        self.server.nonces, self.server.posts, self.server.faults = set(), [], []
        self.server.key = key.public_key()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(acme_case.TLS, os.path.join(acme_case.harness.PKI, "tls-key.pem"))
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        self.addCleanup(self.server.server_close)
        self.addCleanup(self.server.shutdown)

    def state(self, name, directory="directory", status=0):
        answer = self.probe("state", f"{BASE}/{directory}", f"{BASE}/acct/{name}", self.key, status=status)
        self.assertEqual(self.server.faults, [])
        return answer

    def test_words(self):
        for name, status, word in (("pending", "pending", "pending"), ("valid", "valid", "valid"),
                                   ("revoked", "revoked", "revoked"), ("strange", "other", "on\x1b[2J-hold"),
                                   ("refused-pending", "pending", None), ("refused-revoked", "revoked", None),
                                   ("unknown", "unknown", None)):
            with self.subTest(name):
                answer = self.state(name)
                self.assertEqual((answer["status"], answer["word"]), (status, word))

    def test_contacts(self):
        self.assertEqual(self.state("pending")["contacts"], ["mailto:test@example.com"])
        self.assertEqual(self.state("contacts")["contacts"], ["mailto:a@example.com"])

    def test_problems_are_told_with_a_remedy(self):
        for name, words in (("refused", "It says: “no”"), ("email", "exactly one contact e-mail"),
                            ("terms", "Agree to the terms"), ("proxy", "web page"), ("empty", "empty"),
                            ("list", "no JSON object"), ("wordless", "“status” is missing"),
                            ("number", "“status” is not text"), ("large", "larger"), ("moved", "302")):
            with self.subTest(name):
                self.assertIn(words, self.state(name, status=7).err)

    def test_badNonce_is_tried_again_with_the_nonce_given(self):
        self.assertEqual(self.state("later1")["status"], "valid")
        self.assertEqual(self.state("later5")["status"], "valid")
        self.assertEqual(self.server.posts, ["later1"] * 2 + ["later5"] * 6)

    def test_badNonce_without_a_new_one(self):
        self.assertEqual(self.state("nonceless")["status"], "valid")

    def test_badNonce_for_ever_ends(self):
        self.assertIn("badNonce", self.state("never", status=7).err)
        self.assertEqual(len(self.server.posts), 6)

    def test_nothing_is_signed_for_another_server(self):
        for directory in ("elsewhere", "plain"):
            with self.subTest(directory):
                self.state("valid", directory, status=7)
        for uri in ("https://localhost:14000/acct/1", "https://127.0.0.1:14443/acct/1", "https://localhost/acct/1"):
            with self.subTest(uri):
                self.probe("state", BASE + "/directory", uri, self.key, status=2)
        self.assertEqual(self.server.posts, [])

    def test_directories_and_nonces_that_are_none(self):
        for directory in ("missing", "none", "spaced", "long", "gone"):
            with self.subTest(directory):
                self.state("valid", directory, status=7)
        self.assertEqual(self.server.posts, [])

    def test_caa_identities(self):
        self.assertEqual(self.probe("caa", BASE + "/directory"), ["gca.nat.gov.tw", "tls.example.gov.tw"])
        self.assertEqual(self.probe("caa", BASE + "/bare"), [])
        self.probe("caa", BASE + "/gone", status=7)


if __name__ == "__main__":
    acme_case.harness.main()
