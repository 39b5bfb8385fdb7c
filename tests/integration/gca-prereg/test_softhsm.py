"""Software tokens: both tools through a module named by --module, with no card and no pcscd anywhere."""
import os
import subprocess
from urllib.parse import quote

import harness
import softhsm_case


class SoftHsm(softhsm_case.SoftHsmCase):
    def make_token(self, label, holder="agency", pin=harness.PIN):
        self.init_token(label, pin)
        self.import_key(label, os.path.join(harness.PKI, holder + ".key.pem"), "SIGN", "5349474e", pin)
        self.tool("pkcs11-tool", "--module", self.module, "--token-label", label, "--login", "--pin", pin,
                  "--write-object", os.path.join(harness.PKI, holder + ".der"), "--type", "cert", "--id", "5349474e",
                  "--label", "SIGN")

    def serial(self, label):
        shown = subprocess.run(["softhsm2-util", "--show-slots"], env=self.env, check=True, capture_output=True).stdout
        lines = shown.decode().splitlines()
        at = next(i for i, line in enumerate(lines) if line.split(":", 1)[-1].strip() == label)
        return next(line.split(":", 1)[1].strip() for line in reversed(lines[:at]) if "Serial number" in line)

    def card(self, *arguments, module=True):
        named = ["--module", self.module] if module else []
        return self.run_program(harness.program("gca-card"), *arguments, *named)

    def prereg(self, *arguments, pin=True, **env):
        given = ["--pin-file", self.pin_file()] if pin else []
        return self.run_program(harness.program("gca-prereg"), "--account", self.regr(), "-d", "www.agency-test.gov.tw",
                                "--yes", "--output", "request.p7m", "--module", self.module, *given, *arguments, **env)

    def assert_signed(self, result):
        self.assert_status(result, 0)
        checked = self.run_program(harness.program("gca-prereg"), "verify", "request.p7m", "--ca",
                                   os.path.join(harness.PKI, "ca.pem"), "--json")
        self.assert_status(checked, 0)
        self.assertEqual(os.stat(self.path("request.p7m")).st_mode & 0o777, 0o600)
        os.remove(self.path("request.p7m"))
        return checked.json

    def test_show(self):
        self.make_token("one")
        result = self.card("show", "--json")
        self.assert_status(result, 0)
        answer = result.json
        self.assertEqual((answer["generation"], answer["reader"]), (None, None))
        self.assertEqual(answer["number"], self.serial("one"))
        self.assertEqual(answer["holder"]["oid"], "2.16.886.101.20003.20060.20001")

    def test_module_from_the_environment(self):
        self.make_token("one")
        self.env["GCA_PKCS11_MODULE"] = self.module
        self.assert_status(self.card("show", module=False), 0)

    def test_module_from_the_configuration(self):
        """A module only configured is for cards in readers."""
        self.make_token("one")
        folder = os.path.join(self.env["XDG_CONFIG_HOME"], "gca-toolkit")
        os.makedirs(folder)
        with open(os.path.join(folder, "config.ini"), "w", encoding="ascii") as file:
            file.write(f"[pkcs11]\nmodule={self.module}\n")
        self.assert_status(self.card("show", "--token", "pkcs11:token=one", module=False), 0)

    def test_verify_pin(self):
        self.make_token("one")
        self.assert_status(self.card("verify-pin", "--pin-file", self.pin_file()), 0)
        wrong = self.card("verify-pin", "--pin-file", self.pin_file("654321"))
        self.assert_status(wrong, 4)
        for pin in ("12", "12345a", "1" * 300):
            with self.subTest(pin[:9]):
                result = self.card("verify-pin", "--pin-file", self.pin_file(pin))
                self.assertIn(result.status, (2, 4, 8), result)
                self.assertNotIn(pin, (result.err + result.out).replace(self.serial("one"), ""))

    def test_sign(self):
        self.make_token("one")
        answer = self.assert_signed(self.prereg())
        self.assertEqual(answer["request"]["card"], {"serial": self.serial("one")})

    def test_wrong_pin_leaves_nothing(self):
        self.make_token("one", pin="222222")
        self.assert_status(self.prereg(), 4)
        self.assert_nothing_written()

    def test_two_tokens_are_listed(self):
        self.make_token("one")
        self.make_token("two", "unit")
        for result in (self.card("show"), self.prereg()):
            self.assert_status(result, 2)
            for words in ("one", "two", self.serial("one"), self.serial("two")):
                self.assertIn(words, result.err)
        self.assert_nothing_written()

    def test_choice_by_uri(self):
        self.make_token("one")
        self.make_token("two", "unit")
        for uri in ("pkcs11:token=two", "pkcs11:serial=" + self.serial("two"), "pkcs11:token=two;serial=" +
                    self.serial("two"), "pkcs11:token=%74wo"):
            with self.subTest(uri):
                answer = self.assert_signed(self.prereg("--token", uri))
                self.assertEqual(answer["holder"]["kind"], "unit")

    def test_choice_by_serial(self):
        self.make_token("one")
        self.make_token("two", "unit")
        result = self.card("show", "--serial", self.serial("two"), "--json")
        self.assert_status(result, 0)
        self.assertEqual(result.json["holder"]["kind"], "unit")

    def test_no_such_token(self):
        self.make_token("one")
        for option in (["--token", "pkcs11:token=three"], ["--token", "pkcs11:serial=0"], ["--serial", "0"],
                       ["--token", "pkcs11:token=one;nonsense=1"]):
            with self.subTest(option):
                self.assert_status(self.prereg(*option), 3)
        self.assert_nothing_written()

    def test_malformed_uris(self):
        self.make_token("one")
        for uri in ("", "pkcs11", "pkcs12:token=one", "pkcs11:token", "pkcs11:token=%zz", "one"):
            with self.subTest(uri):
                result = self.prereg("--token", uri)
                self.assertIn(result.status, (2, 8), result)
                self.assertRegex(result.err, r"gca-prereg: .*[Uu]RI.*")
        self.assert_nothing_written()

    def test_pin_in_the_uri_is_refused(self):
        self.make_token("one")
        mark = self.path("mark")
        for uri in ("pkcs11:token=one?pin-value=123456", "pkcs11:token=one?pin-source=%7Ctouch%20" + quote(mark, ""),
                    "pkcs11:token=one?pin-source=|touch " + mark, "pkcs11:token=one?pin-source=https://localhost/pin",
                    "pkcs11:token=one?pin-source=" + self.pin_file()):
            for options in ([], ["--pin-file", self.pin_file()]):
                with self.subTest((uri, options)):
                    result = self.prereg("--token", uri, *options, pin=False)
                    self.assert_status(result, 2)
                    self.assertIn("pin-", result.err)
                    self.assertNotIn("123456", result.err)
        self.assert_nothing_written()

    def test_pin_from_a_file_that_the_uri_names(self):
        self.make_token("one")
        path = self.pin_file()
        for source in ("file:" + path, "file://" + path, "file:" + quote(path, "")):
            with self.subTest(source):
                self.assert_signed(self.prereg("--token", "pkcs11:token=one?pin-source=" + source, pin=False))

    def test_without_a_pin_there_is_no_prompt(self):
        """No terminal, no file, no descriptor."""
        self.make_token("one")
        result = self.prereg(pin=False)
        self.assert_status(result, 2)
        self.assertIn("--pin-f", result.err)
        self.assert_nothing_written()

    def test_token_with_a_card_that_is_no_agencys(self):
        for holder in ("citizen", "server", "expired", "encryption"):
            self.make_token(holder, holder)
            with self.subTest(holder):
                self.assert_status(self.prereg("--token", "pkcs11:token=" + holder), 8)
        self.assert_nothing_written()

    def test_certificate_without_key(self):
        self.init_token("bare")
        self.tool("pkcs11-tool", "--module", self.module, "--token-label", "bare", "--login", "--pin", harness.PIN,
                  "--write-object", os.path.join(harness.PKI, "agency.der"), "--type", "cert", "--id", "01")
        result = self.prereg()
        self.assert_status(result, 8)
        self.assertIn("key", result.err)
        self.assert_nothing_written()

    def test_empty_token(self):
        self.init_token("bare")
        result = self.prereg()
        self.assert_status(result, 8)
        self.assertIn("no certificate", result.err)

    def test_modules_that_are_none(self):
        for path in ("/nonexistent.so", "/etc/passwd", self.folder, "/dev/null", ""):
            with self.subTest(path):
                result = self.run_program(harness.program("gca-card"), "show", "--token", "pkcs11:token=x", "--module", path)
                self.assertIn(result.status, (1, 2), result)
                self.assertRegex(result.err, r"\Agca-card show: ")


if __name__ == "__main__":
    harness.main()
