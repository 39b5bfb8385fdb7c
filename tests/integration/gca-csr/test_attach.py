"""gca-csr attach: every form of delivery, every mistake of a chain, and what is refused.

The CA is made by openssl in the test.
"""
import glob
import os
import shutil
import zipfile

import authority
import harness
from csr_case import HOST, ORGANIZATION, openssl
from return_case import MADE, ReturnCase

PASSPHRASE = "tEst-9-passphrase"


class Forms(ReturnCase):
    def assert_form(self, *paths):
        told = self.attach(*paths)
        self.assertTrue(told["attached"])
        self.assertEqual(told["folder"], self.request)
        self.assert_attached(self.request, self.leaf, self.authority.ca)
        for name in MADE:
            os.unlink(os.path.join(self.request, name))
        return self.states(told["findings"])

    def test_pem_der_pkcs7_and_zip(self):
        """Whatever the files are called."""
        self.request = self.make()
        self.leaf = self.issue(self.request)
        a, leaf, ca, root = self.authority, self.leaf, self.authority.ca, self.authority.root
        files = a.join("both.pem", leaf, ca)
        der = a.der(leaf, "leaf.cer"), a.der(ca, "ca.cer")
        self.assertEqual(self.assert_form(leaf, ca), {"trust": "warning"})
        self.assertEqual(self.assert_form(files), {"trust": "warning"})
        self.assertEqual(self.assert_form(*der), {"trust": "warning", "form": "warning"})
        self.assertEqual(self.assert_form(der[0], ca), {"trust": "warning", "form": "warning"})
        for form in ("PEM", "DER"):
            a.run("crl2pkcs7", "-nocrl", "-certfile", files, "-outform", form, "-out", "all.p7b")
            self.assertEqual(self.assert_form(a.path("all.p7b")), {"trust": "warning", "form": "warning"})
        with zipfile.ZipFile(a.path("all.zip"), "w", zipfile.ZIP_DEFLATED) as archive:
            archive.write(der[0], "GTLS/網站.cer")
            archive.write(ca, "GTLS/chain/ca.crt")
            archive.write(root, "GTLS/chain/root.crt")
            archive.writestr("GTLS/readme.txt", "測試")
        self.assertEqual(self.assert_form(a.path("all.zip")),
                         {"trust": "warning", "form": "warning", "chain-root": "warning"})

    def test_root_that_is_named_is_trusted(self):
        folder = self.make()
        leaf = self.issue(folder)
        result = self.csr("attach", "--ca", self.authority.root, leaf, self.authority.ca)
        self.assertNotIn("--ca", result.out + result.err)
        self.assert_attached(folder, leaf, self.authority.ca)

    def test_json_and_next_steps(self):
        folder = self.make()
        leaf = self.issue(folder)
        told = self.csr("attach", "--json", leaf, self.authority.ca).json
        self.assertEqual(set(told), {"schema", "command", "certificates"})
        [one] = told["certificates"]
        self.assertEqual(set(one), {"certificate_sha256", "folder", "attached", "findings", "certbot"})
        for finding in one["findings"]:
            self.assertEqual(set(finding), {"name", "state", "text", "fix"})
        fingerprint = openssl("x509", "-in", leaf, "-noout", "-fingerprint", "-sha256").decode().partition("=")[2]
        self.assertEqual(one["certificate_sha256"], fingerprint.strip().replace(":", "").lower())
        self.assertEqual(one["folder"], folder)
        [certbot] = one["certbot"]
        for word in ("certbot certonly", "gtlscaweb.nat.gov.tw", "--key-type rsa", f"-d {HOST}"):
            self.assertIn(word, certbot)
        plain = self.csr("attach", leaf, self.authority.ca)
        for word in (folder + "/fullchain.pem", "gca-csr install", certbot):
            self.assertIn(word, plain.out)

    def test_many_in_one_call(self):
        requests = [self.make(cn=f"{i}.example.gov.tw", *("--dir", f"d{i % 2}")) for i in range(4)]
        leaves = [self.issue(folder, name=f"leaf{i}") for i, folder in enumerate(requests)]
        self.make("--dir", "d0")  # has none yet
        told = self.csr("attach", "--json", "--search", "d0", "--search", "d1", self.authority.ca, *leaves).json
        self.assertEqual([one["folder"] for one in told["certificates"]], requests)
        for folder, leaf in zip(requests, leaves):
            self.assert_attached(folder, leaf, self.authority.ca)

    def test_one_of_several_fails(self):
        good, bad = self.make(cn="a.example.gov.tw"), self.make(cn="b.example.gov.tw")
        leaves = [self.issue(good, name="good"), self.issue(bad, name="bad", begin=-9, end=-1)]
        told = self.csr("attach", "--json", *leaves, self.authority.ca, status=9).json["certificates"]
        self.assertEqual([one["attached"] for one in told], [True, False])
        self.assert_attached(good, leaves[0], self.authority.ca)
        self.assertEqual(len(os.listdir(bad)), 3)

    def test_key_with_a_passphrase_is_not_needed(self):
        folder = self.make("--encrypt", "--passphrase-file", self.write("passphrase", PASSPHRASE))
        leaf = self.issue(folder)
        self.assertTrue(self.attach(leaf, self.authority.ca)["attached"])
        self.assert_attached(folder, leaf, self.authority.ca)

    def test_twice_and_again_when_it_is_issued_anew(self):
        folder = self.make()
        leaf = self.issue(folder)
        self.attach(leaf, self.authority.ca)
        before = self.snapshot(folder)
        self.attach(leaf, self.authority.ca)
        self.assert_untouched(folder, before)
        again = self.issue(folder, name="again", end=60)
        self.assertNotEqual(self.bare(again), self.bare(leaf))
        self.attach(again, self.authority.ca)
        self.assert_attached(folder, again, self.authority.ca)
        self.assertEqual(self.snapshot(folder)["privkey.pem"], before["privkey.pem"])

    def test_issued_by_the_root_itself(self):
        """An earlier chain does not stay."""
        folder = self.make()
        self.attach(self.issue(folder), self.authority.ca)
        leaf = self.issue(folder, name="direct", issuer="root")
        self.csr("attach", "--ca", self.authority.root, leaf, self.authority.root)
        self.assertFalse(os.path.exists(os.path.join(folder, "chain.pem")))
        self.assertEqual(self.plain(folder, "fullchain.pem"), self.bare(leaf))

    def test_disk_full_leaves_the_earlier_one(self):
        folder = self.make()
        self.attach(self.issue(folder), self.authority.ca)
        before = self.snapshot(folder)
        result = self.run_program("sh", "-c", 'trap "" XFSZ; exec prlimit --fsize=100 "$@"', "sh", self.csr_tool,
                                  "attach", self.issue(folder, name="again"), self.authority.ca)
        self.assert_status(result, 1)
        self.assert_untouched(folder, before)


