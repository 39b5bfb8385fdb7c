"""gca-csr, one request: what is refused, and that nothing is left then."""
import os

import harness
from csr_case import HOST, OID, NewCase, read

NO_SPACE = 'trap "" XFSZ; exec prlimit --fsize={} "$@"'  # what is written beyond it fails: a disk that is full
MANY = [word for i in range(60) for word in ("-d", f"a-name-that-fills-the-request-{i}.example.gov.tw")]


class Refused(NewCase):
    def test_names(self):
        for name, more, word in (("https://www.example.gov.tw/", (), "address"), ("www.example.gov.tw:443", (), "port"),
                                 ("w_w.example.gov.tw", (), "_"), ("a@example.gov.tw", (), "e-mail"),
                                 ("www", (), "dot"), ("gov.tw", (), "suffix"), ("*.example.gov.tw", (), "wildcard"),
                                 ("168.95.1.1", (), "names only"), ("10.0.0.1", ("--profile", "test"), "private"),
                                 ("a" * 64 + ".example.gov.tw", (), "63"), ("", (), "empty"),
                                 ("a." * 30 + "example.gov.tw", (), "64")):
            with self.subTest(name):
                self.assert_words(self.new(*more, cn=name, status=2), f"“{name}”", word)
        self.assert_words(self.new("-d", "b.example.gov.tw", status=2), "1")  # GTLSCA: one name in one certificate
        self.assert_nothing_written()

    def test_subjects(self):
        for subject, word in (("C=TW,O=測試機關,OU=測試組", "OU"), ("C=TW,ST=Taiwan,O=測試機關", "ST"),
                              ("C=TW,O=測試機關,emailAddress=a@example.gov.tw", "e-mail"), ("C=tw,O=測試機關", "TW"),
                              ("O=測試機關", "C=TW"), ("C=TW,L=臺灣", "O"), ("C=TW,O=Internet Widgits Pty Ltd", "sample"),
                              ("C=TW,O=測試機關,CN=other.example.gov.tw", "other.example.gov.tw"),
                              ("C=TW,O=" + "測" * 65, "64"), ("not a DN", "not a DN"), ("", ""),
                              (b"C=TW,O=" + "測試".encode("big5"), "UTF-8")):
            with self.subTest(subject):
                self.assert_words(self.csr("--cn", HOST, "--subject", subject, status=2), word)
        self.assert_nothing_written()

    def test_agency(self):
        self.assert_words(self.csr("--cn", HOST, status=2), "--oid", "--from-card", "--organization")
        self.assert_words(self.csr("--cn", HOST, "--oid", "2.16.886.101.99999", status=2), "2.16.886.101.99999",
                          "oid import")
        self.csr("--cn", HOST, "--oid", "2.16.886.", status=2)
        self.assert_words(self.csr("--cn", HOST, "--oid", OID, "--organization", "機\u202e關", status=2), "invisible")
        self.assert_nothing_written()

    def test_options_that_contradict_each_other(self):
        table = self.write("hosts.csv", f"cn,oid\n{HOST},{OID}\n")
        key = os.path.join(harness.PKI, "server.key.pem")
        for options, word in (([], "--cn"), (["--cn", HOST, "--batch", table], "--batch"),
                              (["--batch", table, "-d", HOST], "--batch"),
                              (["--batch", table, "--dry-run"], "--dry-run"),
                              (["--cn", HOST, "--summary", "s.csv"], "--summary"),
                              (["--cn", HOST, "--key", key, "--encrypt"], "--encrypt"),
                              (["--cn", HOST, "--key", key, "--bits", "2048"], "--bits"),
                              (["--cn", HOST, "--passphrase-file", key], "--encrypt"),
                              (["--cn", HOST, "--passphrase-fd", "0"], "--encrypt"),
                              (["--cn", HOST, "--subject", "C=TW,O=測試院", "--organization", "測試機關"], "--subject"),
                              (["--cn", HOST, "--subject", "C=TW,O=測試院", "--locality", "臺北市"], "--subject"),
                              (["--cn", HOST, "--profile", "none"], "“none”"),
                              (["--cn", HOST, "--bits", "many"], "many"),
                              (["--cn", HOST, "--no-such"], "--no-such"),
                              (["--cn", HOST, "--force"], "--force"),
                              (["--cn", HOST, "one-too-many"], "one-too-many")):
            with self.subTest(options):
                self.assert_words(self.csr("--oid", OID, *options, status=2), word)
        self.assert_nothing_written("hosts.csv")

    def test_error_in_json(self):
        result = self.new("--json", cn="www", status=2).json
        self.assertEqual(set(result), {"schema", "command", "error"})
        self.assertEqual(set(result["error"]), {"code", "exit_status", "message", "hint", "detail", "native",
                                                "retryable", "tries_left"})
        self.assertEqual((result["error"]["code"], result["error"]["exit_status"]), ("usage", 2))

    def test_folder_that_cannot_be_written_into(self):
        locked = self.path("locked")
        os.mkdir(locked, 0o555)
        for parent in (locked, locked + "/new"):
            result = self.run_program(*self.unprivileged(), self.csr_tool, "--cn", HOST, "--oid", OID, "--dir", parent)
            self.assert_refused(result, 1, "locked")
        self.assertEqual(os.listdir(locked), [])

    def test_parent_that_is_no_folder(self):
        path = self.write("plain", "mine")
        for parent in (path, path + "/under"):
            self.assert_words(self.new("--dir", parent, status=1), "plain")
        self.assertEqual(read(path), b"mine")

    def test_full_disk_leaves_nothing(self):
        """Whichever of the files does not fit."""
        for limit, file in ((100, "privkey.pem"), (1800, "request.csr.pem")):
            with self.subTest(file):
                result = self.shell(NO_SPACE.format(limit), "--profile", "test", *MANY, status=1)
                self.assert_words(result, file)
                self.assert_nothing_written()

    def test_killed_by_a_full_disk_looks_not_whole(self):
        self.shell('exec prlimit --fsize=100 "$@"', status=-25)  # SIGXFSZ
        self.assertEqual(self.folders(), [])
        self.make()
        self.assertEqual([os.path.basename(folder) for folder in self.folders()], os.listdir(self.work))


if __name__ == "__main__":
    harness.main()
