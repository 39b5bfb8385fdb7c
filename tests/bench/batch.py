#!/usr/bin/python3
"""gca-csr --batch against xargs and openssl: tests/bench/batch.py BUILD [HOSTS [RUNS]]."""
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile

import common

HOSTS = int(sys.argv[2]) if len(sys.argv) > 2 else 300
RUNS = int(sys.argv[3]) if len(sys.argv) > 3 else 5
CORES = len(os.sched_getaffinity(0))
TIMES = re.compile(r"([\d.]+) s of CPU time, ([\d.]+) s of them in key generation")
SUBJECT = "/C=TW/L=臺灣/O=行政院-政府憑證管理中心-憑證測試中心/CN="


def ours(folder, *more):
    env = common.environment(folder)
    out = os.path.join(folder, "out")
    wall, cpu, errors = common.measure(
        [common.GCA_CSR, "--batch", "hosts.csv", "--dir", out, "--profile", "test", "--verbose", *more], env, folder)
    shutil.rmtree(out)
    total, generation = map(float, TIMES.search(errors).groups())
    return wall, cpu, total, generation


def theirs(folder, command):
    env = {**common.environment(folder), "LC_ALL": "C.UTF-8"}
    names = "\n".join(f"h{i}.example.gov.tw" for i in range(HOSTS))
    script = f"printf '%s\\n' '{names}' | xargs -P{CORES} -I@ {command}"
    return common.measure(["sh", "-c", script], env, folder)


def main():
    folder = tempfile.mkdtemp(prefix="gca-bench-")
    try:
        with open(os.path.join(folder, "hosts.csv"), "w", encoding="ascii") as file:
            file.write("cn,oid\n" + "".join(f"h{i}.example.gov.tw,{common.OID}\n" for i in range(HOSTS)))
        request = f"openssl req -new -utf8 -sha256 -subj '{SUBJECT}@' -addext subjectAltName=DNS:@ -out @.csr"
        ratios, shares, busy = [], [], []
        for run in range(RUNS):
            wall, cpu, total, generation = ours(folder)
            peer, _, _ = theirs(folder, request + " -newkey rsa:2048 -nodes -keyout @.key 2>&-")
            ratios.append(wall / peer)
            shares.append((total - generation) / total)
            busy.append(cpu / wall / CORES)
            print(f"run {run + 1}: {wall:.2f} s, xargs {peer:.2f} s, ratio {wall / peer:.3f}; "
                  f"{shares[-1]:.2%} of CPU outside key generation; cores busy {busy[-1]:.1%}")
        print(f"median ratio to xargs -P{CORES} openssl req: {statistics.median(ratios):.3f}; outside key generation "
              f"{statistics.median(shares):.2%}; cores busy {statistics.median(busy):.1%}")

        subprocess.run(["openssl", "genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", "key.pem"],
                       cwd=folder, check=True, capture_output=True)
        ratios = []
        for run in range(RUNS):
            _, cpu, _, _ = ours(folder, "--key", "key.pem")
            _, peer, _ = theirs(folder, request + " -key key.pem")
            ratios.append(cpu / peer)
        print(f"with an existing key: CPU {statistics.median(ratios):.3f} of openssl req -new -key (batch)")
        ratios = []
        for run in range(10 * RUNS):
            env = common.environment(folder)
            _, cpu, _ = common.measure([common.GCA_CSR, "--cn", "a.example.gov.tw", "--oid", common.OID, "--key", "key.pem",
                                        "--profile", "test", "--dir", "one"], env, folder)
            _, peer, _ = common.measure(["sh", "-c", "exec " + request.replace("@", "a.example.gov.tw") + " -key key.pem"],
                                        env, folder)
            ratios.append(cpu / peer)
        print(f"with an existing key: CPU {statistics.median(ratios):.3f} of openssl req -new -key (one request)")
    finally:
        shutil.rmtree(folder)


main()
