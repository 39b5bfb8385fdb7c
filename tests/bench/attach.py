#!/usr/bin/python3
"""gca-csr attach among many request folders: tests/bench/attach.py BUILD [FOLDERS]."""
import glob
import json
import os
import shutil
import subprocess
import sys
import tempfile

import common

FOLDERS = int(sys.argv[2]) if len(sys.argv) > 2 else 5000
RUNS = 5


def main():
    folder = tempfile.mkdtemp(prefix="gca-bench-")
    env = common.environment(folder)
    try:
        subprocess.run([common.GCA_CSR, "--cn", "right.example.gov.tw", "--oid", common.OID, "--profile", "test"], cwd=folder,
                       env=env, check=True, capture_output=True)
        right = glob.glob(folder + "/right*")[0]
        for i in range(FOLDERS - 1):  # other keys: only their fingerprints are told apart
            copy = os.path.join(folder, f"h{i}.example.gov.tw-20261121T023000Z")
            shutil.copytree(right, copy)
            with open(copy + "/request.json", encoding="utf-8") as file:
                request = json.load(file)
            request["spki_sha256"] = f"{i:064x}"
            with open(copy + "/request.json", "w", encoding="utf-8") as file:
                json.dump(request, file, ensure_ascii=False)
        script = f"""
            openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -subj /CN=bench -days 30
            printf 'basicConstraints=CA:false\nextendedKeyUsage=serverAuth\nsubjectAltName=DNS:right.example.gov.tw\n' > ext
            openssl x509 -req -in {right}/request.csr.pem -CA ca.pem -CAkey ca.key -days 20 -extfile ext -out c.pem"""
        subprocess.run(["sh", "-ec", script], cwd=folder, env=env, check=True, capture_output=True)
        walls = []
        for _ in range(RUNS):
            wall, _, errors = common.measure([common.GCA_CSR, "attach", "c.pem", "--ca", "ca.pem"], env, folder, check=False)
            walls.append(wall)
            if not os.path.exists(right + "/cert.pem"):
                raise SystemExit("not attached: " + errors)
            os.unlink(right + "/cert.pem")
        common.report(f"attach among {FOLDERS} folders", walls)
    finally:
        shutil.rmtree(folder)


main()
