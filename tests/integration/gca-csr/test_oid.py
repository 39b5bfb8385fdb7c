"""gca-csr oid: what is imported, shown and found, and that a failed import changes nothing."""
import csv
import io
import os

import csr_case
import harness
from csr_case import OID, mode, read

COLUMNS = ["OrgName", "OID", "DN"]
ROOT = "2.16.886.101.90001"


def dn(*units):
    """As in GDS.csv: leaf first."""
    return ",".join([f"ou={unit}" for unit in units] + ["o=測試院", "c=TW"])


def agency(number, name=None, *units):
    name = name or f"測試{number}署"
    return [name, f"{ROOT}.{number}", dn(*(units or [name]))]


class OidCase(csr_case.CsrCase):
    def setUp(self):
        super().setUp()
        self.register = os.path.join(self.folder, ".local/share/gca-toolkit", "oid-register.txt")

    def oid(self, *arguments, status=0, **more):
        return self.csr("oid", *arguments, status=status, **more)

    def table(self, *rows, columns=COLUMNS, encoding="utf-8", end="\n", name="GDS.csv"):
        text = io.StringIO()
        csv.writer(text, lineterminator=end).writerows([columns, *rows])
        return self.write(name, text.getvalue().encode(encoding))

    def take(self, *rows, **form):
        return self.oid("import", "--json", self.table(*rows, **form)).json

    def names(self, *words, limit="0"):
        return [agency["name"] for agency in self.oid("search", "--json", "--limit", limit, *words).json["agencies"]]


class Starter(OidCase):
    def test_command_of_the_manual_works_at_once(self):
        folder = self.make()
        self.assertEqual(os.path.dirname(folder), self.work)
        self.assertFalse(os.path.exists(self.register))

    def test_show(self):
        plain = self.oid("show", OID)
        for word in ("政府憑證管理中心憑證測試中心", "C=TW,L=臺灣,O=行政院-政府憑證管理中心-憑證測試中心",
                     "oid-register.txt", OID):
            self.assertIn(word, plain.out)
        told = self.oid("show", "--json", OID).json
        self.assertEqual(set(told), {"schema", "command", "oid", "name", "dn", "subject", "note", "profile", "register",
                                     "register_date"})
        self.assertEqual((told["command"], told["oid"], told["profile"], told["note"]),
                         ("gca-csr oid", OID, "gtlsca", None))
        self.assertTrue(told["dn"].startswith("C=TW,O="))
        self.assertRegex(told["register_date"], r"^\d{4}-\d\d-\d\d$")

    def test_subject_is_by_the_profile(self):
        told = self.oid("show", "--json", "--profile", "twca", OID).json
        self.assertEqual(told["subject"], "C=TW,L=臺灣,O=政府機關-行政院-政府憑證管理中心-憑證測試中心")

    def test_what_is_not_there_gets_the_way_to_the_full_register(self):
        result = self.oid("show", "2.16.886.101.99999", status=2)
        self.assert_words(result, "2.16.886.101.99999", "oid import", "GDS.csv")
        result = self.oid("search", "--json", "沒有這個", status=2)
        self.assertEqual((result.json["agencies"], result.json["total"]), ([], 0))
        self.assert_words(result, "沒有這個", "oid import")

    def test_statuses(self):
        for arguments, status in ((["show"], 2), (["show", OID, OID], 2), (["show", "x"], 2), (["show", "2.16."], 2),
                                  (["search"], 2), (["import"], 2), (["import", "a", "b"], 2), (["other"], 2), ([], 2),
                                  (["search", "x", "--limit", "-1"], 2), (["import", "none.csv"], 1),
                                  (["import", "https://localhost/GDS.csv"], 2)):
            with self.subTest(arguments):
                self.oid(*arguments, status=status)


