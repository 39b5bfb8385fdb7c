"""The list of accounts: files as the four clients leave them, and what a user may not read."""
import base64
import hashlib
import json
import os
import shutil

import harness
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

SERVER = "localhost:14000"
DIRECTORY = f"https://{SERVER}/dir"
OTHER = "https://other.example.gov.tw/acct/"


def encode(number):
    return base64.urlsafe_b64encode(number.to_bytes((number.bit_length() + 7) // 8, "big")).decode().rstrip("=")


def digest(members):
    """RFC 7638."""
    text = json.dumps(members, sort_keys=True, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(hashlib.sha256(text).digest()).decode().rstrip("=")


class Accounts(harness.Case):
    @classmethod
    def setUpClass(cls):
        cls.rsa = rsa.generate_private_key(65537, 2048)
        cls.ec = ec.generate_private_key(ec.SECP256R1())

    def put(self, name, content, base=None):
        path = os.path.join(base or self.work, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(content if isinstance(content, bytes) else content.encode())
        return path

    def pem(self):
        return self.ec.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL,
                                     serialization.NoEncryption())

    def jwk(self):
        private = self.rsa.private_numbers()
        numbers = {"n": private.public_numbers.n, "e": private.public_numbers.e, "d": private.d, "p": private.p,
                   "q": private.q, "dp": private.dmp1, "dq": private.dmq1, "qi": private.iqmp}
        return {"kty": "RSA", **{name: encode(value) for name, value in numbers.items()}}

    def certbot(self, base=None, uri=harness.ACCOUNT_URI):
        pem = self.rsa.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        folder = f"letsencrypt/accounts/{SERVER}/dir/{hashlib.md5(pem).hexdigest()}/"
        self.put(folder + "private_key.json", json.dumps(self.jwk()), base)
        return self.put(folder + "regr.json", json.dumps({"body": {}, "uri": uri}), base)

    def lego(self, base=None):
        folder = "lego/accounts/localhost_14000/test@example.com/"
        self.put(folder + "keys/test@example.com.key", self.pem(), base)
        return self.put(folder + "account.json", json.dumps({"email": "test@example.com", "registration": {
            "body": {"status": "valid"}, "uri": "https://localhost:14000/my-account/2"}}), base)

    def acme_sh(self, base=None):
        self.put("acme.sh/ca/other.example.gov.tw/dir/account.key", self.pem(), base)
        return self.put("acme.sh/ca/other.example.gov.tw/dir/ca.conf",
                        f"ACCOUNT_URL='{OTHER}3'\nCA_EMAIL='test@example.com'\n", base)

    def dehydrated(self, base=None):
        name = base64.urlsafe_b64encode((DIRECTORY + "\n").encode()).decode().rstrip("=")
        self.put(f"dehydrated/accounts/{name}/account_key.pem", self.pem(), base)
        return self.put(f"dehydrated/accounts/{name}/account_id.json",
                        json.dumps({"url": "https://localhost:14000/my-account/4"}), base)

    def run_accounts(self, *words, before=(), **env):
        result = self.run_program(*before, harness.program("gca-prereg"), "accounts", *words, **env)
        self.assertNotIn("PRIVATE", result.out + result.err)
        self.assertNotIn(self.jwk()["d"], result.out + result.err)
        return result

    def ask(self, *words, status=0, **more):
        result = self.run_accounts("--json", *words, **more)
        self.assert_status(result, status)
        return result.json

    def unprivileged(self):
        """In front of a command: for root, too, the mode of files counts then."""
        return ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] if os.geteuid() == 0 else []

    def test_four_clients(self):
        files = {"certbot": self.certbot(), "lego": self.lego(), "acme.sh": self.acme_sh(), "dehydrated": self.dehydrated()}
        answer = self.ask(self.work)
        found = {one["client"]: one for one in answer["accounts"]}
        self.assertEqual({client: one["file"] for client, one in found.items()}, files)
        public = self.ec.public_key().public_numbers()
        in_ec = digest({"crv": "P-256", "kty": "EC", "x": encode(public.x), "y": encode(public.y)})
        in_rsa = digest({name: self.jwk()[name] for name in ("e", "kty", "n")})
        self.assertEqual({client: (one["server"], one["directory"], one["email"], one["profile"], one["thumbprint"])
                          for client, one in found.items()},
                         {"certbot": (SERVER, DIRECTORY, None, "test", in_rsa),
                          "lego": (SERVER, None, "test@example.com", "test", in_ec),
                          "acme.sh": ("other.example.gov.tw", "https://other.example.gov.tw/dir", "test@example.com", None, in_ec),
                          "dehydrated": (SERVER, DIRECTORY, None, "test", in_ec)})
        self.assertEqual(found["certbot"]["uri"], harness.ACCOUNT_URI)
        self.assertTrue(all(one["key_readable"] and one["advice"] is None and one["doubt"] is None for one in found.values()))
        self.assertEqual((answer["unreadable"], answer["places"]), ([], [self.work]))

    def test_words_for_people(self):
        self.certbot()
        self.acme_sh()
        result = self.run_accounts(self.work)
        self.assert_status(result, 0)
        for words in (r"Account +" + OTHER + "3\n", "Client +certbot\n", "Profile +test\n", "Profile +none\n",
                      r"Key +\S+/private_key.json, readable\n", "E-mail +not known\n", r"Thumbprint +[\w-]{43}\n"):
            with self.subTest(words):
                self.assertRegex(result.out, words)
        self.assertEqual(result.err, "")

    def test_default_folders(self):
        """Of the user; those of the system are whatever they are here."""
        shutil.move(os.path.dirname(os.path.dirname(self.dehydrated())), self.path("elsewhere"))
        self.certbot(os.path.join(self.folder, "config"))
        self.lego()
        os.rename(self.path("lego"), os.path.join(self.folder, ".lego"))
        self.acme_sh()
        os.rename(self.path("acme.sh"), os.path.join(self.folder, ".acme.sh"))
        ours = [one["client"] for one in self.ask()["accounts"] if one["file"].startswith(self.folder)]
        self.assertEqual(ours, ["certbot", "lego", "acme.sh"])

    def test_one_file_by_two_ways_is_one_account(self):
        self.lego()
        os.rename(self.path("lego"), os.path.join(self.folder, ".lego"))
        os.symlink(os.path.join(self.folder, ".lego"), self.path(".lego"))
        ours = [one for one in self.ask()["accounts"] if one["client"] == "lego"]
        self.assertEqual(len(ours), 1)

    def test_files_folders_and_standard_input(self):
        file = self.certbot()
        self.assertEqual([one["uri"] for one in self.ask(file, os.path.dirname(file))["accounts"]], [harness.ACCOUNT_URI])
        result = self.run_program(harness.program("gca-prereg"), "accounts", "-", "--json",
                                  stdin=json.dumps({"uri": OTHER + "5"}).encode())
        self.assertEqual([(one["uri"], one["file"], one["thumbprint"]) for one in result.json["accounts"]],
                         [(OTHER + "5", None, None)])

    def test_keys_of_no_use(self):
        """What is wrong is said; that a file may be read is not all."""
        file = self.certbot()
        key = os.path.join(os.path.dirname(file), "private_key.json")
        for content, words in ((b'{"kty": ', "neither PEM nor JSON"), (b" " * 20000, "larger than"),
                               (json.dumps({**self.jwk(), "e": "AQ"}).encode(), "exponent")):
            with self.subTest(words):
                self.put(key, content)
                one = self.ask(self.work)["accounts"][0]
                self.assertEqual((one["key"], one["key_readable"], one["thumbprint"], one["advice"]), (key, True, None, None))
                self.assertIn(words, one["key_trouble"])
                self.assertRegex(self.run_accounts(self.work).out, r"Key +\S+/private_key.json, of no use\n.*" + words)
        for make in (os.mkfifo, os.mkdir):
            os.remove(key)
            make(key)
            one = self.ask(self.work)["accounts"][0]
            self.assertEqual((one["key"], one["key_readable"]), (key, False))
            self.assertIn("not a file", one["key_trouble"])

    def test_more_than_is_looked_at(self):
        """10,000 accounts: those that were reached are listed, and that there are more is said."""
        for i in range(10000):
            folder = self.path(f"accounts/{SERVER}/dir/{i:032x}")
            os.makedirs(folder)
            for name in ("meta.json", "regr.json"):
                with open(os.path.join(folder, name), "w", encoding="ascii") as file:
                    file.write('{"uri": "%s%d"}' % (OTHER, i))
        answer = self.ask("accounts", status=2)
        self.assertGreater(len(answer["accounts"]), 3000)
        self.assertEqual(len({one["uri"] for one in answer["accounts"]}), len(answer["accounts"]))
        self.assertFalse(answer["complete"])
        self.assertIn("too many files below “accounts”", answer["unreadable"][0])
        result = self.run_accounts("accounts")
        self.assert_status(result, 2)
        self.assertIn("too many files below “accounts”", result.err)
        self.assertIn("The list of accounts is not complete.", result.err)
        self.assertEqual(result.out.count("Account  "), len(answer["accounts"]))

    def test_nothing_there(self):
        """Not an error; where it was looked is said."""
        os.mkdir(self.path("empty"))
        self.assertEqual(self.ask("empty")["accounts"], [])
        result = self.run_accounts("empty")
        self.assert_status(result, 0)
        self.assertEqual(result.out, "")
        self.assertIn("empty", result.err)

    def test_place_that_is_not_there(self):
        self.assert_status(self.run_accounts("no-such"), 1)
        self.assert_status(self.run_accounts(self.put("junk", "junk")), 8)

    def test_spoilt_beside_good(self):
        self.lego()
        self.put("letsencrypt/accounts/x/regr.json", "{")
        answer = self.ask(self.work)
        self.assertEqual([one["client"] for one in answer["accounts"]], ["lego"])
        self.assertIn("letsencrypt/accounts/x/regr.json", answer["unreadable"][0])

    def test_key_that_may_not_be_read(self):
        file = self.certbot()
        folder = os.path.dirname(file)
        os.chmod(os.path.join(folder, "private_key.json"), 0)
        one = self.ask(folder, before=self.unprivileged())["accounts"][0]
        self.assertEqual((one["key_readable"], one["thumbprint"], one["key"]), (False, None, folder + "/private_key.json"))
        self.assertIn(f"sudo gca-prereg accounts '{folder}'", one["advice"])
        result = self.run_accounts(folder, before=self.unprivileged())
        self.assert_status(result, 0)
        self.assertIn("not readable for you", result.out)

    def test_folder_that_may_not_be_read(self):
        """As certbot's is: 0700 root."""
        self.lego()
        self.certbot()
        closed = self.path("letsencrypt/accounts")
        os.chmod(closed, 0)
        self.addCleanup(os.chmod, closed, 0o700)
        answer = self.ask(self.work, before=self.unprivileged())
        self.assertEqual([one["client"] for one in answer["accounts"]], ["lego"])
        self.assertIn("sudo", answer["unreadable"][0])
        self.assert_status(self.run_accounts(closed, before=self.unprivileged()), 1)

    def test_default_folder_that_may_not_be_read(self):
        self.certbot(os.path.join(self.folder, "config"))
        closed = os.path.join(self.folder, "config/letsencrypt")
        os.chmod(closed, 0)
        self.addCleanup(os.chmod, closed, 0o700)
        answer = self.ask(before=self.unprivileged())
        self.assertTrue(any(closed in text and "sudo" in text for text in answer["unreadable"]), answer)

    def test_names_that_would_move_the_cursor(self):
        self.put("a\x1b[2J/regr.json", json.dumps({"uri": OTHER + "6"}))
        result = self.run_accounts(self.work)
        self.assert_status(result, 0)
        self.assertNotIn("\x1b", result.out + result.err)


if __name__ == "__main__":
    harness.main()
