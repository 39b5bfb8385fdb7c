"""Whom the HTTPS client believes."""
import os
import ssl

import harness
import http_case
from http_case import http


class Trust(http_case.Case):
    def other_authority(self, name="Another Test CA"):
        folder = self.path("other")
        os.mkdir(folder)
        return http_case.Authority(folder, name)

    def test_unknown_ca_is_named(self):
        server = self.serve(http(), self.other_authority().context())
        answer = self.send(server.url)
        self.assert_error(answer, "untrusted", f"localhost:{server.port}", "Another Test CA",
                          "--tls-ca", "SSL_CERT_FILE")
        self.assertEqual(answer["native"], 60)

    def test_unknown_ca_is_shown_escaped(self):
        other = self.other_authority("測試\u202e\x1b[31m憑證管理中心")
        answer = self.send(self.serve(http(), other.context()).url)
        self.assert_error(answer, "untrusted", "測試", "憑證管理中心")
        self.assertNotRegex(answer["message"], "[\u202e\x1b]")

    def test_extra_ca_stands_beside_ssl_cert_file(self):
        other = self.other_authority()
        for ca, named in ((self.authority, other), (other, self.authority)):
            server = self.serve(http())
            answer = self.send(server.url, ca=ca.path, SSL_CERT_FILE=named.path)
            self.assertEqual(answer.get("status"), 200, answer)

    def test_ssl_cert_file_alone(self):
        server = self.serve(http())
        result = self.run_program(http_case.SEND, server.url, SSL_CERT_FILE=self.authority.path)
        self.assertEqual(result.json.get("status"), 200, result)
        result = self.run_program(http_case.SEND, server.url)
        self.assert_error(result.json, "untrusted")

    def test_ssl_cert_file_that_is_not_there(self):
        answer = self.send("https://localhost:1/", SSL_CERT_FILE=self.path("none.pem"))
        self.assert_error(answer, "file", "none.pem", "SSL_CERT_FILE")

    def test_other_host(self):
        server = self.serve(http(), self.authority.context("ca.example.gov.tw"))
        self.assert_error(self.send(server.url), "untrusted", "localhost", "another host")

    def test_address_is_not_in_certificate(self):
        server = self.serve(http())
        self.assert_error(self.send(f"https://127.0.0.1:{server.port}/"), "untrusted", "127.0.0.1")

    def test_expired(self):
        server = self.serve(http(), self.authority.context(first=-20, last=-1))
        self.assert_error(self.send(server.url), "untrusted", "has expired", "clock")

    def test_not_yet_valid(self):
        server = self.serve(http(), self.authority.context(first=2))
        self.assert_error(self.send(server.url), "untrusted", "not valid yet", "clock")

    def test_tls_1_1_is_refused(self):
        context = self.authority.context()
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
        # A system that would allow it.
        config = self.write("openssl.cnf", "openssl_conf = a\n[a]\nssl_conf = b\n[b]\n"
                            "system_default = c\n[c]\nMinProtocol = TLSv1\n"
                            "CipherString = ALL:@SECLEVEL=0\n")
        answer = self.send(self.serve(http(), context).url, OPENSSL_CONF=config)
        self.assert_error(answer, "server", "TLS 1.2")

    def test_tls_1_2_is_accepted(self):
        context = self.authority.context()
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        self.assertEqual(self.send(self.serve(http(), context).url).get("status"), 200)

    def test_nothing_is_sent_to_whom_is_not_trusted(self):
        seen = []

        def behave(connection):
            seen.append(connection.recv(1))
        server = self.serve(behave, self.other_authority().context())
        self.assert_error(self.send(server.url, "--method", "POST"), "untrusted")
        self.assertEqual([data for data in seen if data], [])


harness.main()
