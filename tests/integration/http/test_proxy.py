"""The HTTPS client behind a proxy that the environment names."""
import socket
import threading

import harness
import http_case
from http_case import Server, http, read_request


class Proxy(http_case.Case):
    def proxy(self, refusal=None):
        """A proxy that knows CONNECT only; keeps (first line, its Proxy-Authorization)."""
        self.seen = []

        def pump(source, target):
            try:
                while data := source.recv(65536):
                    target.sendall(data)
                target.shutdown(socket.SHUT_WR)
            except OSError:
                pass

        def behave(connection):
            line, headers, _ = read_request(connection)
            self.seen.append((line, headers.get("proxy-authorization")))
            if refusal:
                connection.sendall(http(status=refusal))
                return
            host, _, port = line.split()[1].rpartition(":")
            with socket.create_connection((host, int(port)), 10) as target:
                connection.sendall(b"HTTP/1.1 200 Connected\r\nX-Proxy: 1\r\n\r\n")
                thread = threading.Thread(target=pump, args=(target, connection), daemon=True)
                thread.start()
                pump(connection, target)
                thread.join(10)
        server = Server(behave)
        self.enterContext(server)
        return server

    def test_https_proxy(self):
        server, proxy = self.serve(http(b"abc")), self.proxy()
        for variable in ("https_proxy", "HTTPS_PROXY", "ALL_PROXY"):
            answer = self.send(server.url, **{variable: f"http://localhost:{proxy.port}"})
            self.assertEqual((answer.get("status"), answer.get("size")), (200, 3), answer)
        self.assertEqual(self.seen,
                         [(f"CONNECT localhost:{server.port} HTTP/1.1", None)] * 3)

    def test_no_proxy(self):
        server, proxy = self.serve(http(b"abc")), self.proxy()
        answer = self.send(server.url, https_proxy=f"http://localhost:{proxy.port}",
                           no_proxy="localhost,.example.gov.tw")
        self.assertEqual(answer.get("status"), 200, answer)
        self.assertEqual(self.seen, [])

    def test_certificate_is_checked_behind_it(self):
        server, proxy = self.serve(http(), self.authority.context("ca.example.gov.tw")), self.proxy()
        answer = self.send(server.url, https_proxy=f"http://localhost:{proxy.port}")
        self.assert_error(answer, "untrusted", "another host")

    def test_password_goes_to_the_proxy_only(self):
        seen = []

        def behave(connection):
            seen.append(read_request(connection)[1])
            connection.sendall(http())
        server, proxy = self.serve(behave), self.proxy()
        answer = self.send(server.url, https_proxy=f"http://clerk:s3cret@localhost:{proxy.port}")
        self.assertEqual(answer.get("status"), 200, answer)
        self.assertRegex(self.seen[0][1], "^Basic ")
        self.assertNotIn("proxy-authorization", seen[0])

    def test_407(self):
        proxy = self.proxy("407 Proxy Authentication Required")
        answer = self.send("https://ca.example.gov.tw/",
                           https_proxy=f"http://clerk:s3cret@localhost:{proxy.port}")
        self.assert_error(answer, "network", "407", "https_proxy")
        self.assertNotIn("s3cret", str(answer))

    def test_refusal(self):
        proxy = self.proxy("403 Forbidden")
        answer = self.send("https://ca.example.gov.tw/", https_proxy=f"http://localhost:{proxy.port}")
        self.assert_error(answer, "network", "ca.example.gov.tw", "403", "no_proxy")

    def test_proxy_is_not_there(self):
        with socket.create_server(("127.0.0.1", 0)) as closed:
            port = closed.getsockname()[1]
        answer = self.send("https://ca.example.gov.tw/",
                           https_proxy=f"http://clerk:s3cret@127.0.0.1:{port}")
        self.assert_error(answer, "network", "https_proxy", "proxy runs")
        self.assertNotIn("s3cret", str(answer))

    def test_address_of_proxy_that_cannot_be_read(self):
        for address in ("http://clerk:s3cret@a b:1", "http://clerk:s3cret%40proxy:8080",
                        "gopher://clerk:s3cret@localhost:1", "http://clerk:s3cret@:::"):
            answer = self.send("https://ca.example.gov.tw/", https_proxy=address)
            self.assert_error(answer, "network", "https_proxy")
            self.assertNotIn("s3cret", str(answer))


harness.main()
