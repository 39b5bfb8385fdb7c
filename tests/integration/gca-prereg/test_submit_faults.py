"""A network and a receiver that fail in every way: after a good run each request is there once."""
import random
import signal
import subprocess
import threading
import time
import unittest

import harness
import submit_case
from http_case import http

NONSENSE = (b"", b"\0\xff" * 50, b"220 mail.example.gov.tw ESMTP\r\n", b"HTTP/1.1 200 OK\r\n\r\n", http(b"{}"),
            http(b"[]", Content_Type="application/json"), http(status="200 OK", Content_Type="application/json"),
            http(b"x" * 70000, Content_Type="application/json"), b"HTTP/1.1 204 No Content\r\n\r\n")


class Faults(submit_case.Case):
    def test_cut_at_every_byte(self):
        """One client that is stubborn; the receiver has the request each time, the client no receipt."""
        (name,), (digest,) = self.make()
        cuts = []

        def cut(answer, connection):
            connection.sendall(answer[:len(cuts)])
            cuts.append(len(answer))
            if len(cuts) % 2:  # with TLS's own end, and without
                connection.unwrap()
        outcomes, _ = self.probe(self.relay(cut).url, name)
        self.assertEqual([one["state"] for one in outcomes], ["sent"])
        self.assertGreaterEqual(len(cuts), min(cuts))
        self.assertEqual(self.receiver.arrivals(digest), len(cuts))
        self.assertGreater(len(cuts), 200)
        self.assert_exactly_once([digest])

    def test_cut_and_begun_anew(self):
        """The same with a new process each time, from the outbox."""
        (name,), (digest,) = self.make()
        position = 0

        def cut(answer, connection):
            connection.sendall(answer[:position])
        server = self.relay(cut)
        self.assertEqual(self.states(self.submit(name, url=server.url)), ["waiting"])
        for position in range(1, 240, 17):
            result = self.submit()
            self.assertEqual((self.states(result), self.codes(result)), (["waiting"], ["network"]), position)
        position = 10000
        self.assertEqual(self.states(self.submit()), ["sent"])
        self.assert_exactly_once([digest])

    def test_every_fault_in_turn(self):
        names, digests = self.make(4)
        faults = [http(b"oops", f"{status} X") for status in (500, 502, 503, 504, 429, 408)] + list(NONSENSE)
        left = faults * 2

        def change(answer, connection):
            connection.sendall(left.pop() if left else answer)
        outcomes, _ = self.probe(self.relay(change).url, *names)
        self.assertEqual([one["state"] for one in outcomes], ["sent"] * 4)
        self.assertEqual(sum(map(self.receiver.arrivals, digests)), 4 + 2 * len(faults))
        self.assert_exactly_once(digests)

    def test_one_that_is_stumbled_over(self):
        """A request that the receiver always fails on does not keep the others back."""
        names, digests = self.make(4)

        def change(answer, connection):
            connection.sendall(http(b"", "500 X") if digests[0].encode() in answer else answer)
        outcomes, _ = self.probe(self.relay(change).url, *names, patience="1")
        self.assertEqual([one["state"] for one in outcomes], ["waiting"] + ["sent"] * 3)
        self.assertGreater(self.receiver.arrivals(digests[0]), 1)
        self.assertEqual(self.states(self.submit(names[0])), ["sent"])
        self.assert_exactly_once(digests)

    def test_retry_after(self):
        (name,), (digest,) = self.make()
        times = []

        def change(answer, connection):
            times.append(time.monotonic())
            connection.sendall(http(b"", "429 X", Retry_After="2") if len(times) == 1 else answer)
        server = self.relay(change)
        outcomes, result = self.probe(server.url, name, patience="10")
        self.assertEqual([one["state"] for one in outcomes], ["sent"])
        self.assertGreaterEqual(times[1] - times[0], 2)
        self.assertIn("Trying again in", result.err)
        self.assert_exactly_once([digest])

    def test_retry_after_is_kept_for_the_next_run(self):
        (name,), (digest,) = self.make()
        server = self.serve(http(b"", "503 X", Retry_After="3"))
        self.assertEqual(self.states(self.submit(name, url=server.url)), ["waiting"])
        self.assertIsNotNone(self.list_outbox()["entries"][0]["next"])
        self.assertEqual(self.states(self.submit()), ["waiting"])
        self.assertEqual(server.connections, 1)
        self.assertEqual(self.states(self.submit(patience="1")), ["waiting"])
        self.assertEqual(server.connections, 1)
        time.sleep(2)
        self.submit(patience="2")
        self.assertEqual(server.connections, 2)
        self.assertEqual(self.states(self.submit(name)), ["sent"])  # another address has asked for nothing
        self.assert_exactly_once([digest])

    def test_retry_after_is_told(self):
        (name,), _ = self.make()
        for status in (503, 429):
            with self.subTest(status):
                server = self.serve(http(b"", f"{status} X", Retry_After="600"))
                first = self.submit(name, url=server.url).json["submissions"][0]["error"]
                self.assertIn(f"status {status}", first["message"])
                self.assertRegex(first["hint"], r"It asks to wait until \d{4}-\d\d-\d\d \d\d:\d\d")
                again = self.submit()
                self.assert_status(again, 7)
                self.assertEqual(server.connections, 1)
                self.assertRegex(again.json["submissions"][0]["error"]["message"],
                                 r"has asked to wait until \d{4}-\d\d-\d\d \d\d:\d\d[^;]*; until then nothing is sent")
                listed = self.run_program(harness.program("gca-prereg"), "outbox")
                self.assertRegex(listed.out, r"1 try: .*\n +the receiver has asked to wait until \d{4}"
                                 if status == 503 else r"2 tries: .*\n +the receiver has asked to wait")

    def test_patience_is_used_to_its_end(self):
        (name,), _ = self.make()
        start = time.monotonic()
        self.assert_status(self.submit(name, url="https://localhost:1/", patience="3"), 6)
        self.assertGreaterEqual(time.monotonic() - start, 3)
        entry, = self.list_outbox()["entries"]
        self.assertIn(entry["tries"], (2, 3))  # at 0, about 2 and 3 seconds; at 0 and 3 where it is slow

    def test_killed_while_sending(self):
        """It is known that it was tried, and that the answer is not known."""
        for number in (signal.SIGKILL, signal.SIGINT):
            with self.subTest(number):
                (name,), (digest,) = self.make()
                server = self.relay(lambda answer, connection: server.hang(30))  # pylint: disable=cell-var-from-loop
                process = subprocess.Popen(self.command(name, url=server.url), cwd=self.work, env=self.env,
                                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                while not self.receiver.arrivals(digest):
                    time.sleep(0.02)
                process.send_signal(number)
                process.wait()
                entry, = (one for one in self.list_outbox()["entries"] if one["sha256"] == digest)
                self.assertEqual((entry["state"], entry["tries"]), ("waiting", 1))
                self.assertIn("the answer is not known", entry["reason"])
                self.assertEqual(self.states(self.submit(name)), ["sent"])
                self.assertEqual(self.receiver.arrivals(digest), 2)

    def test_endless_retry_after(self):
        """Of a receiver that errs: not longer than a day."""
        (name,), (digest,) = self.make()
        server = self.serve(http(b"", "503 X", Retry_After="99999999999"))
        self.assertEqual(self.states(self.submit(name, url=server.url)), ["waiting"])
        entry, = self.list_outbox()["entries"]
        latest = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 86400))
        self.assertLessEqual(entry["next"], latest)

    def test_hang_and_slowness(self):
        (name,), (digest,) = self.make()
        count = []

        def change(answer, connection):
            count.append(1)
            if len(count) == 1:
                server.hang(40)
            for at in range(0, len(answer), 10):
                time.sleep(0.02)
                connection.sendall(answer[at:at + 10])
        server = self.relay(change)
        start = time.monotonic()
        outcomes, _ = self.probe(server.url, name)
        self.assertEqual([one["state"] for one in outcomes], ["sent"])
        self.assertLess(time.monotonic() - start, 38)
        self.assertEqual(self.receiver.arrivals(digest), 2)
        self.assert_exactly_once([digest])

    def test_wrong_certificate_for_a_while(self):
        (name,), (digest,) = self.make()
        wrong, right = self.authority.context("other.example.gov.tw"), self.authority.context()
        server = self.relay(lambda answer, connection: connection.sendall(answer))
        server.context = wrong
        threading.Timer(0.5, lambda: setattr(server, "context", right)).start()
        outcomes, result = self.probe(server.url, name, first="100", longest="200")
        self.assertEqual([one["state"] for one in outcomes], ["sent"])
        self.assertIn("another host", result.err)
        self.assertEqual(self.receiver.arrivals(digest), 1)
        self.assert_exactly_once([digest])

    def test_receiver_killed(self):
        """Again and again, while the client goes on."""
        names, digests = self.make(60)
        process = subprocess.Popen([submit_case.PROBE, "20", "100", "60", self.receiver.url, self.authority.path, *names],
                                   cwd=self.work, env=self.env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        kills = 0
        while process.poll() is None and kills < 30:
            time.sleep(random.uniform(0.02, 0.2))
            self.receiver.stop(signal.SIGKILL)
            self.receiver.start()
            kills += 1
        out, _ = process.communicate(timeout=100)
        self.assertEqual(out.count(b'"sent"'), 60, out)
        self.assertGreater(kills, 2)
        self.assert_exactly_once(digests)

    def test_client_killed(self):
        """At any moment, with files and with what waits: nothing is lost, nothing there twice."""
        slow = 0
        all_digests = []

        def change(answer, connection):
            time.sleep(slow)
            connection.sendall(answer)
        url = self.relay(change).url
        for turn in range(6):
            names, digests = self.make(5)
            all_digests += digests
            for kill in range(8):
                slow = random.choice((0, 0.02))
                process = subprocess.Popen(self.command(*(names if kill % 2 == 0 else ()), url=url), cwd=self.work,
                                           env=self.env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                time.sleep(random.uniform(0, 0.3))
                process.kill()
                process.wait()
            result = self.submit(*names, url=url)
            self.assert_status(result, 0)
            self.assertLessEqual(set(self.states(result)), {"sent", "sent-before"})
        self.assertEqual(self.submit().json["submissions"], [])
        self.assert_exactly_once(all_digests)

    def test_two_clients(self):
        """Both finish; none is sent by both."""
        names, digests = self.make(20)
        half = self.command(*names[:15], patience="60"), self.command(*names[5:], patience="60")
        clients = [subprocess.Popen(command, cwd=self.work, env=self.env, stdout=subprocess.PIPE,
                                    stderr=subprocess.PIPE) for command in half]
        for client in clients:
            out, err = client.communicate(timeout=100)
            self.assertEqual(client.returncode, 0, err)
        self.assertEqual([self.receiver.arrivals(digest) for digest in digests], [1] * 20)
        self.assert_exactly_once(digests)

    def test_busy(self):
        """Without patience the second says so, and keeps what it was given."""
        (first, second), digests = self.make(2)
        server = self.relay(lambda answer, connection: (server.hang(2), connection.sendall(answer)))
        client = subprocess.Popen(self.command(first, url=server.url), cwd=self.work, env=self.env,
                                  stdout=subprocess.DEVNULL)
        while not server.connections:
            time.sleep(0.02)
        result = self.submit(second)
        self.assert_status(result, 3)
        self.assertEqual(self.codes(result), ["busy"])
        self.assertEqual(client.wait(20), 0)
        self.assert_status(self.submit(), 0)
        self.assert_exactly_once(digests)


if __name__ == "__main__":
    unittest.main(verbosity=2)
