"""What the tests of the windows share: the program beside a virtual card, driven through the accessibility bus."""
import contextlib
import gettext
import os
import re
import signal
import subprocess
import sys
import time
import unittest

import session

session.enter()

import gi  # noqa: E402
import pyatspi  # noqa: E402  needs the session's bus
from card_case import HOLD, CardCase  # noqa: E402
from harness import BENCH, BUILD, PIN  # noqa: E402

gi.require_version("Gdk", "3.0")
from gi.repository import Gdk  # noqa: E402

WIZARD = os.path.join(BUILD, "gui/gca-wizard")
SHOTS = os.path.join(BUILD, "tests/gui/shots")
PATIENCE = 20 * float(os.environ.get("GCA_TEST_PATIENCE", "1"))
ENDS_WITHIN = PATIENCE / 10
# The window runs within the bench; what the test needs to know of the bench is left in a file.
TELL = 'echo "$$ ${GCA_TEST_CARD_PID-0} ${GCA_TEST_CARD_PID2-0} $(pgrep -P $PPID pcscd)" >"$0"; exec "$@"'
BUTTON, ENTRY, TEXT, LABEL, LIST, LIST_ITEM, CHECK, PASSWORD, ALERT, RADIO = (
    pyatspi.ROLE_PUSH_BUTTON, pyatspi.ROLE_ENTRY, pyatspi.ROLE_TEXT, pyatspi.ROLE_LABEL, pyatspi.ROLE_LIST_BOX,
    pyatspi.ROLE_LIST_ITEM, pyatspi.ROLE_CHECK_BOX, pyatspi.ROLE_PASSWORD_TEXT, pyatspi.ROLE_INFO_BAR,
    pyatspi.ROLE_RADIO_BUTTON)
FIELDS = (ENTRY, TEXT, PASSWORD)
PLACE = re.compile(r"%(?:\d\$)?(?:z?u|s|d)")  # of a value in a message
GONE = (RuntimeError, LookupError, NotImplementedError)  # what pyatspi says of what is gone or never was


def walk(node):
    """`node` and all below it that is shown, or would be if one scrolled; what vanishes meanwhile is left out."""
    try:
        states = node.getState()  # asked for once: each question goes over the bus
        if not is_shown(node, states):
            return
        yield node
        if is_folded(node, states):
            return
        for i in range(node.childCount):
            child = node.getChildAtIndex(i)
            if child is not None:
                yield from walk(child)
    except Exception:  # pylint: disable=broad-except  # GLib.Error of the bus
        return


def is_shown(node, states):
    """GTK calls SHOWING only what is in sight; of a stack it names the page alone that is to be seen."""
    return states.contains(pyatspi.STATE_VISIBLE) or node.getRole() == pyatspi.ROLE_APPLICATION


def is_folded(node, states):
    """An expander whose content is not to be seen."""
    return states.contains(pyatspi.STATE_EXPANDABLE) and not states.contains(pyatspi.STATE_EXPANDED) \
        and node.getRole() == pyatspi.ROLE_TOGGLE_BUTTON


def screen_pixels(*size):
    """The screen from its corner on; without a size, all of it."""
    root = Gdk.get_default_root_window()
    return Gdk.pixbuf_get_from_window(root, 0, 0, *(size or (root.get_width(), root.get_height())))


def extents_of(node):
    return node.queryComponent().getExtents(pyatspi.DESKTOP_COORDS)


def has(node, state):
    return node.getState().contains(state)


def is_ready(node):
    return has(node, pyatspi.STATE_SENSITIVE)


def fits(node, roles):
    """Of one of the roles (none: any), and not one of the buttons of the window's title, which may be called the same."""
    role = node.getRole()
    return (not roles or role in roles) and (role != BUTTON or has(node, pyatspi.STATE_FOCUSABLE))


def text_of(node):
    """What stands in it."""
    try:
        text = node.queryText()
        return text.getText(0, text.characterCount)
    except NotImplementedError:
        return ""


