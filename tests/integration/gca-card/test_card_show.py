"""gca-card show: what stands on each kind of card, for as few commands as the card allows."""
import datetime
import os
import subprocess

from card_case import AGENCY, AGENCY_OID, PKI, CardCase
from harness import main

TYPES = "2.16.886.101.90001"
HOLDERS = {
    # name: organization, OID, kind, rank, words
    "agency": (AGENCY, AGENCY_OID, "agency", "primary", "agency card, primary card (正卡)"),
    "agency-secondary": (AGENCY, AGENCY_OID, "agency", "secondary", "agency card, secondary card (附卡)"),
    "unit": ("行政院 測試部 測試署", f"{TYPES}.90002.90003", "unit", "primary", "card of an agency's unit"),
    "local": ("彰化縣 縣政府 測試局", f"{TYPES}.90004.90005", "agency", "primary", "agency card"),
    "citizen": ("測試一郎", None, "citizen", "primary", "citizen card (not a GCA card)"),
    "company": ("測試股份有限公司", None, "company", "primary", "company card (not a GCA card)"),
    "school": ("測試縣 測試鎮 測試國民小學", f"{TYPES}.90006.90007", "school", "primary",
               "school card (not a GCA card)"),
    "server": ("行政院 測試署", None, "server", "unknown", "server certificate (not a card)"),
    "expired": (AGENCY, AGENCY_OID, "agency", "primary", "agency card"),
    "not-yet-valid": (AGENCY, AGENCY_OID, "agency", "primary", "agency card"),
    "soon": (AGENCY, AGENCY_OID, "agency", "primary", "agency card"),
}


def not_after(holder):
    """The end of validity as openssl reads it."""
    line = subprocess.run(["openssl", "x509", "-in", os.path.join(PKI, f"{holder}.pem"), "-noout",
                           "-enddate"], capture_output=True, text=True, check=True).stdout.strip()
    return datetime.datetime.strptime(line, "notAfter=%b %d %H:%M:%S %Y GMT")


def leaves(value):
    """Every string in a JSON value."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from leaves(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from leaves(inner)
    else:
        yield str(value)


class Holders(CardCase):
    def test_every_holder_on_both_generations(self):
        for holder, (organization, oid, kind, rank, _) in HOLDERS.items():
            for generation in (1, 2):
                with self.subTest(holder=holder, generation=generation):
                    result = self.show("--json", card=["--holder", holder, "--generation",
                                                       str(generation)])
                    self.assert_status(result, 0)
                    answer = result.json
                    who = answer["holder"]
                    self.assertEqual((answer["number"], answer["generation"], answer["reader"]),
                                     ("TP00000000000001", generation, "Virtual PCD 00 00"))
                    self.assertEqual((who["organization"], who["oid"]), (organization, oid))
                    self.assertEqual((who["kind"], who["rank"]), (kind, rank))
                    self.assertEqual(who["not_after"], not_after(holder).strftime("%Y-%m-%dT%H:%M:%SZ"))

    def test_text_names_the_same(self):
        for holder, (organization, oid, _, _, words) in HOLDERS.items():
            with self.subTest(holder=holder):
                result = self.show(card=["--holder", holder])
                self.assert_status(result, 0)
                for part in (organization, oid or "not known", words, "TP00000000000001",
                             not_after(holder).strftime("%Y-%m-%d")):
                    self.assertIn(part, result.out)

    def test_another_number(self):
        self.assertIn("AB12345678901234", self.show(card=["--number", "AB12345678901234"]).out)

    def test_encryption_only_is_refused_for_what_it_is(self):
        result = self.show(card=["--holder", "encryption"])
        self.assert_status(result, 8)
        self.assertRegex(result.err, "encryption|key usage")

    def test_end_is_warned_of(self):
        soon = self.show(card=["--holder", "soon"])
        self.assertRegex(soon.err, r"in (29|30) days\. Renew it: .*gca\.nat\.gov\.tw")
        ended = self.show(card=["--holder", "expired"])
        self.assertRegex(ended.err, r"has expired\. Renew it: .*gca\.nat\.gov\.tw")
        self.assertEqual(self.show(card=["--holder", "agency"]).err, "")

    def test_another_family_is_read_through_the_module(self):
        result = self.show("--json", card=["--no-hicos"])
        self.assert_status(result, 0)
        self.assertEqual((result.json["generation"], result.json["holder"]["oid"]), (None, AGENCY_OID))


class Json(CardCase):
    def test_stdout_is_one_pure_answer(self):
        for options in ([], ["--verbose"], ["--quiet"]):
            with self.subTest(options=options):
                answer = self.show("--json", *options, card=["--holder", "soon"]).json
                self.assertEqual((answer["schema"], answer["command"]), (1, "gca-card show"))

    def test_stdout_is_one_pure_answer_in_an_error_too(self):
        result = self.show("--json", "--verbose", card=["--broken-der", "cdf-length"])
        self.assert_status(result, 8)
        self.assertEqual(result.json["error"]["exit_status"], 8)


class Privacy(CardCase):
    """Attribute 2.51 of a citizen's certificate holds the end of the identity card's number."""

    SECRET = "J8QX"

    def make_citizen(self):
        pki = os.path.join(self.folder, "pki")
        os.mkdir(pki)
        for name in os.listdir(PKI):
            if not name.startswith("."):
                os.symlink(os.path.join(PKI, name), os.path.join(pki, name))
        extensions = self.write("extensions", f"""
