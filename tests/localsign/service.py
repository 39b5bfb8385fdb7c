"""What the tests of gca-localsign share: the service beside a virtual card, called as a browser calls it, and its real
questions, answered through the accessibility bus. A file of tests runs within tests/card/bench.sh, where port 61161 and
the card are its own."""
import concurrent.futures
import contextlib
import http.client
import json
import os
import re
import signal
import socket
import struct
import subprocess
import time

from gui_case import PATIENCE, GuiCase, main

import gi  # after gui_case, which enters the session
import pyatspi
from harness import BUILD, PIN, PKI

gi.require_version("Gdk", "3.0")
from gi.repository import Gdk  # noqa: E402

# The X server begins anew when its last client goes, and refuses connections meanwhile; this client stays.
STAYS = Gdk.Display.open(os.environ["DISPLAY"])

SERVICE = os.path.join(BUILD, "localsign/gca-localsign")
PROMPT = "gca-localsign-prompt"
ALONG = ("setpriv", "--pdeathsig", "TERM", "--")  # it ends with the test, even if that is killed
SHOTS = os.path.join(BUILD, "tests/localsign/shots")
PORT = 61161
OWN = f"http://localhost:{PORT}"
SITE = "https://www.example.gov.tw"
TEXT_TO_SIGN = "測試申請：a+b & c=d 100% 1+1=2\n第二行"

# hipki-codes: ret_code in hexadecimal as the public lists have it, last_error in decimal
DONE = ("0", 0)
NO_CARD = ("76000006", 0)
FILE = ("76000009", 0)
BAD_JSON = ("7600000B", 0)
BAD_PARAMETER = ("7600000C", 0)
NOT_SUPPORTED = ("7600000E", 0)
UNTRUSTED = ("76000031", 0)
NO_PIN = ("76000998", 0)
CANCELLED = ("76000999", 0)
NO_MODULE = ("76100001", 0)
NO_READER = ("76100003", 0)
BUSY = ("76100005", 0)
NO_CERTIFICATE = ("7610000C", 0)
NOT_YET_VALID = ("76500001", 0)
EXPIRED = ("76500002", 0)
BAD_BASE64 = ("76600002", 0)
LOGIN_FAILED = "76100006"
ONE_LEFT, WRONG, WRONG_LENGTH, LOCKED = -2147483647, 160, 162, 164


def order(**members):
    """An order of /sign as a page makes it."""
    return {"func": "MakeSignature", "tbs": TEXT_TO_SIGN, "tbsEncoding": "NONE", "hashAlgorithm": "SHA256",
            "signatureType": "PKCS7", "withCardSN": "true", "pin": PIN, "nonce": "", **members}


def without(members, name):
    return {key: value for key, value in members.items() if key != name}


def code_of(answer):
    """ret_code as the public lists have it, and last_error."""
    return f"{answer['ret_code']:X}", answer["last_error"]


class Answer:
    """What came back: status, headers and body."""

    def __init__(self, response):
        self.status, self.headers, self.body = response.status, response.headers, response.read()

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def code(self):
        return code_of(self.json)

    @property
    def reader(self):
        """The origin that the browser lets read it."""
        return self.headers["Access-Control-Allow-Origin"]

    def __repr__(self):
        return f"{self.status} {self.body[:300]}"


def call(method, path, body=None, host=f"localhost:{PORT}", address="127.0.0.1", patience=3 * PATIENCE, **headers):
    """One request; underscores in names of headers are hyphens."""
    connection = http.client.HTTPConnection(address, PORT, timeout=patience)
    named = {"Host": host, **{name.replace("_", "-"): value for name, value in headers.items()}}
    with contextlib.closing(connection):
        connection.request(method, path, body, named)
        return Answer(connection.getresponse())


def post_order(members, origin=SITE, **headers):
    """As a trusted page posts it by itself."""
    text = members if isinstance(members, str) else json.dumps(members, ensure_ascii=False).replace("+", "%2B")
    return call("POST", "/sign", ("tbsPackage=" + text).encode(), Origin=origin, **headers)


def token(page="/popupForm"):
    return re.search(rb'data-token="([^"]+)"', call("GET", page).body).group(1).decode()


def post_as_popup(members, site=SITE, word=None, path="/sign"):
    """As the popup's own script posts what its opener wants."""
    return call("POST", path, "tbsPackage=" + json.dumps(members), Origin=OWN,
                Content_Type="application/x-www-form-urlencoded", X_Gca_Token=word or token(), X_Gca_Site=site)


