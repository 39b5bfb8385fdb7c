"""What the integration tests share: the built programs, run beside real parts in a private namespace."""
import json
import os
import shutil
import subprocess
import tempfile
import unittest

SOURCE = os.environ["GCA_SOURCE_DIR"]
BUILD = os.environ["GCA_BUILD_DIR"]
PKI = os.environ["GCA_TEST_PKI"]
PIN = "123456"
BENCH = os.path.join(SOURCE, "tests/card/bench.sh")
ACCOUNT_URI = "https://localhost:14000/my-account/2a9c8f"


def program(name):
    return os.path.join(BUILD, "cli", name)


def opensc_module():
    folders = ("/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64", "/usr/lib")
    return next(os.path.join(f, "opensc-pkcs11.so") for f in folders
                if os.path.exists(os.path.join(f, "opensc-pkcs11.so")))


class Result:
    """Exit status, standard output and standard error of a program, as text."""

    def __init__(self, done):
        self.status = done.returncode
        self.out = done.stdout.decode("utf-8")
        self.err = done.stderr.decode("utf-8")

    @property
    def json(self):
        return json.loads(self.out)

    def __repr__(self):
        return f"status {self.status}\n--- out\n{self.out}\n--- err\n{self.err}"


class Case(unittest.TestCase):
    """A test in a folder of its own, with nothing of this user's in its environment."""

    maxDiff = None

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="gca-test-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.work = os.path.join(self.folder, "work")
        os.mkdir(self.work)
        self.trace_path = os.path.join(self.folder, "trace")
        self.env = {
            "PATH": os.environ["PATH"],
            "HOME": self.folder,
            "XDG_CONFIG_HOME": os.path.join(self.folder, "config"),
            "XDG_STATE_HOME": os.path.join(self.folder, "state"),
            "GCA_DATADIR": os.path.join(SOURCE, "data"),
            "GCA_LOCALEDIR": os.path.join(BUILD, "po"),
            "GCA_TEST_TRACE": self.trace_path,
            "MESON_BUILD_ROOT": BUILD,
            "LC_ALL": "C",
            "G_DEBUG": "fatal-warnings",
        }
        if "GCA_TEST_RUN" not in os.environ:  # outside a bench no reader of this machine is in reach
            self.env["PCSCLITE_CSOCK_NAME"] = os.path.join(self.folder, "no-pcscd")
        for name in ("ASAN_OPTIONS", "LSAN_OPTIONS", "UBSAN_OPTIONS"):
            if name in os.environ:
                self.env[name] = os.environ[name]

    def path(self, name):
        return os.path.join(self.work, name)

    def write(self, name, content, mode=0o600):
        data = content if isinstance(content, bytes) else content.encode("utf-8")
        with open(self.path(name), "wb") as file:
            file.write(data)
        os.chmod(self.path(name), mode)
        return self.path(name)

    def regr(self, uri=ACCOUNT_URI, name="regr.json"):
        return self.write(name, json.dumps({"body": {}, "uri": uri}))

    def pin_file(self, pin=PIN):
        return self.write("pin", pin + "\n")

    def run_program(self, *command, stdin=b"", timeout=60, **env):
        """Runs a program without a card; no terminal."""
        done = subprocess.run(command, cwd=self.work, env={**self.env, **env}, input=stdin,
                              capture_output=True, timeout=timeout, start_new_session=True)
        return Result(done)

    def run_with_card(self, *command, card=(), timeout=60, stdin=b"", **env):
        """Runs a program beside a pcscd of its own with a card; `card` are bench.sh's options."""
        return self.run_program(BENCH, *card, "--", *command, stdin=stdin, timeout=timeout, **env)

    def trace(self):
        with open(self.trace_path, encoding="ascii") as file:
            return file.read().splitlines()

    def verifies(self):
        """VERIFY commands that carried a PIN."""
        return sum(1 for line in self.trace() if line.startswith("verify"))

    def signatures(self):
        return sum(1 for line in self.trace() if line.startswith("sign"))

    def assert_status(self, result, status):
        self.assertEqual(result.status, status, result)
        self.assertNotIn("Sanitizer", result.err, result)
        self.assertNotIn("CRITICAL", result.err, result)

    def assert_nothing_written(self, *allowed):
        left = set(os.listdir(self.work)) - {"pin", "regr.json", *allowed}
        self.assertEqual(left, set())


def main():
    unittest.main(verbosity=2)
