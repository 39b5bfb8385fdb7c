#!/usr/bin/python3
"""gca-wizard's first window and memory, against a minimal GtkAssistant program: tests/bench/wizard.py BUILD [RUNS].
In Chinese, whose fonts count. Build all first, and then: ninja -C BUILD tests/bench/minimal-assistant tests/bench/first-map."""
import os
import statistics
import subprocess
import sys

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(TOP, "tests/gui"))
import session  # noqa: E402

session.enter()
BUILD = os.path.abspath(sys.argv[1])
RUNS = int(sys.argv[2]) if len(sys.argv) > 2 else 15


def measure(program):
    done = subprocess.run([os.path.join(BUILD, "tests/bench/first-map"), os.path.join(BUILD, program)], check=True,
                          capture_output=True, text=True, env={**os.environ, "LANGUAGE": "zh_TW", "GCA_DATADIR": TOP + "/data",
                                                               "GCA_LOCALEDIR": BUILD + "/po"})
    milliseconds, kib = done.stdout.split()
    return float(milliseconds), int(kib)


def main():
    if not os.path.exists(BUILD + "/po/zh_TW/LC_MESSAGES/gca-toolkit.mo"):
        sys.exit("The Chinese catalogue is not built: the window would be in English.")
    ours, least = [], []
    for _ in range(RUNS):  # in turn, so that whatever else the machine does falls on both
        least.append(measure("tests/bench/minimal-assistant"))
        ours.append(measure("gui/gca-wizard"))
    times = [statistics.median(run[0] for run in runs) for runs in (ours, least)]
    sizes = [statistics.median(run[1] for run in runs) for runs in (ours, least)]
    print(f"first map: {times[0]:.0f} ms, minimal program {times[1]:.0f} ms, ratio {times[0] / times[1]:.2f}")
    print(f"RssAnon: {sizes[0] / 1024:.1f} MiB, minimal program {sizes[1] / 1024:.1f} MiB, {(sizes[0] - sizes[1]) / 1024:.1f} more")


if __name__ == "__main__":
    main()
