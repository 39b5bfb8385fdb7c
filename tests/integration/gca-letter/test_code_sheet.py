"""gca-letter code-sheet: the code stands on the sheet and nowhere else."""
import os
import re
import string

import harness
from csr_case import HOST, mode, read
from letter_case import LetterCase, squeeze

CODE = "aB3!xY7z"


class CodeSheet(LetterCase):
    def sheet(self, *arguments, status=0, **more):
        return self.letter("code-sheet", self.request, *arguments, status=status, **more)

    def setUp(self):
        super().setUp()
        self.request = self.make()
        self.pdf = self.request + "/code-sheet.pdf"

    def code_on(self, path):
        """The signs stand apart, each over its kind; the line is the one before those."""
        lines = self.text(path).splitlines()
        below = next(i for i, line in enumerate(lines) if re.match(r"\s*(大寫|小寫|數字|符號)", line))
        return next(squeeze(line) for line in reversed(lines[:below]) if line.strip())

    def assert_code_is_nowhere_else(self, result, code):
        self.assertNotIn(code, result.out + result.err)
        for root, _, names in os.walk(self.folder):
            for name in names:
                if name != "code":
                    self.assertNotIn(code.encode(), read(os.path.join(root, name)), name)

    def test_given_code(self):
        for source in (["--code-file", self.write("code", CODE + "\n")], ["--code-fd", "0"]):
            with self.subTest(source):
                result = self.sheet(*source, stdin=CODE.encode() + b"\n")
                self.assertEqual(result.out, self.pdf + "\n")
                self.assertEqual(mode(self.pdf), 0o600)
                self.assert_paper(self.pdf)
                self.assert_holds(self.pdf, "用戶代碼函", HOST)
                self.assertEqual(self.code_on(self.pdf), CODE)
                self.assert_code_is_nowhere_else(result, CODE)
                os.unlink(self.pdf)

    def test_generated_code(self):
        codes = set()
        for i in range(3):
            path = self.path(f"sheet{i}.pdf")
            result = self.sheet("--generate", "-o", path, "--json")
            self.assertEqual(result.json["files"], [path])
            self.assertEqual(mode(path), 0o600)
            code = self.code_on(path)
            self.assertRegex(code, "^[A-Za-z0-9]{6,10}$")
            self.assertFalse(set(code) & set("0O1lI"), code)
            self.assert_code_is_nowhere_else(result, code)
            codes.add(code)
        self.assertEqual(len(codes), 3)

    def test_wrong_codes(self):
        for code in ("", "aB3!x", "aB3!xY7zQ12", "aB 3!xY", "測試測試測試", "aB3!xY\t"):
            with self.subTest(code):
                result = self.sheet("--code-file", self.write("code", code + "\n"), status=2)
                self.assertFalse(os.path.exists(self.pdf))
                if code.strip():
                    self.assert_code_is_nowhere_else(result, code)
        for code in ("aB3!xY", "aB3!xY7zQ1", string.punctuation[:10]):
            with self.subTest(code):
                self.sheet("--code-file", self.write("code", code + "\n"), "-o", f"{len(os.listdir(self.work))}.pdf")

    def test_never_over_an_earlier_sheet(self):
        self.sheet("--generate")
        before = read(self.pdf)
        self.assert_words(self.sheet("--generate", status=1), "code-sheet.pdf")
        self.assertEqual(read(self.pdf), before)

    def test_one_folder_and_a_code(self):
        other = self.make(cn="b.example.gov.tw")
        self.letter("code-sheet", self.request, other, "--generate", status=2)
        self.assert_words(self.sheet(status=2), "terminal")
        self.assert_words(self.sheet("--code-file", self.path("none"), status=1), "none")
        self.assertFalse(os.path.exists(self.pdf))

    def test_full_disk_leaves_nothing(self):
        result = self.run_program("sh", "-c", 'trap "" XFSZ; exec prlimit --fsize=5000 "$@"', "sh", self.letter_tool,
                                  "code-sheet", self.request, "--generate")
        self.assert_status(result, 1)
        self.assertEqual(sorted(os.listdir(self.request)), ["privkey.pem", "request.csr.pem", "request.json"])


if __name__ == "__main__":
    harness.main()
