"""The icons: in the theme's cache, drawn at every size, told apart by shape, recoloured by GTK."""
import pathlib
import xml.etree.ElementTree

import harness
from desktop_case import ICONS, ID, DesktopCase

SVG = "{http://www.w3.org/2000/svg}"
EMPTY = '<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16"/>'
STATES = {f"gca-{state}-symbolic" for state in (
    "service-off", "access-denied", "no-reader", "no-card", "card-unknown", "card-ok", "card-busy")}


class Icons(DesktopCase):
    def draw(self, path, size, *options):
        out = self.path("icon.png")
        self.tool("rsvg-convert", "-w", size, "-h", size, "-o", out, *options, path)
        return pathlib.Path(out).read_bytes()

    def test_stand_in_the_cache_of_the_theme(self):
        theme = self.share / "icons/hicolor"
        index = pathlib.Path("/usr/share/icons/hicolor/index.theme").read_bytes()
        (theme / "index.theme").write_bytes(index)
        self.tool("gtk-update-icon-cache", "--force", theme)
        self.tool("gtk-update-icon-cache", "--validate", theme)
        cache = (theme / "icon-theme.cache").read_bytes()
        for name in (ID, f"{ID}-symbolic", "application-x-gca-prereg"):
            self.assertIn(name.encode() + b"\0", cache)

    def test_are_drawn_at_every_size(self):
        empty = self.write("empty.svg", EMPTY)
        paths = sorted(ICONS.rglob("*.svg"))
        self.assertEqual({path.stem for path in paths if path.parent.name == "states"}, STATES)
        for size in (16, 32, 48, 128, 256):
            nothing = self.draw(empty, size)
            for path in paths:
                self.assertNotEqual(self.draw(path, size), nothing, f"{path} at {size}")

    def test_differ_in_shape(self):
        drawn = [self.draw(path, 16) for path in ICONS.rglob("*-symbolic.svg")]
        self.assertEqual(len(set(drawn)), len(drawn))

    def test_symbolic_ones_are_recoloured_whole(self):
        """GTK 3 gives its colour to each path's fill, and to nothing else that could be seen."""
        for path in ICONS.rglob("*-symbolic.svg"):
            for element in xml.etree.ElementTree.parse(path).getroot():
                with self.subTest(path.name):
                    self.assertEqual(element.tag, SVG + "path")
                    self.assertEqual(set(element.attrib), {"fill", "fill-rule", "d"})
                    self.assertEqual(element.get("fill"), "#2e3436")


if __name__ == "__main__":
    harness.main()
