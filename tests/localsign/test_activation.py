"""Started by a socket, as systemd does it, and ended when nobody calls any more; never while a question is open."""
import os
import signal
import socket
import subprocess
import time

from service import CANCELLED, DONE, PATIENCE, PORT, SERVICE, SITE, ServiceCase, call, main, order, post_order

IDLE_S = 8


class Activation(ServiceCase):
    def serve(self, *arguments, sites=(SITE,), **env):
        """Sockets alone; the service comes with the first call."""
        os.makedirs(os.path.dirname(self.sites), mode=0o700, exist_ok=True)
        with open(self.sites, "w", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in sites)
        settings = [f"--setenv={name}={value}" for name, value in {**self.env, **env}.items()]
        with open(self.stderr_path, "ab") as stderr:
            self.said_before = stderr.tell()
            self.service = subprocess.Popen(
                ["systemd-socket-activate", "-l", f"127.0.0.1:{PORT}", "-l", f"[::1]:{PORT}", *settings, SERVICE, *arguments],
                cwd=self.work, env=self.env, stdin=subprocess.DEVNULL, stderr=stderr, start_new_session=True)
        self.addCleanup(self.end_service)
        self.wait(lambda: self.has_said(f"Listening on [::1]:{PORT}"), "sockets")

    def is_service(self):
        """Whether the program behind the sockets runs by now: it is the same process."""
        return os.readlink(f"/proc/{self.service.pid}/exe") == SERVICE

    def ended(self, seconds):
        """Whether it ends by itself within that time."""
        try:
            return self.service.wait(seconds) == 0
        except subprocess.TimeoutExpired:
            return False

    def test_first_call_starts_it(self):
        for address in ("127.0.0.1", "::1"):
            with self.subTest(address):
                self.serve()
                self.assertFalse(self.is_service())
                self.assertEqual(call("GET", "/pkcs11info", address=address, Origin=SITE).code, DONE)
                self.assertTrue(self.is_service())
                self.end_service()

    def test_ends_when_idle(self):
        """But never while a question is open; and each call counts anew."""
        self.serve("--idle", str(IDLE_S))
        waiting = self.later(post_order, order())
        self.question("Sign for %s?", SITE)
        self.assertFalse(self.ended(IDLE_S + 2))
        self.answer("_Sign")
        self.assertEqual(waiting.result(PATIENCE).code, DONE)
        last = time.monotonic()
        self.assertEqual(call("GET", "/waiting.gif").status, 200)
        self.assertTrue(self.ended(IDLE_S + PATIENCE), "it does not end")
        self.assertGreater(time.monotonic() - last, IDLE_S)

    def test_first_call_may_be_an_order(self):
        self.serve()
        waiting = self.later(post_order, order())
        self.consent(button="_Refuse")
        self.assertEqual(waiting.result(PATIENCE).code, CANCELLED)

    def test_socket_of_the_whole_world_is_refused(self):
        """A mistake in a unit must not open the card to the network."""
        with open(self.stderr_path, "ab") as stderr:
            self.said_before = stderr.tell()
            self.service = subprocess.Popen(["systemd-socket-activate", "-l", f"0.0.0.0:{PORT}", SERVICE], cwd=self.work,
                                            env=self.env, stderr=stderr, start_new_session=True)
        self.wait(lambda: self.has_said("Listening on"), "socket")
        with self.assertRaises(OSError):
            call("GET", "/selfTest.htm")
        self.assertEqual(self.service.wait(PATIENCE), 2)
        self.assertIn("does not listen at 127.0.0.1 or ::1", self.stderr())
        self.service = None


class Port(ServiceCase):
    def test_taken(self):
        self.serve()
        result = self.run_program(SERVICE)
        self.assert_status(result, 3)
        self.assertIn("Another program of yours listens at 127.0.0.1:61161 already", result.err)

    def test_several(self):
        self.serve("--port", "16888", "--port", str(PORT))
        for address in ("127.0.0.1", "::1"):
            with socket.create_connection((address, 16888)) as caller:
                caller.sendall(b"GET /waiting.gif HTTP/1.1\r\nHost: localhost:16888\r\n\r\n")
                self.assertIn(b" 200 ", caller.recv(100))
        self.assertEqual(call("GET", "/waiting.gif", host="localhost:16888").status, 403)

    def test_idle(self):
        """Started by hand it ends by itself only where that is wanted; a no is kept until it is over."""
        self.serve("--idle", "1")
        self.assertEqual(self.service.wait(PATIENCE), 0)
        self.serve("--idle", "4", sites=())
        waiting = self.later(call, "GET", "/addDomain?domain=www.example.gov.tw")
        self.trust(button="_Refuse")
        self.assertEqual(waiting.result(PATIENCE).status, 200)
        with self.assertRaises(subprocess.TimeoutExpired):
            self.service.wait(6)
        for bad in ("", "-1", "1.5", "1s", "4294967296"):
            with self.subTest(bad):
                result = self.run_program(SERVICE, "--idle", bad)
                self.assert_status(result, 2)
                self.assertIn(f"“{bad}” is not a number of seconds.", result.err)

    def test_named_twice(self):
        result = self.run_program(SERVICE, "--port", str(PORT), "--port", f"0{PORT}")
        self.assert_status(result, 2)
        self.assertIn(f"The port “0{PORT}” is named more than once.", result.err)

    def test_language_is_the_browsers(self):
        """Whatever the service's own is, and whatever was asked for first."""
        for words in ({"LC_ALL": "C.UTF-8"}, {"LC_ALL": "C"}, {"LC_ALL": "C.UTF-8", "LANGUAGE": "en"},
                      {"LC_ALL": "zh_TW.UTF-8", "LANGUAGE": "zh_TW"}):
            with self.subTest(words):
                self.serve(**{"LANGUAGE": "", **words})
                for wanted, title in (("en", "The local signing service is running"), ("zh-TW,zh;q=0.9", "本機簽章服務執行中")) * 2:
                    self.assertIn(f"<h1>{title}</h1>", call("GET", "/selfTest.htm", Accept_Language=wanted).body.decode())
                self.end_service()

    def test_ends_by_signal(self):
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            self.serve()
            self.assertEqual(call("GET", "/waiting.gif").status, 200)
            self.service.send_signal(number)
            self.assertEqual(self.service.wait(PATIENCE), 0)


if __name__ == "__main__":
    main()
