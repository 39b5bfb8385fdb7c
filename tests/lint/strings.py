#!/usr/bin/python3
"""Every sentence that a user may see can be translated: it stands within _(), N_(), C_() or
ngettext(), and its file in po/POTFILES.in; and it is, in po/zh_TW.po."""
import re
import subprocess
import tempfile

import common

# The place of the text among the arguments, counted from 0.
CALLS = {
    "gca_error_set": 2,
    "gca_error_replace": 2,
    "gca_error_set_openssl": 2,
    "gca_error_set_hint": 1,
    "gca_interaction_notice": 2,
    "gca_interaction_confirm": 1,
    "gca_output_print": 0,
    "gca_output_complain": 0,
    "gca_output_field": 0,
    "gca_output_outside_field": 0,
}
MARKED = re.compile(r'\b(?:_|N_|C_|NC_|ngettext)\s*\(')
OPTION = re.compile(r'\{\s*"[a-z0-9-]+",\s*(?:\'.\'|0),\s*\w+,\s*G_OPTION_ARG_\w+,')
MARKS = re.compile(r'"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])*\'|[(){}\[\],]')
SENTENCE = re.compile(r'"[^"]* [^"]* [^"]*[.?!:]"')
SAME_IN_ALL_LANGUAGES = {"SHA-256", "gca-toolkit"}
POTFILES = "po/POTFILES.in"
CATALOGUE = "po/zh_TW.po"


def split(text, position):
    """Where each argument behind the opening bracket before `position` ends."""
    depth = 0
    for piece in MARKS.finditer(text, position):
        if piece.group() in "([{":
            depth += 1
        elif piece.group() in ")]}":
            depth -= 1
        if depth < 0 or (piece.group() == "," and depth == 0):
            yield piece.start()
        if depth < 0:
            return


def arguments(text, position):
    found = []
    for end in split(text, position):
        found.append(text[position:end].strip())
        position = end + 1
    return found


def end_of(text, position):
    return max(split(text, position), default=position)


def has_words(literal):
    """TRUE if a string literal holds more than conversions, signs and names."""
    words = "".join(re.findall(r'"((?:\\.|[^"\\])*)"', literal))
    words = re.sub(r'%[-+ 0#]*[\d*]*(?:\.[\d*]+)?[a-z]+|\\.', " ", words)
    for name in SAME_IN_ALL_LANGUAGES:
        words = words.replace(name, " ")
    return bool(re.search(r"[^\W\d_]{2}", words))


def is_untranslatable(argument):
    return argument.startswith('"') and has_words(argument)


def check_calls(text):
    for call, place in CALLS.items():
        for line, match in common.matches(r"\b" + call + r"\s*\(", text):
            given = arguments(text, match.end())
            if len(given) > place and is_untranslatable(given[place]):
                yield line, f"{call}: write _({given[place].split(chr(10))[0]}…)"


def check_options(text):
    for match in OPTION.finditer(text):
        line = common.line_of(text, match.start())
        given = arguments(text, match.end())
        for argument in given[1:3]:
            if is_untranslatable(argument):
                yield line, f"option: write N_({argument})"


def check_sentences(text):
    """A sentence that reaches the user by a function of the file's own."""
    spans = [(match.start(), end_of(text, match.end())) for match in MARKED.finditer(text)]
    for match in re.finditer(r'"(?:\\.|[^"\\\n])*"', text):
        if SENTENCE.fullmatch(match.group()) and \
                not any(start < match.start() < end for start, end in spans):
            yield common.line_of(text, match.start()), f"write _({match.group()})"


def check_potfiles(top, marked):
    lines = common.read(top, POTFILES).split("\n") if (top / POTFILES).exists() else []
    for path, line in marked.items():
        if path not in lines:
            yield path, line, f"holds words to translate: add it to {POTFILES}"
    for number, line in enumerate(lines, 1):
        if line.endswith((".c", ".h")) and line not in marked:
            yield POTFILES, number, f"{line} holds nothing to translate: delete the line"


def check(top):
    marked = {}
    for path in common.files(top, ".c", ".h", folders=common.FOLDERS + ("man",)):
        text = common.code(common.read(top, path))
        for line, problem in {*check_calls(text), *check_options(text),
                              *check_sentences(text)}:
            yield path, line, problem
        for line, _ in common.matches(MARKED, text):
            marked.setdefault(str(path), line)
    yield from check_potfiles(top, marked)


def untranslated(top):
    """The catalogue's entries, with their places, that have no translation (gettext's own tools)."""
    with tempfile.NamedTemporaryFile(suffix=".pot") as template, tempfile.NamedTemporaryFile(suffix=".po") as merged:
        for command in (["xgettext", "--from-code=UTF-8", "--keyword=_", "--keyword=N_", "--keyword=C_:1c,2",
                         "--keyword=ngettext:1,2", "-f", POTFILES, "-o", template.name],
                        ["msgmerge", "--quiet", "--no-fuzzy-matching", CATALOGUE, template.name, "-o", merged.name]):
            subprocess.run(command, cwd=top, check=True, stderr=subprocess.DEVNULL)
        return subprocess.run(["msgattrib", "--untranslated", "--no-obsolete", merged.name], check=True,
                              capture_output=True).stdout.decode("utf-8")


def check_catalogue(top):
    for places in re.findall(r"^#: (\S+)", untranslated(top), re.MULTILINE):
        path, line = places.rsplit(":", 1)
        yield path, int(line), f"translate it in {CATALOGUE}"


common.prove(check, {
    "base/a.c": 'gca_error_set(error, A, "No, it (really) failed."); // BAD\n'
                'gca_error_set(error, B, _("It failed: %s"), why);\n'
                'gca_error_set(error, C, "%s\\n%-10s", a(1, 2), b);\n',
    "base/c.c": 'refuse(error, "It cannot be used."); // BAD\n'
                'refuse(error, N_("It cannot " "be used at all."));\n',
    "base/BAD.c": 'void f(void) { gca_error_set_hint(error, text); }\n',
    "cli/a/b.c": '{"json", \'j\', 0, G_OPTION_ARG_NONE, &x, "Answer in JSON", NULL}, // BAD\n'
                 '{"ca", 0, 0, G_OPTION_ARG_NONE, &y, N_("A CA"), "FILE"}, // BAD\n'
                 '{"crl", 0, 0, G_OPTION_ARG_NONE, &z, N_("A CRL"), N_("FILE")},\n',
    "cli/a/c.c": 'gca_output_field("SHA-256", _("none")); // BAD: not in POTFILES.in\n'
                 'gca_output_print("gca-toolkit %s\\n", v); gca_output_print("Done\\n"); // BAD\n',
    POTFILES: "# files\nbase/a.c\nbase/c.c\nbase/BAD.c\ncli/a/b.c\n",
})
common.prove(check_catalogue, {
    "base/a.c": 'say(_("One."));\nsay(_("Two.")); // BAD\n',
    POTFILES: "base/a.c\n",
    CATALOGUE: 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
               'msgid "One."\nmsgstr "一。"\n\nmsgid "Two."\nmsgstr ""\n',
})
common.report([*check(common.TOP), *check_catalogue(common.TOP)])