class ServiceCase(GuiCase):
    """A test with a service of its own. `application` is the question that is open."""

    def setUp(self):
        super().setUp()
        os.makedirs(os.environ["XDG_RUNTIME_DIR"], exist_ok=True)
        # The locale “C” would have the dialog in English whatever LANGUAGE says.
        self.env["LANG"] = "C.UTF-8"
        self.trace_path = os.environ["GCA_TEST_TRACE"]
        self.before = len(super().trace())
        self.sites = os.path.join(self.env["XDG_CONFIG_HOME"], "gca-toolkit/trusted-sites")
        self.pool = concurrent.futures.ThreadPoolExecutor(16)
        self.addCleanup(self.pool.shutdown)
        self.service = self.application = None

    def trace(self):
        """What this test has made the card do."""
        return super().trace()[self.before:]

    # ---- the service ----

    def serve(self, *arguments, sites=(SITE,), **env):
        """Starts it; `sites` are lines of the file of trusted sites, None: there is no such file."""
        if sites is not None:
            os.makedirs(os.path.dirname(self.sites), mode=0o700, exist_ok=True)
            with open(self.sites, "w", encoding="utf-8") as file:
                file.writelines(f"{line}\n" for line in sites)
        with open(self.stderr_path, "ab") as stderr:
            self.said_before = stderr.tell()
            self.service = subprocess.Popen([*ALONG, SERVICE, *arguments], cwd=self.work, env={**self.env, **env},
                                            stdin=subprocess.DEVNULL, stderr=stderr, start_new_session=True)
        self.addCleanup(self.end_service)
        self.wait(self.is_listening, "service")

    def is_listening(self):
        if self.has_said(f"[::1]:{PORT}"):
            return True
        self.assertIsNone(self.service.poll(), self.stderr())
        return False

    def has_said(self, words):
        """The service of now: an earlier one of the test may have said the same."""
        with open(self.stderr_path, "rb") as file:
            file.seek(self.said_before)
            return words.encode() in file.read()

    def end_service(self):
        """Ends it as a logout does; it has complained about nothing and said nothing of a PIN."""
        if self.service is None:
            return
        service, self.service = self.service, None
        if service.poll() is None:
            service.send_signal(signal.SIGTERM)
        self.assertEqual(service.wait(PATIENCE), 0, self.stderr())
        self.assertNotRegex(self.stderr(), "CRITICAL|WARNING|Sanitizer|" + PIN)
        self.wait(lambda: not self.prompts(), "end of the questions")

    def trusted(self):
        """The origins in the file of trusted sites."""
        with open(self.sites, encoding="utf-8") as file:
            return [line.split("#")[0].split()[0] for line in file if line.split("#")[0].strip()]

    def later(self, function, *arguments, **more):
        """What it will give: `result(PATIENCE)`."""
        return self.pool.submit(function, *arguments, **more)

    # ---- its questions ----

    @staticmethod
    def prompts():
        """The numbers of the programs that ask, those of this bench's network only."""
        own = os.readlink("/proc/self/ns/net")
        found = []
        for number in filter(str.isdigit, os.listdir("/proc")):
            with contextlib.suppress(OSError):  # one that ends just now
                with open(f"/proc/{number}/stat", encoding="ascii", errors="replace") as file:
                    is_prompt = re.match(rf"\d+ \({PROMPT[:15]}\) [^Z]", file.read())
                if is_prompt and os.readlink(f"/proc/{number}/ns/net") == own:
                    found.append(int(number))
        return found

    def look_for_application(self):
        """The one that asks now: the bus may still list an earlier one."""
        self.assertIsNone(self.service and self.service.poll(), self.stderr())
        numbers = self.prompts()
        for application in pyatspi.Registry.getDesktop(0):
            with contextlib.suppress(Exception):  # one that ends just now
                if application.get_process_id() in numbers and application.childCount > 0:
                    return application
        return None

    def question(self, title, *values):
        """Waits for the question of that title."""
        words = self.say(title, *values)
        self.application = self.wait(lambda: self.look_for_question(words), f"question “{words}”")

    def look_for_question(self, words):
        application = self.look_for_application()
        return application if application and application[0].name == words else None

    def answer(self, button):
        """Presses it, and the question is gone."""
        number = self.application.get_process_id()
        self.click(button)
        self.wait(lambda: number not in self.prompts(), "end of the question")

    def trust(self, site=SITE, button="_Trust This Site"):
        self.question("Trust %s?", site)
        self.answer(button)

    def consent(self, site=SITE, button="_Sign", pin=None):
        self.question("Sign for %s?", site)
        if pin is not None:
            self.pin_field().queryEditableText().setTextContents(pin)
        self.answer(button)

    def has_question(self):
        return bool(self.prompts())

    def assert_nothing_asked(self):
        self.assertEqual(self.prompts(), [])

    def sign(self, members=None, **more):
        """Orders a signature as a trusted page, and the person says yes."""
        site = more.get("origin", SITE)
        waiting = self.later(post_order, order() if members is None else members, **more)
        self.consent(site)
        return waiting.result(PATIENCE)

    # ---- signatures ----

    def openssl(self, *arguments):
        done = subprocess.run(["openssl", *arguments], capture_output=True, env=self.env, timeout=PATIENCE, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def verify(self, signature):
        """openssl accepts the PKCS#7, whose content it gives."""
        path = self.write("signature", signature)
        return self.openssl("cms", "-verify", "-binary", "-inform", "DER", "-in", path, "-purpose", "any", "-CAfile",
                            os.path.join(PKI, "chain.pem"))

    def shot(self, name):
        """A picture of the windows, once they are painted, kept with the build."""
        os.makedirs(SHOTS, exist_ok=True)
        path = os.path.join(SHOTS, f"{type(self).__name__}-{self.language}-{name}.png")
        end = time.monotonic() + PATIENCE
        while not self.take(path) and time.monotonic() < end:
            time.sleep(0.05)

    @staticmethod
    def take(path):
        subprocess.run(["import", "-window", "root", "-trim", "+repage", path], check=True, env={**os.environ}, timeout=PATIENCE,
                       stderr=subprocess.DEVNULL)
        with open(path, "rb") as file:
            return min(struct.unpack(">II", file.read(24)[16:])) > 50


def connect(address="127.0.0.1"):
    """A bare connection, for what http.client would not send."""
    return socket.create_connection((address, PORT), timeout=2 * PATIENCE)
