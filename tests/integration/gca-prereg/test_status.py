"""What the server says of an account: Pebble with accounts of certbot and lego, and a server that answers as GTLSCA."""
import http.server
import json
import os
import secrets
import ssl
import threading

import acme_case
import harness

acme_case.go_inside()

PENDING = "https://localhost:14443/ACMEWeb"
ERROR = "urn:ietf:params:acme:error:"
# name in the account's URI -> status, type, detail
REFUSALS = {
    "suspended": (403, "unauthorized", "帳號已被 CA 停權，請洽\u202e 02-0000-0000"),
    "spending": (403, "unauthorized", "Spending limit reached"),
    "orders": (403, "unauthorized", "This account has 5 pending orders; one was revoked"),
    "not_deactivated": (403, "unauthorized", "The account is not deactivated, but the key is another's"),
    "many": (429, "rateLimited", "請於三點後再試"),
    "waiting": (403, "unauthorized", "unauthorized, status pending"),
    "closed": (401, "unauthorized", 'Account is not valid, has status "deactivated"'),
    "ended": (403, "unauthorized", "Account has been deactivated"),
    "taken": (403, "unauthorized", "The account was REVOKED."),
    "gone": (400, "accountDoesNotExist", "查無此帳號"),
}


class Handler(http.server.BaseHTTPRequestHandler):
    """Signatures are checked by other tests; here the answers count."""

    def send(self, status, value):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json" if status == 200 else "application/problem+json")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Replay-Nonce", secrets.token_urlsafe(8))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def do_HEAD(self):
        self.send(200, {})

    def do_GET(self):
        self.send(200, {"newNonce": PENDING + "/nonce"})

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        name = self.path.rsplit("/", 1)[1]
        if name == "agree":
            self.send(403, {"type": ERROR + "userActionRequired", "detail": "agree"})
        elif name in REFUSALS:
            status, kind, detail = REFUSALS[name]
            self.send(status, {"type": ERROR + kind, "detail": detail})
        else:
            self.send(200, {"status": name.replace("_", "\u001b"), "contact": ["mailto:test@example.com"]})

    def log_message(self, *words):
        pass


