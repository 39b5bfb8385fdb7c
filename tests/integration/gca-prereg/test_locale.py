"""UTF-8 whatever the locale: Chinese arguments and output under LC_ALL=C, messages in Chinese where wanted."""
import json

import harness

DOMAIN = "例子.政府.tw"
LOCALES = ({"LC_ALL": "C"}, {"LC_ALL": "POSIX"}, {"LC_ALL": "C.UTF-8"}, {"LC_ALL": "nowhere"},
           {"LC_ALL": "C", "LANGUAGE": "zh_TW"}, {"LC_ALL": "C.UTF-8", "LANGUAGE": "zh_TW"})
CHINESE = {"LC_ALL": "C.UTF-8", "LANGUAGE": "zh_TW"}


class Locale(harness.Case):
    def dry_run(self, *more, **env):
        return self.run_with_card(harness.program("gca-prereg"), "--account", self.regr(), "-d", DOMAIN, "--dry-run",
                                  "--contact-name", "王測試", "--contact-address", "測試市測試路 1 號", *more, **env)

    def test_content_and_screen_in_every_locale(self):
        for env in LOCALES:
            with self.subTest(env):
                result = self.dry_run(**env)
                self.assert_status(result, 0)
                content = json.loads(result.out)
                self.assertEqual(content["domains"], ["xn--fsqu00a.xn--mxtq1m.tw"])
                self.assertEqual(content["contact"], {"name": "王測試", "address": "測試市測試路 1 號"})
                self.assertEqual(content["subject"][1], ["L", "臺灣"])
                self.assertRegex(result.err, r"xn--fsqu00a\.xn--mxtq1m\.tw(（例子\.政府\.tw）| \(例子\.政府\.tw\))")
                self.assertIn("行政院 政府憑證管理中心 憑證測試中心", result.err)
                self.assertNotIn("?", result.err.replace("Sign this?", ""))

    def test_errors_in_every_locale(self):
        for env in LOCALES:
            with self.subTest(env):
                result = self.run_program(harness.program("gca-prereg"), "--account", self.regr("http://測試/1"),
                                          "-d", DOMAIN, **env)
                self.assert_status(result, 8)
                self.assertIn("“http://測試/1”" if env != CHINESE else "http://測試/1", result.err)

    def test_help_in_every_locale(self):
        for env in LOCALES:
            for command in (["gca-prereg"], ["gca-prereg", "verify"], ["gca-card"], ["gca-card", "show"]):
                with self.subTest((env, command)):
                    result = self.run_program(harness.program(command[0]), *command[1:], "--help", **env)
                    self.assert_status(result, 0)
                    self.assertNotIn("\\u", result.out)
                    self.assertNotIn("???", result.out)
                    self.assertEqual(result.err, "")

    def test_json_is_the_same_in_every_locale(self):
        answers = []
        for env in LOCALES:
            result = self.dry_run("--json", **env)
            self.assert_status(result, 0)
            request = result.json["request"]
            answers.append({name: request[name] for name in request if name not in ("created", "nonce")})
        self.assertEqual([answer for answer in answers if answer != answers[0]], [])

    def test_chinese_messages(self):
        plain = self.dry_run(LC_ALL="C")
        result = self.dry_run(**CHINESE)
        self.assertIn("Domains", plain.err)
        for word in ("Domains", "Contact", "Agency", "This will be signed"):
            self.assertNotIn(word, result.err)
        self.assertIn("機關", result.err)
        refused = self.run_program(harness.program("gca-prereg"), "--account", self.regr(), "-d", "gov.tw", **CHINESE)
        self.assert_status(refused, 2)
        self.assertIn("gov.tw", refused.err)
        self.assertNotIn("cannot be used", refused.err)

    def test_language_is_passed_over_in_the_c_locale(self):
        """As gettext does: dates, labels and profile are of one language."""
        result = self.dry_run(LC_ALL="C", LANGUAGE="zh_TW")
        self.assertIn("Domains", result.err)
        self.assertNotIn("民國", result.err)
        self.assertIn("This profile is for tests only", result.err)

    def test_text_from_outside_is_made_safe(self):
        result = self.run_program(harness.program("gca-prereg"), "--account", "https://localhost/\x1b]0;x\x07",
                                  "-d", DOMAIN, **CHINESE)
        self.assert_status(result, 8)
        self.assertNotIn("\x1b", result.err)
        self.assertIn("\\u{1B}", result.err)


if __name__ == "__main__":
    harness.main()
