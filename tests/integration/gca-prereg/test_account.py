"""How --account finds an account: files, folders of certbot, standard input, URIs. The same in both commands;
`verify` needs no card, so most is asked there."""
import hashlib
import json
import os
import shutil

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

import harness
import peer

URI = "https://localhost:14000/my-account/2a9c8f"
OTHER = "https://localhost:14000/my-account/3b0d7e"
NOBODY = "65534"


def number(value):
    return peer.base64url(value.to_bytes((value.bit_length() + 7) // 8, "big"))


def jwk(key):
    private = key.private_numbers()
    public = private.public_numbers
    return {"kty": "RSA", "n": number(public.n), "e": number(public.e), "d": number(private.d),
            "p": number(private.p), "q": number(private.q), "dp": number(private.dmp1),
            "dq": number(private.dmq1), "qi": number(private.iqmp)}


def thumbprint(key):
    """RFC 7638 section 3."""
    needed = {name: jwk(key)[name] for name in ("e", "kty", "n")}
    text = json.dumps(needed, sort_keys=True, separators=(",", ":")).encode()
    return peer.base64url(hashlib.sha256(text).digest())


def certbot_id(key):
    """MD5 of the public key in PEM, as certbot names an account's folder."""
    pem = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return hashlib.md5(pem).hexdigest()


class Accounts(harness.Case):
    def make(self, folder, uri=URI, key=None, **members):
        """An account's folder as certbot leaves it."""
        os.makedirs(self.path(folder), exist_ok=True)
        self.write(folder + "/regr.json", json.dumps({"body": {}, "uri": uri, **members}))
        self.write(folder + "/meta.json", json.dumps({"creation_dt": "2026-01-01T00:00:00Z", "creation_host": "a"}))
        if key:
            self.write(folder + "/private_key.json", json.dumps(jwk(key)), 0o400)
        return folder

    def certbot(self, identity="0123456789abcdef0123456789abcdef", base="letsencrypt", **more):
        return self.make(f"{base}/accounts/localhost:14000/dir/{identity}", **more)


class Found(Accounts):
    def setUp(self):
        super().setUp()
        holder = peer.load(harness.PKI, "agency")
        content = peer.canonical(peer.request(holder[0], account={"uri": URI}))
        self.write("request.p7m", peer.Message(content, *holder).encode())

    def verify(self, where, stdin=b""):
        return self.run_program(harness.program("gca-prereg"), "verify", "request.p7m", "--ca",
                                os.path.join(harness.PKI, "ca.pem"), "--json", "--account", where, stdin=stdin)

    def assert_taken(self, where, stdin=b""):
        result = self.verify(where, stdin=stdin)
        self.assert_status(result, 0)
        self.assertIn("account", [check["name"] for check in result.json["checks"]])

    def assert_error(self, result, status, *words):
        self.assert_status(result, status)
        for word in words:
            self.assertIn(word, result.err)
        self.assertEqual(result.json["error"]["exit_status"], status)

    def test_every_way_to_name_it(self):
        folder = self.certbot()
        data = self.read(folder + "/regr.json")
        for where in ("letsencrypt", "letsencrypt/", "letsencrypt/accounts", folder, folder + "/regr.json",
                      self.path("letsencrypt"), URI):
            with self.subTest(where):
                self.assert_taken(where)
        self.assert_taken("-", stdin=data)

    def read(self, name):
        with open(self.path(name), "rb") as file:
            return file.read()

    def test_every_age_of_certbot(self):
        old = {"uri": URI, "new_authzr_uri": "https://localhost:14000/acme/new-authz",
               "terms_of_service": "https://localhost/terms",
               "body": {"contact": ["mailto:a@b.example"], "agreement": "https://localhost/terms",
                        "key": {"kty": "RSA", "n": "AQAB", "e": "AQAB"}}}
        middle = {"uri": URI, "body": {"contact": [], "status": "valid"}}
        for value in (old, middle, {"uri": URI}, {"body": {}, "uri": URI, "unknown": [1.5, None, True]}):
            text = json.dumps(value).encode()
            for data in (text, b"\xEF\xBB\xBF" + text, text + b"\r\n \n", json.dumps(value, indent=4).encode()):
                with self.subTest(data[:60]):
                    self.assert_taken(self.write("regr.json", data))
                    self.assert_taken("-", stdin=data)

    def test_several_are_listed(self):
        first = self.certbot("0" * 32)
        second = self.certbot("1" * 32, uri=OTHER)
        result = self.verify("letsencrypt")
        self.assert_error(result, 2, "2 ACME accounts", URI, OTHER, first, second)
        self.assert_taken(first)

    def test_none(self):
        os.makedirs(self.path("letsencrypt/accounts/localhost/dir"))
        self.assert_error(self.verify("letsencrypt"), 2, "No ACME account", "“letsencrypt”")

    def test_linked_folder(self):
        """certbot links the directory of a new server's version to the old one's."""
        self.certbot()
        os.symlink("dir", self.path("letsencrypt/accounts/localhost:14000/directory"))
        os.symlink("..", self.path("letsencrypt/accounts/loop"))
        self.assert_taken("letsencrypt")
        os.symlink("letsencrypt", self.path("link"))
        self.assert_taken("link")

    def test_account_elsewhere_behind_a_link(self):
        self.make("elsewhere")
        os.makedirs(self.path("letsencrypt/accounts"))
        os.symlink(self.path("elsewhere"), self.path("letsencrypt/accounts/localhost"))
        self.assert_taken("letsencrypt")

    def test_an_unusable_one_beside_a_good_one(self):
        self.certbot("0" * 32)
        self.write("letsencrypt/accounts/regr.json", b"junk")
        self.assert_taken("letsencrypt")

    def test_what_only_root_may_read(self):
        """Run as nobody: sudo and standard input are named as the ways out."""
        folder = self.certbot()
        for path, names, _ in os.walk(self.folder):
            os.chmod(path, 0o755)
        program = shutil.copy(harness.program("gca-prereg"), self.folder)
        os.chmod(self.path("request.p7m"), 0o644)
        root = os.geteuid() == 0
        before = ["setpriv", "--reuid", NOBODY, "--regid", NOBODY, "--clear-groups", "--"] if root else []
        anchor = shutil.copy(os.path.join(harness.PKI, "ca.pem"), self.path("ca.pem"))
        data = shutil.copytree(os.path.join(harness.SOURCE, "data"), os.path.join(self.folder, "data"))
        for path, _, names in os.walk(data):
            os.chmod(path, 0o755)
            for name in names:
                os.chmod(os.path.join(path, name), 0o644)
        os.chmod(anchor, 0o644)

        def ask(where, closed, mode):
            os.chmod(self.path(closed), mode)
            result = self.run_program(*before, program, "verify", "request.p7m", "--ca", "ca.pem", "--json",
                                      "--account", where, GCA_DATADIR=data)
            os.chmod(self.path(closed), 0o755)
            return result

        for where, closed, mode, status in ((folder + "/regr.json", folder + "/regr.json", 0, 1),
                                            (folder + "/regr.json", folder, 0, 1),
                                            ("letsencrypt", "letsencrypt/accounts", 0, 8),
                                            ("letsencrypt", "letsencrypt", 0, 1),
                                            ("letsencrypt", folder + "/regr.json", 0, 8)):
            with self.subTest((where, closed)):
                self.assert_error(ask(where, closed, mode), status, "sudo", "standard input (“-”)")


class Bound(Accounts):
    """What goes into the request: needs a card."""

    def bind(self, where, stdin=b""):
        result = self.run_with_card(harness.program("gca-prereg"), "--account", where, "-d", "www.agency-test.gov.tw",
                                    "--dry-run", stdin=stdin)
        self.assert_status(result, 0)
        return json.loads(result.out)["account"], result.err

    def test_thumbprint(self):
        key = rsa.generate_private_key(65537, 2048)
        self.certbot(certbot_id(key), key=key)
        account, said = self.bind("letsencrypt")
        self.assertEqual(account, {"uri": URI, "thumbprint": thumbprint(key)})
        self.assertNotIn("is not the one that certbot made this folder for", said)

    def test_folder_of_another_key(self):
        key = rsa.generate_private_key(65537, 2048)
        self.certbot("0" * 32, key=key)
        account, said = self.bind("letsencrypt")
        self.assertEqual(account["thumbprint"], thumbprint(key))
        self.assertIn("is not the one that certbot made this folder for", said)

    def test_unusable_keys(self):
        """No thumbprint then; the account is good all the same."""
        folder = self.certbot()
        for data in (b"junk", b"{}", b'{"kty":"RSA","n":"AQAB","e":"AQAB"}', b'{"kty":"oct","k":"AQAB"}'):
            with self.subTest(data):
                self.write(folder + "/private_key.json", data)
                self.assertEqual(self.bind(folder)[0], {"uri": URI})

    def test_uri_is_taken_byte_for_byte(self):
        for uri in ("https://LOCALHOST:14000/my-account/a%2Fb?x=1&y", "https://localhost:14000/my-account/-_~.!$'()*+,;=:@"):
            with self.subTest(uri):
                self.assertEqual(self.bind("-", json.dumps({"uri": uri}).encode())[0], {"uri": uri})
                self.assertEqual(self.bind(uri)[0], {"uri": uri})

    def test_escapes_of_json_are_not_part_of_it(self):
        text = json.dumps({"uri": URI}).replace("/", "\\/").replace("m", "\\u006d").encode()
        self.assertEqual(self.bind("-", text)[0], {"uri": URI})

    def test_host_of_another_ca_is_warned_of(self):
        account, said = self.bind("https://ca.example/acct/1")
        self.assertEqual(account["uri"], "https://ca.example/acct/1")
        self.assertIn("does not look like one of “", said)


if __name__ == "__main__":
    harness.main()
