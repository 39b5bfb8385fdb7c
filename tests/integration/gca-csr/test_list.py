"""gca-csr list, and the script that says what is to be renewed."""
import email
import email.policy
import os
import shutil

import authority
import harness
from csr_case import MEMBERS, read
from return_case import ReturnCase


class List(ReturnCase):
    """Certificates of chosen dates; those that attach would refuse by now are put in by hand."""

    DATES = {"requested": None, "valid": (-10, 90), "due": (-70, 29), "expired": (-90, -2)}

    def setUp(self):
        super().setUp()
        self.requests = {}
        for state, dates in self.DATES.items():
            self.requests[state] = self.make("--dir", "憑證", cn=f"{state}.example.gov.tw")
            if dates is not None:
                leaf = self.issue(self.requests[state], begin=dates[0], end=dates[1])
                shutil.copy(leaf, os.path.join(self.requests[state], "cert.pem"))
        self.parent = self.path("憑證")

    def list(self, *options, status=0):
        return self.csr("list", self.parent, "--json", *options, status=status).json

    def states_of(self, *options):
        return {folder["state"] for folder in self.list(*options)["folders"]}

    def test_states(self):
        told = self.list()
        self.assertEqual(told["troubles"], [])
        for folder in told["folders"]:
            own = {"state", "not_after", "days_left", "message"}
            self.assertEqual(set(folder), MEMBERS - {"schema", "command"} | own)
            self.assertEqual(folder["folder"], self.requests[folder["state"]])
            self.assertEqual(folder["names"], [folder["state"] + ".example.gov.tw"])
            dates = self.DATES[folder["state"]]
            if dates is None:
                self.assertEqual((folder["not_after"], folder["days_left"]), (None, None))
            else:  # whole days, and the test has taken some seconds
                self.assertEqual(folder["days_left"], dates[1] - 1)
                end = self.authority.now + dates[1] * authority.DAY
                self.assertEqual(folder["not_after"], end.strftime("%Y-%m-%dT%H:%M:%SZ"))
        self.assertEqual({folder["state"] for folder in told["folders"]}, set(self.DATES))
        plain = self.csr("list", self.parent).out
        for folder in self.requests.values():
            self.assertIn(folder, plain)

    def test_filters(self):
        self.assertEqual(self.states_of("--expiring", "due"), {"due", "expired"})
        self.assertEqual(self.states_of("--expiring", "0"), {"expired"})
        self.assertEqual(self.states_of("--expiring", "27"), {"expired"})
        self.assertEqual(self.states_of("--expiring", "28"), {"due", "expired"})
        self.assertEqual(self.states_of("--expiring", "89"), {"valid", "due", "expired"})
        for days in ("-1", "x", "", "1.5", "99999999999999999999"):
            with self.subTest(days):
                self.csr("list", self.parent, f"--expiring={days}", status=2)

    def test_what_is_broken_is_always_shown(self):
        with open(os.path.join(self.requests["valid"], "cert.pem"), "w", encoding="ascii") as file:
            file.write("nonsense")
        os.mkdir(os.path.join(self.parent, "other"))
        with open(os.path.join(self.parent, "other", "request.json"), "w", encoding="ascii") as file:
            file.write("{}")
        told = self.list("--expiring", "due")
        self.assertEqual({folder["state"] for folder in told["folders"]}, {"broken", "due", "expired"})
        [broken] = [folder for folder in told["folders"] if folder["state"] == "broken"]
        self.assertIn("cert.pem", broken["message"])
        [trouble] = told["troubles"]
        self.assertIn("request.json", trouble)

    def test_other_folders(self):
        os.mkdir(self.path("empty"))
        self.assertEqual(self.csr("list", "empty", "--json").json["folders"], [])
        self.assertIn("empty", self.csr("list", "empty").err)
        one = self.csr("list", self.requests["valid"], "--json").json["folders"]
        self.assertEqual([folder["state"] for folder in one], ["valid"])
        self.csr("list", "none", status=1)
        self.csr("list", "empty", "empty", status=2)
        self.assertEqual(self.run_program("sh", "-c", 'cd 憑證 && "$0" list --json', self.csr_tool).json["folders"],
                         self.list()["folders"])

    # ---- the script that a systemd timer calls

    def expiring(self, folders, status=0, **env):
        """With a `sendmail` that keeps what it gets, for no mail may leave a test: its arguments first."""
        os.makedirs(self.path("bin"), exist_ok=True)
        self.write("bin/sendmail", '#!/bin/sh\n{ echo "$@"; cat; } >"$KEPT"\n', 0o755)
        env.update(GCA_CSR=self.csr_tool, FOLDERS=folders, KEPT=self.path("mail"),
                   PATH=self.path("bin") + ":" + self.env["PATH"])
        result = self.run_program("sh", os.path.join(harness.BUILD, "data", "gca-csr-expiring"), **env)
        self.assert_status(result, status)
        return result

    def test_script_says_what_is_due(self):
        for state in ("valid", "requested"):  # neither of them is named
            self.requests.pop(state)
        result = self.expiring(f"{self.path('none')}:{self.parent}", MAILTO="test@example.gov.tw")
        for state, folder in self.requests.items():
            self.assertIn(folder, result.out)
            self.assertIn(f"{state}.example.gov.tw", result.out)
        self.assertNotIn("valid.example.gov.tw", result.out)
        self.assertNotIn("requested.example.gov.tw", result.out)
        arguments, _, mail = read(self.path("mail")).partition(b"\n")
        self.assertEqual(arguments, b"-t")
        message = email.message_from_bytes(mail, policy=email.policy.default)
        self.assertEqual(message["To"], "test@example.gov.tw")
        self.assertIn("TLS", message["Subject"])
        self.assertEqual(message.get_content_charset(), "utf-8")
        self.assertEqual(mail.partition(b"\n\n")[2].decode("utf-8"), result.out)

    def test_script_is_silent_where_nothing_is_due(self):
        for state in ("due", "expired"):
            shutil.rmtree(self.requests[state])
        result = self.expiring(self.parent, MAILTO="test@example.gov.tw")
        self.assertEqual((result.out, result.err), ("", ""))
        self.assertFalse(os.path.exists(self.path("mail")))

    def test_script_by_days_and_without_mail(self):
        result = self.expiring(self.parent, EXPIRING="95")
        self.assertIn("valid.example.gov.tw", result.out)
        self.assertFalse(os.path.exists(self.path("mail")))

    def test_script_tells_of_its_own_failure(self):
        result = self.expiring(self.parent, EXPIRING="soon", status=2, MAILTO="test@example.gov.tw")
        self.assertIn("soon", result.out)
        self.assertIn(b"soon", read(self.path("mail")))


if __name__ == "__main__":
    harness.main()
