#!/usr/bin/python3
"""The arrows between folders: an include goes downward, is written from the root, and never reaches
another folder's private header."""
import re

import common

# Lowest first. Folders of one row know nothing of each other; base is below http.
ROWS = (("base",), ("http",), ("profile", "x509"), ("acme", "cms", "pkcs11", "pcsc"),
        ("prereg", "csr", "letter"), ("flow",), ("cli", "gui", "localsign"))
RANK = {folder: rank for rank, row in enumerate(ROWS) for folder in row}
INCLUDE = r'#include "([^"]+)"'
SAYS_PRIVATE = re.compile(r"for this folder only|inside this folder only|no other folder includes",
                          re.IGNORECASE)


def unit(path):
    """cli/common may be used by all tools, a tool's folder by itself only."""
    parts = str(path).split("/")
    return "/".join(parts[:2]) if parts[0] in ("cli", "gui") else parts[0]


def is_private(top, header):
    return header.endswith("-private.h") or header.endswith("/internal.h") or \
        bool(SAYS_PRIVATE.search(" ".join(common.read(top, header).split())))


def judge(top, path, header):
    """What is wrong with the include of `header` in `path`, or None."""
    if header == "config.h":
        return None
    if not (top / header).exists():
        return f"“{header}” is not written from the root of the project: write “folder/file.h”"
    here, there = path.parts[0], header.split("/")[0]
    if here == there:
        if unit(path) != unit(header) and not header.startswith(("cli/common/", "gui/")):
            return f"{unit(path)} includes {header}: move what both need to cli/common"
        return None
    if there not in RANK or RANK[there] >= RANK[here]:
        return f"{here}/ must not know {there}/ (arrows go downward): move it, or pass a value in"
    if is_private(top, header):
        return f"{header} is private to {there}/: use, or widen, its public header"
    return None


def check(top):
    for path in common.files(top, ".c", ".h", folders=common.FOLDERS):
        for line, match in common.matches(INCLUDE, common.code(common.read(top, path))):
            problem = judge(top, path, match.group(1))
            if problem:
                yield path, line, problem


common.prove(check, {
    "base/text.h": '#pragma once\n#include "flow/doctor.h" // BAD\n',
    "flow/doctor.h": '/* one */\n#include "base/text.h"\n#include "base/none.h" // BAD\n',
    "x509/holder.c": '#include "config.h"\n#include "profile/profile.h" // BAD\n',
    "profile/profile.h": '#include "text.h" // BAD\n/* #include "cli/a.h" */\n',
    "cms/data-private.h": '#include "x509/holder.h"\n',
    "x509/holder.h": "\n",
    "pcsc/link.h": "/* Inside this\n folder only. */\n",
    "cli/gca-a/a.h": '#include "cli/common/a.h"\n#include "cms/data-private.h" // BAD\n',
    "cli/common/a.h": '#include "cli/gca-a/a.h" // BAD\n#include "pcsc/link.h" // BAD\n',
})
common.report(check(common.TOP))