def words_of(node):
    """What a person reads there: its text, else its name."""
    return text_of(node) or node.name


def label_of(node):
    """What a screen reader calls it: its name, else the label beside it."""
    return node.name or label_beside(node)


def label_beside(node):
    for relation in node.getRelationSet():
        if relation.getRelationType() == pyatspi.RELATION_LABELLED_BY:
            return " ".join(words_of(relation.getTarget(i)) for i in range(relation.getNTargets()))
    return ""


class GuiCase(CardCase):
    """A test in a session of its own file's. Words are given in English, and looked for in `language`."""

    language = "en"

    def setUp(self):
        super().setUp()
        self.process = None
        self.pid = self.card_pid = self.second_pid = self.pcscd_pid = 0
        self.catalogue = gettext.translation("gca-toolkit", os.path.join(BUILD, "po"), [self.language], fallback=True)
        self.stderr_path = os.path.join(self.folder, "stderr")
        self.env = {**{name: os.environ[name] for name in os.environ
                       if name.startswith(("DISPLAY", "DBUS_", "XDG_RUNTIME", "GTK_", "GDK_", "NO_AT", "GSETTINGS"))},
                    **self.env, "LC_ALL": "C.UTF-8", "LANGUAGE": self.language, "G_DEBUG": "fatal-criticals",
                    "XDG_DATA_HOME": os.path.join(self.folder, "data"), "HOME": self.work}

    def say(self, words, *values):
        """What the window says for a message: translated, without the mark of its mnemonic, with the values in it. A
        path is none, and may have such a mark of its own."""
        if os.path.isabs(words):
            return words
        left = list(values)
        text = self.translate(words)
        return PLACE.sub(lambda _: str(left.pop(0)), text.replace("_", "", 1)) if left else text.replace("_", "", 1)

    def translate(self, words):
        """A message; or of the one that holds these words, the longest piece without a value in it."""
        known = getattr(self.catalogue, "_catalog", {})
        if words in known or words.count(" ") < 2:
            return self.catalogue.gettext(words) if words else ""
        for key, text in known.items():
            if words in (key[0] if isinstance(key, tuple) else key):
                return max(re.split(PLACE.pattern + "|\n|%.", text), key=len)
        return words

    # ---- the program ----

    def open(self, *arguments, card=None, **env):
        """Starts the window; `card` are bench.sh's options, None: no pcscd at all."""
        self.close()
        told = os.path.join(self.folder, "bench")
        options = ("--no-pcscd",) if card is None else card
        with contextlib.suppress(FileNotFoundError):
            os.unlink(told)
        with open(self.stderr_path, "ab") as stderr:
            self.process = subprocess.Popen(
                [BENCH, *options, "--", "sh", "-c", TELL, told, WIZARD, *arguments],
                cwd=self.work, env={**self.env, **env}, stderr=stderr, start_new_session=True)
        self.addCleanup(self.close)
        self.pid, self.card_pid, self.second_pid, self.pcscd_pid = self.wait(lambda: self.read_pids(told), "bench")
        self.application = self.wait(self.look_for_application, "the window")

    def read_pids(self, told):
        self.assertIsNone(self.process.poll(), self.stderr())
        with contextlib.suppress(FileNotFoundError), open(told, encoding="ascii") as file:
            line = file.read()
            return [int(word) for word in line.split() + ["0"]][:4] if line.endswith("\n") else None
        return None

    def look_for_application(self):
        self.assertIsNone(self.process.poll(), self.stderr())
        for application in pyatspi.Registry.getDesktop(0):
            with contextlib.suppress(Exception):  # one that ends just now
                if application is not None and application.get_process_id() == self.pid and application.childCount > 0:
                    return application
        return None

    def close(self):
        """Ends it as a logout does, and nothing was complained about."""
        if self.process is None:
            return
        process, self.process = self.process, None
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
        process.wait(PATIENCE)
        self.assertNotRegex(self.stderr(), "CRITICAL|WARNING|Sanitizer")

    def assert_ended(self, within=ENDS_WITHIN):
        """By itself, in good order."""
        end = time.monotonic() + within
        while os.path.exists(f"/proc/{self.pid}"):
            self.assertLess(time.monotonic(), end, "it goes on")
            time.sleep(0.01)
        self.assertEqual(self.process.wait(PATIENCE), 0, self.stderr())

    def stderr(self):
        with open(self.stderr_path, encoding="utf-8", errors="replace") as file:
            return "".join(line for line in file if "dbus-daemon[" not in line)

    def pull_card(self):
        os.kill(self.card_pid, signal.SIGUSR1)

    def insert_card(self):
        os.kill(self.card_pid, signal.SIGUSR2)

    def in_bench(self, *command):
        """A command as one that sees the window's pcscd and mounts."""
        user = () if os.geteuid() == 0 else ("--user", "--preserve-credentials")
        return ["nsenter", "--target", str(self.pid), "--mount", "--net", "--root", "--wd", *user, "--", *command]

    def run_in_bench(self, *command):
        return subprocess.run(self.in_bench(*command), check=True, capture_output=True, timeout=PATIENCE).stdout

    def start_in_bench(self, *command):
        """A program that sees the window's pcscd; it ends with the test."""
        env = {name: value for name, value in self.env.items() if not name.startswith("PCSCLITE_")}
        program = subprocess.Popen(self.in_bench(*command), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                   stderr=subprocess.DEVNULL, env=env, text=True)
        self.addCleanup(self.end, program)
        return program

    @staticmethod
    def end(program):
        program.stdin.close()
        program.terminate()
        program.wait()
        program.stdout.close()

    def start_service(self):
        return self.start_in_bench("pcscd", "-f", "-i", "-c", "/run/bench/readers")

    def hold_card(self, share):
        """Another program has the card, see HOLD."""
        holder = self.start_in_bench("/usr/bin/python3", "-c", HOLD, str(share))
        self.assertEqual(holder.stdout.readline(), "0\n")
        return holder

    # ---- what is seen ----

    def wait(self, look, what):
        """What `look` finds, as soon as it does."""
        end = time.monotonic() + PATIENCE
        while True:
            found = self.glance(look)
            if found:
                return found
            if time.monotonic() > end or self.has_ended():
                self.shot("failed-" + self.id().rsplit(".", 1)[-1])
                self.fail(f"no {what}; there is:\n{self.screen()}\n{self.stderr()}")
            time.sleep(0.03)

    def has_ended(self):
        return self.process is not None and self.process.poll() is not None

    @staticmethod
    def glance(look):
        """What `look` finds; nothing where a widget goes while it is looked at."""
        try:
            return look()
        except AssertionError:
            raise
        except Exception as error:  # pylint: disable=broad-except
            if type(error).__module__.startswith(("gi", "pyatspi")) or isinstance(error, GONE):
                return None
            raise

    def nodes(self, root=None):
        return list(walk(root or self.application))

    def screen(self):
        return "\n".join(f"  [{node.getRoleName()}] {label_of(node)!r} {text_of(node)!r}"
                         f"{'' if is_ready(node) else ' (off)'}" for node in self.nodes() if words_of(node))

    def look_for(self, name, *roles, ready=True, root=None):
        """The first that is called so, else whose words hold it."""
        fitting = [node for node in self.nodes(root) if fits(node, roles) and (not ready or is_ready(node))]
        exact = [node for node in fitting if name in (node.name, text_of(node), label_beside(node))]
        return next(iter(exact or [node for node in fitting
                                   if name in words_of(node) or name in label_of(node)]), None)

    def find(self, words, *roles, ready=True):
        """The node of one of the roles (none: any) that is called `words` or reads so."""
        name = self.say(words)
        return self.wait(lambda: self.look_for(name, *roles, ready=ready), f"“{name}”")

    def see(self, *words):
        """Waits until each of them can be read somewhere."""
        for word in words:
            self.find(word, ready=False)

    def see_not(self, words):
        name = self.say(words)
        self.wait(lambda: not any(name in words_of(node) for node in self.nodes()), f"end of “{name}”")

    def page(self, title):
        """Waits for the page of that title."""
        name = self.say(title)
        return self.wait(lambda: next((node for node in self.nodes() if node.getRole() == pyatspi.ROLE_HEADING and
                                       words_of(node) == name), None), f"page “{name}”")

    def alert(self):
        """What the error view says, its hint too."""
        bar = self.wait(lambda: next((node for node in self.nodes() if node.getRole() == ALERT), None), "error")
        return "\n".join([bar.name] + [words_of(node) for node in walk(bar) if node.getRole() == LABEL])

    def on(self, name):
        """Waits until that button can be pressed."""
        return self.find(name, BUTTON)

    def off(self, name):
        """Waits until it cannot."""
        return self.wait(lambda: not is_ready(self.find(name, BUTTON, ready=False)), f"end of “{name}”")

    def shot(self, name):
        """A picture of the screen, kept with the build."""
        os.makedirs(SHOTS, exist_ok=True)
        path = os.path.join(SHOTS, f"{type(self).__name__}-{self.language}-{name}.png")
        screen_pixels(1024, 768).savev(path, "png", [], [])

    # ---- what is done ----

    def click(self, name, *roles):
        self.find(name, *(roles or (BUTTON,))).queryAction().doAction(0)

    def click_in_dialog(self, words):
        """A button of one of GTK's own dialogs; the window behind may have one that is called the same."""
        name = self.gtk_says(words)
        self.wait(lambda: self.look_for(name, BUTTON, root=self.dialog()), f"“{name}”").queryAction().doAction(0)

    def dialog(self):
        """What must be answered first; LookupError where nothing must."""
        return [window for window in self.application if has(window, pyatspi.STATE_MODAL)][-1]

    def gtk_says(self, words):
        text = gettext.translation("gtk30", languages=[self.language], fallback=True).gettext(words)
        return text.replace("_", "", 1)

    def next(self, page):
        self.click("_Next")
        self.page(page)

    def back(self, page):
        self.click("_Back")
        self.page(page)

    def enter(self, name, text):
        """Replaces what stands in the field."""
        self.find(name, *FIELDS).queryEditableText().setTextContents(text)

    def choose(self, words):
        """A row of a list, by what stands in it; again where the list has changed meanwhile."""
        name = self.say(words)

        def is_chosen():
            row = [node for node in self.nodes() if node.getRole() == LIST_ITEM and
                   any(name in words_of(part) for part in walk(node))][0]  # none: LookupError
            row.parent.querySelection().selectChild(row.getIndexInParent())
            return has(row, pyatspi.STATE_SELECTED) and any(name in words_of(part) for part in walk(row))
        self.wait(is_chosen, f"row “{name}”")

    def value(self, name):
        return text_of(self.find(name, *FIELDS))

    def pin_field(self):
        return self.wait(lambda: next((node for node in self.nodes() if node.getRole() == PASSWORD), None), "PIN field")

    def give_pin(self, pin=PIN):
        self.pin_field().queryEditableText().setTextContents(pin)
        self.click("_OK")

    def keys(self, *names):
        """Keys as from the keyboard."""
        self.activate()
        self.xdotool("key", "--clearmodifiers", *names)

    def activate(self):
        """Gives the keyboard to the window on top, as a window manager would."""
        windows = self.xdotool("search", "--onlyvisible", "--class", "gca-wizard").split()
        if self.xdotool("getwindowfocus", "-f").strip() not in windows:
            self.xdotool("windowfocus", "--sync", windows[-1])

    @staticmethod
    def xdotool(*words):
        return subprocess.run(["xdotool", *map(str, words)], check=True, timeout=PATIENCE, stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, text=True).stdout


def main():
    unittest.main(verbosity=2, warnings="ignore")
