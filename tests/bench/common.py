"""What the benches share: timing, medians, a register and tables made up for the run."""
import os
import resource
import statistics
import subprocess
import sys
import time

SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else os.path.join(SOURCE, "build"))
GCA_CSR = os.path.join(BUILD, "cli/gca-csr")
OID = "2.16.886.101.20003.20060.20001"


def environment(folder):
    return {"PATH": os.environ["PATH"], "HOME": folder, "LC_ALL": "C",
            "GCA_DATADIR": os.path.join(SOURCE, "data"), "GCA_LOCALEDIR": os.path.join(BUILD, "po")}


def measure(command, env, cwd, check=True):
    """Wall and CPU seconds of one run of `command` with its children, and its standard error."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    done = subprocess.run(command, env=env, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=check)
    wall = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall, cpu, done.stderr.decode("utf-8", "replace")


def report(name, values, unit="ms", scale=1e3):
    print(f"{name}: {statistics.median(values) * scale:.2f} {unit} (median of {len(values)})")
    return statistics.median(values)
