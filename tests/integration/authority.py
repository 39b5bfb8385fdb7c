"""A CA for the tests of what comes back: root, intermediates and certificates with any dates, by openssl."""
import datetime
import os
import subprocess

CONFIG = """[ca]
default_ca = it
[it]
dir = .
database = index
new_certs_dir = .
default_md = sha256
policy = any
unique_subject = no
rand_serial = yes
[any]
countryName = optional
stateOrProvinceName = optional
localityName = optional
organizationName = optional
organizationalUnitName = optional
commonName = optional
[req]
distinguished_name = dn
[dn]
"""
CA = "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\n"
IDENTIFIERS = "subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n"
SERVER = "keyUsage=critical,digitalSignature,keyEncipherment\nextendedKeyUsage=serverAuth\n"
# RFC 5280 section 4.2.1.8, as on cards: one attribute, with an OID in it
IDENTITY = "2.5.29.9=DER:30:11:30:0F:06:08:60:86:76:01:64:02:66:01:31:03:06:01:2A\n"
DAY = datetime.timedelta(days=1)
CURVE = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")


class Authority:
    """Root and `ca`, which the root has certified, in a folder; gives paths of PEM files."""

    def __init__(self, folder):
        self.folder = folder
        self.now = datetime.datetime.utcnow().replace(microsecond=0)
        for name, content in (("config", CONFIG), ("index", "")):
            with open(self.path(name), "w", encoding="ascii") as file:
                file.write(content)
        self.run("req", "-x509", "-config", "config", *CURVE, "-keyout", "root.key", "-out", "root.pem", "-days", "99",
                 "-utf8", "-subj", "/C=TW/O=測試機關/CN=測試根憑證", "-addext", "keyUsage=critical,keyCertSign,cRLSign",
                 "-addext", "basicConstraints=critical,CA:TRUE")
        self.root = self.path("root.pem")
        self.ca = self.intermediate("ca", "測試中繼憑證")

    def path(self, name):
        return os.path.join(self.folder, name)

    def run(self, *command, stdin=None):
        done = subprocess.run(("openssl", *command), cwd=self.folder, input=stdin, capture_output=True,
                              env={"PATH": os.environ["PATH"]})
        if done.returncode != 0:
            raise AssertionError((command, done.stderr.decode()))
        return done.stdout

    def sign(self, name, request, issuer, extensions, begin, end, subject=()):
        """`begin` and `end`: days from now."""
        with open(self.path(name + ".ext"), "w", encoding="utf-8") as file:
            file.write(extensions + IDENTIFIERS)
        dates = [(self.now + days * DAY).strftime("%Y%m%d%H%M%SZ") for days in (begin, end)]
        self.run("ca", "-config", "config", "-batch", "-notext", "-preserveDN", "-utf8", "-in", request, "-cert",
                 issuer + ".pem", "-keyfile", issuer + ".key", "-extfile", name + ".ext", "-startdate", dates[0],
                 "-enddate", dates[1], "-out", name + ".pem", *subject)
        return self.path(name + ".pem")

    def intermediate(self, name, title, issuer="root", begin=-9, end=90):
        """One of the same title as another is of another generation: it has its own key."""
        self.run("req", "-new", "-config", "config", *CURVE, "-keyout", name + ".key", "-out", name + ".csr", "-utf8",
                 "-subj", f"/C=TW/O=測試機關/CN={title}")
        return self.sign(name, name + ".csr", issuer, CA, begin, end)

    def issue(self, folder, *names, name="leaf", issuer="ca", begin=-1, end=90, extensions=SERVER, subject=()):
        """A certificate for the request in a folder; `names` other than those asked for."""
        request = os.path.join(folder, "request.csr.pem")
        names = names or (os.path.basename(folder).rpartition("-2")[0],)
        alternative = "subjectAltName=" + ",".join(f"DNS:{one}" for one in names) + "\n"
        return self.sign(name, request, issuer, alternative + extensions, begin, end, subject)

    def join(self, name, *paths):
        """Files one behind the other."""
        with open(self.path(name), "wb") as out:
            for path in paths:
                with open(path, "rb") as part:
                    out.write(part.read())
        return self.path(name)

    def der(self, path, name):
        self.run("x509", "-in", path, "-outform", "DER", "-out", name)
        return self.path(name)
