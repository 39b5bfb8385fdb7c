"""The desktop file and the AppStream metadata, as the desktop's own tools see them."""
import configparser
import xml.etree.ElementTree

import harness
from desktop_case import ID, DesktopCase

LANG = "{http://www.w3.org/XML/1998/namespace}lang"


class Entry(DesktopCase):
    def setUp(self):
        super().setUp()
        self.path_of_entry = self.share / "applications" / f"{ID}.desktop"
        self.entry = configparser.RawConfigParser()
        self.entry.optionxform = str
        self.entry.read(self.path_of_entry, encoding="utf-8")

    def test_is_valid(self):
        self.assertEqual(self.tool("desktop-file-validate", self.path_of_entry), "")

    def test_every_text_is_translated(self):
        for group in self.entry.sections():
            for key in {"Name", "GenericName", "Comment", "Keywords"} & set(self.entry[group]):
                with self.subTest(group=group, key=key):
                    self.assertRegex(self.entry[group].get(f"{key}[zh_TW]", ""), "[一-鿿]")

    def test_opens_both_types(self):
        self.tool("update-desktop-database", self.path_of_entry.parent)
        known = (self.path_of_entry.parent / "mimeinfo.cache").read_text(encoding="utf-8")
        for content_type in ("application/x-gca-prereg", "application/pkcs7-mime"):
            self.assertIn(f"{content_type}={ID}.desktop;\n", known)

    def test_every_action_is_there(self):
        names = self.entry["Desktop Entry"]["Actions"].rstrip(";").split(";")
        self.assertEqual([f"Desktop Action {name}" for name in names], self.entry.sections()[1:])


class Metadata(DesktopCase):
    def setUp(self):
        super().setUp()
        self.metadata = self.share / "metainfo" / f"{ID}.metainfo.xml"

    def test_is_valid(self):
        self.tool("appstreamcli", "validate", "--no-net", "--strict", self.metadata)

    def test_every_text_is_translated(self):
        component = xml.etree.ElementTree.parse(self.metadata).getroot()
        for tag in ("name", "summary", "p", "li"):
            english = [e for e in component.iter(tag) if LANG not in e.attrib]
            chinese = [e for e in component.iter(tag) if e.get(LANG) in ("zh_TW", "zh-TW")]
            self.assertEqual(len(chinese), len(english), tag)


if __name__ == "__main__":
    harness.main()
