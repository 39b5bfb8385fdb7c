"""gca-csr, one request: what is made, judged by openssl and certtool."""
import datetime
import json
import os
import shutil
import re
import subprocess

import harness
from csr_case import HOST, MEMBERS, OID, ORGANIZATION, NewCase, dump, openssl, read, spki_sha256

IDN, IDN_ASCII = "例子.政府.tw", "xn--fsqu00a.xn--mxtq1m.tw"
PASSPHRASE = "測試通關密語9"


class Made(NewCase):
    def test_folder_is_named_after_host_and_time(self):
        before = datetime.datetime.utcnow().replace(microsecond=0)
        result = self.new()
        [folder] = self.folders()
        self.assert_made(folder)
        host, _, stamp = os.path.basename(folder).rpartition("-")
        self.assertEqual(host, HOST)
        made = datetime.datetime.strptime(stamp, "%Y%m%dT%H%M%SZ")
        self.assertTrue(before <= made <= datetime.datetime.utcnow())
        request = json.loads(read(os.path.join(folder, "request.json")))
        self.assertEqual(request["created"].replace("-", "").replace(":", ""), stamp)
        self.assertEqual(request["agency"]["oid"], OID)
        groups = re.sub("(....)", r"\1 ", request["spki_sha256"]).strip()
        for word in (folder, groups, ORGANIZATION, HOST, "gca-letter form", "gca-csr attach"):
            self.assertIn(word, result.out)

    def test_modes_do_not_hang_on_the_umask(self):
        for umask in ("000", "077", "777"):
            with self.subTest(umask):
                parent = self.path("u" + umask)
                os.mkdir(parent)
                self.shell(f'umask {umask}; exec "$@"', "--dir", parent)
                [folder] = self.folders(parent)
                self.assert_made(folder)

    def test_chinese_name(self):
        result = self.new(cn=IDN)
        [folder] = self.folders()
        self.assert_made(folder, names=[IDN_ASCII])
        self.assertIn(f"({IDN})", result.out)

    def test_further_names_and_addresses(self):
        folder = self.make("--profile", "test", "-d", f"b.example.gov.tw,{IDN}", "-d", "168.95.1.1",
                           "-d", "2001:b000:168::1", "-d", "B.example.gov.tw")
        self.assert_made(folder, [HOST, "b.example.gov.tw", IDN_ASCII, "168.95.1.1", "2001:b000:168::1"])

    def test_other_subjects(self):
        for options, subject in (
                (["--organization", "測試機關"], "C=TW,L=臺灣,O=測試機關"),
                (["--organization", "測試機關", "--locality", "臺北市"], "C=TW,L=臺北市,O=測試機關"),
                (["--oid", OID, "--organization", "測試機關"], "C=TW,L=臺灣,O=測試機關"),
                (["--subject", "C=TW,L=高雄市,O=測試機關"], "C=TW,L=高雄市,O=測試機關"),
                (["--subject", f"CN={HOST},O=測試機關,L=高雄市,C=TW"], "C=TW,L=高雄市,O=測試機關"),  # RFC 4514: leaf first
                (["--subject", "C=TW,O=測試機關"], "C=TW,O=測試機關")):
            with self.subTest(options):
                self.assert_made(self.csr("--cn", HOST, "--json", *options).json["folder"], subject=subject)

    def test_prefix_of_another_authority(self):
        self.assert_made(self.make("--profile", "twca"), subject=f"C=TW,L=臺灣,O=政府機關-{ORGANIZATION}")

    def test_key_sizes_are_the_profiles(self):
        for bits in (2048, 3072, 4096):
            with self.subTest(bits):
                self.assert_made(self.make("--profile", "test", "--bits", str(bits)), bits=bits)
        for profile, bits in (("gtlsca", 3072), ("gtlsca", 4096), ("twca", 3072), ("test", 1024), ("test", 2047),
                              ("test", -1)):
            with self.subTest((profile, bits)):
                result = self.new("--profile", profile, f"--bits={bits}", status=2)
                self.assert_words(result, str(bits), "2048")
        self.assertEqual(len(self.folders()), 3)

    def test_json(self):
        result = self.new("--json").json
        self.assertEqual(set(result), MEMBERS)
        self.assertEqual((result["schema"], result["command"], result["profile"], result["agency_oid"]),
                         (1, "gca-csr", "gtlsca", OID))
        self.assertEqual(result["folder"], self.folders()[0])
        self.assertEqual(result["key"], os.path.join(result["folder"], "privkey.pem"))
        self.assertEqual(result["csr"], os.path.join(result["folder"], "request.csr.pem"))
        self.assertEqual(result["names"], [HOST])
        self.assertEqual(result["subject"], f"C=TW,L=臺灣,O={ORGANIZATION},CN={HOST}")
        self.assertEqual(result["spki_sha256"],
                         spki_sha256(openssl("req", "-in", result["csr"], "-noout", "-pubkey")))
        request = json.loads(read(os.path.join(result["folder"], "request.json")))
        self.assertEqual(result["created"], request["created"])

    def test_dry_run_leaves_nothing(self):
        self.assertIn(ORGANIZATION, self.new("--dry-run").out)
        told = self.new("--dry-run", "--json", "--dir", "not/there").json
        self.assertEqual(set(told), {"schema", "command", "profile", "agency_name", "agency_oid", "subject", "names"})
        self.assert_nothing_written()

    def test_any_locale(self):
        """The request does not hang on the locale, nor what is shown of it."""
        for locale in ({"LC_ALL": "C"}, {"LC_ALL": "POSIX"}, {"LC_ALL": "C.UTF-8", "LANGUAGE": "zh_TW"},
                       {"LC_ALL": "none.Big5"}):
            with self.subTest(locale):
                result = self.new("--dir", str(len(os.listdir(self.work))), cn=IDN, **locale)
                self.assertIn(ORGANIZATION, result.out)
                self.assertIn(IDN, result.out)
        for parent in os.listdir(self.work):
            [folder] = self.folders(self.path(parent))
            self.assert_made(folder, names=[IDN_ASCII])

    def test_a_request_that_waits_is_told_of(self):
        self.assertNotIn("waits", self.new("--dry-run").err)
        first = self.make()
        for options in ((), ("--dry-run",), ("--json",)):
            self.assertIn(first, self.new(*options, "--dir", ".").err.replace("./", ""))
            for folder in self.folders():
                if folder != first:
                    shutil.rmtree(folder)
        self.assertNotIn("waits", self.new(cn="other.example.gov.tw").err)
        with open(os.path.join(first, "cert.pem"), "w", encoding="ascii"):
            pass
        self.assertNotIn("waits", self.new().err)

    def test_new_parent_is_made(self):
        folder = self.make("--dir", "new/測試/folder")
        self.assertEqual(os.path.dirname(folder), self.path("new/測試/folder"))
        self.assert_made(folder)


