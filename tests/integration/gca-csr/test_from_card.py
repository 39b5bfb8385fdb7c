"""gca-csr --from-card: the agency is the card's, and no PIN is asked for."""
import glob
import json
import os
import subprocess

import card_case
import harness
from card_case import AGENCY, AGENCY_OID

HOST = "www.example.gov.tw"
OTHER_OID, OTHER = "2.16.886.101.20003.20001", "內政部"  # in the starter register
SECOND = ("--second", "--holder unit --number TP00000000000002")


class FromCard(card_case.CardCase):
    def csr(self, *arguments, card=(), **more):
        command = [harness.program("gca-csr"), "--cn", HOST, "--from-card", *arguments]
        return self.run_with_card(*command, card=card, **more)

    def assert_subject(self, folder, organization):
        """By openssl."""
        request = os.path.join(folder, "request.csr.pem")
        done = subprocess.run(["openssl", "req", "-in", request, "-verify", "-noout", "-subject", "-nameopt",
                               "utf8,sep_comma_plus,sname"], capture_output=True, check=True)
        self.assertEqual(done.stdout.decode().strip(), f"subject=C=TW,L=臺灣,O={organization},CN={HOST}")

    def test_subject_is_the_card_holders(self):
        for holder, oid, organization in (("agency", AGENCY_OID, "行政院-政府憑證管理中心-憑證測試中心"),
                                          ("unit", "2.16.886.101.90001.90002.90003", "行政院-測試部-測試署")):
            for generation in ("1", "2"):
                with self.subTest((holder, generation)):
                    result = self.csr("--json", card=("--holder", holder, "--generation", generation))
                    self.assert_status(result, 0)
                    self.assertEqual(result.json["agency_oid"], oid)
                    self.assert_subject(result.json["folder"], organization)
                    self.assertEqual(self.pin_questions(), 0)

    def test_local_government_is_noted(self):
        result = self.csr("--dry-run", card=("--holder", "local"))
        self.assert_status(result, 0)
        self.assertIn("O=彰化縣-縣政府-測試局", result.out)
        self.assertIn("--subject", result.err)

    def test_card_and_oid_that_agree(self):
        result = self.csr("--oid", AGENCY_OID, "--json")
        self.assert_status(result, 0)
        self.assert_subject(result.json["folder"], "行政院-政府憑證管理中心-憑證測試中心")
        with open(os.path.join(result.json["folder"], "request.json"), encoding="utf-8") as file:
            self.assertEqual(json.load(file)["agency"]["oid"], AGENCY_OID)

    def test_card_and_oid_that_disagree_are_both_named(self):
        result = self.csr("--oid", OTHER_OID)
        self.assert_refused(result, 2, AGENCY, AGENCY_OID, OTHER, OTHER_OID, "--from-card", "--oid")
        self.assert_nothing_written()
        told = self.csr("--oid", OTHER_OID, "--json")
        self.assert_status(told, 2)
        self.assertEqual(told.json["error"]["code"], "usage")

    def test_organization_and_subject_go_before_the_card(self):
        self.assert_subject(self.csr("--organization", "測試機關", "--json").json["folder"], "測試機關")
        self.assert_subject(self.csr("--subject", "C=TW,L=臺灣,O=測試院", "--json").json["folder"], "測試院")

    def test_cards_of_another_kind(self):
        for holder in ("citizen", "company", "school"):
            with self.subTest(holder):
                self.assert_refused(self.csr(card=("--holder", holder)), 8, holder)
                self.assert_nothing_written()

    def test_no_card_no_reader_no_service(self):
        for bench, code in (("--no-card", "no-card"), ("--no-reader", "no-reader"), ("--no-pcscd", "no-reader")):
            with self.subTest(bench):
                result = self.csr("--json", card=(bench,))
                self.assert_status(result, 3)
                self.assertEqual(result.json["error"]["code"], code)
                self.assert_nothing_written()

    def test_two_cards_are_listed_and_one_is_chosen(self):
        self.assert_refused(self.csr(card=SECOND), 2, AGENCY, "測試署", "--reader", "--serial")
        self.assert_nothing_written()
        result = self.csr("--serial", "TP00000000000002", "--json", card=SECOND)
        self.assert_status(result, 0)
        self.assert_subject(result.json["folder"], "行政院-測試部-測試署")

    def test_batch(self):
        """The card's agency for the rows that name none."""
        table = self.write("hosts.csv", f"cn,oid\na.example.gov.tw,\nb.example.gov.tw,{AGENCY_OID}\n"
                                        f"c.example.gov.tw,{OTHER_OID}\n")
        result = self.run_with_card(harness.program("gca-csr"), "--batch", table, "--from-card", "--json")
        self.assert_status(result, 2)
        self.assertEqual([row["state"] for row in result.json["rows"]], ["made", "made", "failed"])
        self.assertIn(OTHER, result.json["rows"][2]["message"])
        self.assertEqual(len(glob.glob(self.path("*.example.gov.tw-*"))), 2)


if __name__ == "__main__":
    harness.main()
