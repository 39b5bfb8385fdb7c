"""Real web servers, Debian's Apache and nginx, with the lines that are printed for them."""
import os
import re
import shutil
import socket
import subprocess
import tempfile
import time

import harness

HOST = "www.example.gov.tw"
IDN = "xn--fsqu00a.xn--mxtq1m.tw"  # 例子.政府.tw
WILDCARD = "*.wild.example.gov.tw"
ODD = "a b;{}#%'c\"d\\e測試"  # signs that mean something in one of the configurations
MODULES = "/usr/lib/apache2/modules"

# So that an old protocol is refused for what the lines say, and not by the system's own policy.
LENIENT = """openssl_conf = start
[start]
ssl_conf = ssl
[ssl]
system_default = lenient
[lenient]
MinProtocol = TLSv1
CipherString = DEFAULT@SECLEVEL=0
"""

APACHE = """ServerRoot "{work}"
DefaultRuntimeDir "{work}"
PidFile "{work}/pid"
ErrorLog "{work}/log"
LoadModule mpm_event_module {modules}/mod_mpm_event.so
LoadModule authz_core_module {modules}/mod_authz_core.so
LoadModule headers_module {modules}/mod_headers.so
LoadModule ssl_module {modules}/mod_ssl.so
Mutex posixsem
User nobody
Group nogroup
ServerName localhost
Listen 127.0.0.1:{port}
"""
APACHE_SITE = "<VirtualHost *:{port}>\n{lines}</VirtualHost>\n"
APACHE_STRANGER = "ServerName other\nSSLEngine on\nSSLCertificateFile {cert}\nSSLCertificateKeyFile {key}\n"

NGINX = """daemon off;
master_process off;
pid "{work}/pid";
error_log "{work}/log";
events {{}}
http {{
access_log off;
client_body_temp_path "{work}/body";
proxy_temp_path "{work}/proxy";
fastcgi_temp_path "{work}/fastcgi";
uwsgi_temp_path "{work}/uwsgi";
scgi_temp_path "{work}/scgi";
"""
NGINX_SITE = "server {{\nlisten 127.0.0.1:{port} ssl;\nlocation / {{ return 200 here; }}\n{lines}}}\n"
NGINX_STRANGER = "server_name other;\nssl_certificate {cert};\nssl_certificate_key {key};\n"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def find(program):
    return shutil.which(program, path=os.environ["PATH"] + ":/usr/sbin:/sbin")


