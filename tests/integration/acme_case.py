"""A real ACME server (Pebble) with real clients, in a network of its own, and the program that asks acme/."""
import glob
import json
import os
import shutil
import socket
import subprocess
import sys
import time

import harness

DIRECTORY = "https://localhost:14000/dir"
TLS = os.path.join(harness.PKI, "tls.pem")
PROBE = os.environ["GCA_ACME_PROBE"]


def go_inside():
    """Starts this test anew where ports are its own; no reader is needed."""
    if "GCA_TEST_RUN" not in os.environ:
        os.execv(harness.BENCH, [harness.BENCH, "--no-reader", "--", sys.executable, *sys.argv])


def wait_for(port):
    for _ in range(400):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError(f"nothing listens on port {port}")


class Pebble:
    """With its rejection of one nonce in twenty, its default, or what `reject` says (percent)."""

    def __init__(self, folder, reject=None):
        self.config = os.path.join(folder, "pebble.json")
        self.env = {"PATH": os.environ["PATH"], "PEBBLE_VA_NOSLEEP": "1", "PEBBLE_VA_ALWAYS_VALID": "1"}
        if reject is not None:
            self.env["PEBBLE_WFE_NONCEREJECT"] = str(reject)
        with open(self.config, "w", encoding="ascii") as file:
            json.dump({"pebble": {
                "listenAddress": "127.0.0.1:14000", "managementListenAddress": "127.0.0.1:15000",
                "certificate": TLS, "privateKey": os.path.join(harness.PKI, "tls-key.pem"),
                "httpPort": 5002, "tlsPort": 5001, "ocspResponderURL": "",
                "externalAccountBindingRequired": False}}, file)
        self.start()

    def start(self):
        self.process = subprocess.Popen(["pebble", "-config", self.config], env=self.env, stdin=subprocess.DEVNULL,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for(14000)

    def stop(self):
        self.process.kill()
        self.process.wait()


class Case(harness.Case):
    """One registration by a client is one folder."""

    def client(self, *command, **env):
        """Again where it gave up on a refused nonce: certbot tries it twice."""
        for _ in range(20):
            done = subprocess.run(command, cwd=self.work, stdin=subprocess.DEVNULL, capture_output=True, timeout=120,
                                  env={"PATH": os.environ["PATH"], "HOME": self.folder, "REQUESTS_CA_BUNDLE": TLS,
                                       "LEGO_CA_CERTIFICATES": TLS, "CURL_CA_BUNDLE": TLS, **env})
            if done.returncode == 0 or b"nonce" not in (done.stdout + done.stderr).lower():
                break
        self.assertEqual(done.returncode, 0, done)

    def certbot(self, *command, config="letsencrypt"):
        self.client("certbot", *command, "-n", "--server", DIRECTORY, "--config-dir", self.path(config),
                    "--work-dir", self.path("certbot-work"), "--logs-dir", self.path("certbot-logs"))

    def register(self, config="letsencrypt"):
        self.certbot("register", "--agree-tos", "-m", "test@example.com", "--no-eff-email", config=config)
        return glob.glob(self.path(config) + "/accounts/localhost:14000/dir/*")[0]

    def lego(self, *options):
        """It registers and asks for a certificate at once."""
        self.client("lego", "--server", DIRECTORY, "--accept-tos", "--email", "test@example.com", "--domains",
                    "www.agency-test.gov.tw", "--http", "--http.port", ":5002", "--path", self.path(".lego"), *options, "run")

    def probe(self, *words, status=0, **env):
        result = self.run_program(PROBE, *words, **{"SSL_CERT_FILE": TLS, **env})
        self.assert_status(result, status)
        return result.json if status == 0 else result

    def find(self, folder=""):
        return self.probe("find", self.path(folder))

    def only(self, folder):
        found = self.find(folder)
        self.assertEqual(len(found["accounts"]), 1, found)
        return found["accounts"][0]

    def copy(self, source, target):
        return shutil.copytree(source, self.path(target))
