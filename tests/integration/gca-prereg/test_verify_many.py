"""gca-prereg verify with several files: each has its report, and the worst gives the exit status."""
import os

import harness
import peer
from request_case import RequestCase


class Many(RequestCase):
    def setUp(self):
        super().setUp()
        self.write("good.p7m", self.sign())
        self.write("good-2.p7m", self.sign("unit"))
        self.write("broken.p7m", self.sign()[:-1] + b"\0")
        self.write("no-message.p7m", b"x")

    def check(self, *words, anchors=("ca.pem",)):
        trusted = [word for name in anchors for word in ("--ca", self.pki(name))]
        return self.run_program(harness.program("gca-prereg"), "verify", *trusted, *words)

    def test_all_good(self):
        result = self.check("good.p7m", "good-2.p7m")
        self.assert_status(result, 0)
        self.assertEqual(result.out.count("ACCEPTABLE: every check holds."), 2)
        self.assertEqual(result.out.splitlines()[-1], "ACCEPTABLE: all 2 requests.")
        for name in ("good.p7m", "good-2.p7m"):
            self.assertIn(f"File “{name}”\n", result.out)

    def test_quiet_names_those_that_are_not(self):
        result = self.check("--quiet", "good.p7m", "broken.p7m", "good-2.p7m")
        self.assert_status(result, 9)
        lines = result.out.splitlines()
        self.assertEqual(len(lines), 2, result)
        self.assertTrue(lines[0].startswith("“broken.p7m”: NOT ACCEPTABLE: The signature does not verify"), result)
        self.assertEqual(lines[1], "NOT ACCEPTABLE: 1 of 3 requests.")

    def test_worst_first(self):
        """9 before 10 before 8 before a file that is not there."""
        for names, anchors, status in (
                (("good.p7m", "no-message.p7m", "broken.p7m"), ["untrusted.pem"], 9),
                (("no-message.p7m", "good.p7m"), ["untrusted.pem"], 10),
                (("none.p7m", "no-message.p7m", "good.p7m"), ["ca.pem"], 8),
                (("good.p7m", "none.p7m"), ["ca.pem"], 1)):
            for order in (names, names[::-1]):
                with self.subTest(order):
                    result = self.check("--quiet", *order, anchors=anchors)
                    self.assert_status(result, status)
                    told = self.check("--json", *order, anchors=anchors)
                    self.assert_status(told, status)
                    self.assertFalse(told.json["accepted"])

    def test_json_lists_reports(self):
        result = self.check("--json", "good.p7m", "no-message.p7m", "broken.p7m")
        self.assert_status(result, 9)
        reports = result.json["reports"]
        self.assertEqual([report["file"] for report in reports], ["good.p7m", "no-message.p7m", "broken.p7m"])
        self.assertEqual([report["accepted"] for report in reports], [True, False, False])
        self.assertEqual(reports[1]["error"]["code"], "bad-data")
        with open(self.path("good.p7m"), "rb") as file:
            self.assertEqual(reports[0]["sha256"], peer.digest("sha256", file.read()).hex())

    def test_json_of_one_is_as_it_was(self):
        result = self.check("--json", "good.p7m")
        self.assert_status(result, 0)
        self.assertNotIn("reports", result.json)
        self.assertTrue(result.json["accepted"])

    def test_demands_hold_for_each(self):
        result = self.check("--quiet", "good.p7m", "good-2.p7m", "-d", "other.agency-test.gov.tw")
        self.assert_status(result, 9)
        self.assertEqual(result.out.count("does not name the domain"), 2)

    def test_names_from_outside_are_escaped(self):
        name = "a\u202eb.p7m"
        os.rename(self.path("good-2.p7m"), self.path(name))
        result = self.check(name, "good.p7m")
        self.assert_status(result, 0)
        self.assertNotIn("\u202e", result.out)
        self.assertIn("File “a\\u{202E}b.p7m”", result.out)


if __name__ == "__main__":
    harness.main()
