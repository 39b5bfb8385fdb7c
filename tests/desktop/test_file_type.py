"""What the desktop takes a signed request for: a type of its own, by name and by content."""
import harness
import peer
from desktop_case import DesktopCase
from request_case import RequestCase

OURS = "application/x-gca-prereg"
ANY = "application/pkcs7-mime"


class FileType(DesktopCase, RequestCase):
    def setUp(self):
        super().setUp()
        self.assertEqual(self.tool("update-mime-database", self.share / "mime"), "")

    def type_of(self, name, data):
        told = self.tool("gio", "info", "-a", "standard::content-type", self.write(name, data))
        return told.split("standard::content-type: ")[1].strip()

    def test_by_name(self):
        """GLib never asks for the longer pattern; others (Qt) go by its weight."""
        patterns = (self.share / "mime/globs2").read_text(encoding="utf-8").splitlines()
        self.assertIn(f"60:{OURS}:gca-prereg-*.p7m", patterns)
        self.assertEqual(self.type_of("gca-prereg-www.example.gov.tw-20261121.p7m", self.sign()), OURS)

    def test_of_any_size(self):
        domains = [f"host-{i}.agency-test.gov.tw" for i in range(4000)]
        data = self.sign(content=self.content(domains=domains))
        self.assertGreater(len(data), 0x10000)
        for name in ("gca-prereg-many.p7m", "many.p7m", "many"):
            self.assertEqual(self.type_of(name, data), OURS, name)

    def test_by_content(self):
        self.assertEqual(self.type_of("request", self.sign()), OURS)
        key = peer.account_key("P-256")
        proven = peer.prove(peer.request(peer.load(harness.PKI, "agency")[0],
                                         account=peer.account(key)), key)
        self.assertEqual(self.type_of("proven", self.sign(content=peer.canonical(proven))), OURS)
        by_openssl = peer.openssl_sign(harness.PKI, "agency", self.content(), "-cades")
        self.assertEqual(self.type_of("by-openssl", by_openssl), OURS)

    def test_another_message_is_not_ours(self):
        for data in (self.sign(content=b"a letter"), b"-----BEGIN CMS-----\n", b"MIIBcg\n",
                     b"MIME-Version: 1.0\nContent-Type: application/pkcs7-mime\n\nMIIBcg\n"):
            self.assertEqual(self.type_of("smime.p7m", data), ANY)
        for name, content in (("letter", b"a letter"), ("other", b'{"account":{"uri":"x"}}'),
                              ("padded", b" " * 200 + self.content())):
            self.assertNotEqual(self.type_of(name, self.sign(content=content)), OURS, name)
        self.assertNotEqual(self.type_of("unsigned", self.content()), OURS)


if __name__ == "__main__":
    harness.main()
