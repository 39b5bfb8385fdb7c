"""Requests and answers of the HTTPS client, with Python's own HTTP server."""
import email.utils
import hashlib
import http.server
import threading
import time

import harness
import http_case


class Handler(http.server.BaseHTTPRequestHandler):
    """Keeps what it was sent; answers by the path."""
    protocol_version = "HTTP/1.1"

    def answer(self, body=b"", status=200, **headers):
        self.server.seen.append((self.command, self.path, dict(self.headers),
                                 self.rfile.read(int(self.headers.get("Content-Length", 0)))))
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        for key, value in headers.items():
            self.send_header(key.replace("_", "-"), value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def do_GET(self):
        if self.path == "/dir":
            self.answer(b"{}", content_type="Application/JSON; charset=utf-8",
                        REPLAY_NONCE="oFvnlFP1wIhR")
        elif self.path == "/busy":
            self.answer(b"busy", 503, Retry_After=email.utils.formatdate(time.time() + 100,
                                                                         usegmt=True))
        elif self.path == "/later":
            self.answer(b"", 429, Retry_After="17")
        else:
            self.answer(b"", 404)

    do_HEAD = do_POST = do_GET

    def log_message(self, *_):
        pass


class Exchange(http_case.Case):
    def setUp(self):
        super().setUp()
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.seen = []
        self.server.socket = self.authority.context().wrap_socket(self.server.socket,
                                                                  server_side=True)
        self.url = f"https://localhost:{self.server.server_port}"
        thread = threading.Thread(target=self.server.serve_forever, args=(0.05,))
        thread.start()
        self.addCleanup(self.server.server_close)
        self.addCleanup(thread.join)
        self.addCleanup(self.server.shutdown)

    def test_get(self):
        answer = self.send(self.url + "/dir", "--header", "Accept-Language: zh-TW")
        self.assertEqual((answer["status"], answer["type"], answer["nonce"]),
                         (200, "application/json", "oFvnlFP1wIhR"))
        self.assertEqual(answer["sha256"], hashlib.sha256(b"{}").hexdigest())
        (command, path, headers, body), = self.server.seen
        self.assertEqual((command, path, body), ("GET", "/dir", b""))
        self.assertEqual(headers["Accept-Language"], "zh-TW")
        self.assertRegex(headers["User-Agent"], r"^gca-toolkit/[0-9.]+$")
        self.assertFalse({"Cookie", "Authorization", "Content-Type", "Accept-Encoding"} & set(headers))

    def test_ca_in_der(self):
        self.assertEqual(self.send(self.url + "/dir", ca=self.authority.der_path)["status"], 200)

    def test_head_has_no_body(self):
        answer = self.send(self.url + "/dir", "--method", "HEAD", "--limit", "0")
        self.assertEqual((answer["status"], answer["size"], answer["nonce"]),
                         (200, 0, "oFvnlFP1wIhR"))
        self.assertEqual(self.server.seen[0][0], "HEAD")

    def test_post(self):
        content = bytes(range(256)) * 8192  # more than what libcurl would ask leave for
        answer = self.send(self.url + "/dir", "--method", "POST", "--type", "application/pkcs7-mime",
                           "--body", self.write("body", content))
        self.assertEqual(answer["status"], 200)
        (command, _, headers, body), = self.server.seen
        self.assertEqual((command, headers["Content-Type"]), ("POST", "application/pkcs7-mime"))
        self.assertNotIn("Expect", headers)
        self.assertEqual(hashlib.sha256(body).digest(), hashlib.sha256(content).digest())

    def test_empty_post(self):
        self.assertEqual(self.send(self.url + "/dir", "--method", "POST")["status"], 200)
        (_, _, headers, body), = self.server.seen
        self.assertEqual((headers["Content-Length"], body), ("0", b""))
        self.assertNotIn("Content-Type", headers)

    def test_any_status_is_an_answer(self):
        self.assertEqual(self.send(self.url + "/none")["status"], 404)
        answer = self.send(self.url + "/later")
        self.assertEqual((answer["status"], answer["retry_after"]), (429, 17))
        answer = self.send(self.url + "/busy")
        self.assertEqual((answer["status"], answer["size"]), (503, 4))
        self.assertIn(answer["retry_after"], range(80, 101))

    def test_no_netrc(self):
        self.write("../.netrc", "machine localhost login clerk password s3cret\n")
        self.send(self.url + "/dir")
        self.assertNotIn("Authorization", self.server.seen[0][2])

    def test_a_connection_is_kept(self):
        answers = self.send_all(self.url + "/dir", "--repeat", "3")
        self.assertEqual([answer["status"] for answer in answers], [200] * 3)


harness.main()
