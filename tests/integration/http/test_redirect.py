"""Where the HTTPS client lets itself be sent on to."""
import harness
import http_case
from http_case import http, read_request


class Redirect(http_case.Case):
    def redirecting(self, location, status="302 Found"):
        """Sends on from anywhere but /end; keeps the requests' first lines."""
        self.seen = []

        def behave(connection):
            line, _, _ = read_request(connection)
            self.seen.append(line.rsplit(" ", 1)[0])
            if line.split()[1] == "/end":
                connection.sendall(http(b"end"))
            else:
                connection.sendall(http(b"moved", status, Location=location))
        return self.serve(behave)

    def test_same_server(self):
        for status in ("301 Moved", "302 Found", "303 See Other", "307 Same", "308 Same"):
            for method in ("GET", "HEAD"):
                server = self.redirecting("/end", status)
                answer = self.send(server.url + "/a", "--method", method)
                self.assertEqual(answer.get("status"), 200, answer)
                self.assertEqual(self.seen, [method + " /a", method + " /end"])

    def test_absolute_address_in_another_case(self):
        server = self.redirecting("")
        for location in (f"https://LOCALHOST:{server.port}/end", f"//localhost:{server.port}/end"):
            def behave(connection, location=location):
                line, _, _ = read_request(connection)
                connection.sendall(http() if "/end" in line else
                                   http(status="302 Found", Location=location))
            server.behave = behave
            self.assertEqual(self.send(server.url + "/a").get("status"), 200)

    def test_other_place_is_refused(self):
        target = self.serve(http(b"stolen"))
        for location in (target.url + "/end", f"https://127.0.0.1:{target.port}/end",
                         "https://ca.example.gov.tw/end", "//ca.example.gov.tw/end",
                         "ftp://localhost/end", "file:///etc/passwd"):
            server = self.redirecting(location)
            self.assert_error(self.send(server.url + "/a"), "server", "another server or not https")
        self.assertEqual(target.connections, 0)

    def test_downgrade_and_credentials_are_refused(self):
        server = self.redirecting("")
        for location in (f"http://localhost:{server.port}/end",
                         f"https://clerk:s3cret@localhost:{server.port}/end"):
            server.behave = http_case.answering(http(status="302 Found", Location=location))
            self.assert_error(self.send(server.url + "/a"), "server", "another server or not https")

    def test_loop(self):
        server = self.redirecting("/again")
        self.assert_error(self.send(server.url + "/a"), "server", "on and on")
        self.assertEqual(len(self.seen), 6)

    def test_post_is_not_sent_on(self):
        for status in ("302 Found", "307 Same", "308 Same"):
            server = self.redirecting("/end", status)
            answer = self.send(server.url + "/a", "--method", "POST")
            self.assertEqual(answer.get("status"), int(status[:3]))
            self.assertEqual(self.seen, ["POST /a"])

    def test_without_location_it_is_an_answer(self):
        server = self.serve(http(b"choose", "300 Multiple Choices", Location="/end"))
        self.assertEqual(self.send(server.url).get("status"), 300)
        server = self.serve(http(b"?", "302 Found"))
        self.assertEqual(self.send(server.url).get("status"), 302)


harness.main()
