#!/usr/bin/python3
"""What is seen together in a window has no key (Alt and a letter) twice, in any language, and what has one in English has
one in every language."""
import collections
import gettext
import io
import pathlib
import re
import subprocess

import common

LABEL = re.compile(r'translatable="yes">([^<]*_\w[^<]*)<|\b_?N?_\("([^"]*_\w[^"]*)"\)')
KEY = re.compile(r"_(\w)")
PART = re.compile(r'#include "(gui/[\w/-]+)\.h"')
ALONE = ("dialog", "question", "pages", "window-interaction")  # they bring windows of their own
# What is around it; while an assistant shows that it is busy its page is not to be seen.
FRAMES = {"-page": ("gui/assistant", "gui/assistant-page", "gui/error-view"), "-view": ("gui/window", "gui/error-view")}
PAGE = "gui/pages/"


def labels(top, stem):
    """(path, line, label) of all that have a key."""
    for path in (pathlib.Path(stem + ".ui"), pathlib.Path(stem + ".c")):
        if (top / path).exists():
            for line, match in common.matches(LABEL, common.read(top, path)):
                yield path, line, match.group(1) or match.group(2)


def parts(top, stem, found):
    """The stems of what can be seen within it, and its own."""
    path = pathlib.Path(stem + ".c")
    if stem in found or stem.endswith(ALONE) or not (top / path).exists():
        return
    found.append(stem)
    for part in PART.findall(common.read(top, path)):
        parts(top, part, found)


def seen_with(top, stem):
    """(path, line, label, whether it stands on a page's one button for going on, where they come one at a time)"""
    seen = list(next((frame for end, frame in FRAMES.items() if stem.startswith(PAGE) and stem.endswith(end)), ()))
    if stem.endswith(ALONE):
        seen.append(stem)
    parts(top, stem, seen)
    for one in seen:
        for path, line, label in labels(top, one):
            is_next = one == "gui/assistant-page" or path.suffix == ".c" and one == stem and stem.endswith("-page") or \
                "next-label" in common.read(top, path).split("\n")[line - 1]
            yield path, line, label, is_next


def languages(top):
    yield "English", lambda words: words
    for path in common.files(top, ".po", folders=("po",)):
        made = subprocess.run(["msgfmt", "-o", "-", str(path)], cwd=top, check=True, capture_output=True).stdout
        yield path.stem, gettext.GNUTranslations(io.BytesIO(made)).gettext


def check_window(top, stem, language, say):
    seen = collections.defaultdict(list)
    for path, line, label, is_next in seen_with(top, stem):
        key = KEY.search(say(label))
        if key is None:
            yield path, line, f"“{say(label)}” has no key in {language}"
            continue
        others = seen[key.group(1).lower()]
        for other, is_other_next in others:
            if other != label and not (is_next and is_other_next):
                yield path, line, f"“{say(label)}” has the key of “{say(other)}” ({language}, {stem})"
        others.append((label, is_next))


def check(top):
    stems = {str(path.with_suffix("")) for path in common.files(top, ".ui", ".c", folders=("gui",))}
    stems = sorted(stem for stem in stems if stem.startswith(PAGE) or stem.endswith(ALONE))
    for language, say in languages(top):
        for stem in stems:
            yield from check_window(top, stem, language, say)


HEAD = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
common.prove(check, {
    "gui/assistant.ui": '<property translatable="yes">_Back</property>\n',
    "gui/window.ui": '<property translatable="yes">_To the Start</property>\n',
    "gui/pages/a/a-page.ui": '<property name="next-label" translatable="yes">_Close</property>\n'
                             '<property translatable="yes">Go _Back</property> BAD\n',
    "gui/pages/a/a-page.c": '#include "gui/part.h"\n#include "gui/a-dialog.h"\nset(_("_Copy"));\n',
    "gui/part.ui": '<property translatable="yes">A _Copy</property> BAD\n',
    "gui/part.c": "",
    "gui/pages/b/b-view.ui": '<property translatable="yes">_Take</property> BAD\n'
                             '<property translatable="yes">_Send</property> BAD\n',
    "gui/pages/b/b-view.c": "",
    "gui/a-dialog.c": '_("_Close")\n_("_Save")\n',
    "po/xx.po": HEAD + 'msgid "_Send"\nmsgstr "Los"\n',
})
common.report(check(common.TOP))
