"""gca-csr --batch: every row, resumable, one bad row stops nothing, killed at any moment."""
import csv
import glob
import json
import os
import random
import signal
import subprocess
import time

import harness

OID = "2.16.886.101.20003.20060.20001"
KILLS = 400 if os.environ.get("GCA_TEST_ALL") else 12
HOSTS = 24


def fingerprint(path):
    """SHA-256 of the public half, by OpenSSL."""
    der = subprocess.run(["openssl", "pkey", "-in", path, "-pubout", "-outform", "DER"],
                         check=True, capture_output=True).stdout
    return subprocess.run(["openssl", "dgst", "-sha256", "-r"], input=der, check=True,
                          capture_output=True).stdout.split()[0].decode()


class Batch(harness.Case):
    def setUp(self):
        super().setUp()
        self.out = self.path("requests")

    def table(self, rows, header="cn,oid,sans"):
        return self.write("hosts.csv", header + "\r\n" + "".join(f"{row}\r\n" for row in rows))

    def batch(self, *more, status=0):
        result = self.run_program(harness.program("gca-csr"), "--batch", self.path("hosts.csv"), "--dir", self.out,
                                  "--profile", "test", *more)
        self.assert_status(result, status)
        return result

    def folders(self):
        return sorted(path for path in glob.glob(os.path.join(self.out, "*")) if os.path.isdir(path))

    def assert_whole(self, folder):
        key = os.path.join(folder, "privkey.pem")
        with open(os.path.join(folder, "request.json"), encoding="utf-8") as file:
            request = json.load(file)
        self.assertEqual(os.stat(key).st_mode & 0o7777, 0o600)
        self.assertEqual(os.stat(folder).st_mode & 0o7777, 0o700)
        self.assertEqual(fingerprint(key), request["spki_sha256"])
        subprocess.run(["openssl", "req", "-verify", "-noout", "-in",
                        os.path.join(folder, "request.csr.pem")], check=True, capture_output=True)
        return request

    def test_makes_every_row_and_a_summary(self):
        self.table([f"a.example.gov.tw,{OID},", f"b.example.gov.tw,{OID},\"c.example.gov.tw d.example.gov.tw\"",
                    "例子.政府.tw,,"])
        self.batch("--oid", OID)
        requests = [self.assert_whole(folder) for folder in self.folders()]
        self.assertEqual([request["names"] for request in requests],
                         [["a.example.gov.tw"],
                          ["b.example.gov.tw", "c.example.gov.tw", "d.example.gov.tw"],
                          ["xn--fsqu00a.xn--mxtq1m.tw"]])
        with open(glob.glob(self.out + "/summary-*.csv")[0], encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        self.assertEqual([row["state"] for row in rows], ["made"] * 3)
        self.assertEqual([row["spki_sha256"] for row in rows],
                         [request["spki_sha256"] for request in requests])

    def test_names_stand_apart_as_people_write_them(self):
        self.table([f"a.example.gov.tw,{OID},\"b.example.gov.tw; c.example.gov.tw\"",
                    f"d.example.gov.tw,{OID},e.example.gov.tw、f.example.gov.tw"])
        self.batch()
        self.assertEqual([self.assert_whole(folder)["names"] for folder in self.folders()],
                         [[f"{name}.example.gov.tw" for name in names] for names in ("abc", "def")])

    def test_a_bad_row_stops_nothing_and_gives_the_status(self):
        self.table([f"a.example.gov.tw,{OID},", f"https://b.example.gov.tw/,{OID},", "c.example.gov.tw,1.2.3.4.5,",
                    f"d.example.gov.tw,{OID},"])
        result = self.batch("--json", status=2)
        self.assertEqual([row["state"] for row in result.json["rows"]],
                         ["made", "failed", "failed", "made"])
        self.assertIn("https://b.example.gov.tw/", result.json["rows"][1]["message"])
        self.assertIn("line 3", result.err)
        self.assertEqual(len(self.folders()), 2)

    def test_goes_on_where_it_stopped(self):
        self.table([f"a.example.gov.tw,{OID},", f"b.example.gov.tw,{OID},"])
        self.batch()
        before = {folder: fingerprint(folder + "/privkey.pem") for folder in self.folders()}
        self.table([f"a.example.gov.tw,{OID},", f"b.example.gov.tw,{OID},", f"c.example.gov.tw,{OID},",
                    f"C.example.gov.tw,{OID},"])
        rows = self.batch("--json").json["rows"]
        self.assertEqual([row["state"] for row in rows], ["skipped", "skipped", "made", "skipped"])
        self.assertEqual(rows[0]["folder"], self.folders()[0])
        for folder, sha256 in before.items():
            self.assertEqual(fingerprint(folder + "/privkey.pem"), sha256)
        self.assertEqual(len(self.folders()), 3)

    def test_refuses_a_table_that_would_lose_names(self):
        for header, word in (("cn,oid,san", "san"), ("host,oid", "host"), ("oid,sans", "cn")):
            self.write("hosts.csv", f"{header}\na.example.gov.tw,{OID},b.example.gov.tw\n")
            self.assertIn(f"“{word}”", self.batch(status=8).err)
        self.assertEqual(self.folders(), [])

    def test_ends_whole_when_interrupted(self):
        self.table([f"h{i}.example.gov.tw,{OID}," for i in range(HOSTS)])
        process = self.start_batch()
        while not self.folders():
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(30), 130)
        for folder in self.folders():
            self.assert_whole(folder)
        self.assertEqual(glob.glob(self.out + "/.gca-*"), [])
        self.assertEqual(len(glob.glob(self.out + "/summary-*.csv")), 1)

    def start_batch(self):
        return subprocess.Popen([harness.program("gca-csr"), "--batch", self.path("hosts.csv"), "--dir", self.out,
                                 "--profile", "test", "--quiet"], env=self.env, stdout=subprocess.DEVNULL,
                                stderr=subprocess.DEVNULL)

    def test_killed_at_any_moment_loses_no_key(self):
        """After each SIGKILL every folder that is there is whole, and stays as it is."""
        self.table([f"h{i}.example.gov.tw,{OID}," for i in range(HOSTS)])
        chance = random.Random(3)  # the same moments in each run
        known = {}
        for _ in range(KILLS):
            process = self.start_batch()
            time.sleep(chance.random() * 0.4)
            process.kill()
            process.wait()
            for folder in self.folders():
                sha256 = self.assert_whole(folder)["spki_sha256"]
                self.assertEqual(known.setdefault(folder, sha256), sha256)
            self.assertEqual(set(self.folders()), set(known))
        self.batch()
        self.assertEqual(len(self.folders()), HOSTS)
        self.assertLessEqual(set(known), set(self.folders()))
        self.assertEqual({request["names"][0] for request in map(self.assert_whole, self.folders())},
                         {f"h{i}.example.gov.tw" for i in range(HOSTS)})
        self.assertEqual(glob.glob(self.out + "/.gca-*"), [])


if __name__ == "__main__":
    harness.main()
