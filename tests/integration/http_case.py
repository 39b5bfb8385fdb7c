"""What the tests of the HTTPS client share: certificates, and servers on loopback that say what a
test wants, at ports of their own."""
import contextlib
import datetime
import os
import socket
import ssl
import threading
import time

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

import harness

SEND = os.environ["GCA_HTTP_SEND"]
DAY = datetime.timedelta(days=1)


def name(text):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


class Authority:
    """A CA that makes certificates for servers, in files of `folder`."""

    def __init__(self, folder, common_name="測試用伺服器憑證管理中心"):
        self.folder = folder
        self.name = name(common_name)
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.certificate = self._sign(self.name, self.key.public_key(), -30, 300, [
            (x509.BasicConstraints(ca=True, path_length=None), True)])
        self.path = self._write("ca.pem", self.certificate.public_bytes(
            serialization.Encoding.PEM))
        self.der_path = self._write("ca.cer", self.certificate.public_bytes(
            serialization.Encoding.DER))

    def _write(self, file_name, content):
        path = os.path.join(self.folder, file_name)
        with open(path, "wb") as file:
            file.write(content)
        return path

    def _sign(self, subject, key, first, last, extensions):
        now = datetime.datetime.utcnow()
        builder = (x509.CertificateBuilder().subject_name(subject).issuer_name(self.name)
                   .public_key(key).serial_number(x509.random_serial_number())
                   .not_valid_before(now + first * DAY).not_valid_after(now + last * DAY))
        for extension, critical in extensions:
            builder = builder.add_extension(extension, critical)
        return builder.sign(self.key, hashes.SHA256())

    def context(self, host="localhost", first=-1, last=90):
        """A server's TLS context with a certificate for `host`, good from and to these days."""
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = self._sign(name("測試伺服器"), key.public_key(), first, last, [
            (x509.SubjectAlternativeName([x509.DNSName(host)]), False)])
        path = self._write("server.pem", key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption()) + certificate.public_bytes(serialization.Encoding.PEM))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        return context


class Server:
    """Calls `behave(connection)` for each connection, in a thread of its own; with `context` behind
    a TLS handshake. Ends with the `with`."""

    def __init__(self, behave, context=None):
        self.behave, self.context = behave, context
        self.connections = 0
        self.closed = threading.Event()
        self.threads = []
        self.socket = socket.create_server(("127.0.0.1", 0), backlog=50)
        self.port = self.socket.getsockname()[1]
        self.url = f"https://localhost:{self.port}"

    def __enter__(self):
        self._start(self._accept)
        return self

    def __exit__(self, *_):
        self.closed.set()
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
        for thread in self.threads:
            thread.join(10)

    def _start(self, function, *arguments):
        thread = threading.Thread(target=function, args=arguments, daemon=True)
        self.threads.append(thread)
        thread.start()

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self.socket.accept()
                self.connections += 1
                self._start(self._serve, connection)

    def _serve(self, connection):
        connection.settimeout(20)
        with contextlib.suppress(OSError):
            if self.context:
                connection = self.context.wrap_socket(connection, server_side=True)
            self.behave(connection)
        connection.close()

    def hang(self, seconds=30):
        """For `behave`: says nothing until the test is over."""
        self.closed.wait(seconds)


def read_request(connection):
    """(first line, headers with lower-case names, body); OSError where there is none."""
    stream = connection.makefile("rb")
    line = stream.readline().decode("latin-1").strip()
    if not line:
        raise OSError("no request")
    headers = {}
    for text in iter(lambda: stream.readline().decode("latin-1").strip(), ""):
        key, _, value = text.partition(":")
        headers[key.lower()] = value.strip()
    return line, headers, stream.read(int(headers.get("content-length", 0)))


def answering(answer):
    """A behaviour: one request, the bytes of `answer`, the end."""
    def behave(connection):
        read_request(connection)
        connection.sendall(answer)
    return behave


def http(body=b"", status="200 OK", **headers):
    """A whole answer; names of headers with _ for -."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}"]
    lines += [f"{key.replace('_', '-')}: {value}" for key, value in headers.items()]
    return "\r\n".join(lines + ["", ""]).encode("ascii") + body


class Case(harness.Case):
    def setUp(self):
        super().setUp()
        self.authority = Authority(self.folder)

    def serve(self, behave, context=None):
        """A TLS server for the rest of the test; `behave` may be the bytes of an answer."""
        if isinstance(behave, bytes):
            behave = answering(behave)
        server = Server(behave, context or self.authority.context())
        self.enterContext(server)
        return server

    def send_all(self, url, *options, ca=None, **env):
        """What each exchange has come to, and the seconds it took in all."""
        start = time.monotonic()
        result = self.run_program(SEND, "--ca", ca or self.authority.path, *options, url, **env)
        self.assert_status(result, 0)
        self.assertEqual(result.err, "")
        self.seconds = time.monotonic() - start
        return [harness.json.loads(line) for line in result.out.splitlines()]

    def send(self, url, *options, ca=None, **env):
        answer, = self.send_all(url, *options, ca=ca, **env)
        return answer

    def assert_error(self, answer, error, *words):
        """The error's name, and words of its message and hint."""
        self.assertEqual(answer.get("error"), error, answer)
        for word in words:
            self.assertIn(word, answer["message"] + " " + (answer["hint"] or ""), answer)
