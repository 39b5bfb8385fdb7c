"""gca-letter form and letter."""
import os
import shutil

import harness
from csr_case import HOST, OID, mode, read
from letter_case import CONTACT, LetterCase, squeeze

AGENCY = "政府憑證管理中心憑證測試中心"
ADDRESSEE = "數位發展部"


class Form(LetterCase):
    def test_every_field(self):
        folder = self.make()
        path = os.path.join(folder, "form.pdf")
        self.assertEqual(self.letter("form", folder, "--date", "2026-11-21").out, path + "\n")
        self.assertEqual(mode(path), 0o644)
        self.assert_paper(path)
        self.assert_holds(path, "申請表", "115年11月21日", AGENCY, OID, HOST, "https://" + HOST, ADDRESSEE,
                          self.fingerprint(folder), *CONTACT.values())
        self.assertEqual(self.qr(path), ["sha256:" + self.fingerprint(folder)])

    def test_bilingual(self):
        folder = self.make()
        self.letter("form", folder, "--bilingual")
        path = os.path.join(folder, "form.pdf")
        self.assert_paper(path)
        self.assert_holds(path, "Application", "SHA-256", "Telephone", "公務電話", *CONTACT.values())

    def test_long_values_fit(self):
        name, address = "測試" * 30, "臺北市中正區測試路一段1號" + "測試大樓" * 10
        self.contact(address=address, purpose="測試" * 25)
        folder = self.make()
        self.letter("form", folder, "--agency", name)
        path = os.path.join(folder, "form.pdf")
        self.assert_paper(path)
        self.assert_holds(path, name, address, "測試" * 25)
        self.assertEqual(self.qr(path), ["sha256:" + self.fingerprint(folder)])

    def test_options_go_before_the_file(self):
        folder = self.make()
        self.letter("form", folder, "--contact-name", "李測試", "--agency", "測試機關全銜")
        path = os.path.join(folder, "form.pdf")
        self.assert_holds(path, "李測試", "測試機關全銜", CONTACT["email"])
        self.assertNotIn(CONTACT["name"], squeeze(self.text(path)))

    def test_several_folders(self):
        """A form in each, or one file with a page for each."""
        folders = [self.make(cn=f"{i}.example.gov.tw") for i in range(3)]
        told = self.letter("form", "--json", *folders).json
        self.assertEqual(set(told), {"schema", "command", "files"})
        self.assertEqual(told["files"], [folder + "/form.pdf" for folder in folders])
        for i, folder in enumerate(folders):
            self.assert_holds(folder + "/form.pdf", f"{i}.example.gov.tw", self.fingerprint(folder))
        told = self.letter("form", "--json", "-o", "all.pdf", *folders).json
        self.assertEqual(told["files"], [self.path("all.pdf")])
        self.assert_paper(self.path("all.pdf"), pages=3)
        self.assertEqual(self.qr(self.path("all.pdf")), ["sha256:" + self.fingerprint(folder) for folder in folders])

    def test_made_anew_makes_room_but_not_where_the_user_points(self):
        folder = self.make()
        self.letter("form", folder)
        before = self.snapshot(folder)
        self.letter("form", folder, "--contact-name", "李測試")
        self.assert_holds(folder + "/form.pdf", "李測試")
        for target in (folder + "/form.pdf", folder + "/privkey.pem", self.write("mine.pdf", "mine")):
            kept = read(target)
            for command in ("form", "letter"):
                result = self.letter(command, folder, "-o", target, status=1)
                self.assert_words(result, os.path.basename(target))
                self.assertEqual(read(target), kept)
        self.assertEqual({name: file for name, file in self.snapshot(folder).items() if name != "form.pdf"},
                         {name: file for name, file in before.items() if name != "form.pdf"})

    def test_all_that_is_missing_is_said_at_once(self):
        self.contact(**dict.fromkeys(CONTACT))
        folder = self.csr("--cn", HOST, "--organization", "測試機關", "--json").json["folder"]
        for command in ("form", "letter"):
            result = self.letter(command, folder, status=2)
            self.assert_words(result, "--agency", "--oid", *(f"--contact-{key}" for key in CONTACT if key != "fax"))
            self.assertNotIn("--contact-fax", result.err)
        self.assertEqual(len(os.listdir(folder)), 3)

    def test_oid_that_the_folder_lacks(self):
        folder = self.csr("--cn", HOST, "--organization", "測試機關", "--json").json["folder"]
        self.letter("form", folder, "--agency", "測試機關", "--oid", OID)
        self.assert_holds(folder + "/form.pdf", "測試機關", OID)

    def test_request_that_was_exchanged(self):
        """The fingerprint on paper would be another than that of the upload."""
        folder, other = self.make(), self.make(cn="b.example.gov.tw")
        shutil.copy(other + "/request.csr.pem", folder)
        for command in (["form"], ["letter"], ["code-sheet", "--generate"]):
            self.assert_words(self.letter(*command, folder, status=9), "request.csr.pem")
        self.assertEqual(len(os.listdir(folder)), 3)

    def test_bad_values_are_said_at_once(self):
        self.contact(postcode="100", name=AGENCY)
        folder = self.make()
        self.assert_words(self.letter("form", folder, status=2), "“100”", "--contact-postcode", "--contact-name")
        self.contact(email="nobody")
        self.assert_words(self.letter("form", folder, status=8), "contact.ini", "“nobody”")
        self.contact()
        self.assert_words(self.letter("form", folder, "--contact-email", "nobody", status=2), "“nobody”")
        for day in ("1911-12-31", "2026-13-01", "21.11.2026", "", "2026-02-30"):
            with self.subTest(day):
                self.assert_words(self.letter("form", folder, "--date", day, status=2), f"“{day}”")
        for cn in ("168.95.1.1", "例子.政府.tw"):
            one = self.make("--profile", "test", cn=cn)
            self.letter("form", one, status=2 if cn[0].isdigit() else 0)
        self.assertEqual(len(os.listdir(folder)), 3)

    def test_statuses(self):
        folder = self.make()
        full = 'trap "" XFSZ; exec prlimit --fsize=5000 "$@"'
        result = self.run_program("sh", "-c", full, "sh", self.letter_tool, "form", folder)
        self.assert_status(result, 1)
        self.assertEqual(len(os.listdir(folder)), 3)
        for arguments, status in (([], 2), (["other", folder], 2), (["form"], 2), (["letter"], 2), (["code-sheet"], 2),
                                  (["form", self.path("none")], 2), (["form", self.work], 2),
                                  (["form", "-x", folder], 2)):
            with self.subTest(arguments):
                self.letter(*arguments, status=status)
        with open(folder + "/request.json", "w", encoding="ascii") as file:
            file.write("{}")
        result = self.letter("form", "--json", folder, status=8)
        self.assertEqual(result.json["error"]["code"], "bad-data")

    def test_preview_is_no_condition(self):
        """There is no xdg-open on the PATH."""
        folder = self.make()
        result = self.letter("form", folder, "--preview", PATH=self.work)
        self.assertTrue(os.path.exists(folder + "/form.pdf"))
        self.assertIn("xdg-open", result.err)


