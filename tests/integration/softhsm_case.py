"""What the tests with software tokens share: SoftHSM2 with tokens of the test's own."""
import glob
import os
import subprocess

import harness


def softhsm_module():
    return (glob.glob("/usr/lib*/softhsm/libsofthsm2.so") + glob.glob("/usr/lib*/*/softhsm/libsofthsm2.so"))[0]


class SoftHsmCase(harness.Case):
    def setUp(self):
        super().setUp()
        tokens = os.path.join(self.folder, "tokens")
        os.mkdir(tokens)
        self.module = softhsm_module()
        self.env["SOFTHSM2_CONF"] = os.path.join(self.folder, "softhsm2.conf")
        with open(self.env["SOFTHSM2_CONF"], "w", encoding="ascii") as file:
            file.write(f"directories.tokendir = {tokens}\nlog.level = ERROR\n")

    def tool(self, *command):
        return subprocess.run(command, env=self.env, check=True, capture_output=True).stdout

    def init_token(self, label, pin=harness.PIN):
        self.tool("softhsm2-util", "--init-token", "--free", "--label", label, "--so-pin", "12345678", "--pin", pin)

    def import_key(self, token, path, label, key_id, pin=harness.PIN):
        self.tool("softhsm2-util", "--import", path, "--token", token, "--label", label, "--id", key_id, "--pin", pin)