class Chains(ReturnCase):
    def setUp(self):
        super().setUp()
        self.request = self.make()
        self.leaf = self.issue(self.request)

    def test_order_and_strangers_are_put_right_and_said(self):
        a = self.authority
        old, other = a.intermediate("old", "測試中繼憑證"), a.intermediate("other", "測試另一中繼憑證")
        for paths, mistake, word in (([a.root, a.ca, self.leaf], "chain-root", "測試根憑證"),
                                     ([self.leaf, old, a.ca], "chain-stray", "generation"),
                                     ([self.leaf, a.ca, other], "chain-stray", "測試另一中繼憑證")):
            with self.subTest(mistake + word):
                told = self.attach(*paths)
                self.assertEqual(self.states(told["findings"]), {mistake: "warning", "trust": "warning"})
                self.assertIn(word, self.text(told, mistake))
                self.assert_attached(self.request, self.leaf, a.ca)
        self.attach(self.leaf, a.ca, a.ca, self.leaf)  # each once in what is written
        self.assert_attached(self.request, self.leaf, a.ca)

    def test_reversed_order(self):
        a = self.authority
        sub = a.intermediate("sub", "測試下層憑證", issuer="ca")
        leaf = self.issue(self.request, name="below", issuer="sub")
        told = self.attach(a.join("reverse.pem", a.ca, sub, leaf))
        self.assertEqual(self.states(told["findings"]), {"chain-order": "warning", "trust": "warning"})
        self.assertIn("reverse", self.text(told, "chain-order"))
        self.assert_attached(self.request, leaf, sub, a.ca)
        told = self.attach(leaf, sub)  # what is above is missing: perhaps known to the clients
        self.assertEqual(self.states(told["findings"]), {"trust": "warning"})
        self.assertIn("測試中繼憑證", self.text(told, "trust"))
        self.assert_attached(self.request, leaf, sub)

    def test_without_its_issuer_nothing_is_written(self):
        a = self.authority
        before = self.snapshot(self.request)
        old = a.intermediate("old2", "測試中繼憑證")
        for paths, mistake, words in (
                ([self.leaf], "chain-leaf-only", ["測試中繼憑證", "GTLSCA_All.zip"]),
                ([self.leaf, a.root], "chain-issuer", ["測試中繼憑證", "測試根憑證"]),
                ([self.leaf, old], "chain-issuer", ["測試中繼憑證", "generation"])):
            with self.subTest(paths):
                told = self.attach(*paths, status=9)
                self.assertFalse(told["attached"])
                self.assertEqual(self.states(told["findings"])[mistake], "failed")
                for word in words:
                    self.assertIn(word, self.text(told, mistake))
                self.assert_untouched(self.request, before)

    def test_what_is_known_here_completes_the_chain(self):
        chain = os.path.join(self.env["XDG_CONFIG_HOME"], "gca-toolkit", "chain")
        os.makedirs(chain)
        self.authority.der(self.authority.ca, "known.cer")
        shutil.copy(self.authority.path("known.cer"), chain)
        told = self.attach(self.leaf)
        self.assertEqual(self.states(told["findings"]), {"trust": "warning"})
        self.assert_attached(self.request, self.leaf, self.authority.ca)

    def test_expired_intermediate(self):
        self.authority.intermediate("gone", "測試過期中繼憑證", begin=-90, end=-1)
        leaf = self.issue(self.request, name="under-gone", issuer="gone")
        told = self.attach(leaf, self.authority.path("gone.pem"), status=9)
        self.assertEqual(self.states(told["findings"])["chain-validity"], "failed")
        self.assertIn("測試過期中繼憑證", self.text(told, "chain-validity"))