keyUsage = critical,digitalSignature
2.5.29.9 = ASN1:SEQUENCE:attributes
[attributes]
type = SEQUENCE:type
id = SEQUENCE:id
[type]
type = OID:2.16.886.1.100.2.1
values = SET:type_values
[type_values]
value = OID:2.16.886.1.100.3.1.1
[id]
type = OID:2.16.886.1.100.2.51
values = SET:id_values
[id_values]
value = FORMAT:UTF8,UTF8String:{self.SECRET}
""")
        key, ca = os.path.join(PKI, "citizen.key.pem"), os.path.join(PKI, "ca")
        request = self.path("request.pem")
        subprocess.run(["openssl", "req", "-new", "-utf8", "-key", key, "-subj", "/C=TW/CN=測試二郎",
                        "-out", request], check=True, capture_output=True)
        subprocess.run(["openssl", "x509", "-req", "-in", request, "-CA", f"{ca}.pem", "-CAkey",
                        f"{ca}.key.pem", "-days", "100", "-set_serial", "77", "-extfile", extensions,
                        "-outform", "DER", "-out", os.path.join(pki, "secret.der")],
                       check=True, capture_output=True)
        os.symlink(key, os.path.join(pki, "secret.key.pem"))
        with open(os.path.join(pki, "secret.der"), "rb") as file:
            self.assertIn(self.SECRET.encode(), file.read())
        return pki

    def test_the_citizens_number_is_never_shown(self):
        pki = self.make_citizen()
        for options in ([], ["--verbose"], ["--json"]):
            with self.subTest(options=options):
                result = self.run_with_card(self.card_tool, "show", *options,
                                            card=["--holder", "secret"], GCA_TEST_PKI=pki)
                self.assert_status(result, 0)
                self.assertIn("測試二郎", result.out)
                said = (result.out + result.err).lower().replace(" ", "")
                self.assertNotIn(self.SECRET.lower(), said)
                self.assertNotIn(self.SECRET.encode().hex(), said)

    def test_nor_as_a_value_of_the_tests_own_citizen(self):
        answer = self.show("--json", card=["--holder", "citizen"]).json
        self.assertNotIn("0000", list(leaves(answer)))


class Cost(CardCase):
    def test_commands_are_the_fewest_that_the_files_need(self):
        for holder in ("agency", "unit", "citizen"):
            for generation in (1, 2):
                with self.subTest(holder=holder, generation=generation):
                    fewest = self.fewest(generation, holder)
                    self.show(card=["--holder", holder, "--generation", str(generation)])
                    self.assertEqual(len(self.apdus()), fewest, self.trace())

    def test_a_directory_that_ends_on_a_block_needs_one_more(self):
        for edge in ("6B00", "6282", "empty"):
            for generation in (1, 2):
                with self.subTest(edge=edge, generation=generation):
                    card = ["--cdf-on-block-edge", edge]
                    fewest = self.fewest(generation, card=card)
                    self.show(card=["--generation", str(generation), *card])
                    self.assertEqual(len(self.apdus()), fewest, self.trace())

    def test_other_cards_stay_within_three(self):
        for options in (["--extra-cdf"], ["--shift-offsets"], ["--slice-longer"], ["--mf-leaves-applet"],
                        ["--order", "ROOTCACert,CACert,KEYX,SIGN"]):
            for generation in (1, 2):
                with self.subTest(options=options, generation=generation):
                    fewest = self.fewest(generation, card=options)
                    result = self.show(card=["--generation", str(generation), *options])
                    self.assert_status(result, 0)
                    self.assertLessEqual(len(self.apdus()), fewest + 3, self.trace())

    def test_the_pin_is_not_touched(self):
        for options in ([], ["--json"]):
            self.show(*options)
            self.assertEqual(self.pin_questions(), 0)


if __name__ == "__main__":
    main()
