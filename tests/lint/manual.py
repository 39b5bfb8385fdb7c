#!/usr/bin/python3
"""manual.py BUILD: manual pages, --help and the table of errors say the same, and the pages are good
roff."""
import json
import os
import pathlib
import re
import subprocess
import sys

import common

TOOLS = ("gca-card", "gca-csr", "gca-letter", "gca-prereg")
# What has no commands: name -> (folder of the build, meson's option that leaves it out).
PROGRAMS = {
    "gca-localsign": ("localsign", "localsign"),
    "gca-localsign-prompt": ("gui/localsign-prompt", "gui"),
    "gca-wizard": ("gui", "gui"),
}
NO_TABLE = ("gca-wizard",)  # it shows its errors, and ends with 0 or GTK's 1
SECTIONS = ("NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "FILES", "ENVIRONMENT", "EXIT STATUS",
            "EXAMPLES", "SEE ALSO")
HELP_OPTION = re.compile(r"^  ((?:-\w, )?--[a-z0-9-]+(?:=\S+)?)(?:\s|$)", re.MULTILINE)
PAGE_OPTION = re.compile(r"^(?:-\w, )?--[a-z0-9-]+(?:=\S+)?$")
ENGLISH = {"LC_ALL": "C", "LANGUAGE": "C"}


def run(*command):
    result = subprocess.run(command, capture_output=True, text=True, env={**os.environ, **ENGLISH})
    return result.stdout + result.stderr, result.returncode


def commands_of(help_text):
    listed = re.search(r"^Commands:\n((?:  \S.*\n)+)", help_text, re.MULTILINE)
    return re.findall(r"^  (\S+)", listed.group(1), re.MULTILINE) if listed else []


def plain(line):
    """A line of roff without its escapes."""
    return re.sub(r"\\f[BIR]", "", line).replace("\\-", "-")


def without_value(option):
    return option.split("=")[0]


def compare(path, page, options, commands, sections, shape):
    """What a page says too little or too much; `shape` is what of an option must be the same."""
    lines = page.split("\n")
    described = {shape(plain(line)): number for number, line in enumerate(lines, 1)
                 if PAGE_OPTION.match(plain(line))}
    for option in sorted({shape(option) for option in options} - described.keys()):
        yield path, 1, f"describe {option}: --help has it"
    for option in sorted(described.keys() - {shape(option) for option in options}):
        yield path, described[option], f"no command has {option}: delete it, or say it as --help does"
    for command in commands:
        if f".SS {command}" not in [plain(line) for line in lines]:
            yield path, 1, f"describe the command: .SS {command}"
    for section in sections:
        if f".SH {section}" not in lines:
            yield path, 1, f"the section {section} is missing"


def check_pages(program, has_commands):
    overview, _ = run(program, "--help")
    commands = commands_of(overview)
    options = set(HELP_OPTION.findall(overview))
    for command in commands:
        options |= set(HELP_OPTION.findall(run(program, command, "--help")[0]))
    english, chinese = f"man/{program.name}.1.in", f"man/zh_TW/{program.name}.1.in"
    if len(options) < 3 or has_commands != bool(commands):
        yield english, 1, "--help shows no options or commands: " + overview[:80]
    sections = SECTIONS + ("COMMANDS",) if has_commands else SECTIONS
    for path, wanted, shape in ((english, sections, str), (chinese, (), without_value)):
        yield from compare(path, common.read(common.TOP, path), options, commands, wanted, shape)


def check_statuses(path, text, row, statuses):
    for status, name in statuses:
        if not re.search(row.format(status=status, name=re.escape(name)), text):
            yield path, 1, f"says nothing of exit status {status}, {name}"


def check_translated(build, tool, statuses):
    """The rows of the table in the Chinese page are not those of the English one."""
    english, chinese = ((build / folder / f"{tool}.1").read_text(encoding="utf-8").split("\n")
                        for folder in ("man", "man/zh_TW"))
    for _, name in statuses:
        rows = {line for line in english if plain(line).startswith(name + ": ")}
        if rows & set(chinese):
            yield "po/zh_TW.po", 1, f"the summary of {name} is not translated"


def check_roff(page, name):
    try:
        complaints, status = run("mandoc", "-T", "lint", "-W", "warning", str(page))
    except FileNotFoundError:
        yield name, 1, "cannot be checked: install the package mandoc"
        return
    for line in complaints.split("\n") if status else []:
        if line:
            yield name, 1, line


def list_programs(build):
    """The paths of what this build has."""
    told = (build / "meson-info/intro-buildoptions.json").read_text(encoding="utf-8")
    options = {option["name"]: option["value"] for option in json.loads(told)}
    yield from (build / "cli" / tool for tool in TOOLS)
    for name, (folder, option) in PROGRAMS.items():
        if options[option] != "disabled":
            yield build / folder / name


def check_table(build, tool, statuses):
    yield from check_translated(build, tool, statuses)
    for folder in ("man", "man/zh_TW"):
        text = plain((build / folder / f"{tool}.1").read_text(encoding="utf-8"))
        yield from check_statuses(f"{folder}/{tool}.1.in", text,
                                  r"\.B {status}\n(?:(?!\.TP)[^\n]*\n)*{name}: ", statuses)


def check(build):
    statuses = [line.split(" ", 1) for line in
                run(build / "man/print-exit-status", "--list")[0].strip().split("\n")]
    for program in list_programs(build):
        tool = program.name
        yield from check_pages(program, tool in TOOLS)
        for folder in ("man", "man/zh_TW"):
            yield from check_roff(build / folder / f"{tool}.1", f"{folder}/{tool}.1.in")
        if tool not in NO_TABLE:
            yield from check_table(build, tool, statuses)
    yield from check_statuses("docs/json.md", common.read(common.TOP, "docs/json.md"),
                              r"\| `{name}` +\| {status} +\|", statuses)


def check_sample(top):
    page = common.read(top, "page")
    yield from compare("page", page, ["-a, --all=X", "--one"], ["list"], ["NAME"], str)
    yield from check_statuses("page", plain(page), r"\.B {status}\n{name}: ", [("4", "pin-wrong")])
    yield from check_statuses("other", common.read(top, "other"), "{name} {status}", [("5", "x")])


common.prove(check_sample, {
    "page": '.\\" BAD: neither --one nor NAME\n\\fB\\-a\\fR, \\fB\\-\\-all\\fR=\\fIX\\fR\n.SS list\n'
            "\\fB\\-\\-two\\fR=\\fIBAD\\fR\n.B 4\n\\fBpin\\-wrong\\fR: it is\n",
    "other": "BAD\nx 4\n",
})
common.report(check(pathlib.Path(sys.argv[1])))
