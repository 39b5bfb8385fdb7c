#!/usr/bin/python3
"""headers.py BUILD: every header compiles by itself, with the flags of its own folder, so that it
includes what it needs."""
import concurrent.futures
import json
import pathlib
import shlex
import subprocess
import sys

import common


def flags_by_folder(build):
    """For each folder the command that compiles one of its files, without the file."""
    commands = {}
    for entry in json.loads((build / "compile_commands.json").read_text()):
        words = shlex.split(entry["command"])
        path = (build / entry["file"]).resolve()
        if common.TOP not in path.parents:
            continue
        kept, skip = [], False
        for word in words:
            if not skip and word not in ("-c", "-MD", entry["file"]) and word not in ("-o", "-MF", "-MQ"):
                kept.append(word)
            skip = not skip and word in ("-o", "-MF", "-MQ")
        commands.setdefault(path.relative_to(common.TOP).parts[0], kept)
    return commands


def compile_alone(top, build, command, header):
    """The compiler's first complaint: (file, line, text), or None."""
    result = subprocess.run(
        command + [f"-I{top}", "-fsyntax-only", "-Werror", "-x", "c", "-"], cwd=build, text=True,
        input=f'#include "{header}"\n', capture_output=True)
    if result.returncode == 0:
        return None
    for line in result.stderr.split("\n"):
        parts = line.split(":", 3)
        if len(parts) == 4 and "error" in parts[3] and parts[0].endswith(str(header)):
            return header, int(parts[1]), f"does not compile alone:{parts[3]}"
    return header, 1, "does not compile alone: " + result.stderr.strip().split("\n")[0]


def check(top, build, commands):
    headers = [path for path in common.files(top, ".h", folders=common.FOLDERS)
               if path.parts[0] in commands]
    with concurrent.futures.ThreadPoolExecutor(max_workers=2) as pool:
        yield from filter(None, pool.map(
            lambda header: compile_alone(top, build, commands[header.parts[0]], header), headers))


def main():
    build = pathlib.Path(sys.argv[1])
    commands = flags_by_folder(build)
    common.prove(lambda top: check(top, build, commands), {
        "base/whole.h": "#pragma once\n#include <glib.h>\ngboolean gca_whole(void);\n",
        "base/half.h": "#pragma once\n\ngboolean gca_half(void); /* BAD */\n",
    })
    for path in common.files(common.TOP, ".h", folders=common.FOLDERS):
        if path.parts[0] not in commands:
            sys.exit(f"{path}:1: nothing of {path.parts[0]}/ is built: name it in meson.build")
    common.report(check(common.TOP, build, commands))


main()
