"""What the tests of handing in share: the receiver of tests/receiver, and a relay before it that
answers in its place, late, by halves or not at all."""
import contextlib
import glob
import hashlib
import http.client
import json
import os
import re
import signal
import ssl
import subprocess

import harness
import http_case
from request_case import RequestCase

PROBE = os.environ["GCA_SUBMIT_PROBE"]


class Receiver:
    """The receiver, at a port that stays its own over restarts."""

    def __init__(self, case):
        self.case, self.port, self.process = case, 0, None
        self.folder = os.path.join(case.folder, "received")
        case.authority.context()
        self.certificate = os.path.join(case.folder, "receiver.pem")
        os.rename(os.path.join(case.folder, "server.pem"), self.certificate)
        self.start()

    def start(self):
        self.process = subprocess.Popen(
            [os.environ["GCA_RECEIVER"], self.certificate, self.case.pki("ca.pem"), self.folder, str(self.port)],
            stdout=subprocess.PIPE, env=self.case.env)
        self.port = int(self.process.stdout.readline())
        self.url = f"https://localhost:{self.port}/prereg"

    def stop(self, number=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(number)
        status = self.process.wait(30)
        self.process.stdout.close()
        return status

    def arrivals(self, sha256):
        """How often a message has come."""
        with contextlib.suppress(FileNotFoundError):
            return os.path.getsize(os.path.join(self.folder, sha256 + ".arrivals")) // 2
        return 0

    def forward(self, headers, body):
        """(status line and headers and body as bytes) of what the receiver says."""
        context = ssl._create_unverified_context()
        connection = http.client.HTTPSConnection("127.0.0.1", self.port, context=context, timeout=20)
        with contextlib.closing(connection):
            wanted = {key: headers[key] for key in ("content-type", "idempotency-key") if key in headers}
            connection.request("POST", "/prereg", body, wanted)
            answer = connection.getresponse()
            content = answer.read()
        return http_case.http(content, f"{answer.status} {answer.reason}",
                              Content_Type=answer.headers["Content-Type"])


class Case(RequestCase, http_case.Case):
    def setUp(self):
        super().setUp()
        self.receiver = Receiver(self)
        self.addCleanup(lambda: self.assertEqual(self.receiver.stop(), 0))
        self.outbox = os.path.join(self.folder, "state/gca-toolkit/outbox")

    def make(self, count=1, holder="agency"):
        """Signed requests in files; (names, digests)."""
        names, digests = [], []
        for number in range(count):
            domain = f"host{number}-{os.urandom(4).hex()}.example.gov.tw"
            data = self.sign(holder, self.content(holder, domains=[domain]))
            names.append(os.path.basename(self.write(f"request-{number}.p7m", data)))
            digests.append(hashlib.sha256(data).hexdigest())
        return names, digests

    def command(self, *words, url=None, patience="0"):
        more = ["--endpoint", url or self.receiver.url] if words else []
        return [harness.program("gca-prereg"), "submit", "--json", "--tls-ca", self.authority.path,
                "--patience", patience, *more, *words]

    def submit(self, *names, **how):
        return self.run_program(*self.command(*names, **how), timeout=120)

    def probe(self, url, *names, patience="300", first="1", longest="3"):
        """The outcome of each with pauses of milliseconds."""
        result = self.run_program(PROBE, first, longest, patience, url, self.authority.path, *names, timeout=400)
        self.assert_status(result, 0)
        return [json.loads(line) for line in result.out.splitlines()], result

    def relay(self, change):
        """A server before the receiver; `change(answer, connection)` sends what the client gets of
        the answer, which the receiver has given by then."""
        def behave(connection):
            _, headers, body = http_case.read_request(connection)
            change(self.receiver.forward(headers, body), connection)
        return self.serve(behave)

    def states(self, result):
        return [one["state"] for one in result.json["submissions"]]

    def codes(self, result):
        return [one["error"] and one["error"]["code"] for one in result.json["submissions"]]

    def list_outbox(self, *options):
        result = self.run_program(harness.program("gca-prereg"), "outbox", "--json", *options)
        self.assert_status(result, 0)
        return result.json

    def assert_exactly_once(self, digests):
        """Each is at the receiver once, as it was sent, with the receipt that lies in the outbox."""
        kept = {os.path.basename(path) for path in glob.glob(self.receiver.folder + "/*.p7m")}
        self.assertEqual(kept, {digest + ".p7m" for digest in digests})
        ids = set()
        for digest in digests:
            with open(os.path.join(self.receiver.folder, digest + ".p7m"), "rb") as file:
                self.assertEqual(hashlib.sha256(file.read()).hexdigest(), digest)
            with open(os.path.join(self.receiver.folder, digest + ".receipt.json"), "rb") as theirs, \
                    open(os.path.join(self.outbox, digest + ".receipt.json"), "rb") as ours:
                receipt = theirs.read()
                self.assertEqual(receipt, ours.read())
            ids.add(json.loads(receipt)["id"])
        self.assertEqual(len(ids), len(digests))
        listed = self.list_outbox("--all")
        self.assertEqual(listed["troubles"], [])
        self.assertEqual({entry["sha256"]: entry["state"] for entry in listed["entries"]},
                         {digest: "sent" for digest in digests})
        left = [name for name in os.listdir(self.outbox)
                if not re.fullmatch(r"[0-9a-f]{64}(\.p7m|\.json|\.receipt\.json)|\.gca-\w{6}", name)]
        self.assertEqual(left, [])
