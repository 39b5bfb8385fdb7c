"""A person answers: what is shown, and what each way to answer gives."""
import contextlib
import os
import signal
import socket
import subprocess

from prompt_case import (BUTTON, ENTER, ESCAPE, LABEL, PATIENCE, PROMPT, SIGN, SITE, TEXT, TRUST, PromptCase, main, pyatspi,
                         extents_of, words_of)

KEYS = ("Return", "space", "Escape")
SETTLED = 1  # second, of which it needs 0.7


class Trust(PromptCase):
    def test_yes(self):
        self.ask(TRUST)
        self.see(SITE, "may see the certificates", "still be asked before each signature")
        self.assertEqual(self.application[0].name, f"Trust {SITE}?")
        self.assertIn("still be asked", self.application[0].description)
        self.shot("trust")
        self.click("Trust This Site")
        self.assertEqual((self.answer(), self.status), ({"answer": "yes"}, 0))

    def test_no(self):
        self.ask(TRUST)
        self.click("Refuse")
        self.assertEqual((self.answer(), self.status), ({"answer": "no"}, 0))

    def test_enter_is_a_no(self):
        self.ask(TRUST)
        self.find("Trust This Site", BUTTON)
        self.press(ENTER)
        self.assertEqual(self.answer(), {"answer": "no"})


class Sign(PromptCase):
    def test_all_is_shown(self):
        self.ask(SIGN)
        self.see(SITE, "測試讀卡機 0", "測試機關", "3 tries are left", "can bind you")
        self.assertEqual(self.application[0].name, f"Sign for {SITE}?")
        self.assertEqual(words_of(self.find("Text to be signed", TEXT)), SIGN["text"])
        self.assertFalse(any("SHA-256" in words_of(node) for node in self.nodes()))
        self.shot("sign")

    def test_stays_on_the_screen(self):
        """The text's width once made the window wider, which made the text wider."""
        self.ask(SIGN, text="申請單位：測試機關，聯絡人：測試員。" * 10 + "\n" + "QUJD" * 100 + "\n" + "long words " * 50, asks_pin=False)
        self.find("Sign", BUTTON)
        place = self.application[0].queryComponent().getExtents(pyatspi.DESKTOP_COORDS)
        self.assertLessEqual(place.x + place.width, 1024)
        self.assertLess(place.width, 700)

    def test_pin(self):
        self.ask(SIGN)
        self.type_pin("12\"\\34")
        self.assertNotIn("\\34", words_of(self.pin_field()), "the PIN can be read from the accessibility bus")
        self.click("Sign")
        self.assertEqual((self.answer(), self.status), ({"answer": "yes", "pin": "12\"\\34"}, 0))
        self.assertNotIn("\\34", self.stderr())

    def test_no_pin_asked(self):
        self.ask(SIGN, asks_pin=False, tries_left=-1)
        self.click("Sign")
        self.assertEqual(self.answer(), {"answer": "yes"})

    def test_needs_the_pin(self):
        self.ask(SIGN)
        self.see("Text to be signed:")
        button = self.find("Sign", BUTTON, ready=False)
        self.type_pin("1")
        self.pin_field().queryEditableText().setTextContents("")
        button.queryAction().doAction(0)  # which does nothing
        self.press(ENTER)
        self.assertEqual(self.answer(), {"answer": "no"})

    def test_enter_signs_with_a_pin(self):
        self.ask(SIGN)
        self.type_pin("123456")
        self.press(ENTER)
        self.assertEqual(self.answer(), {"answer": "yes", "pin": "123456"})

    def test_refusal_sends_no_pin(self):
        self.ask(SIGN)
        self.type_pin("123456")
        self.press(ESCAPE)
        self.assertEqual(self.answer(), {"answer": "no"})

    def test_last_try(self):
        self.ask(SIGN, tries_left=1, advice="測試：卡片快要鎖住了。")
        self.see("This is the last try", "測試：卡片快要鎖住了。")
        self.find("Warning", ready=False)
        self.assertIn("This is the last try", self.pin_field().description)
        self.assertIn("測試：卡片快要鎖住了。", self.pin_field().description)

    def test_advice_is_not_said_twice(self):
        sentence = "This is the last try: if the PIN is wrong, the card is blocked."
        self.ask(SIGN, tries_left=1, advice=sentence)
        self.see(sentence)
        self.assertEqual(sum(words_of(node) == sentence for node in self.nodes()), 1)

    def test_no_text(self):
        self.ask(SIGN, text=None, size=1234567)
        self.see("This is not text", "1234567 bytes", "0123 4567 89ab cdef 0123")
        self.assertFalse([node for node in self.nodes() if node.getRole() == TEXT])

    def test_nothing_is_markup(self):
        self.ask(SIGN, site="https://<b>x</b>&amp;", holder="<i>測試</i>", text="<b>測試</b>\t\u202e&lt;\x1b", advice="a\u200fb")
        self.see("https://<b>x</b>&amp;", "<i>測試</i>", "<b>測試</b>\t\\u{202E}&lt;\\u{1B}", "a\\u{200F}b")

    def test_long_words_are_not_changed(self):
        """Pango would put hyphens into them."""
        text = "QUJD" * 700
        self.ask(SIGN, text=text, site="https://" + "a" * 200 + ".example.gov.tw")
        field = self.find("Text to be signed", TEXT)
        self.assertEqual(words_of(field).replace("\u200b", "").replace("\n", ""), text)
        self.assertTrue(self.find("https://aaa", LABEL))
        self.shot("long")

    def test_marks_do_not_stop_it(self):
        """300,000 accents on one letter kept Pango busy for minutes."""
        self.ask(SIGN, text="a" + "\u0301" * 300000)
        self.click("Refuse")
        self.assertEqual(self.answer(), {"answer": "no"})


