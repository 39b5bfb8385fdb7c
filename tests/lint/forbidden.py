#!/usr/bin/python3
"""What never stands here: a PIN in argv, printing or leaving in library code, commands of our own
to the card's PIN and keys, work put off, names of package hosts, copies of other people's data."""
import hashlib
import os
import pathlib
import re

import common

OURS = common.FOLDERS
LIBRARIES = common.LIBRARIES
TEXTS = (".c", ".h", ".md", ".in", ".py", ".sh", ".build", ".txt", ".ini", ".profile", ".po")
HEX = r'(?:0x[0-9A-Fa-f]{2}[,\s]+){15,}0x[0-9A-Fa-f]{2}'
GEN2_AID = bytes.fromhex("A0000002830000062201696400010101")

# (what must not be found, in which folders, with which endings, what to do)
RULES = (
    (r"\bg_print(?:err)?\s*\(", OURS, (".c", ".h"),
     "spoils UTF-8 in the C locale: use gca_output_print"),
    (r"\b(?:v?f?printf|f?puts|putchar|perror)\s*\(", LIBRARIES, (".c", ".h"),
     "library code never prints: set an error, or call gca_interaction_notice"),
    (r"\b(?:_?exit|abort|quick_exit)\s*\(", LIBRARIES, (".c", ".h"),
     "library code never ends the program: set an error"),
    (r'\{\s*"(?:pin|password|passphrase)",', OURS, (".c", ".h"),
     "a PIN never stands in argv: use --pin-file or --pin-fd"),
    (r"\bgca-\w+\b[^\n]*\s--pin[ =]", None, TEXTS,
     "there is no --pin VALUE: name --pin-file or --pin-fd"),
    (r"\b(?:TODO|FIXME|XXX)\b", None, None, "do it, or open an issue"),
    (r"(?i)transport[ _-]?keys?\b", OURS, (".c", ".h"),
     "the card's transport keys have no place here: PIN and key belong to the PKCS#11 module"),
    (r"\bINS_(?:VERIFY|CHANGE|RESET|MSE|PSO|AUTHENTICATE)\w*|0x[08]0, 0x(?:20|22|24|2A|2C|86|87|88),",
     ("pcsc", "pkcs11", "flow"), (".c", ".h"),
     "no command of our own goes to the card's PIN or keys: leave it to the PKCS#11 module"),
    (r"(?i)\b(?:deb|ftp|archive|mirrors?|snapshot|packages?|pypi|registry)\.[\w.-]+\.(?:org|net|com|io)\b",
     None, None, "no package host is named here: say “apt” and the package's name"),
)


# (file, call): why it may
ALLOWED = {
    ("base/log.c", "fprintf"): "the log is the one writer in a library folder",
    ("localsign/main.c", "fprintf"): "it is the program, in the folder of its library",
    ("localsign/main.c", "printf"): "the same",
    ("localsign/child.c", "_exit"): "behind fork(): exit() would run what the parent has left for its own end",
}


def is_exempt(path):
    """This folder names what it forbids."""
    return path.parts[:2] == ("tests", "lint")


def is_allowed(path, found):
    return (str(path), found.split("(")[0].strip()) in ALLOWED


def check_rules(path, text, stripped):
    for pattern, folders, endings, remedy in RULES:
        if folders and path.parts[0] not in folders:
            continue
        if endings and not path.name.endswith(endings):
            continue
        for line, match in common.matches(pattern, stripped if folders else text):
            if is_allowed(path, match.group()):
                continue
            yield path, line, f"“{match.group().strip()}”: {remedy}"


def check_constants(path, text):
    if path.parts[0] not in ("pcsc", "pkcs11"):
        return
    for line, match in common.matches(HEX, text):
        value = bytes(int(digits, 16) for digits in re.findall(r"0x(\w\w)", match.group()))
        if GEN2_AID not in value or len(value) > len(GEN2_AID) + 6:
            yield path, line, "a long constant: only the AID of the applet may stand here, no key"


def check_copies(top, data):
    """No file of the data that tests read in place, or of the folder around it, is one of ours."""
    theirs = {hashlib.sha256(path.read_bytes()).digest(): path.name
              for path in data.rglob("*") if path.is_file() and path.stat().st_size}
    for path in common.files(top):
        name = theirs.get(hashlib.sha256((top / path).read_bytes()).digest())
        if name:
            yield path, 1, f"is a copy of {name}: read it in place, through $GCA_TEST_DATA"


def check(top, data=None):
    for path in common.files(top):
        if is_exempt(path):
            continue
        text = common.read(top, path)
        yield from check_rules(path, text, common.code(text))
        yield from check_constants(path, common.code(text))
    if data:
        yield from check_copies(top, data)


def check_sample(top):
    yield from check(top, top / "data-of-others")


common.prove(check_sample, {
    "base/a.c": 'g_print("x"); // BAD\nexit(1); // BAD\ng_snprintf(x); exit_status(1);\n',
    "base/log.c": 'fprintf(stderr, "x");\nexit(1); // BAD\n',
    "localsign/child.c": '_exit(1);\nexit(1); // BAD\nfprintf(stderr, "x"); // BAD\n',
    "flow/a.c": 'fprintf(stderr, "x"); // BAD\n/* printf(1) */ static const int a; \n',
    "cli/a/a.c": 'fprintf(stderr, "x");\n{"pin", 0}, // BAD\n{"pin-file", 0},\n',
    "pcsc/a.c": "{0x00, 0x20, 0x00, 0x81}, // BAD\n{0x00, 0xA4, 0x04},\n"
                "{" + ", ".join(f"0x{b:02X}" for b in GEN2_AID) + "},\n"
                "{" + "0x12, " * 24 + "}, // BAD\n",
    "README.md": "gca-prereg --pin 123456 (BAD)\nsofthsm2-util --pin 123456\n",
    "docs/a.md": "TO" "DO: BAD\nhttps://ftp.mirror" ".example.org/ BAD\nhttps://gca.nat.gov.tw/\n",
    "docs/b.csv": "BAD\n",
    "data-of-others/b.csv": "BAD\n",
})
data = pathlib.Path(os.environ.get("GCA_TEST_DATA") or "/nonexistent")
around = data if data.parent in common.TOP.parents else data.parent
is_there = data.is_dir() and common.TOP not in data.parents
common.report(check(common.TOP, around if is_there else None))