class OfficialLetter(LetterCase):
    def test_one_folder(self):
        folder = self.make()
        told = self.letter("letter", folder, "--date", "2026-11-21", "--json").json
        pdf, text = folder + "/letter.pdf", folder + "/letter.txt"
        self.assertEqual((told["command"], told["files"]), ("gca-letter letter", [pdf, text]))
        self.assert_paper(pdf)
        words = ["函", f"受文者：{ADDRESSEE}", f"正本：{ADDRESSEE}", "主旨：", "說明：", "中華民國115年11月21日", AGENCY, OID, HOST,
                 self.fingerprint(folder), *CONTACT.values()]
        self.assert_holds(pdf, *words)
        content = squeeze(read(text).decode("utf-8"))
        for word in words:
            self.assertIn(squeeze(word), content)

    def batch(self, n):
        table = self.write("hosts.csv", "cn\n" + "".join(f"h{i}.example.gov.tw\n" for i in range(n)))
        return self.csr("--batch", table, "--oid", OID, "--json").json["rows"]

    def test_few_folders_are_named_in_the_letter(self):
        rows = self.batch(3)
        for path in self.letter("letter", "--json", *(row["folder"] for row in rows)).json["files"]:
            text = squeeze(self.text(path) if path.endswith(".pdf") else read(path).decode("utf-8"))
            for row in rows:
                self.assertIn(row["cn"], text)
                self.assertIn(row["spki_sha256"], text)

    def test_twenty_folders_in_one_letter(self):
        """On one page: the forms that go with it name them."""
        folders = [row["folder"] for row in self.batch(20)]
        told = self.letter("letter", "--json", *folders).json
        self.assertEqual(told["files"], [folders[0] + "/letter.pdf", folders[0] + "/letter.txt"])
        for path in told["files"]:
            text = squeeze(self.text(path) if path.endswith(".pdf") else read(path).decode("utf-8"))
            for word in ("20個網站", "申請表20份", "申請表共20張", OID):
                self.assertIn(word, text)
        self.assert_paper(told["files"][0])
        self.letter("form", "-o", "forms.pdf", *folders)
        self.assert_paper(self.path("forms.pdf"), pages=20)
        self.letter("letter", "-o", "draft.pdf", *folders)
        self.assertTrue(os.path.exists(self.path("draft.txt")))
        self.letter("letter", "-o", "draft.pdf", *folders, status=1)

    def test_text_beside_the_draft_is_never_overwritten(self):
        folder = self.make()
        self.write("draft.txt", "mine")
        self.assert_words(self.letter("letter", folder, "-o", "draft.pdf", status=1), "draft.txt")
        self.assertEqual(read(self.path("draft.txt")), b"mine")

    def test_mixtures_are_refused(self):
        one, other = self.make(), self.csr("--cn", HOST, "--oid", "2.16.886.101.20003", "--json").json["folder"]
        twca = self.make("--profile", "test")
        for second in (other, twca):
            for command in ("letter", "form"):
                result = self.letter(command, one, second, status=2)
                self.assert_words(result, one, second)
        self.assertEqual({len(os.listdir(folder)) for folder in (one, other, twca)}, {3})


if __name__ == "__main__":
    harness.main()
