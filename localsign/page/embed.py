#!/usr/bin/python3
"""Writes the files that pages need as one C source: the service reads nothing from disk for them."""
import pathlib
import sys

TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8",
         ".gif": "image/gif"}


def rows(data):
    for start in range(0, len(data), 16):
        yield "    " + " ".join(f"{byte}," for byte in data[start:start + 16])


def main(target, *sources):
    out = ['#include "localsign/page-file.h"', ""]
    table = []
    for path in map(pathlib.Path, sources):
        name = path.name.replace(".", "_")
        data = path.read_bytes()
        out += [f"static const guint8 {name}[] = {{", *rows(data), "};", ""]
        table.append(f'    {{"/{path.name}", "{TYPES[path.suffix]}", {name}, {len(data)}}},')
    out += ["const GcaPageFile gca_page_files[] = {", *table, "    {0},", "};", ""]
    pathlib.Path(target).write_text("\n".join(out), encoding="ascii")


main(*sys.argv[1:])