class Status(acme_case.Case):
    def start(self, reject=None):
        self.pebble = acme_case.Pebble(self.work, reject)
        self.addCleanup(lambda: self.pebble.stop())

    def run_status(self, *words, status=0, stdin=b"", **env):
        result = self.run_program(harness.program("gca-prereg"), "status", *words, stdin=stdin,
                                  **{"SSL_CERT_FILE": acme_case.TLS, **env})
        self.assert_status(result, status)
        return result

    def ask(self, *words, **more):
        return self.run_status("--json", *words, **more).json

    def read(self, *path):
        with open(os.path.join(*path), "rb") as file:
            return file.read()

    def test_valid(self):
        self.start()
        folder = self.register()
        answer = self.ask("--account", self.path("letsencrypt"))
        self.assertEqual({name: answer[name] for name in ("status", "word", "contacts", "directory", "advice", "uri")},
                         {"status": "valid", "word": "valid", "contacts": ["mailto:test@example.com"], "advice": None,
                          "directory": acme_case.DIRECTORY, "uri": json.loads(self.read(folder, "regr.json"))["uri"]})
        result = self.run_status("--account", folder)
        self.assertIn("The account is valid.", result.out)
        self.assertIn("mailto:test@example.com", result.out)

    def test_every_kind_of_key_that_lego_makes(self):
        """lego's folders do not name the directory: the profile does."""
        self.start()
        for kind in ("rsa2048", "ec256", "ec384"):
            with self.subTest(kind):
                self.lego("--key-type", kind, "--path", self.path(kind))
                self.assertEqual(self.ask("--account", self.path(kind))["status"], "valid")

    def test_accounts_of_real_clients_are_listed(self):
        self.start(reject=0)
        self.register()
        self.lego()
        result = self.run_program(harness.program("gca-prereg"), "accounts", self.work, "--json")
        self.assert_status(result, 0)
        self.assertEqual({(one["client"], one["server"], one["profile"], one["key_readable"], one["doubt"])
                          for one in result.json["accounts"]},
                         {("certbot", "localhost:14000", "test", True, None), ("lego", "localhost:14000", "test", True, None)})
        self.assertTrue(all(len(one["thumbprint"]) == 43 for one in result.json["accounts"]))

    def test_deactivated_by_certbot(self):
        self.start()
        kept = self.copy(self.register(), "kept")
        self.certbot("unregister")
        answer = self.ask("--account", kept, "--directory", acme_case.DIRECTORY, status=9)
        self.assertEqual(answer["status"], "deactivated")
        result = self.run_status("--account", kept, status=9)
        self.assertIn("deactivated", result.err)
        self.assertIn("certbot register --server " + acme_case.DIRECTORY, result.err)

    def test_unknown(self):
        self.start()
        folder = self.register()
        self.pebble.stop()
        self.pebble.start()
        result = self.run_status("--account", folder, status=9)
        self.assertIn("does not know the account", result.err)
        self.assertIn("certbot register --server " + acme_case.DIRECTORY, result.err)

    def test_uri_and_key_apart(self):
        self.start()
        folder = self.register()
        key, regr = os.path.join(folder, "private_key.json"), self.read(folder, "regr.json")
        uri = json.loads(regr)["uri"]
        self.assertEqual(self.ask("--account", uri, "--key", key)["status"], "valid")
        self.assertEqual(self.ask("--account", uri, "--key", "-", stdin=self.read(key))["status"], "valid")
        self.assertEqual(self.ask("--account", "-", "--key", key, stdin=regr)["status"], "valid")
        told = self.run_status("--account", uri, "--key", "-", stdin=self.read(key)).out
        self.assertRegex(told, r"Thumbprint +[A-Za-z0-9_-]{43}\n")
        self.assertIn("--key", self.run_status("--account", uri, status=8).err)
        self.run_status("--account", "-", "--key", "-", stdin=regr, status=2)

    def test_file_without_key(self):
        self.assertIn("no key beside", self.run_status("--account", self.regr(), status=8).err)

    def test_directory_that_nobody_knows(self):
        self.assertIn("--directory", self.run_status("--account", "https://other.example.gov.tw/acct/1", "--key", "x",
                                                      status=2).err)

    def test_what_cannot_be_asked(self):
        self.start()
        folder = self.register()
        self.run_status(status=2)
        self.run_status("--account", folder, "--directory", "https://localhost:14001/dir", status=2)
        result = self.run_status("--account", folder, status=10, SSL_CERT_FILE=os.path.join(harness.PKI, "root.pem"))
        self.assertIn("--tls-ca", result.err)
        self.run_status("--account", folder, "--tls-ca", acme_case.TLS, SSL_CERT_FILE=os.path.join(harness.PKI, "root.pem"))
        self.pebble.stop()
        self.run_status("--account", folder, status=6)

    def put_profile(self, name, ca):
        folder = os.path.join(self.folder, "config/gca-toolkit/profiles")
        os.makedirs(folder, exist_ok=True)
        with open(os.path.join(harness.SOURCE, "data/profiles/test.profile"), encoding="utf-8") as file:
            text = file.read()
        with open(os.path.join(folder, name + ".profile"), "w", encoding="utf-8") as file:
            file.write(f"{text}\n[tls]\nCaFile={ca}\n")

    def test_ca_of_the_profile(self):
        """It alone makes the account's server trusted."""
        self.start()
        folder = self.register()
        other = os.path.join(harness.PKI, "root.pem")
        self.put_profile("test", acme_case.TLS)
        self.run_status("--account", folder, SSL_CERT_FILE=other)
        self.put_profile("test", "none.pem")
        result = self.run_status("--account", folder, status=1)
        for words in ("“test”", "config/gca-toolkit/profiles/none.pem", "CaFile"):
            self.assertIn(words, result.err)

    def test_nothing_of_the_key_is_left(self):
        """Neither copied nor shown, whatever is said."""
        self.start()
        folder = self.register()
        secret = json.loads(self.read(folder, "private_key.json"))["d"]
        before = {(path, name) for path, _, names in os.walk(self.folder) for name in names}
        result = self.run_status("--verbose", "--account", folder)
        self.assertNotIn(secret, result.out + result.err)
        self.assertEqual({(path, name) for path, _, names in os.walk(self.folder) for name in names}, before)

    def serve(self):
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 14443), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(acme_case.TLS, os.path.join(harness.PKI, "tls-key.pem"))
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        self.run_program("openssl", "genrsa", "-out", "account.key", "2048")

    def ask_other(self, name, status):
        return self.run_status("--account", f"{PENDING}/acct/{name}", "--key", "account.key", "--directory",
                               PENDING + "/directory", status=status)

    def test_pending_leads_to_the_pre_registration(self):
        self.serve()
        result = self.ask_other("pending", 9)
        self.assertIn(f"Pre-register now: gca-prereg --account {PENDING}/acct/pending -d NAME", result.err)
        self.assertIn("waits for its pre-registration", result.out)

    def test_other_words_of_the_server(self):
        self.serve()
        self.assertIn("revoked by the CA", self.ask_other("revoked", 9).err)
        result = self.ask_other("on_hold", 9)
        self.assertNotIn("\x1b", result.out + result.err)
        self.assertIn("on\\u{1B}hold", result.err)
        self.assertIn("Agree to the terms", self.ask_other("agree", 7).err)

    def ask_json(self, name, status):
        return self.run_status("--json", "--account", f"{PENDING}/acct/{name}", "--key", "account.key", "--directory",
                               PENDING + "/directory", status=status).json

    def test_words_of_a_refusal_are_shown(self):
        """They are what the clerk can act on; ours must not say another thing."""
        self.serve()
        result = self.ask_other("suspended", 7)
        self.assertIn("It says: “帳號已被 CA 停權，請洽\\u{202E} 02-0000-0000”", result.err)
        self.assertNotIn("Pre-register", result.err)
        self.assertIn("It says: “請於三點後再試”", self.ask_other("many", 7).err)
        for name in ("waiting", "gone"):
            result = self.ask_other(name, 9)
            for told in (result.out, result.err):
                self.assertIn(f"The server says: “{REFUSALS[name][2]}”", told)

    def test_refusals_that_tell_the_status(self):
        self.serve()
        for name, status in (("waiting", "pending"), ("closed", "deactivated"), ("ended", "deactivated"),
                             ("taken", "revoked"), ("gone", "unknown")):
            with self.subTest(name):
                answer = self.ask_json(name, 9)
                self.assertEqual((answer["status"], answer["word"], answer["detail"]), (status, None, REFUSALS[name][2]))
        self.assertIsNone(self.ask_json("revoked", 9)["detail"])

    def test_refusals_that_only_hold_such_a_word(self):
        self.serve()
        for name in ("spending", "orders", "not_deactivated"):
            with self.subTest(name):
                self.assertEqual(self.ask_json(name, 7)["error"]["code"], "server")

    def test_directory_of_another_server_of_the_ca(self):
        """lego's folders do not name it, and the profile's is at another port."""
        self.write("lego.json", json.dumps({"registration": {"uri": "https://localhost:24000/my-account/1"}}))
        result = self.run_status("--account", "lego.json", status=2)
        self.assertIn("--directory", result.err)
        self.assertIn("https://localhost:24000/my-account/1", result.err)
        self.assertNotIn("14000", result.err)

    def test_key_that_is_no_file(self):
        folder = os.path.dirname(self.regr())
        key = os.path.join(folder, "private_key.json")
        for make, kind in ((os.mkfifo, "FIFO"), (os.mkdir, "folder")):
            with self.subTest(kind):
                make(key)
                result = self.run_status("--account", folder, status=2)
                self.assertIn(f"“{key}” is", result.err)
                (os.rmdir if kind == "folder" else os.remove)(key)


if __name__ == "__main__":
    harness.main()
