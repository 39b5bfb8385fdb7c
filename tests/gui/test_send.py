"""What can be done with a signed request: it is handed in to a real receiver, and the CA's server is asked about the
account. Runs itself inside a bench, whose network the window's bench shares."""
import glob
import http.server
import json
import os
import secrets
import shutil
import ssl
import sys
import threading

from harness import BENCH, SOURCE

if "GCA_TEST_RUN" not in os.environ:
    os.execv(BENCH, [BENCH, "--no-pcscd", "--", sys.executable, *sys.argv])

import acme_case  # noqa: E402  pylint: disable=wrong-import-position
import http_case  # noqa: E402  pylint: disable=wrong-import-position
import submit_case  # noqa: E402  pylint: disable=wrong-import-position
from gui_case import BUTTON, LIST_ITEM, has, main, pyatspi, words_of  # noqa: E402  pylint: disable=wrong-import-position
from prereg_case import ACCOUNT, DOMAINS, DONE, REVIEW, SUBJECT, PreregCase  # noqa: E402  pylint: disable=C0413

PREREG = "Pre-register an ACME Account with a GCA Card"
WAITS = "It waits in the outbox. Send it again here, or later with “gca-prereg submit”."
STATUS = "Check the _Account's Status"


class SendCase(PreregCase):
    def setUp(self):
        super().setUp()
        self.env["GCA_TEST_RUN"] = os.environ["GCA_TEST_RUN"]

    def put_profile(self, ca, endpoint=None):
        """The tests' profile as its CA would write it."""
        with open(os.path.join(SOURCE, "data/profiles/test.profile"), encoding="utf-8") as file:
            text = file.read()
        if endpoint:
            text = text.replace("[preregistration]\n", f"[preregistration]\nEndpoint={endpoint}\n")
        folder = os.path.join(self.env["XDG_CONFIG_HOME"], "gca-toolkit/profiles")
        os.makedirs(folder, exist_ok=True)
        with open(os.path.join(folder, "test.profile"), "w", encoding="utf-8") as file:
            file.write(f"{text}\n[tls]\nCaFile={ca}\n")

    def assert_told(self, words):
        """It is there to be read, and has the focus, so that it is read out."""
        self.activate()
        self.wait(lambda: any(words in words_of(node) and has(node, pyatspi.STATE_FOCUSED) for node in self.nodes()),
                  f"focus on “{words}”")


class Send(SendCase):
    def setUp(self):
        super().setUp()
        self.authority = http_case.Authority(self.folder)
        self.receiver = submit_case.Receiver(self)
        self.addCleanup(lambda: self.assertEqual(self.receiver.stop(), 0))
        self.put_profile(self.authority.path, self.receiver.url)

    @staticmethod
    def pki(name):
        return os.path.join(os.environ["GCA_TEST_PKI"], name)

    def sign(self, **more):
        self.to_review(**more)
        self.sign_in_window()
        self.page(DONE)
        self.see(self.say("It goes to %s.", self.receiver.url))

    def arrived(self):
        """What the receiver has: identifiers of its receipts."""
        found = []
        for path in glob.glob(os.path.join(self.receiver.folder, "*.receipt.json")):
            with open(path, "rb") as file:
                found.append(json.load(file)["id"])
        return found

    def outbox(self):
        return sorted(os.path.basename(path) for path in glob.glob(
            os.path.join(self.env["XDG_STATE_HOME"], "gca-toolkit/outbox/*.p7m")))

    def row(self):
        return next((node for node in self.nodes() if node.getRole() == LIST_ITEM), None)

    def receipts(self):
        return glob.glob(os.path.join(self.env["XDG_STATE_HOME"], "gca-toolkit/outbox/*.receipt.json"))

    def assert_handed_in(self):
        self.see("handed in")
        identifier, = self.arrived()
        receipt, = self.receipts()
        self.see(identifier, receipt)
        self.assert_told(identifier)
        self.off("_Send")

    def send_in_vain(self):
        self.receiver.stop()
        self.click("_Send")
        self.see(WAITS)
        self.assertIn("localhost", self.alert())
        self.assertEqual((len(self.outbox()), self.receipts(), self.arrived()), (1, [], []))

    def recent(self, message):
        """The start page's row of the request says so: the longest part of it without a value."""
        self.click("C_lose")
        self.find(PREREG, BUTTON)
        self.see(max(self.say(message).split("%s"), key=len))

    def test_handed_in(self):
        self.sign()
        self.assertEqual((self.outbox(), self.arrived()), ([], []))  # nothing is sent unasked
        self.shot("before")
        self.click("_Send")
        self.assert_handed_in()
        self.assertEqual(self.receiver.arrivals(self.outbox()[0].split(".")[0]), 1)
        self.shot("handed-in")
        self.recent("Sent on %s and accepted.")

    def test_a_receiver_that_is_off_and_on_again(self):
        self.sign()
        self.send_in_vain()
        self.shot("waits")
        self.on("_Send")
        self.receiver.start()
        self.click("_Send")
        self.assert_handed_in()
        self.see_not(WAITS)

    def test_sent_later_from_the_start_page(self):
        """What waits is there again when the window is opened another day."""
        self.sign()
        self.send_in_vain()
        self.recent("Signed on %s; it waits in the outbox.")
        self.shot("waits-at-start")
        self.receiver.start()
        self.open()
        row = self.wait(self.row, "row of the request")
        row.queryComponent().grabFocus()
        self.keys("Return")
        self.find("_Send", BUTTON)
        self.shot("waits-later")
        self.click("_Send")
        self.assert_handed_in()

    def test_refused(self):
        """The receiver answers; and what it says is shown, marks and all."""
        problem = json.dumps({"type": "about:blank", "title": "測試拒絕", "detail": "查無此機關\u202e", "status": 422})
        answer = http_case.http(problem.encode(), "422 Unprocessable Entity", Content_Type="application/problem+json")
        self.receiver.stop()
        with http_case.Server(http_case.answering(answer), self.authority.context()) as server:
            self.put_profile(self.authority.path, f"{server.url}/prereg")
            self.to_review()
            self.sign_in_window()
            self.page(DONE)
            self.click("_Send")
            self.assertIn("查無此機關", self.alert())
            self.assertNotIn("\u202e", self.screen())
            self.see("REFUSED")
        self.shot("refused")

    def test_stopped_while_the_receiver_is_silent(self):
        """It stays in the outbox."""
        self.receiver.stop()
        with http_case.Server(lambda connection: server.hang(), self.authority.context()) as server:
            self.put_profile(self.authority.path, f"{server.url}/prereg")
            self.to_review()
            self.sign_in_window()
            self.page(DONE)
            self.click("_Send")
            self.see("Handing the request in …")
            self.wait(lambda: server.connections, "connection")
            self.click("Sto_p")
            self.page(DONE)
            self.on("_Send")
            self.assertEqual(len(self.outbox()), 1)


