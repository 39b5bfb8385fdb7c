"""--json: every answer is one object that holds what docs/json.md lists and nothing else; the schema of the request
takes what is made and refuses what is altered."""
import json
import os
import re

import jsonschema

import harness
import peer
from cases import requests

# A schema cannot tell these: size as a whole, characters of a URI or out of sight, a calendar.
NOT_FOR_A_SCHEMA = {"larger than 1 MiB", "account with blank", "account in Chinese", "contact name backwards",
                    *(f"created '2026-{rest}:00Z'" for rest in
                      ("11-21T24:00", "11-21T02:60", "13-21T02:30", "02-30T02:30"))}


def documented():
    """The sections of docs/json.md by heading."""
    with open(os.path.join(harness.SOURCE, "docs/json.md"), encoding="utf-8") as file:
        sections = re.split(r"^## ", file.read(), flags=re.MULTILINE)[1:]
    return dict(section.split("\n", 1) for section in sections)


def members(text):
    """What stands in the first column of a section's tables."""
    rows = re.findall(r"^\| ((?:`\w+`(?:, )?)+) \|", text, flags=re.MULTILINE)
    return {name for row in rows for name in re.findall(r"`(\w+)`", row)}


DOCUMENTED = documented()
SHOW, _, HOLDER = DOCUMENTED["gca-card show"].partition("`holder`:\n")
CARD = members(SHOW)
ERROR, _, CODES = DOCUMENTED["Errors"].partition("| code |")
COMMON = {"schema", "command"}


def request_validator():
    with open(os.path.join(harness.SOURCE, "docs/prereg-request.schema.json"), encoding="utf-8") as file:
        schema = json.load(file)
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