class Settling(PromptCase):
    """Keys and clicks meant for the window before it. A key that is held down from before, which the X server repeats, is there
    however slow the machine is; without it a window settles in less time than a test can be sure of."""

    def check(self, key, question):
        with self.held(key):
            self.ask(question)
            for button in ("Refuse", "Trust This Site" if question is TRUST else "Sign"):
                self.click_at(self.find(button, BUTTON, ready=False))
            self.assert_unanswered()
        return self.on("Refuse")

    @contextlib.contextmanager
    def held(self, key):
        self.xdotool("keydown", key)
        try:
            yield
        finally:
            self.xdotool("keyup", key)

    def click_at(self, node):
        """Really; the keys go where the pointer is, so it goes back."""
        place = extents_of(node)
        self.xdotool("mousemove", place.x + place.width // 2, place.y + place.height // 2, "click", 1, "mousemove", "restore")

    def assert_unanswered(self):
        with self.assertRaises(TimeoutError):
            self.asker.settimeout(SETTLED)
            self.asker.recv(1)
        self.asker.settimeout(PATIENCE)

    def test_keys_and_clicks(self):
        for key in KEYS:
            with self.subTest(key):
                self.click_at(self.check(key, TRUST))
                self.assertEqual(self.answer(), {"answer": "no"})

    def test_with_pin(self):
        for key in (*KEYS, "1"):
            with self.subTest(key):
                self.check(key, SIGN)
                self.assertEqual(self.pin_field().queryText().characterCount, 0)
                self.type_pin("123456")
                self.press(ENTER)
                self.assertEqual(self.answer(), {"answer": "yes", "pin": "123456"})


class Asker(PromptCase):
    def test_gone(self):
        self.ask(SIGN)
        self.asker.close()
        self.assertEqual(self.process.wait(PATIENCE), 130)

    def test_second_question_is_refused(self):
        self.ask(TRUST)
        self.asker.sendall(b"x")
        self.assertEqual((self.answer(), self.status), (None, 8))


class Queue(PromptCase):
    """Behind a socket that systemd has opened: a process for each question."""

    def is_asking(self, number):
        with open(f"/proc/{number}/stat", encoding="utf-8") as file:
            return int(file.read().rsplit(")", 1)[1].split()[1]) == self.process.pid

    def window(self):
        self.application = self.wait(self.look_for_application, "the window")

    def connect(self, site):
        asker = socket.socket(socket.AF_UNIX)
        self.addCleanup(asker.close)
        asker.settimeout(PATIENCE)
        asker.connect(self.path("socket"))
        try:
            asker.sendall(b'{"question": "trust", "site": "%s"}\n' % site.encode())
        except BrokenPipeError:  # it has refused already
            pass
        return asker

    def listen(self, **env):
        with open(self.stderr_path, "ab") as stderr:
            settings = [f"--setenv={name}={value}" for name, value in {**self.env, **env}.items()]
            self.process = subprocess.Popen(["systemd-socket-activate", "-l", self.path("socket"), *settings, PROMPT],
                                            env=self.env, stderr=stderr, start_new_session=True)
        self.addCleanup(self.close)
        # Its file is there before anybody listens.
        self.wait(lambda: "Listening on" in self.stderr(), "the socket")

    def test_one_after_another_and_ends_when_idle(self):
        self.listen()
        first, second = self.connect("https://first.example.gov.tw"), self.connect("https://second.example.gov.tw")
        self.window()
        self.see("https://first.example.gov.tw")
        self.assertFalse(any("second" in words_of(node) for node in self.nodes()))
        self.click("Trust This Site")
        self.assertEqual(self.read(first), {"answer": "yes"})
        self.window()
        self.see("https://second.example.gov.tw")
        self.click("Refuse")
        self.assertEqual(self.read(second), {"answer": "no"})
        self.assertEqual(self.process.wait(PATIENCE), 0)

    def test_no_display(self):
        """Twenty starts in two seconds, and systemd would open the socket no more."""
        self.listen(DISPLAY="", WAYLAND_DISPLAY="")
        for _ in range(30):
            self.assertIsNone(self.read(self.connect(SITE)))
            self.assertIsNone(self.process.poll())

    def test_goes_on_after_nonsense(self):
        self.listen()
        first = self.connect('"')
        second = self.connect(SITE)
        self.assertIsNone(self.read(first))
        self.window()
        self.click("Trust This Site")
        self.assertEqual(self.read(second), {"answer": "yes"})

    def test_goes_on_after_a_window_breaks(self):
        self.listen()
        first, second = self.connect(SITE), self.connect(SITE)
        self.window()
        os.kill(self.application.get_process_id(), signal.SIGKILL)
        self.assertIsNone(self.read(first))
        self.window()
        self.click("Trust This Site")
        self.assertEqual(self.read(second), {"answer": "yes"})


if __name__ == "__main__":
    main()
