#!/usr/bin/python3
"""Every C file has the form of .clang-format; `clang-format -i FILE` gives it."""
import re
import subprocess

import common

COMPLAINT = re.compile(r"^(.*?):(\d+):\d+: (?:warning|error): code should be clang-formatted", re.M)


def check(top):
    paths = [str(path) for path in common.files(top, ".c", ".h")]
    style = f"--style=file:{common.TOP / '.clang-format'}"
    result = subprocess.run(["clang-format", style, "--dry-run", *paths], cwd=top, text=True,
                            capture_output=True)
    seen = set()
    for match in COMPLAINT.finditer(result.stderr):
        if match.group(1) not in seen:
            yield match.group(1), int(match.group(2)), "not in form: run clang-format -i on it"
        seen.add(match.group(1))


common.prove(check, {
    "base/a.c": "int a( void ); /* BAD */\n",
    "base/b.c": "int b(void);\n",
})
common.report(check(common.TOP))
