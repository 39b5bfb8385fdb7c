"""gca-prereg submit and outbox beside a real receiver."""
import hashlib
import json
import os
import re
import shutil
import signal
import stat
import subprocess
import unittest

import harness
import http_case
import peer
import submit_case
from http_case import http

PROBLEM = {"Content_Type": "application/problem+json"}


class Submit(submit_case.Case):
    def receipt(self, digest, **members):
        return json.dumps({"sha256": digest, "status": "accepted", "received": "2026-11-21T02:30:00Z",
                           "id": "R-1", **members}).encode()

    def test_handed_in(self):
        (name,), (digest,) = self.make()
        result = self.submit(name)
        self.assert_status(result, 0)
        one, = result.json["submissions"]
        self.assertEqual((one["file"], one["sha256"], one["state"], one["error"], one["pending"]),
                         (name, digest, "sent", None, False))
        with open(one["receipt"], encoding="utf-8") as file:
            self.assertEqual(json.load(file)["id"], one["receipt_id"])
        self.assert_exactly_once([digest])
        for path in (one["receipt"], os.path.join(self.outbox, digest + ".p7m"),
                     os.path.join(self.outbox, digest + ".json")):
            self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), 0o600)
        self.assertEqual(stat.S_IMODE(os.stat(self.outbox).st_mode), 0o700)

    def test_words(self):
        (name,), (digest,) = self.make()
        command = [word for word in self.command(name) if word != "--json"]
        result = self.run_program(*command)
        self.assert_status(result, 0)
        self.assertRegex(result.out, r"^handed in +request-0\.p7m\n")
        self.assertIn(" ".join(re.findall("....", digest)), result.out)
        self.assertIn(os.path.join(self.outbox, digest + ".receipt.json"), result.out)
        self.assertEqual(result.err, "")
        again = self.run_program(*command)
        self.assertRegex(again.out, r"^handed in before")
        listed = self.run_program(harness.program("gca-prereg"), "outbox")
        self.assertEqual((listed.out, listed.err), ("", "Nothing waits in the outbox.\n"))
        listed = self.run_program(harness.program("gca-prereg"), "outbox", "--all")
        self.assertRegex(listed.out, r"^handed in .*https://localhost:")

    def test_twice_is_once(self):
        (name,), (digest,) = self.make()
        self.assertEqual(self.states(self.submit(name, name)), ["sent", "sent-before"])
        self.assertEqual(self.states(self.submit(name)), ["sent-before"])
        self.assertEqual(self.receiver.arrivals(digest), 1)
        self.assert_exactly_once([digest])

    def test_lost_receipt_comes_back(self):
        """The receiver gives the same receipt again."""
        (name,), (digest,) = self.make()
        receipt = self.submit(name).json["submissions"][0]["receipt"]
        os.unlink(receipt)
        self.assertEqual(self.states(self.submit()), ["sent"])
        self.assertEqual(self.receiver.arrivals(digest), 2)
        self.assert_exactly_once([digest])

    def test_before_elsewhere_is_told(self):
        (name,), _ = self.make()
        self.submit(name)
        result = self.submit(name, url="https://localhost:1/other")
        self.assert_status(result, 0)
        self.assertEqual(self.states(result), ["sent-before"])
        self.assertIn("https://localhost:1/other", result.err)

    def test_pem_becomes_der(self):
        data = self.sign()
        pem = subprocess.run(["openssl", "cms", "-cmsout", "-inform", "DER", "-outform", "PEM"], input=data,
                             capture_output=True, check=True).stdout
        result = self.submit(os.path.basename(self.write("request.pem", pem)))
        self.assert_status(result, 0)
        self.assert_exactly_once([result.json["submissions"][0]["sha256"]])

    def test_what_the_request_looks_like(self):
        """RFC 8551 section 3.2; Idempotency-Key is a structured header's string."""
        (name,), (digest,) = self.make()
        seen = {}

        def behave(connection):
            seen["line"], seen["headers"], seen["body"] = http_case.read_request(connection)
            connection.sendall(http(self.receipt(digest), Content_Type="application/json; charset=utf-8"))
        server = self.serve(behave)
        self.assert_status(self.submit(name, url=server.url + "/a?b=c"), 0)
        self.assertEqual(seen["line"], "POST /a?b=c HTTP/1.1")
        self.assertEqual(seen["headers"]["content-type"], "application/pkcs7-mime; smime-type=signed-data")
        self.assertEqual(seen["headers"]["idempotency-key"], f'"{digest}"')
        with open(self.path(name), "rb") as file:
            self.assertEqual(seen["body"], file.read())

    def test_pending(self):
        (name,), (digest,) = self.make()
        server = self.serve(http(self.receipt(digest, status="pending"), "201 Created", Content_Type="application/json"))
        result = self.submit(name, url=server.url)
        self.assert_status(result, 0)
        self.assertTrue(result.json["submissions"][0]["pending"])

    def test_refused_for_good(self):
        """A check of the receiver has failed: it says which, and is not asked again by itself."""
        wrong, _ = peer.load(harness.PKI, "agency")
        _, key = peer.load(harness.PKI, "unit")
        self.write("bad.p7m", peer.Message(self.content(), wrong, key).encode())
        result = self.submit("bad.p7m", patience="60")
        self.assert_status(result, 7)
        self.assertEqual(self.states(result), ["refused"])
        self.assertIn("signature", result.json["submissions"][0]["error"]["message"])
        entry, = self.list_outbox()["entries"]
        self.assertEqual((entry["state"], entry["tries"]), ("refused", 1))
        self.assertEqual(self.submit().json["submissions"], [])
        self.assertEqual(self.states(self.submit("bad.p7m")), ["refused"])
        self.assertEqual(os.listdir(self.receiver.folder), [])

    def test_which_statuses_are_final(self):
        problem = json.dumps({"type": "about:blank", "detail": "測試 \033[2J"}).encode()
        (name,), (digest,) = self.make()
        cases = ((400, PROBLEM, "refused", 1), (403, PROBLEM, "refused", 1), (422, PROBLEM, "refused", 1),
                 (408, PROBLEM, "waiting", 2), (425, PROBLEM, "waiting", 2), (429, PROBLEM, "waiting", 2),
                 (500, PROBLEM, "waiting", 2), (503, {}, "waiting", 2), (302, {}, "waiting", 2),
                 (404, {}, "waiting", 1), (403, {"Content_Type": "text/html"}, "waiting", 1))
        for status, headers, state, least in cases:
            with self.subTest(status=status, **headers):
                server = self.serve(http(problem, f"{status} X", **headers))
                outcome, = self.probe(server.url, name, patience="1", first="700", longest="5000")[0]
                self.assertEqual((outcome["state"], outcome["error"]), (state, "server"))
                self.assertEqual(min(server.connections, 2), least)
                if headers == PROBLEM:
                    self.assertIn("測試 \\u{1B}[2J", outcome["message"])
        self.assertEqual(self.states(self.submit(name)), ["sent"])
        self.assert_exactly_once([digest])

    def test_redirects_are_named_and_not_followed(self):
        (name,), (digest,) = self.make()
        for status in (301, 302, 303, 307, 308):
            with self.subTest(status):
                server = self.serve(http(b"", f"{status} X", Location=self.receiver.url))
                result = self.submit(name, url=server.url)
                self.assert_status(result, 7)
                told = result.json["submissions"][0]["error"]
                self.assertEqual(told["message"], f"The receiver redirects to “{self.receiver.url}”, which is not followed.")
                self.assertIn("--endpoint", told["hint"])
        self.assertEqual(self.receiver.arrivals(digest), 0)
        self.assertIn(self.receiver.url, self.list_outbox()["entries"][0]["reason"])

    def test_no_receipt_for_this_request(self):
        (name,), (digest,) = self.make()
        good = self.receipt(digest)
        bad = ((self.receipt("0" * 64), {"Content_Type": "application/json"}),
               (self.receipt(digest, status="done"), {"Content_Type": "application/json"}),
               (good[:-1], {"Content_Type": "application/json"}), (good + b"x", {"Content_Type": "application/json"}),
               (b"", {"Content_Type": "application/json"}), (b"<html></html>", {"Content_Type": "text/html"}),
               (good, {"Content_Type": "text/plain"}), (good, {}))
        for body, headers in bad:
            with self.subTest(body=body, **headers):
                result = self.submit(name, url=self.serve(http(body, **headers)).url)
                self.assert_status(result, 7)
                self.assertEqual(self.states(result), ["waiting"])
                self.assertNotIn(digest + ".receipt.json", os.listdir(self.outbox))
        self.assertEqual(self.states(self.submit(name)), ["sent"])
        self.assert_exactly_once([digest])

    def test_not_signed_is_named_before_anything_is_sent(self):
        names, _ = self.make(2)
        content = self.content()
        cases = ((content, 8, "has not been signed yet"), (b"hello\n", 8, "is not a signed request"), (b"", 8, "is not"),
                 (self.sign() + b"x", 9, "behind"), (self.sign(content=b"{}"), 9, "is not a signed request"))
        for data, status, words in cases:
            with self.subTest(words=words):
                self.write("odd.json", data)
                result = self.submit(*names, "odd.json")
                self.assert_status(result, status)
                self.assertIn("“odd.json”", result.err)
                self.assertIn(words, result.err)
        self.assert_status(self.submit(*names, "none.p7m"), 1)
        self.assertFalse(os.path.exists(self.outbox))
        self.assertEqual(os.listdir(self.receiver.folder), [])

    def test_expired_is_not_judged_here(self):
        self.write("expired.p7m", self.sign("expired"))
        result = self.submit("expired.p7m")
        self.assert_status(result, 7)
        self.assertEqual(self.states(result), ["refused"])  # by the receiver

    def test_endpoint_must_be_https(self):
        (name,), _ = self.make()
        for url in ("http://localhost/", "ftp://localhost/", "https://", "localhost", "https://a:b@localhost/", "https:///x",
                    "https://例子.測試/", "https://local host/", "https://localhost/#f"):
            with self.subTest(url=url):
                result = self.submit(name, url=url)
                self.assert_status(result, 2)
        self.assertFalse(os.path.exists(self.outbox))

    def test_profile_without_an_endpoint(self):
        """What the way is, nothing in the outbox, and not taken for done."""
        self.write("request.p7m", self.sign(content=self.content(profile="gtlsca")))
        command = [harness.program("gca-prereg"), "submit", "request.p7m"]
        result = self.run_program(*command)
        self.assert_status(result, 7)
        self.assertIn("https://gtlscaweb.nat.gov.tw/GCP/views/ACME/ACME_apply.html", result.err)
        self.assertIn("not sent", result.out)
        told = self.run_program(*command, "--json")
        self.assertEqual(self.states(told), ["no-endpoint"])
        self.assertFalse(os.path.exists(self.outbox))

    def test_endpoint_that_the_outbox_remembers(self):
        """Named once, for a profile without one; it need not be named again."""
        data = self.sign(content=self.content(profile="gtlsca"))
        self.write("request.p7m", data)
        self.receiver.stop()
        self.assert_status(self.submit("request.p7m"), 6)
        self.receiver.start()
        result = self.submit_plainly("request.p7m", "--tls-ca", self.authority.path)
        self.assert_status(result, 0)
        self.assertEqual((self.states(result), result.json["submissions"][0]["endpoint"]), (["sent"], self.receiver.url))
        again = self.submit_plainly("request.p7m")
        self.assertEqual(self.states(again), ["sent-before"])
        self.assert_exactly_once([hashlib.sha256(data).hexdigest()])

    def put_profile(self, name, *tls, endpoint=None):
        """A profile of the user's own, and a request of it in `name`.p7m; gives the request's digest."""
        folder = os.path.join(self.folder, "config/gca-toolkit/profiles")
        os.makedirs(folder, exist_ok=True)
        with open(os.path.join(harness.SOURCE, "data/profiles/test.profile"), encoding="utf-8") as file:
            text = file.read().replace("[preregistration]\n",
                                       f"[preregistration]\nEndpoint={endpoint or self.receiver.url}\n")
        with open(os.path.join(folder, name + ".profile"), "w", encoding="utf-8") as file:
            file.write("\n".join([text, "[tls]", *tls, ""]))
        domain = f"{name}-{os.urandom(4).hex()}.example.gov.tw"
        data = self.sign(content=self.content(profile=name, domains=[domain]))
        self.write(name + ".p7m", data)
        return hashlib.sha256(data).hexdigest()

    def submit_plainly(self, *words):
        return self.run_program(harness.program("gca-prereg"), "submit", "--json", "--patience", "0", *words)

    def put_ca(self, name="ca.pem"):
        """The receiver's CA, beside the profiles."""
        shutil.copy(self.authority.path, os.path.join(self.folder, "config/gca-toolkit/profiles", name))

    def test_endpoint_of_the_profile(self):
        self.put_profile("test")
        result = self.submit_plainly("test.p7m", "--tls-ca", self.authority.path)
        self.assert_status(result, 0)
        self.assertEqual(self.states(result), ["sent"])

    def test_ca_of_the_profile(self):
        """The profile's file alone makes the receiver trusted: for what goes where that profile says, also from the
        outbox, and for nothing else."""
        mine = self.put_profile("mine", "CaFile=ca.pem")
        self.put_ca()
        other = self.put_profile("other")
        result = self.submit_plainly("mine.p7m", "other.p7m")
        self.assert_status(result, 10)
        self.assertEqual(self.states(result), ["sent", "waiting"])
        self.assertEqual(self.codes(result), [None, "untrusted"])
        self.assertEqual(self.receiver.arrivals(other), 0)
        os.unlink(os.path.join(self.outbox, mine + ".receipt.json"))
        self.assertEqual(sorted(self.states(self.submit_plainly("--patience", "3"))), ["sent", "waiting"])
        elsewhere = self.submit_plainly("mine.p7m", "--endpoint", self.receiver.url + "/")
        self.assertEqual(self.states(elsewhere), ["sent-before"])
        self.put_profile("mine", "CaFile=ca.pem")
        elsewhere = self.submit_plainly("mine.p7m", "--endpoint", self.receiver.url + "/")
        self.assertEqual(self.codes(elsewhere), ["untrusted"])
        self.assert_status(self.submit_plainly("mine.p7m", "other.p7m", "--tls-ca", self.authority.path), 0)

    def test_ca_of_the_profile_is_missing(self):
        """Told with profile and path; what belongs to another profile is sent, and this one too when it is there."""
        digests = [self.put_profile("mine", "CaFile=none.pem"), self.put_profile("other", "CaFile=ca.pem")]
        self.put_ca()
        result = self.submit_plainly("mine.p7m", "other.p7m")
        self.assert_status(result, 1)
        self.assertEqual(self.states(result), ["waiting", "sent"])
        self.assertEqual(self.codes(result), ["file", None])
        for words in ("“mine”", "config/gca-toolkit/profiles/none.pem"):
            self.assertIn(words, result.json["submissions"][0]["error"]["message"])
        reason = {entry["sha256"]: entry["reason"] for entry in self.list_outbox()["entries"]}[digests[0]]
        self.assertIn("none.pem", reason)
        self.put_ca("none.pem")
        self.assert_status(self.submit_plainly(), 0)
        self.assert_exactly_once(digests)

    def test_usage(self):
        (name,), _ = self.make()
        submit = [harness.program("gca-prereg"), "submit"]
        for words in (["--endpoint", self.receiver.url], ["--patience", "-1", name], ["--patience", "x", name],
                      ["--patience", "99999999", name]):
            with self.subTest(words=words):
                self.assert_status(self.run_program(*submit, *words), 2)
        nothing = self.run_program(*submit)
        self.assert_status(nothing, 0)
        self.assertEqual(nothing.err, "Nothing waits in the outbox.\n")
        self.assert_status(self.run_program(*submit, name, "--endpoint", self.receiver.url, "--tls-ca", name), 8)

    def test_waits_in_the_outbox(self):
        names, digests = self.make(3)
        self.receiver.stop()
        result = self.submit(*names)
        self.assert_status(result, 6)
        self.assertEqual(self.states(result), ["waiting"] * 3)
        self.assertEqual(self.codes(result), ["network"] * 3)
        for name in names:
            os.unlink(self.path(name))
        entries = self.list_outbox()["entries"]
        self.assertEqual({entry["sha256"] for entry in entries}, set(digests))
        self.assertEqual(sum(entry["tries"] for entry in entries), 1)  # one for all: it is the address
        self.assertTrue(any("localhost" in (entry["reason"] or "") for entry in entries))
        self.receiver.start()
        result = self.submit()
        self.assert_status(result, 0)
        self.assertEqual(self.states(result), ["sent"] * 3)
        self.assert_exactly_once(digests)

    def test_damage_in_the_outbox_is_told(self):
        names, digests = self.make(3)
        self.receiver.stop()
        self.submit(*names)
        self.receiver.start()
        with open(os.path.join(self.outbox, digests[0] + ".p7m"), "ab") as file:
            file.write(b"\0")
        with open(os.path.join(self.outbox, digests[1] + ".json"), "w", encoding="utf-8") as file:
            file.write('{"endpoint": "http://evil.example/"}')
        self.assertEqual(len(self.list_outbox()["troubles"]), 2)
        result = self.submit()
        self.assert_status(result, 8)
        self.assertEqual(self.states(result), ["sent"])
        self.assertEqual(len(result.json["troubles"]), 2)
        for digest in digests[:2]:
            self.assertIn(digest, result.err)
            self.assertIn(digest, "".join(result.json["troubles"]))
        self.assertIn("2 requests in the outbox are stuck", result.err)
        self.assertEqual(self.states(self.submit(*names)), ["sent", "sent", "sent-before"])
        self.assert_exactly_once(digests)

    def test_stuck_alone(self):
        """Nothing else waits: still no success, and not “nothing”."""
        (name,), (digest,) = self.make()
        self.assert_status(self.submit(name, url="https://localhost:1/"), 6)
        state = os.path.join(self.outbox, digest + ".json")
        for broken in ("", "{}", None):
            with self.subTest(broken):
                if broken is None:
                    os.unlink(state)
                else:
                    with open(state, "w", encoding="utf-8") as file:
                        file.write(broken)
                result = self.submit()
                self.assert_status(result, 8)
                self.assertEqual((result.json["submissions"], len(result.json["troubles"])), ([], 1))
                told = self.run_program(harness.program("gca-prereg"), "submit")
                self.assert_status(told, 8)
                self.assertNotIn("Nothing waits", told.err)
                self.assertIn("1 request in the outbox is stuck", told.err)
        with open(os.path.join(self.outbox, "notes.txt"), "w", encoding="utf-8"):
            pass
        self.assertEqual(self.states(self.submit(name)), ["sent"])
        strange = self.submit()
        self.assert_status(strange, 0)  # a file that is no request keeps nothing back
        self.assertIn("notes.txt", strange.err)
        self.assertEqual(strange.json["troubles"], [])

    def test_reason_in_the_language_of_now(self):
        (name,), _ = self.make()
        self.assert_status(self.submit(name, url="https://localhost:1/"), 6)
        listed = self.run_program(harness.program("gca-prereg"), "outbox", LC_ALL="C.UTF-8", LANGUAGE="zh_TW")
        self.assert_status(listed, 0)
        words = re.sub(r"[0-9a-f]{4}(?: [0-9a-f]{4})+", "", listed.out)  # the digest's groups may look like some
        self.assertNotRegex(words, "[A-Za-z]{3,} [a-z]{2,}")
        listed = self.run_program(harness.program("gca-prereg"), "outbox")
        self.assertIn("No connection to “localhost:1” can be made.", listed.out)

    def test_receipt_that_cannot_be_kept(self):
        """The receiver has the request by then; that is said, and kept."""
        (name,), (digest,) = self.make()
        path = os.path.join(self.outbox, digest + ".receipt.json")

        def change(answer, connection):
            os.mkdir(path)
            connection.sendall(answer)
        result = self.submit(name, url=self.relay(change).url)
        self.assert_status(result, 1)
        self.assertIn("The receiver has the request already.", result.json["submissions"][0]["error"]["hint"])
        os.rmdir(path)
        entry, = self.list_outbox()["entries"]
        self.assertEqual((entry["tries"], entry["state"]), (1, "waiting"))
        self.assertIn(digest, entry["reason"])
        self.assertEqual(self.states(self.submit(name)), ["sent"])
        self.assert_exactly_once([digest])

    def test_interrupted(self):
        """Ctrl-C while waiting: at once, and nothing is lost."""
        names, digests = self.make(2)
        self.receiver.stop()
        process = subprocess.Popen(self.command(*names, patience="600"), cwd=self.work, env=self.env,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        while b"Trying again" not in process.stderr.readline():
            pass
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=5)
        self.assertEqual(process.returncode, 130)
        self.assertEqual([one["error"]["code"] for one in json.loads(out)["submissions"]], ["cancelled"] * 2)
        self.receiver.start()
        self.assert_status(self.submit(), 0)
        self.assert_exactly_once(digests)

    def test_untrusted(self):
        """A certificate that is not trusted: nothing is sent to it."""
        (name,), (digest,) = self.make()
        stranger = http_case.Authority(self.work, "別的憑證管理中心")
        server = self.serve(http(self.receipt(digest), Content_Type="application/json"), stranger.context())
        result = self.submit(name, url=server.url)
        self.assert_status(result, 10)
        self.assertEqual(self.codes(result), ["untrusted"])
        self.assertEqual(self.states(self.submit(name)), ["sent"])
        self.assert_exactly_once([digest])


if __name__ == "__main__":
    unittest.main(verbosity=2)
