#!/usr/bin/python3
"""A function of more than 60 lines or a file of more than 400 (twice that in tests, whose tables of
cases are long) is split, or stands in sizes.allow: "path" or "path: function", and the reason
behind “#”."""
import re

import common

FUNCTION_LINES = 60
FILE_LINES = 400
ALLOWED = "tests/lint/sizes.allow"
FUNCTION = re.compile(r"^([A-Za-z_]\w*)\([^;{}]*\)\s*\n\{\n(.*?)^\}", re.MULTILINE | re.DOTALL)


def allowed(top):
    """What is allowed, with the line that says so."""
    entries = {}
    if not (top / ALLOWED).exists():
        return entries
    for number, line in enumerate(common.read(top, ALLOWED).split("\n"), 1):
        entry, _, reason = line.partition("#")
        if entry.strip():
            entries[entry.strip()] = (number, bool(reason.strip()))
    return entries


def measure(top):
    """(path, line, entry, what is too long) for all that is."""
    for path in common.files(top, ".c", ".h", ".py", ".sh"):
        text = common.read(top, path)
        times = 2 if path.parts[0] == "tests" else 1
        if text.count("\n") > times * FILE_LINES:
            yield path, 1, str(path), f"{text.count(chr(10))} lines: split the file by subject"
        if path.suffix != ".c":
            continue
        for match in FUNCTION.finditer(common.code(text)):
            lines = match.group(2).count("\n")
            if lines > times * FUNCTION_LINES:
                yield (path, common.line_of(text, match.start()), f"{path}: {match.group(1)}",
                       f"{match.group(1)} has {lines} lines: give its parts names of their own")


def check(top):
    entries, used = allowed(top), set()
    for path, line, entry, problem in measure(top):
        if entry not in entries:
            yield path, line, problem
        used.add(entry)
    for entry, (number, has_reason) in entries.items():
        if entry not in used:
            yield ALLOWED, number, f"“{entry}” is not too long (any more): delete the line"
        elif not has_reason:
            yield ALLOWED, number, f"“{entry}” is allowed without a reason: say why behind “#”"


LONG = "{\n" + "    x();\n" * 61 + "}\n"
common.prove(check, {
    "base/a.c": "static int\na(int x, /* BAD */\n  int y)\n" + LONG,
    "base/b.c": "int\nb(void)\n" + LONG.replace("    x();\n", "", 1),
    "base/c.h": "/* BAD */\n" + "\n" * 400,
    "base/d.c": "int\nd(void)\n" + LONG + "\nint\ne(void) /* BAD */\n" + LONG,
    "base/BAD.c": "int\nf(void)\n" + LONG,
    ALLOWED: "base/d.c: d # a table\nbase/b.c: b # BAD: not too long\nbase/BAD.c: f\n",
})
common.report(check(common.TOP))
