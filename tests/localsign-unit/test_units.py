"""The systemd user units and the autostart file as they are installed, seen by systemd's and the desktop's own tools."""
import os
import pathlib
import re

import harness

BINDIR, PREFIX = os.environ["GCA_TEST_BINDIR"], os.environ["GCA_TEST_PREFIX"]
UNITS = {"gca-localsign.socket", "gca-localsign-ipv6.socket", "gca-localsign.service", "gca-localsign-prompt.socket",
         "gca-localsign-prompt.service"}
MOST_EXPOSURE = 20  # of 100; systemd takes the user's manager for root here, which alone makes 4


class Units(harness.Case):
    def setUp(self):
        super().setUp()
        self.env["XDG_RUNTIME_DIR"] = self.folder
        self.tool("meson", "install", "-C", harness.BUILD, "--no-rebuild", "--tags", "localsign", "--destdir", self.folder)
        self.installed = pathlib.Path(self.folder, PREFIX.lstrip("/"))
        self.units = pathlib.Path(self.folder, "units")
        self.stand_in()

    def tool(self, *command):
        result = self.run_program(*map(str, command))
        self.assert_status(result, 0)
        return result.out + result.err

    def stand_in(self):
        """The units again, for programs that are there: verify looks at them."""
        self.units.mkdir()
        for path in (self.installed / "lib/systemd/user").iterdir():
            text = path.read_text(encoding="utf-8")
            for program in re.findall(rf"^ExecStart={re.escape(BINDIR)}/(\S+)$", text, re.MULTILINE):
                (self.units / program).symlink_to("/bin/true")
            (self.units / path.name).write_text(text.replace(BINDIR, str(self.units)), encoding="utf-8")

    def settings(self, name):
        """(setting, value) of each line."""
        lines = (self.units / name).read_text(encoding="utf-8").split("\n")
        return [tuple(line.split("=", 1)) for line in lines if "=" in line and not line.startswith("#")]

    def test_all_are_there(self):
        self.assertEqual({path.name for path in (self.installed / "lib/systemd/user").iterdir()}, UNITS)
        self.assertEqual({path.name for path in self.units.iterdir()} - UNITS, {"gca-localsign", "gca-localsign-prompt"})

    def test_are_valid(self):
        for name in sorted(UNITS):
            with self.subTest(name):
                self.assertEqual(self.tool("systemd-analyze", "--user", "--man=no", "verify", self.units / name), "")

    def test_service_is_hardened(self):
        self.tool("systemd-analyze", "--user", "security", "--no-pager", "--offline=true", f"--threshold={MOST_EXPOSURE}",
                  self.units / "gca-localsign.service")

    def test_only_this_machine_can_call(self):
        listening = [value for name in sorted(UNITS) for key, value in self.settings(name) if key.startswith("Listen")]
        self.assertEqual(listening, ["[::1]:61161", "%t/gca-toolkit/localsign-prompt", "127.0.0.1:61161"])
        self.assertIn(("BindIPv6Only", "ipv6-only"), self.settings("gca-localsign-ipv6.socket"))
        self.assertIn(("SocketMode", "0600"), self.settings("gca-localsign-prompt.socket"))

    def test_prompt_sees_the_display(self):
        """Its namespaces would hide the X11 socket, and the user's settings."""
        hiding = [key for key, _ in self.settings("gca-localsign-prompt.service") if key.startswith(("Private", "Protect"))]
        self.assertEqual(hiding, [])

    def test_no_last_start(self):
        """Ending when idle, or without a display, is no failure that systemd stops starting it for."""
        for name in ("gca-localsign.service", "gca-localsign-prompt.service"):
            self.assertIn(("StartLimitIntervalSec", "0"), self.settings(name))

    def test_autostart_is_an_example_only(self):
        found = list(pathlib.Path(self.folder).rglob("*.desktop"))
        self.assertEqual([path.relative_to(self.installed).as_posix() for path in found],
                         ["share/doc/gca-toolkit/examples/autostart/gca-localsign.desktop"])
        self.assertEqual(self.tool("desktop-file-validate", found[0]), "")


if __name__ == "__main__":
    harness.main()
