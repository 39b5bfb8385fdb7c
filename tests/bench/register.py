#!/usr/bin/python3
"""register.py BUILD: what a look-up in a register of 40,000 agencies costs, process start
included. `oid show` against an empty main() linked with the same libraries, the two run in turn;
`oid search` and `oid import` by themselves. Medians of many runs; all data are invented."""
import os
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile
import time

ROWS = 40_000
RUNS = 300
SHOW_LIMIT = 1.3  # times the empty main
SEARCH_LIMIT = 0.050  # seconds
TOP = pathlib.Path(__file__).resolve().parents[2]


def agencies():
    """(name, OID, DN) in the register's shape and length."""
    for i in range(ROWS):
        unit, office = divmod(i, 200)
        yield (f"測試部第{unit}署臺北第{office}辦公室", f"2.16.886.101.29003.{20000 + unit}.{20000 + office}.{i}",
               f"ou=臺北第{office}辦公室,ou=第{unit}署,ou=測試部,o=測試院,c=TW")


def write_table(path):
    with open(path, "w", encoding="utf-8-sig", newline="\r\n") as file:
        file.write("OrgName,OID,TEL,Address,DN,OrgCode\n")
        for name, oid, dn in agencies():
            file.write(f'{name},{oid},02-12345678,測試市測試路1號,"{dn}",000\n')


def build_empty(folder, program):
    """main() that does nothing, bound to the libraries that `program` asks for."""
    source, empty = folder / "empty.c", folder / "empty"
    source.write_text("int\nmain(void)\n{\n    return 0;\n}\n")
    found = subprocess.run(["ldd", program], text=True, capture_output=True, check=True).stdout
    libraries = re.findall(r"=> (/\S+)", found)
    subprocess.run([os.environ.get("CC", "cc"), "-O2", "-pie", "-fPIE", "-Wl,--no-as-needed,-z,relro,-z,now",
                    source, *libraries, "-o", empty], check=True)
    return empty


def run(command, environment):
    begin = time.perf_counter()
    subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                   check=True)
    return time.perf_counter() - begin


def medians(environment, *commands):
    """Of each, run in turn, so that a busy moment strikes all alike."""
    times = [[run(command, environment) for command in commands] for _ in range(RUNS)]
    return [statistics.median(column) for column in zip(*times)]


def report(what, seconds, ratio=None, limit=None):
    note = "" if ratio is None else f"   ratio {ratio:.2f}, limit {limit}"
    print(f"{seconds * 1000:8.2f} ms   {what}{note}")


def main():
    program = os.path.abspath(sys.argv[1]) + "/cli/gca-csr"
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "XDG_DATA_HOME": name,
                       "XDG_CONFIG_HOME": "/nonexistent", "GCA_DATADIR": str(TOP / "data")}
        write_table(folder / "GDS.csv")
        report("oid import", run([program, "oid", "import", folder / "GDS.csv"], environment))

        empty = build_empty(folder, program)
        oid = list(agencies())[ROWS * 2 // 3][1]
        base, show = medians(environment, [empty], [program, "oid", "show", oid])
        report("empty main", base)
        report("oid show", show, show / base, SHOW_LIMIT)
        worst = 0
        for words in (["臺北"], ["台北第7辦公室"], ["第19署", "C=tw"], ["29003.20019"]):
            took, = medians(environment, [program, "oid", "search", *words])
            report("oid search " + " ".join(words), took, took / SEARCH_LIMIT, 1)
            worst = max(worst, took)
    return 0 if show <= SHOW_LIMIT * base and worst <= SEARCH_LIMIT else 1


sys.exit(main())
