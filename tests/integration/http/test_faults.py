"""Servers that cut, hang, flood and speak nonsense: each ends in an error, never in half an answer."""
import hashlib
import socket
import struct
import time

import harness
import http_case
from http_case import http, read_request

CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


class Faults(http_case.Case):
    def assert_cut_everywhere(self, whole, end, status=200):
        """Cut at every byte before `end` it is NETWORK; whole it is an answer."""
        position = 0

        def behave(connection):
            read_request(connection)
            connection.sendall(whole[:position])
            if position % 2:  # with TLS's own end, and without
                connection.unwrap()
        server = self.serve(behave)
        for position in range(end):
            with self.subTest(cut=whole[:position]):
                self.assert_error(self.send(server.url), "network", "localhost")
        position = len(whole)
        self.assertEqual(self.send(server.url).get("status"), status)

    def test_cut_with_length(self):
        whole = http(b"abcdefghijkl", Replay_Nonce="oFvnlFP1wIhR")
        self.assert_cut_everywhere(whole, len(whole))

    def test_cut_head_of_an_answer_without_body(self):
        whole = b"HTTP/1.1 204 No Content\r\nReplay-Nonce: oFvn\r\n\r\n"
        self.assert_cut_everywhere(whole, len(whole), 204)

    def test_cut_answer_to_head(self):
        for cut in (2, 6, 20):
            server = self.serve(http(status="503 Busy", Replay_Nonce="oFvn")[:-cut])
            self.assert_error(self.send(server.url, "--method", "HEAD"), "network")

    def test_cut_in_chunks(self):
        whole = CHUNKED + b"5\r\nabcde\r\n3\r\nfgh\r\n0\r\n\r\n"
        self.assert_cut_everywhere(whole, len(whole) - 1)  # the body is whole before the last LF

    def test_body_without_length_is_never_whole(self):
        for head in (b"HTTP/1.1 200 OK\r\nConnection: close", b"HTTP/1.0 200 OK"):
            server = self.serve(head + b"\r\n\r\nabc")
            self.assert_error(self.send(server.url), "network")

    def test_no_body_needs_no_length(self):
        server = self.serve(b"HTTP/1.1 204 No Content\r\n\r\n")
        self.assertEqual(self.send(server.url).get("status"), 204)

    def test_answer_after_interim_ones(self):
        server = self.serve(b"HTTP/1.1 103 Early Hints\r\nReplay-Nonce: old\r\n\r\n" * 2 +
                            http(b"abc", Replay_Nonce="new"))
        self.assertEqual(self.send(server.url)["nonce"], "new")

    def test_trailer_is_no_header(self):
        server = self.serve(CHUNKED + b"3\r\nabc\r\n0\r\nX-Trailer: evil\r\n\r\n")
        answer = self.send(server.url)
        self.assertEqual((answer["status"], answer["size"], answer["trailer"]), (200, 3, None))

    def test_reset_while_posting(self):
        def behave(connection):
            connection.recv(1000)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        server = self.serve(behave)
        answer = self.send(server.url, "--method", "POST", "--body",
                           self.write("body", bytes(4000000)))
        self.assert_error(answer, "network")
        self.assertEqual(server.connections, 1)

    def test_post_is_not_repeated_on_a_dead_connection(self):
        posts = []

        def behave(connection):
            line, _, _ = read_request(connection)
            posts.append(line)
            if len(posts) == 1:
                connection.sendall(http(b"1"))
                read_request(connection)  # on the same connection: read, and not answered
                posts.append("again")
        server = self.serve(behave)
        answers = self.send_all(server.url, "--method", "POST", "--repeat", "2")
        self.assertEqual(answers[0].get("status"), 200)
        self.assert_error(answers[1], "network")
        self.assertEqual(len(posts), 2, posts)

    def test_limit_of_body(self):
        body = bytes(1000)
        chunked = CHUNKED + b"".join(b"64\r\n" + bytes(100) + b"\r\n" for _ in range(10)) + \
            b"0\r\n\r\n"
        for answer in (http(body), chunked):
            server = self.serve(answer)
            self.assert_error(self.send(server.url, "--limit", "999"), "server", "999")
            whole = self.send(server.url, "--limit", "1000")
            self.assertEqual(whole.get("sha256"), hashlib.sha256(body).hexdigest(), whole)

    def test_flood(self):
        def flood(piece):
            def behave(connection):
                read_request(connection)
                connection.sendall(CHUNKED[:-2])
                for _ in range(100000):
                    connection.sendall(piece)
            return behave
        for piece, words in ((b"X-Test: " + b"a" * 1000 + b"\r\n", "65536 bytes"),
                             (b"X: y\r\n" * 100, "65536 bytes"),
                             (b"\r\nfff\r\n" + b"a" * 0xfff, "100000 bytes")):
            answer = self.send(self.serve(flood(piece)).url, "--limit", "100000")
            self.assert_error(answer, "server", words)
            self.assertLess(self.seconds, 10)
        answer = self.send(self.serve(flood(b"a" * 10000)).url)  # a line without an end
        self.assertIn(answer.get("error"), ("server", "network"), answer)

    def test_nonsense(self):
        for text in (b"220 mail.example.gov.tw ESMTP\r\n", b"\x00\xff" * 100, b"<html></html>\n",
                     b"HTTP/9.9 999 ?\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
                     b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n"):
            with self.subTest(text=text):
                self.assert_error(self.send(self.serve(text).url), "server", "not HTTP")

    def test_bad_chunks(self):
        for chunk in (b"zz\r\n", b"-1\r\n", b"fffffffffffffffffffff\r\n"):
            answer = self.send(self.serve(CHUNKED + chunk).url)
            self.assertIn(answer.get("error"), ("server", "network"), answer)

    def test_plain_http_on_the_port(self):
        def behave(connection):
            connection.recv(1)
            connection.sendall(http())
        server = http_case.Server(behave)
        self.enterContext(server)
        self.assert_error(self.send(server.url), "server", "TLS 1.2", "port")

    def test_closed_before_the_handshake(self):
        server = http_case.Server(lambda connection: None)
        self.enterContext(server)
        self.assert_error(self.send(server.url), "network")

    def test_refused(self):
        with socket.create_server(("127.0.0.1", 0)) as closed:
            port = closed.getsockname()[1]
        self.assert_error(self.send(f"https://localhost:{port}/"), "network",
                          f"localhost:{port}", "https_proxy")


class Hangs(http_case.Case):
    def hanging(self, beginning):
        def behave(connection):
            read_request(connection)
            connection.sendall(beginning)
            self.server.hang()
        self.server = self.serve(behave)
        return self.server.url

    def test_silence(self):
        for beginning in (b"", http(b"abc" * 100)[:-1]):
            answer = self.send(self.hanging(beginning), "--silence", "1")
            self.assert_error(answer, "network", "in time")
            self.assertLess(self.seconds, 15)  # libcurl looks back at some seconds more

    def test_silence_before_the_handshake(self):
        server = http_case.Server(lambda connection: server.hang())
        self.enterContext(server)
        answer = self.send(server.url, "--total", "1500")
        self.assert_error(answer, "network", "No connection", "in time")
        self.assertLess(self.seconds, 10)

    def test_drop_by_drop(self):
        def behave(connection):
            read_request(connection)
            for byte in http(b"a" * 1000):
                connection.sendall(bytes([byte]))
                time.sleep(0.1)
        answer = self.send(self.serve(behave).url, "--total", "2000")
        self.assert_error(answer, "network", "in time")
        self.assertLess(self.seconds, 10)

    def test_redirects_do_not_prolong_it(self):
        def behave(connection):
            read_request(connection)
            time.sleep(0.8)
            connection.sendall(http(status="302 Found", Location="/again", Connection="close"))
        answer = self.send(self.serve(behave).url, "--total", "2000")
        self.assert_error(answer, "network", "in time")

    def test_cancelled(self):
        for beginning in (b"", b"HTTP/1.1 200 OK\r\n", http(b"abc" * 100)[:-1]):
            answer = self.send(self.hanging(beginning), "--cancel-after", "300")
            self.assert_error(answer, "cancelled")
            self.assertLess(answer["ms_after_cancel"], 300)

    def test_cancelled_in_the_handshake(self):
        server = http_case.Server(lambda connection: server.hang())
        self.enterContext(server)
        answer = self.send(server.url, "--cancel-after", "300")
        self.assert_error(answer, "cancelled")
        self.assertLess(answer["ms_after_cancel"], 300)


harness.main()
