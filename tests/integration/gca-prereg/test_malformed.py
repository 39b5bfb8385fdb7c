"""Malformed arguments and files (tests/integration/cases): one sentence that names what is wrong with what, exit
status 2 or 8, nothing written. No reader is looked for before; there is none here."""
import os

import harness
from cases import accounts, contacts, domains, settings, subjects

DOMAIN = ("-d", "www.agency-test.gov.tw")
SENTENCE = r"\Agca-prereg: [^\n]{10,}\n(  → [^\n]+\n)?\Z"


class Malformed(harness.Case):
    def setUp(self):
        super().setUp()
        self.config = os.path.join(self.env["XDG_CONFIG_HOME"], "gca-toolkit")

    def configure(self, name, data):
        path = os.path.join(self.config, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(data)

    def refuse(self, status, words, *arguments, stdin=b""):
        before = self.all_files()
        result = self.run_program(harness.program("gca-prereg"), "--yes", *arguments, stdin=stdin)
        self.assert_status(result, status)
        self.assertEqual(result.out, "", result)
        self.assertRegex(result.err, SENTENCE)
        self.assertIn(words, result.err)
        for bad in ("Sanitizer", "runtime error", "assertion", "(null)", "Traceback", "\x1b"):
            self.assertNotIn(bad, result.err, result)
        self.assertEqual(self.all_files(), before)
        return result

    def all_files(self):
        return sorted(os.path.join(folder, name) for folder, _, names in os.walk(self.folder) for name in names)

    def each(self, cases, test):
        for case in cases:
            with self.subTest(tuple(part[:60] if isinstance(part, (str, bytes)) else part for part in case)):
                test(*case)


class Accounts(Malformed):
    def test_files(self):
        def test(what, data, status, words):
            result = self.refuse(status, words, "--account", self.write("regr.json", data), *DOMAIN)
            self.assertIn("regr.json", result.err)

        self.each(accounts.FILES, test)

    def test_standard_input(self):
        def test(what, data, status, words):
            result = self.refuse(status, words, "--account", "-", *DOMAIN, stdin=data)
            self.assertIn("standard input", result.err)

        self.each(accounts.FILES, test)

    def test_folders(self):
        """The one file that could be an account's is named with its fault."""
        os.mkdir(self.path("letsencrypt"))

        def test(what, data, status, words):
            self.write("letsencrypt/regr.json", data)
            result = self.refuse(8, words, "--account", "letsencrypt", *DOMAIN)
            self.assertIn("regr.json", result.err)

        self.each(accounts.FILES, test)

    def test_uris(self):
        def test(what, uri, words):
            if "://" in uri:
                self.refuse(8, words, "--account", uri, *DOMAIN)

        self.each(accounts.URIS, test)

    def test_uris_in_files(self):
        def test(what, uri, words):
            self.refuse(8, words, "--account", self.write("regr.json", accounts.regr(uri)), *DOMAIN)

        self.each(accounts.URIS, test)

    def test_odd_files(self):
        os.mkfifo(self.path("fifo"))
        os.mkdir(self.path("empty"))
        os.symlink("loop", self.path("loop"))
        os.symlink("nowhere", self.path("dangling"))
        for name, status, words in (("fifo", 2, "a pipe (FIFO)"), ("empty", 2, "No ACME account"),
                                    ("/dev/null", 2, "a device"), ("nowhere", 1, "nowhere"), ("loop", 1, "loop"),
                                    ("dangling", 1, "dangling"), ("pin/regr.json", 1, "regr.json")):
            with self.subTest(name):
                self.refuse(status, words, "--account", name, *DOMAIN)

    def test_none(self):
        self.refuse(2, "--account", *DOMAIN)
        self.refuse(1, "“”", "--account", "", *DOMAIN)


class Domains(Malformed):
    def test_names(self):
        regr = self.regr()

        def test(name, words):
            self.refuse(2, words, "--account", regr, "-d", name)

        self.each(domains.NAMES, test)

    def test_a_good_one_does_not_help(self):
        regr = self.regr()

        def test(name, words):
            self.refuse(2, words, "--account", regr, *DOMAIN, "-d", name)

        self.each(domains.NAMES, test)

    def test_files(self):
        regr = self.regr()

        def test(what, data, words):
            status = 2 if "domain name" in words or words.startswith(("“", "\\u")) else 8
            self.refuse(status, words, "--account", regr, "--domains-file", self.write("names", data))

        self.each(domains.FILES, test)

    def test_none(self):
        self.refuse(2, "No domain name", "--account", self.regr())


class Contacts(Malformed):
    def test_options(self):
        regr = self.regr()

        def test(field, value, words):
            result = self.refuse(2, words, "--account", regr, *DOMAIN, f"--contact-{field}", value)
            self.assertIn("The contact's", result.err)

        self.each(contacts.FIELDS, test)

    def test_files(self):
        regr = self.regr()

        def test(what, data, words):
            self.configure("contact.ini", data)
            self.refuse(8, words, "--account", regr, *DOMAIN)

        self.each(contacts.FILES, test)


class Subjects(Malformed):
    def test_names(self):
        regr = self.regr()

        def test(what, name, words):
            self.refuse(8, words, "--account", regr, *DOMAIN, "--subject", name)

        self.each(subjects.NAMES, test)


class Settings(Malformed):
    def test_profiles(self):
        regr = self.regr()

        def test(what, data, words):
            self.configure("profiles/mine.profile", data)
            result = self.refuse(8, words, "--account", regr, *DOMAIN, "--profile", "mine")
            self.assertIn("mine.profile", result.err)

        self.each(settings.PROFILES, test)

    def test_profile_names(self):
        regr = self.regr()
        for name in ("", "nowhere", "../profiles/test", ".", "/etc/passwd", "te\x1bst"):
            with self.subTest(name):
                result = self.refuse(2, "There is no profile", "--account", regr, *DOMAIN, "--profile", name)
                self.assertIn("gtlsca, test, twca", result.err)

    def test_configurations(self):
        uri = "https://ca.example/acct/1"

        def test(what, data, status, words):
            self.configure("config.ini", data)
            self.refuse(status, words, "--account", uri, *DOMAIN)

        self.each(settings.CONFIGS, test)


class Arguments(Malformed):
    def test_options(self):
        regr = self.regr()
        for arguments, words in ((["--nonsense"], "--nonsense"), (["more"], "more"), (["--account"], "--account"),
                                 ([b"\xff"], "not UTF-8"), (["--pin-fd", "x"], "x"), (["--pin", "123456"], "--pin"),
                                 (["--yes=no"], "--yes"), (["--dry-run=no"], "--dry-run"),
                                 (["--allow-last-try=no"], "--allow-last-try"), (["--", "--yes=no"], "--yes=no")):
            with self.subTest(arguments):
                self.refuse(2, words, "--account", regr, *DOMAIN, *arguments)

    def test_output_is_looked_at_first(self):
        regr = self.regr()
        self.refuse(2, "exists already", "--account", regr, *DOMAIN, "--output", regr)
        self.refuse(1, "folder", "--account", regr, *DOMAIN, "--output", self.path("nowhere/request.p7m"))


if __name__ == "__main__":
    harness.main()
