"""What the tests of gca-localsign-prompt share: a question over a socket, and the window that asks it.

That another user's connection is refused is not tested: it takes a second user, whom a test cannot have.
"""
import json
import os
import socket
import subprocess

from gui_case import BUTTON, LABEL, PASSWORD, PATIENCE, TEXT, GuiCase, extents_of, main, words_of

import gi  # after gui_case, which enters the session
import pyatspi
from harness import BUILD

gi.require_version("Gdk", "3.0")
from gi.repository import Gdk, GLib  # noqa: E402

# The X server begins anew when its last client goes, and refuses connections meanwhile; this client stays.
STAYS = Gdk.Display.open(os.environ["DISPLAY"])

PROMPT = os.path.join(BUILD, "gui/localsign-prompt/gca-localsign-prompt")
SITE = "https://www.example.gov.tw"
TRUST = {"question": "trust", "site": SITE}
SIGN = {"question": "sign", "site": SITE, "reader": "測試讀卡機 0", "holder": "測試機關", "text": "測試申請事項\n第二行",
        "size": 27, "sha256": "0123456789abcdef" * 4, "asks_pin": True, "tries_left": 3, "advice": None}
ESCAPE, ENTER = 0xFF1B, 0xFF0D


class PromptCase(GuiCase):
    """A test that asks, sees a window, and looks at the answer."""

    def start(self, *arguments, pass_fds=(), **env):
        with open(self.stderr_path, "ab") as stderr:
            self.process = subprocess.Popen([PROMPT, *arguments], cwd=self.work, env={**self.env, **env},
                                            stderr=stderr, pass_fds=pass_fds, start_new_session=True)
        self.addCleanup(self.close)

    def send(self, line, **env):
        """Starts the program with that line as its question."""
        self.asker, other = socket.socketpair()
        self.addCleanup(self.asker.close)
        self.asker.settimeout(PATIENCE)
        with other:
            self.start("--fd", str(other.fileno()), pass_fds=[other.fileno()], **env)
        try:
            self.asker.sendall(line)
        except BrokenPipeError:  # it has refused before the end
            pass

    def ask(self, question, **members):
        self.send(json.dumps({**question, **members}).encode() + b"\n")
        self.application = self.wait(self.look_for_application, "the window")

    def is_asking(self, number):
        """Whether that process is the one that asks."""
        return number == self.process.pid

    def look_for_application(self):
        """The program of this test: the bus may still list that of the last one."""
        self.assertIsNone(self.process.poll(), self.stderr())
        for application in pyatspi.Registry.getDesktop(0):
            try:
                if self.is_asking(application.get_process_id()) and application.childCount > 0:
                    return application
            except (AttributeError, OSError, GLib.Error):  # it ends while it is looked at
                continue
        return None

    def read(self, asker):
        """All that comes until the end: the answer, or None."""
        data = b""
        while True:
            try:
                piece = asker.recv(4096)
            except ConnectionResetError:
                piece = b""
            if not piece:
                return json.loads(data) if data else None
            data += piece

    def answer(self):
        """The answer; the program has ended."""
        answer = self.read(self.asker)
        self.status = self.process.wait(PATIENCE)
        return answer

    def press(self, key):
        """A real key, not an action of the accessibility bus."""
        pyatspi.Registry.generateKeyboardEvent(key, None, pyatspi.KEY_SYM)

    def pin_field(self):
        return self.wait(lambda: next((node for node in self.nodes() if node.getRole() == PASSWORD), None), "PIN field")

    def type_pin(self, pin):
        self.pin_field().queryEditableText().setTextContents(pin)
        self.find("Sign", BUTTON)  # which can be pressed as soon as there is a PIN


__all__ = ["BUTTON", "ENTER", "ESCAPE", "LABEL", "PATIENCE", "PROMPT", "SIGN", "SITE", "TEXT", "TRUST", "PromptCase",
           "extents_of", "main", "pyatspi", "words_of"]