class Encrypted(NewCase):
    def encrypted(self, passphrase, status=0):
        path = self.write("passphrase", passphrase)
        return self.new("--json", "--encrypt", "--passphrase-file", path, status=status)

    def test_openssl_reads_the_key_with_the_passphrase_alone(self):
        result = self.encrypted(PASSPHRASE + "\n")
        key = result.json["key"]
        self.assert_made(result.json["folder"], passin="pass:" + PASSPHRASE)
        openssl("pkey", "-in", key, "-passin", "pass:", "-noout", fails=True)
        openssl("pkey", "-in", key, "-passin", "pass:" + PASSPHRASE + "0", "-noout", fails=True)
        kinds = {name for name, _ in dump(key)}
        self.assertLessEqual({"PBES2", "scrypt", "aes-256-cbc"}, kinds)  # RFC 7914 section 7
        for text in (result.out, result.err, read(os.path.join(result.json["folder"], "request.json")).decode()):
            self.assertNotIn(PASSPHRASE, text)

    def test_passphrase_from_a_descriptor(self):
        result = self.new("--json", "--encrypt", "--passphrase-fd", "0", stdin=PASSPHRASE.encode() + b"\n")
        self.assert_made(result.json["folder"], passin="pass:" + PASSPHRASE)

    def test_bad_passphrases_make_nothing(self):
        for passphrase, status in ((b"", 2), (b"\n", 2), (b"abc\n", 2), ("測試9\n".encode(), 2),
                                   ("測試密語".encode("big5") + b"\n", 2), (b"ab\0cdef\n", 2)):
            with self.subTest(passphrase):
                result = self.encrypted(passphrase, status)
                self.assertEqual(result.json["error"]["exit_status"], status)
                self.assertEqual(self.folders(), [])

    def test_wrong_passphrase_of_the_made_key(self):
        folder = self.encrypted(PASSPHRASE + "\n").json["folder"]
        key, request = os.path.join(folder, "privkey.pem"), os.path.join(folder, "request.csr.pem")
        right, wrong = self.write("right", PASSPHRASE), self.write("wrong", PASSPHRASE + "x")
        self.csr("check", "--key", key, "--csr", request, "--passphrase-file", right)
        self.csr("check", "--key", key, "--csr", request, "--passphrase-file", wrong, status=4)

    def test_without_a_terminal_the_options_are_named(self):
        self.assert_words(self.new("--encrypt", status=2), "--passphrase-file", "--passphrase-fd")
        self.assert_nothing_written()

    def test_missing_passphrase_file(self):
        self.assert_words(self.new("--encrypt", "--passphrase-file", "none", status=1), "none")
        self.assert_nothing_written()