class Server:
    """What both servers must do, with one CA and one certificate for all."""

    @classmethod
    def setUpClass(cls):
        cls.base = tempfile.mkdtemp(prefix="gca-test-")
        cls.addClassCleanup(shutil.rmtree, cls.base)
        cls.openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "9",
                    "-subj", "/CN=test root", "-keyout", "root.key", "-out", "root.pem")
        cls.issue("ca", "/CN=test issuer", "root", "basicConstraints=critical,CA:TRUE",
                  "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256")
        cls.issue("leaf", f"/CN={HOST}", "ca", "subjectAltName=" + ",".join(
            [f"DNS:{name}" for name in (HOST, IDN, WILDCARD)] + ["IP:168.95.1.1", "IP:2001:b000:168::1"]),
                  "-newkey", "rsa:2048")
        cls.openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "9", "-subj", "/CN=other",
                    "-keyout", "other.key", "-out", "other.pem")
        with open(cls.file("fullchain.pem"), "wb") as file:
            for name in ("leaf.pem", "ca.pem"):
                with open(cls.file(name), "rb") as part:
                    file.write(part.read())

    @classmethod
    def file(cls, name):
        return os.path.join(cls.base, name)

    @classmethod
    def openssl(cls, *command):
        subprocess.run(["openssl", *command], cwd=cls.base, stdin=subprocess.DEVNULL, capture_output=True, check=True)

    @classmethod
    def issue(cls, name, subject, issuer, extension, *key):
        with open(cls.file(name + ".cnf"), "w", encoding="ascii") as file:
            file.write(extension + "\n")
        cls.openssl("req", *key, "-nodes", "-subj", subject, "-keyout", name + ".key", "-out", name + ".csr")
        cls.openssl("x509", "-req", "-in", name + ".csr", "-CA", issuer + ".pem", "-CAkey", issuer + ".key",
                    "-CAcreateserial", "-days", "9", "-extfile", name + ".cnf", "-out", name + ".pem")

    def lines(self, *names, folder=""):
        """What is printed, for files in a folder of that name."""
        place = os.path.join(self.folder, folder)
        os.makedirs(place, exist_ok=True)
        for name in ("fullchain.pem", "leaf.key"):
            shutil.copy(self.file(name), place)
        done = self.run_program(os.environ["GCA_SERVER_CONFIG"], self.nick, os.path.join(place, "fullchain.pem"),
                                os.path.join(place, "leaf.key"), "/unused.p12", *names)
        self.assert_status(done, 0)
        return done.out

    def start(self, *sites):
        """Runs until the test ends; where another program has taken the free port, on one more."""
        with open(self.file("lenient.cnf"), "w", encoding="ascii") as file:
            file.write(LENIENT)
        for _ in range(5):
            self.port = free_port()
            path = self.write("server.conf", self.config(*sites))
            process = subprocess.Popen(self.command(path), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                       stderr=subprocess.PIPE, cwd=self.work,
                                       env={"PATH": os.environ["PATH"], "OPENSSL_CONF": self.file("lenient.cnf")})
            self.addCleanup(process.stderr.close)
            if self.answers(process):
                self.addCleanup(process.wait)
                self.addCleanup(process.kill)
                return
        self.fail(process.stderr.read().decode())

    def answers(self, process):
        """Whether the server takes connections; FALSE once it has ended."""
        while process.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return True
            time.sleep(0.02)
        return False

    def connect(self, name, *options, stdin=b""):
        return self.run_program(
            "openssl", "s_client", "-connect", f"127.0.0.1:{self.port}", "-servername", name, "-verify_hostname", name,
            "-verify_return_error", "-no-CApath", "-no-CAstore", "-CAfile", self.file("root.pem"), *options,
            stdin=stdin, OPENSSL_CONF=self.file("lenient.cnf"))

    def assert_verified(self, done, protocol=""):
        self.assert_status(done, 0)
        self.assertIn("Verify return code: 0 (ok)", done.out)
        self.assertIn(protocol, done.out)

    def test_certificate_and_chain_are_served(self):
        self.start(self.lines(HOST, IDN))
        for version in ("TLSv1.2", "TLSv1.3"):
            option = "-" + version.lower().replace("v", "").replace(".", "_")
            self.assert_verified(self.connect(HOST, option), f"New, {version},")

    def test_what_is_old_is_refused(self):
        lines = self.lines(HOST)
        self.start(lines)
        done = self.connect(HOST, "-tls1_1")
        self.assertNotEqual(done.status, 0)
        self.assertIn("tlsv1 alert protocol version", done.err)  # RFC 8446 section 6: 70
        done = self.connect(HOST, "-tls1_2", "-cipher", "AES128-SHA:AES128-GCM-SHA256")  # no forward secrecy
        self.assertNotEqual(done.status, 0)
        self.assertIn("handshake failure", done.err)

    def test_without_the_lines_it_would_be_taken(self):
        """What is refused above is so because of them."""
        old = re.sub(r"(?m)^(SSLProtocol|ssl_protocols|SSLCipherSuite|ssl_ciphers).*\n", "", self.lines(HOST))
        if self.nick == "nginx":
            old += "ssl_protocols TLSv1.1 TLSv1.2;\n"
        self.start(old)
        self.assert_verified(self.connect(HOST, "-tls1_1"))
        self.assert_verified(self.connect(HOST, "-tls1_2", "-cipher", "AES128-GCM-SHA256"))

    def test_every_name_leads_to_the_site(self):
        stranger = self.stranger.format(cert=self.file("other.pem"), key=self.file("other.key"))
        lines = self.lines(HOST, IDN, WILDCARD, "168.95.1.1", "2001:b000:168::1")
        self.start(stranger, lines)
        for name in (HOST, IDN, "any.wild.example.gov.tw"):
            self.assert_verified(self.connect(name))
        self.assertNotEqual(self.connect("other.example.gov.tw").status, 0)

    def test_paths_are_quoted(self):
        self.start(self.lines(HOST, folder=ODD + ("$" if self.nick == "apache" else "")))
        self.assert_verified(self.connect(HOST))

    def test_the_line_for_hsts_can_be_switched_on(self):
        lines = self.lines(HOST)
        self.assertIn("\n" + self.header, lines)
        self.start(lines.replace("\n" + self.header, "\n" + self.header[1:]))
        answer = self.connect(HOST, "-ign_eof", stdin=b"GET / HTTP/1.0\r\nHost: " + HOST.encode() + b"\r\n\r\n")
        self.assertIn("Strict-Transport-Security: max-age=31536000", answer.out)


class ApacheTest(Server, harness.Case):
    nick, header, stranger = "apache", "#Header", APACHE_STRANGER

    def config(self, *sites):
        return APACHE.format(work=self.work, port=self.port, modules=MODULES) + "".join(
            APACHE_SITE.format(port=self.port, lines=lines) for lines in sites)

    def command(self, path):
        return [find("apache2"), "-X", "-f", path]


class NginxTest(Server, harness.Case):
    nick, header, stranger = "nginx", "#add_header", NGINX_STRANGER

    def config(self, *sites):
        return NGINX.format(work=self.work) + "".join(
            NGINX_SITE.format(port=self.port, lines=lines) for lines in sites) + "}\n"

    def command(self, path):
        return [find("nginx"), "-c", path, "-e", os.devnull]


if __name__ == "__main__":
    harness.main()
