#!/usr/bin/python3
"""gca-prereg verify on many files: tests/bench/verify.py BUILD [REQUESTS [RUNS]].

The requests are made here with software keys, as tests/integration/peer.py writes them: an account key's proof
and one of tests/pki's agencies in each, alone and with two CA certificates beside it."""
import os
import shutil
import sys
import tempfile

import common

sys.path.insert(0, os.path.join(common.SOURCE, "tests/integration"))
import peer  # noqa: E402  pylint: disable=wrong-import-position

REQUESTS = int(sys.argv[2]) if len(sys.argv) > 2 else 1000
RUNS = int(sys.argv[3]) if len(sys.argv) > 3 else 5
PKI = os.path.join(common.BUILD, "tests/pki")
HOLDERS = ("agency", "agency-secondary", "unit", "local")
CAS = ("ca", "root")
KEYS = 20


def make(folder, beside):
    """Files whose messages hold the certificates `beside`, too."""
    keys = [peer.account_key() for _ in range(KEYS)]
    names = []
    for i in range(REQUESTS):
        certificate, key = peer.load(PKI, HOLDERS[i % len(HOLDERS)])
        account = keys[i % KEYS]
        value = peer.request(certificate, account=peer.account(account, f"https://localhost:14000/my-account/{i}"),
                             domains=[f"h{i}.example.gov.tw", f"www.h{i}.example.gov.tw"])
        content = peer.canonical(peer.prove(value, account))
        names.append(f"{i}.p7m")
        with open(os.path.join(folder, names[-1]), "wb") as file:
            message = peer.Message(content, certificate, key)
            message.certificates += [peer.to_der(peer.load(PKI, name)[0]) for name in beside]
            file.write(message.encode())
    return names


def run(beside):
    folder = tempfile.mkdtemp(prefix="gca-bench-")
    try:
        names = make(folder, beside)
        command = [os.path.join(common.BUILD, "cli/gca-prereg"), "verify", "--profile", "test"]
        for anchor in CAS:
            command += ["--ca", os.path.join(PKI, anchor + ".pem")]
        for options in ([], ["--json"], ["--quiet"]):
            times = [common.measure([*command, *options, *names], common.environment(folder), folder)[1] for _ in range(RUNS)]
            what = " ".join([str(REQUESTS), "requests", *(["with", *beside] if beside else []), *options])
            middle = common.report(what + ", CPU time each", [time / REQUESTS for time in times], "µs", 1e6)
            print(f"  {1 / middle:.0f} a second a core")
    finally:
        shutil.rmtree(folder)


run(())
run(CAS)