class NothingIsOverwritten(NewCase):
    def test_runs_at_one_time_are_folders_of_their_own(self):
        command = [self.csr_tool, "--cn", HOST, "--oid", OID]
        runs = [subprocess.Popen(command, env=self.env, cwd=self.work, stdout=subprocess.DEVNULL,
                                 stderr=subprocess.DEVNULL) for _ in range(4)]
        self.assertEqual([run.wait(60) for run in runs], [0] * 4)
        for folder in self.folders():
            self.assert_made(folder)
        keys = {read(os.path.join(folder, "privkey.pem")) for folder in self.folders()}
        self.assertEqual(len(keys), 4)
        self.assertEqual(len(os.listdir(self.work)), 4)

    def occupy(self, cn, take):
        """Takes the names that the folder would have in the next minutes."""
        now = datetime.datetime.utcnow()
        stamps = ((now + datetime.timedelta(seconds=i)).strftime("%Y%m%dT%H%M%SZ") for i in range(200))
        paths = [self.path(f"{cn}-{stamp}") for stamp in stamps]
        for path in paths:
            take(path)
        return paths

    def test_names_that_are_taken(self):
        def folder_with_key(path):
            os.mkdir(path)
            with open(os.path.join(path, "privkey.pem"), "w", encoding="ascii") as file:
                file.write("an older key")

        def file(path):
            with open(path, "w", encoding="ascii") as one:
                one.write("an older key")

        for i, take in enumerate((folder_with_key, os.mkdir, file, lambda path: os.symlink("nowhere", path))):
            with self.subTest(i):
                cn = f"{i}.example.gov.tw"
                taken = self.occupy(cn, take)
                for _ in range(2):
                    folder = self.make(cn=cn)
                    self.assert_made(folder, names=[cn])
                    self.assertNotIn(folder, taken)
                    self.assertRegex(folder, "Z-[23]$")
                for path in taken:
                    if os.path.isfile(path):
                        self.assertEqual(read(path), b"an older key")
                    elif os.path.isdir(path):
                        left = {name: content for name, (_, content) in self.snapshot(path).items()}
                        self.assertEqual(left, {"privkey.pem": b"an older key"} if i == 0 else {})
                    else:
                        self.assertEqual(os.readlink(path), "nowhere")


if __name__ == "__main__":
    harness.main()
