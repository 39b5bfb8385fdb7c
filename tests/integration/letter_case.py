"""What the tests of gca-letter share: a contact, and papers as pdftotext, pdffonts, pdfinfo and zbarimg read them."""
import os
import unicodedata

import csr_case
from csr_case import openssl, spki_sha256

CONTACT = {"name": "王測試", "purpose": "機關網站 HTTPS 加密連線", "email": "test@example.gov.tw", "postcode": "10058",
           "address": "臺北市中正區測試路1號", "phone": "02-1234-5678", "fax": "02-1234-5679"}
A4 = "595.276 x 841.89 pts (A4)"


def squeeze(text):
    """Without blanks and line ends: where a line breaks is the layout's affair."""
    return "".join(unicodedata.normalize("NFKC", text).split())


class LetterCase(csr_case.CsrCase):
    def setUp(self):
        super().setUp()
        self.contact()

    def contact(self, **changed):
        fields = {**CONTACT, **changed}
        place = os.path.join(self.env["XDG_CONFIG_HOME"], "gca-toolkit")
        os.makedirs(place, exist_ok=True)
        with open(os.path.join(place, "contact.ini"), "w", encoding="utf-8") as file:
            file.write("[contact]\n" + "".join(f"{key}={value}\n" for key, value in fields.items() if value))

    def letter(self, *arguments, status=0, **more):
        result = self.run_program(self.letter_tool, *arguments, **more)
        self.assert_status(result, status)
        return result

    def tool(self, *command):
        done = self.run_program(*command, LC_ALL="C.UTF-8")
        self.assertEqual(done.status, 0, done)
        return done.out

    def text(self, path, order="-layout"):
        return self.tool("pdftotext", order, path, "-")

    def qr(self, path):
        self.tool("pdftoppm", "-r", "150", "-png", path, self.path("page"))
        codes = []
        for name in sorted(os.listdir(self.work)):
            if name.startswith("page") and name.endswith(".png"):
                codes += self.tool("zbarimg", "-q", "--raw", self.path(name)).split()
                os.unlink(self.path(name))
        return codes

    def fingerprint(self, folder):
        """Of the request's key, by openssl."""
        return spki_sha256(openssl("req", "-in", os.path.join(folder, "request.csr.pem"), "-noout", "-pubkey"))

    def assert_paper(self, path, pages=1):
        """A4, so many pages, every font embedded, and Chinese ones among them."""
        info = self.tool("pdfinfo", path)
        self.assertRegex(info, rf"Pages: +{pages}\n")
        self.assertIn(A4, info)
        fonts = self.tool("pdffonts", path).splitlines()
        embedded = fonts[0].index("emb")
        self.assertEqual({line[embedded:embedded + 3] for line in fonts[2:]}, {"yes"}, fonts)
        self.assertTrue(any("CJK" in line for line in fonts), fonts)
        self.assertNotIn("\ufffd", self.text(path))

    def assert_holds(self, path, *words):
        text = squeeze(self.text(path, order="-raw"))  # each field in one piece
        for word in words:
            self.assertIn(squeeze(word), text)
