"""What the lint scripts share: the project's files, C without its comments, and the proof that a
script can fail. A check is a generator of (file, line, what is wrong and what to do)."""
import os
import pathlib
import re
import sys
import tempfile

TOP = pathlib.Path(__file__).resolve().parents[2]
LIBRARIES = ("base", "pcsc", "pkcs11", "http", "profile", "x509", "cms", "acme", "csr", "prereg",
             "letter", "flow", "localsign")
FOLDERS = LIBRARIES + ("cli", "gui")
COMMENT_OR_STRING = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'',
                               re.DOTALL)


def files(top, *suffixes, folders=None):
    """The project's files with one of the suffixes (none: all), relative to `top`, sorted."""
    found = []
    for here, names, plain in os.walk(top):
        names[:] = [name for name in names
                    if name != "__pycache__" and not name.startswith(".git")
                    and not os.path.exists(os.path.join(here, name, "meson-private"))
                    and not (pathlib.Path(here) == top and name.startswith("build"))]
        for name in plain:
            path = (pathlib.Path(here) / name).relative_to(top)
            if (not suffixes or name.endswith(suffixes)) and \
                    (folders is None or path.parts[0] in folders):
                found.append(path)
    return sorted(found)


def read(top, path):
    return (top / path).read_text(encoding="utf-8", errors="replace")


def code(text):
    """C with blanks in place of comments; places and lines stay."""
    def blank(match):
        piece = match.group()
        return re.sub(r"[^\n]", " ", piece) if piece.startswith("/") else piece
    return COMMENT_OR_STRING.sub(blank, text)


def without_strings(text):
    """What code() gives, with blanks in place of what strings hold."""
    return COMMENT_OR_STRING.sub(
        lambda match: match.group()[0] + re.sub(r"[^\n]", " ", match.group()[1:-1]) +
        match.group()[-1], text)


def line_of(text, position):
    return text.count("\n", 0, position) + 1


def matches(pattern, text):
    """(line, match) for each place in `text` where `pattern` is found."""
    for match in re.finditer(pattern, text):
        yield line_of(text, match.start()), match


def prove(check, samples):
    """Runs `check` on made-up files: it must find every line marked BAD, and no other."""
    with tempfile.TemporaryDirectory() as folder:
        top = pathlib.Path(folder)
        wanted = set()
        for name, text in samples.items():
            (top / name).parent.mkdir(parents=True, exist_ok=True)
            (top / name).write_text(text, encoding="utf-8")
            wanted |= {(name, number) for number, line in enumerate(text.split("\n"), 1)
                       if "BAD" in line}
        found = {(str(path), line) for path, line, _ in check(top)}
    if not wanted or found != wanted:
        sys.exit(f"{sys.argv[0]}: does not do its work: missed {sorted(wanted - found)}, "
                 f"wrongly found {sorted(found - wanted)}")


def report(findings):
    """Prints the findings and ends the script: 1 if there are any."""
    findings = list(dict.fromkeys(findings))
    for path, line, problem in findings:
        print(f"{path}:{line}: {problem}")
    sys.exit(1 if findings else 0)