class SendChinese(Send):
    language = "zh_TW"


# ---- the CA's server ----


class Waiting(http.server.BaseHTTPRequestHandler):
    """As GTLSCA answers, which Pebble cannot: an account is what the server's `word` says. Of signatures and nonces
    others make sure."""

    def send(self, value):
        body = json.dumps(value).encode()
        self.send_response(200)
        for name, text in (("Content-Type", "application/json"), ("Content-Length", str(len(body))),
                           ("Replay-Nonce", secrets.token_urlsafe(8))):
            self.send_header(name, text)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def do_HEAD(self):
        self.send({})

    def do_GET(self):
        self.send({"newNonce": acme_case.DIRECTORY + "/nonce"})

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send({"status": self.server.word, "contact": []})

    def log_message(self, *words):
        pass


class Status(SendCase, acme_case.Case):
    def setUp(self):
        super().setUp()
        self.put_profile(acme_case.TLS)
        self.pebble = acme_case.Pebble(self.folder, 0)
        self.addCleanup(lambda: self.pebble.stop())
        self.client_folder = self.register(os.path.join(self.env["XDG_CONFIG_HOME"], "letsencrypt"))
        with open(os.path.join(self.client_folder, "regr.json"), "rb") as file:
            self.uri = json.load(file)["uri"]

    def sign(self):
        """With the account that certbot has here, found by itself."""
        self.begin()
        self.next(ACCOUNT)
        self.choose(self.uri)
        self.next(DOMAINS)
        self.give_domains()
        self.next(SUBJECT)
        self.give_contact({"name": "王測試"})
        self.next(REVIEW)
        self.find("_Sign…", BUTTON)
        self.sign_in_window()
        self.page(DONE)

    def ask(self, words):
        self.click(STATUS)
        self.see(words)
        self.page(DONE)
        self.assert_told(self.say(words))

    def serve(self, word):
        """In Pebble's place."""
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 14000), Waiting)
        server.word = word
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(acme_case.TLS, os.path.join(os.environ["GCA_TEST_PKI"], "tls-key.pem"))
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        return server

    def test_an_account_of_pebble(self):
        self.sign()
        self.ask("The account is valid.")
        self.shot("valid")
        self.pebble.stop()
        self.pebble.start()  # it has forgotten all
        self.ask("The server does not know the account.")
        self.pebble.stop()
        self.click(STATUS)
        self.assertIn("localhost", self.alert())
        self.shot("no-server")

    def commands(self):
        return [words_of(node) for node in self.nodes() if words_of(node).startswith("certbot ")]

    def test_what_was_offered_is_offered_again(self):
        """The CA decides days later."""
        self.sign()
        before = self.commands()
        self.assertEqual(len(before), 1)
        self.assertIn("--account " + os.path.basename(self.client_folder), before[0])
        request = self.path(self.messages()[0])
        self.open(request)
        self.click(STATUS)
        self.assert_told(self.say("The account is valid."))
        self.assertEqual(self.commands(), before)
        self.find(self.say("Copy command %d", 1), BUTTON)
        self.shot("again")
        os.rename(self.client_folder, self.path("away"))
        self.open(request)
        self.see("The certificates")
        self.assertIn("--server ", self.commands()[0])
        self.assertIsNone(self.look_for(self.say(STATUS)))
        self.open(shutil.copy(request, self.path("other.p7m")))
        self.see("Checks")
        self.assertEqual(self.commands(), [])

    def test_an_account_that_is_examined(self):
        self.sign()
        self.pebble.stop()
        server = self.serve("pending")
        self.ask("The account waits for its pre-registration.")
        self.shot("pending")
        server.word = "valid"
        self.ask("The account is valid.")
        server.word = "revoked"
        self.ask("The account was revoked by the CA.")
        server.word = "on\x1bhold"
        self.ask("The account has a status that is not known here")
        self.assertNotIn("\x1b", self.screen())

    def test_an_account_without_its_key(self):
        """The server would tell nobody else: it is not offered."""
        self.to_review()
        self.sign_in_window()
        self.page(DONE)
        self.assertIsNone(self.look_for(self.say(STATUS)))


class StatusChinese(Status):
    language = "zh_TW"


if __name__ == "__main__":
    main()