class Answers(harness.Case):
    def assert_answer(self, result, command, names):
        answer = json.loads(result.out)
        self.assertEqual((answer["schema"], answer["command"]), (1, command))
        self.assertIs(type(answer["schema"]), int)
        self.assertEqual(set(answer) - COMMON, names, result)
        return answer

    def assert_error(self, result, command, status, code):
        self.assert_status(result, status)
        error = self.assert_answer(result, command, {"error"})["error"]
        self.assertEqual(set(error), members(ERROR), error)
        self.assertEqual((error["code"], error["exit_status"]), (code, status))
        self.assertIn(error["message"].splitlines()[0], result.err)
        self.assertIs(type(error["native"]), int)
        self.assertIs(type(error["retryable"]), bool)
        self.assertIn(f"| `{code}` | {status} |", CODES)

    def assert_holder(self, holder):
        self.assertEqual(set(holder), members(HOLDER))
        self.assertRegex(holder["not_after"], r"\A\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\Z")
        self.assertRegex(holder["certificate_sha256"], r"\A[0-9a-f]{64}\Z")
        self.assertIs(type(holder["days_left"]), int)

    def card(self, *arguments, **more):
        return self.run_with_card(harness.program("gca-card"), *arguments, "--json", **more)

    def prereg(self, *arguments, **more):
        return self.run_with_card(harness.program("gca-prereg"), "--account", self.regr(), "-d",
                                  "www.agency-test.gov.tw", "--yes", "--json", *arguments, **more)

    def test_list(self):
        result = self.card("list")
        self.assert_status(result, 0)
        readers = self.assert_answer(result, "gca-card list", {"readers"})["readers"]
        self.assertEqual(len(readers), 2)
        for reader in readers:
            self.assertEqual(set(reader), members(DOCUMENTED["gca-card list"]) - {"readers"})

    def test_show(self):
        for generation in (1, 2):
            result = self.card("show", card=["--generation", str(generation)])
            self.assert_status(result, 0)
            answer = self.assert_answer(result, "gca-card show", CARD)
            self.assertEqual(answer["generation"], generation)
            self.assertEqual(answer["number"], "TP00000000000001")
            self.assert_holder(answer["holder"])

    def test_verify_pin(self):
        result = self.card("verify-pin", "--pin-file", self.pin_file(), "--module", harness.opensc_module())
        self.assert_status(result, 0)
        answer = self.assert_answer(result, "gca-card verify-pin", members(DOCUMENTED["gca-card verify-pin"]))
        self.assertIs(answer["accepted"], True)
        self.assertEqual(set(answer["card"]), CARD)
        self.assert_holder(answer["card"]["holder"])

    def test_doctor(self):
        result = self.card("doctor")
        findings = self.assert_answer(result, "gca-card doctor", {"findings"})["findings"]
        self.assertEqual([finding["name"] for finding in findings],
                         re.findall(r"`(\w+)`", re.search(r"^\| `name` \|(.*)\|$", DOCUMENTED["gca-card doctor"],
                                                          flags=re.MULTILINE)[1]))
        for finding in findings:
            self.assertEqual(set(finding), {"name", "state", "text", "fix"})
            self.assertIn(finding["state"], ("ok", "warning", "failed", "skipped"))

    def test_sign(self):
        result = self.prereg("--pin-file", self.pin_file(), "--module", harness.opensc_module())
        self.assert_status(result, 0)
        answer = self.assert_answer(result, "gca-prereg", members(DOCUMENTED["gca-prereg"]))
        with open(self.path(answer["file"]), "rb") as file:
            self.assertEqual(answer["sha256"], peer.digest("sha256", file.read()).hex())
        request_validator().validate(answer["request"])

    def test_dry_run(self):
        result = self.prereg("--dry-run")
        self.assert_status(result, 0)
        request_validator().validate(self.assert_answer(result, "gca-prereg", {"request"})["request"])

    def test_everything_that_can_be_in_a_request(self):
        fields = {"name": "王測試", "purpose": "測試網站", "email": "test@agency-test.gov.tw", "postcode": "100001",
                  "address": "測試市測試路 1 號", "phone": "02-1234-5678 #123", "fax": "02-1234-5679"}
        options = [word for field, value in fields.items() for word in (f"--contact-{field}", value)]
        for holder in ("agency", "unit", "local", "soon"):
            with self.subTest(holder):
                result = self.prereg("--dry-run", *options, "-d", "例子.政府.tw", "--subject", "1.2.3=a,O=b\\,c,C=TW",
                                     card=["--holder", holder])
                self.assert_status(result, 0)
                request = result.json["request"]
                self.assertEqual(request["contact"], fields)
                self.assertEqual(request["subject"], [["C", "TW"], ["O", "b,c"], ["1.2.3", "a"]])
                request_validator().validate(request)

    def test_verify(self):
        holder = peer.load(harness.PKI, "agency")
        key = peer.account_key("P-256")
        content = peer.prove(peer.request(holder[0], account=peer.account(key)), key)
        self.write("request.p7m", peer.Message(peer.canonical(content), *holder).encode())
        result = self.run_program(harness.program("gca-prereg"), "verify", "request.p7m", "--json", "--account",
                                  harness.ACCOUNT_URI, "-d", "www.agency-test.gov.tw", "--ca",
                                  os.path.join(harness.PKI, "ca.pem"), "--crl", os.path.join(harness.PKI, "crl-valid.pem"))
        self.assert_status(result, 0)
        section = DOCUMENTED["gca-prereg verify"]
        answer = self.assert_answer(result, "gca-prereg verify", members(section))
        names = re.search(r"The names of the checks are (.*?)\. One", section, flags=re.DOTALL)[1]
        self.assertEqual([check["name"] for check in answer["checks"]], re.findall(r"`([a-z0-9-]+)`", re.sub(
            r"\(with .*?\)", "", names)))
        for check in answer["checks"]:
            self.assertEqual(set(check), {"name", "passed", "message", "remark"})
        self.assert_holder(answer["holder"])
        request_validator().validate(answer["request"])

    def test_trust_import(self):
        result = self.run_program(harness.program("gca-card"), "trust", "import", os.path.join(harness.PKI, "ca.pem"),
                                  "--yes", "--json")
        if result.status == 0:
            answer = self.assert_answer(result, "gca-card trust", members(DOCUMENTED["gca-card trust import"]))
            self.assertTrue(os.path.exists(answer["file"]))
        else:
            self.assert_error(result, "gca-card trust", 10, "untrusted")

    def test_errors(self):
        regr = self.regr()
        program = harness.program("gca-prereg")
        self.assert_error(self.run_program(program, "--json", "--account", regr, "-d", "gov.tw"), "gca-prereg", 2, "usage")
        self.assert_error(self.run_program(program, "--json", "--account", self.regr("x"), "-d", "a.gov.tw"),
                          "gca-prereg", 8, "bad-data")
        self.assert_error(self.run_program(program, "verify", "--json", "nowhere"), "gca-prereg verify", 1, "file")
        self.assert_error(self.run_with_card(harness.program("gca-card"), "show", "--json", card=["--no-reader"]),
                          "gca-card show", 3, "no-reader")
        self.assert_error(self.run_with_card(harness.program("gca-card"), "show", "--json", card=["--no-card"]),
                          "gca-card show", 3, "no-card")
        self.assert_error(self.prereg("--pin-file", self.pin_file("654321"), "--module", harness.opensc_module()),
                          "gca-prereg", 4, "pin-wrong")


class RequestSchema(harness.Case):
    def test_the_good_one(self):
        request_validator().validate(peer.request(peer.load(harness.PKI, "agency")[0]))

    def test_altered_ones(self):
        """Those of cases/requests.py that are canonical, but no request."""
        validator = request_validator()
        seen = 0
        for what, change, _ in requests.CASES:
            data = change(peer.request(peer.load(harness.PKI, "agency")[0]))
            try:
                value = json.loads(data)
                if peer.canonical(value) != data or what in NOT_FOR_A_SCHEMA | {"1 written as 1.0", "1 written as 1e0"}:
                    continue
            except (ValueError, RecursionError):
                continue
            seen += 1
            with self.subTest(what):
                self.assertFalse(validator.is_valid(value))
        self.assertGreater(seen, 100)


if __name__ == "__main__":
    harness.main()
