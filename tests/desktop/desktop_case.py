"""What the tests of the desktop's files share: those files, installed below a folder of the test."""
import os
import pathlib

import harness

ID = "tw.gca_toolkit.Wizard"
ICONS = pathlib.Path(harness.SOURCE, "data/desktop/icons")


class DesktopCase(harness.Case):
    def setUp(self):
        super().setUp()
        self.tool("meson", "install", "-C", harness.BUILD, "--no-rebuild", "--tags", "desktop",
                  "--destdir", self.folder)
        self.share = pathlib.Path(self.folder, os.environ["GCA_TEST_SHARE"].lstrip("/"))
        self.env["XDG_DATA_DIRS"] = f"{self.share}:/usr/share"

    def tool(self, *command):
        """Runs a tool of the desktop, which must be there and succeed; gives what it says."""
        result = self.run_program(*map(str, command))
        self.assert_status(result, 0)
        return result.out + result.err