class Refused(ReturnCase):
    def test_no_folder_has_the_key(self):
        folder = self.make()
        leaf = self.issue(folder)
        shutil.rmtree(folder)
        other = self.make()
        before = self.snapshot(other)
        result = self.csr("attach", leaf, self.authority.ca, status=8)
        for word in ("no request folder", "--search", "issued again"):
            self.assertIn(word, result.out)
        told = self.attach(leaf, self.authority.ca, status=8)
        self.assertEqual((told["folder"], told["attached"], told["certbot"]), (None, False, []))
        self.assertEqual(self.states(told["findings"]), {"folder": "failed"})
        self.assert_untouched(other, before)

    def test_what_is_wrong_with_the_certificate(self):
        folder = self.make()
        before = self.snapshot(folder)
        a = authority
        for case, names, form, finding, word in (
                ("names", ["other.example.gov.tw"], {}, "names", "other.example.gov.tw"),
                ("parent", ["example.gov.tw", "*.gov.tw"], {}, "names", HOST),
                ("2.5.29.9", [], {"extensions": a.SERVER + a.IDENTITY}, "identity", "2.5.29.9"),
                ("expired", [], {"begin": -9, "end": -2}, "validity", "expired"),
                ("early", [], {"begin": 2}, "validity", "not valid before"),
                ("usage", [], {"extensions": "keyUsage=critical,digitalSignature\nextendedKeyUsage=clientAuth\n"},
                 "usage", "serverAuth"),
                ("key usage", [], {"extensions": "keyUsage=critical,nonRepudiation\nextendedKeyUsage=serverAuth\n"},
                 "usage", "digitalSignature")):
            with self.subTest(case):
                told = self.attach(self.issue(folder, *names, **form), self.authority.ca, status=9)
                self.assertFalse(told["attached"])
                self.assertEqual(self.states(told["findings"]), {finding: "failed", "trust": "warning"})
                self.assertIn(word, self.text(told, finding))
                plain = self.csr("attach", self.authority.path("leaf.pem"), self.authority.ca, status=9)
                self.assertIn(word, plain.out)
                self.assert_untouched(folder, before)

    def test_what_is_only_noted(self):
        folder = self.make()
        for names, form, finding, word in (
                ([], {"begin": -100, "end": 20}, "validity", "20"),
                ([HOST, "more.example.gov.tw"], {}, "names", "more.example.gov.tw"),
                ([], {"subject": ("-subj", f"/C=TW/O={ORGANIZATION}/CN={HOST}")}, "subject", "L=臺灣"),
                ([], {"end": 300}, "lifetime", "200")):
            with self.subTest(finding):
                told = self.attach(self.issue(folder, *names, **form), self.authority.ca)
                self.assertEqual(self.states(told["findings"]), {finding: "warning", "trust": "warning"})
                self.assertIn(word, self.text(told, finding))
                self.assert_attached(folder, self.authority.path("leaf.pem"), self.authority.ca)
                self.clear(folder)

    @staticmethod
    def clear(folder):
        for name in MADE:
            os.unlink(os.path.join(folder, name))

    def test_nothing_is_replaced_without_a_word(self):
        folder = self.make()
        self.attach(self.issue(folder, end=300), self.authority.ca)
        with open(os.path.join(folder, "fullchain.pem"), encoding="ascii") as file:
            before = file.read()
        told = self.attach(self.issue(folder), self.authority.ca)
        self.assertEqual(self.states(told["findings"]), {"predecessor": "warning", "trust": "warning"})
        self.assertIn("longer", self.text(told, "predecessor"))
        self.assert_attached(folder, self.authority.path("leaf.pem"), self.authority.ca)
        kept, = glob.glob(os.path.join(folder, "earlier-*.pem"))
        self.assertIn(os.path.basename(kept), self.text(told, "predecessor"))
        with open(kept, encoding="ascii") as file:
            self.assertEqual(file.read(), before)
        os.unlink(self.authority.path("leaf.pem"))
        self.assertTrue(self.attach(kept)["attached"])  # and back again, by its own chain
        with open(os.path.join(folder, "fullchain.pem"), encoding="ascii") as file:
            self.assertEqual(file.read(), before)

    def test_what_lies_in_a_request_folder_is_looked_at_again(self):
        folder = self.make()
        self.attach(self.issue(folder), self.authority.ca)
        before = self.snapshot(folder)
        for path in (folder, os.path.join(folder, "cert.pem")):
            told = self.attach(path)
            self.assertTrue(told["attached"])
            self.assertEqual(self.states(told["findings"]), {"trust": "warning"})
            self.assert_untouched(folder, before)

    def test_another_organisation_is_taken_only_if_it_is_said(self):
        folder = self.make()
        before = self.snapshot(folder)
        leaf = self.issue(folder, subject=("-subj", f"/C=TW/O=別的測試機關/CN={HOST}"))
        told = self.attach(leaf, self.authority.ca, status=9)
        self.assertEqual(self.states(told["findings"]), {"subject": "failed", "trust": "warning"})
        self.assertIn("O=別的測試機關", self.text(told, "subject"))
        sha256 = told["certificate_sha256"]
        self.assertIn(f"--take {sha256}", self.csr("attach", leaf, self.authority.ca, status=9).out)
        self.attach("--take", "0" * 64, leaf, self.authority.ca, status=9)
        self.assert_untouched(folder, before)
        told = self.attach("--take", sha256, leaf, self.authority.ca)
        self.assertEqual(self.states(told["findings"]), {"subject": "warning", "trust": "warning"})
        self.assert_attached(folder, leaf, self.authority.ca)
        expired = self.issue(folder, begin=-9, end=-2, subject=("-subj", f"/C=TW/O=別的測試機關/CN={HOST}"))
        plain = self.csr("attach", expired, self.authority.ca, status=9)
        self.assertNotIn("--take", plain.out)

    def test_certificate_of_a_ca(self):
        folder = self.make()
        before = self.snapshot(folder)
        own = self.issue(folder, extensions=authority.CA)
        self.csr("attach", own, self.authority.ca, status=8)
        self.csr("attach", self.authority.ca, self.authority.root, status=8)
        self.assert_untouched(folder, before)

    def test_key_was_exchanged_in_the_folder(self):
        folder, other = self.make(), self.make(cn="other.example.gov.tw")
        leaf = self.issue(folder)
        shutil.copy(os.path.join(other, "privkey.pem"), folder)
        before = self.snapshot(folder)
        told = self.attach(leaf, self.authority.ca, status=9)
        self.assertEqual(self.states(told["findings"])["key"], "failed")
        self.assert_untouched(folder, before)

    def test_files_that_are_no_certificates(self):
        folder = self.make()
        with zipfile.ZipFile(self.path("empty.zip"), "w") as archive:
            archive.writestr("readme.txt", "測試")
        for path, status in ((os.path.join(folder, "request.csr.pem"), 8), (os.path.join(folder, "privkey.pem"), 8),
                             (self.write("text", "測試"), 8), (self.write("nothing", ""), 8), (self.path("none"), 1),
                             (self.path("empty.zip"), 8), (folder, 2)):
            with self.subTest(path):
                self.assert_words(self.csr("attach", path, status=status), os.path.basename(path))
        self.csr("attach", status=2)
        self.csr("attach", "--search", self.path("none"), self.issue(folder), status=1)
        self.assertEqual(len(os.listdir(folder)), 3)


if __name__ == "__main__":
    harness.main()
