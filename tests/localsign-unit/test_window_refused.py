"""No window, no answer: what gca-localsign-prompt does not take for a question."""
import json
import os
import socket

from prompt_case import PATIENCE, SIGN, TRUST, PromptCase, main

BAD_LINES = {
    "nothing": b"\n",
    "no JSON": b"trust\n",
    "a list": b"[]\n",
    "no object": b"1\n",
    "two values": b"{} {}\n",
    "no UTF-8": b'{"question": "trust", "site": "\xff"}\n',
    "a NUL": b'{"question": "trust", "site": "a\\u0000b"}\n',
    "a name twice": b'{"question": "trust", "site": "a", "site": "b"}\n',
    "two lines": json.dumps(TRUST).encode() + b"\n\n",
    "a long line": b'{"question": "trust", "site": "' + b"a" * (2 << 20) + b'"}\n',
    "no end": b"a" * (3 << 20),
}
BAD_MEMBERS = {
    "another question": (TRUST, {"question": "yes"}),
    "no site": (TRUST, {"site": None}),
    "an empty site": (TRUST, {"site": ""}),
    "a long site": (TRUST, {"site": "a" * 5000}),
    "site is a number": (TRUST, {"site": 1}),
    "text is a number": (SIGN, {"text": 1}),
    "a negative size": (SIGN, {"size": -1}),
    "size is text": (SIGN, {"size": "1"}),
    "a short hash": (SIGN, {"sha256": "00"}),
    "a hash of other letters": (SIGN, {"sha256": "g" * 64}),
    "asks_pin is a number": (SIGN, {"asks_pin": 1}),
    "tries below -1": (SIGN, {"tries_left": -2}),
    "tries beyond int": (SIGN, {"tries_left": 1 << 33}),
    "a long advice": (SIGN, {"advice": "a" * 5000}),
    "an unknown member": (SIGN, {"answer": "yes"}),
}


class Refused(PromptCase):
    def check(self, line):
        self.send(line)
        self.assertEqual((self.answer(), self.status), (None, 8), self.stderr())
        self.assertIn("gca-localsign-prompt: ", self.stderr())
        os.truncate(self.stderr_path, 0)

    def test_lines(self):
        for name, line in BAD_LINES.items():
            with self.subTest(name):
                self.check(line)

    def test_members(self):
        for name, (question, members) in BAD_MEMBERS.items():
            with self.subTest(name):
                self.check(json.dumps({**question, **members}).encode() + b"\n")

    def test_every_member_is_needed(self):
        for name in SIGN:
            with self.subTest(name):
                self.check(json.dumps({key: value for key, value in SIGN.items() if key != name}).encode() + b"\n")

    def test_silence(self):
        self.send(b'{"question"')
        self.assertEqual((self.answer(), self.status), (None, 8))

    def test_no_display(self):
        self.send(json.dumps(TRUST).encode() + b"\n", DISPLAY="", WAYLAND_DISPLAY="")
        self.assertEqual((self.answer(), self.status), (None, 2))
        self.assertIn("there is no display", self.stderr())


class Usage(PromptCase):
    def check(self, words, *arguments, pass_fds=()):
        self.start(*arguments, pass_fds=pass_fds)
        self.assertEqual(self.process.wait(PATIENCE), 2)
        self.assertIn(words, self.stderr())

    def test_no_socket(self):
        self.check("gca-localsign starts this program")

    def test_no_descriptor(self):
        self.check("Descriptor 77 is not", "--fd", "77")

    def test_pipe(self):
        reader, writer = os.pipe()
        self.check(f"Descriptor {reader} is not", "--fd", str(reader), pass_fds=[reader])
        os.close(reader)
        os.close(writer)

    def test_network(self):
        """Nobody's number is known there."""
        with socket.socket() as tcp:
            self.check("is not a connected Unix socket", "--fd", str(tcp.fileno()), pass_fds=[tcp.fileno()])

    def test_nothing_says_yes_by_itself(self):
        self.check("--yes", "--yes")


if __name__ == "__main__":
    main()