class Import(OidCase):
    def test_official_forms(self):
        """BOM, CRLF, further columns, quoted commas, blanks; each gives the same register."""
        rows = [agency(1, "測試,署"), agency(2, '測試"署"'), agency(3)]
        rows[0][2], rows[1][2] = dn("測試署"), dn("測試二署")
        wide = [["1", f" {row[0]}　", "x", f" {row[1]} ", f"{row[2]} "] for row in rows]
        columns = ["No", "OrgName", "Phone", "OID", "DN"]
        registers = set()
        for form in ({}, {"encoding": "utf-8-sig"}, {"end": "\r\n"}, {"encoding": "utf-8-sig", "end": "\r\n"}):
            for content in ((rows, COLUMNS), (wide, columns)):
                with self.subTest((form, content[1])):
                    told = self.take(*content[0], columns=content[1], **form)
                    self.assertEqual((told["taken"], told["skipped"], told["file"]), (3, [], self.register))
                    registers.add(read(self.register))
        self.assertEqual(len(registers), 1)
        self.assertEqual(mode(self.register), 0o644)
        self.assertEqual(self.oid("show", "--json", f"{ROOT}.1").json["name"], "測試,署")
        self.assertEqual(self.oid("show", "--json", f"{ROOT}.2").json["name"], '測試"署"')

    def test_rows_that_cannot_be_used_are_named(self):
        rows = [agency(1), agency(1), agency(1, "測試另署"), ["", f"{ROOT}.4", dn("x")], ["測試署", "", dn("x")],
                ["測試署", "2.16.886.x", dn("x")], ["測試署", f"{ROOT}.7", ""], ["測\u200b試署", f"{ROOT}.8", dn("x")],
                agency(9) + ["too many"], agency(10)]
        told = self.take(*rows)
        self.assertEqual(told["taken"], 2)
        self.assertEqual(len(told["skipped"]), 8)
        for line, sentence in enumerate(told["skipped"], 3):
            self.assertIn(f"line {line}", sentence)
        plain = self.oid("import", self.path("GDS.csv"))
        self.assertIn("2", plain.out)
        self.assert_words(plain, *told["skipped"], "8")

    def test_standard_input(self):
        path = self.table(agency(1))
        told = self.oid("import", "--json", "-", stdin=read(path)).json
        self.assertEqual(told["taken"], 1)

    def test_later_import_takes_the_place_of_the_first(self):
        self.take(agency(1))
        self.take(agency(2))
        self.oid("show", f"{ROOT}.2")
        self.oid("show", f"{ROOT}.1", status=2)

    def test_starter_stays_behind_the_import(self):
        self.take(agency(1), ["測試改名中心", OID, dn("測試改名中心")])
        self.assertEqual(self.oid("show", "--json", "2.16.886.101.20003").json["name"], "行政院")
        self.assertEqual(self.oid("show", "--json", OID).json["name"], "測試改名中心")
        self.assertIn("O=測試院-測試改名中心", self.new("--dry-run").out)

    def test_thousand_rows(self):
        rows = [agency(i, f"測試{i}署", f"測試{i}署") for i in range(1000)]
        self.assertEqual(self.take(*reversed(rows))["taken"], 1000)
        lines = [line for line in read(self.register).decode().splitlines() if not line.startswith("#")]
        self.assertEqual(lines, sorted("\t".join([oid, name, dn]) for name, oid, dn in rows))
        for i in (0, 9, 99, 500, 999):
            self.assertEqual(self.oid("show", "--json", f"{ROOT}.{i}").json["name"], f"測試{i}署")
        self.oid("show", f"{ROOT}.1000", status=2)
        self.assertEqual(self.names("測試77署", limit="1"), ["測試77署"])

    def test_failed_import_changes_nothing(self):
        self.take(agency(1))
        before = read(self.register)
        folder = self.path("folder")
        os.mkdir(folder)
        good = self.table(agency(2))
        for path, status, word in (
                (self.table(agency(2), encoding="big5", name="big5.csv"), 8, "CP950"),
                (self.write("empty.csv", ""), 8, "empty.csv"),
                (self.write("bom.csv", b"\xef\xbb\xbf"), 8, "bom.csv"),
                (self.table(name="no-rows.csv"), 8, "no-rows.csv"),
                (self.write("no-header.csv", ",".join(f'"{cell}"' for cell in agency(2)) + "\n"), 8, "OrgName"),
                (self.table(agency(2), columns=["OrgName", "OID", "Name"], name="no-dn.csv"), 8, "“DN”"),
                (self.table(["測試署", "x", dn("x")], name="no-good.csv"), 8, "line 2"),
                (self.write("page.html", "<!DOCTYPE html>\n<html></html>\n"), 8, "OrgName"),
                (self.write("open.csv", 'OrgName,OID,DN\n"測試'), 8, "open.csv"),
                (self.write("zero.csv", b"OrgName,OID,DN\na\0b,1.2.3,c=TW\n"), 8, "zero.csv"),
                (folder, 2, "folder"), (self.path("none"), 1, "none")):
            with self.subTest(path):
                result = self.oid("import", path, status=status)
                self.assert_words(result, word)
                self.assertEqual(read(self.register), before)
        full = self.run_program("sh", "-c", 'trap "" XFSZ; exec prlimit --fsize=50 "$@"', "sh", self.csr_tool, "oid",
                                "import", good)
        self.assert_status(full, 1)
        self.assertEqual(read(self.register), before)
        self.assertEqual(os.listdir(os.path.dirname(self.register)), ["oid-register.txt"])

    def test_register_that_is_broken_is_named(self):
        self.take(agency(1))
        with open(self.register, "rb+") as file:
            file.truncate(os.path.getsize(self.register) - 3)
        self.assert_words(self.oid("show", f"{ROOT}.1", status=8), "oid-register.txt")
        self.assert_words(self.new(status=8), "oid-register.txt")


class Search(OidCase):
    def setUp(self):
        super().setUp()
        self.take(agency(1, "測試署", "測試署"), agency(2, "測試署北區分署", "北區分署", "測試署"),
                  agency(3, "另一測試署", "另一測試署"), agency(4, "無關局", "無關局", "測試署"),
                  agency(5, "Test Office", "Test Office"))

    def test_best_first(self):
        """The name itself, names that begin so, names that hold it, then what holds it in its DN."""
        self.assertEqual(self.names("測試署"), ["測試署", "測試署北區分署", "另一測試署", "無關局"])

    def test_every_word_must_be_there(self):
        self.assertEqual(self.names("測試署", "北區"), ["測試署北區分署"])
        self.assertEqual(self.names("北區 測試"), ["測試署北區分署"])
        self.assertEqual(self.names("test"), ["Test Office"])
        self.assertEqual(self.names(f"{ROOT}.4"), ["無關局"])

    def test_limit(self):
        told = self.oid("search", "--json", "--limit", "2", "測試署").json
        self.assertEqual((len(told["agencies"]), told["total"]), (2, 4))
        self.assertEqual(set(told["agencies"][0]), {"oid", "name", "dn"})
        plain = self.oid("search", "--limit", "2", "測試署")
        self.assertIn(f"{ROOT}.1", plain.out)
        self.assertNotIn("另一測試署", plain.out)
        self.assert_words(plain, "2", "--limit")


if __name__ == "__main__":
    harness.main()
