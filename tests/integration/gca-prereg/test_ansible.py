"""The Ansible role of data/ansible, by ansible-playbook on local connections: hosts are folders with accounts that
certbot registered with Pebble; the desk signs with a software token and hands in to the tests' receiver."""
import glob
import json
import os
import re
import shutil
import stat
import subprocess
import tempfile

import acme_case
import harness
import softhsm_case
import submit_case

acme_case.go_inside()

ANSIBLE = os.path.join(harness.SOURCE, "data/ansible")
OID = "2.16.886.101.20003.20060.20001"
HOSTS = {"www.example.gov.tw": ["www.example.gov.tw", "Example.gov.tw"], "service.example.gov.tw": ["服務.example.gov.tw"]}
BARE = "old.example.gov.tw"  # has no gca-prereg
SECRET = re.compile(rb'PRIVATE KEY|"(?:d|p|q|dp|dq|qi)"')


def settings(folder):
    """Ansible's environment: nothing of this user's or of the system's."""
    path = os.path.join(folder, "ansible.cfg")
    with open(path, "w", encoding="ascii") as file:
        file.write("[defaults]\n")
    return {"ANSIBLE_CONFIG": path, "ANSIBLE_LOCAL_TEMP": os.path.join(folder, "tmp"), "ANSIBLE_NOCOLOR": "1", "ANSIBLE_PIPELINING": "1",
            "ANSIBLE_REMOTE_TEMP": os.path.join(folder, "tmp"), "ANSIBLE_ROLES_PATH": os.path.join(ANSIBLE, "roles"),
            "ANSIBLE_LOCALHOST_WARNING": "0", "LC_ALL": "C.UTF-8"}


class Ansible(acme_case.Case, softhsm_case.SoftHsmCase, submit_case.Case):
    accounts = None

    def setUp(self):
        super().setUp()
        if self.accounts is None:
            self.make_accounts()
        self.desk = self.path("desk")
        shutil.copytree(os.path.join(ANSIBLE, "example"), self.desk)
        self.requests = os.path.join(self.desk, "requests")
        self.inventory = {name: self.make_host(name, domains) for name, domains in HOSTS.items()}
        self.write_inventory()

    def make_accounts(self):
        """Once for all tests: certbot's folders by number."""
        pebble = acme_case.Pebble(self.folder, reject=0)
        self.addCleanup(pebble.stop)
        Ansible.accounts = tempfile.mkdtemp(prefix="gca-test-")
        self.addClassCleanup(shutil.rmtree, Ansible.accounts)
        for number in range(len(HOSTS) + 2):
            self.register(str(number))
            os.rename(self.path(str(number)), os.path.join(Ansible.accounts, str(number)))

    def make_host(self, name, domains, **more):
        number = [*HOSTS, BARE].index(name)
        shutil.copytree(os.path.join(self.accounts, str(number)), self.path(name + "/letsencrypt"), symlinks=True)
        return {"gca_prereg_domains": domains, "gca_prereg_places": [self.path(name + "/letsencrypt")],
                "gca_prereg_folder": self.path(name + "/prereg"), **more}

    def make_bare_host(self):
        self.inventory[BARE] = self.make_host(BARE, [BARE], gca_prereg_program=self.path("nothing"))
        self.write_inventory()

    def write_inventory(self, **more):
        program = harness.program("gca-prereg")
        common = {"ansible_connection": "local", "ansible_python_interpreter": "/usr/bin/python3", "ansible_become": False,
                  "gca_prereg_program": program, "gca_prereg_desk_program": program, "gca_prereg_ca": [self.pki("ca.pem")],
                  **more}
        with open(os.path.join(self.desk, "inventory.yml"), "w", encoding="utf-8") as file:  # JSON is YAML
            json.dump({"all": {"children": {"web": {"hosts": self.inventory, "vars": common}}}}, file)

    def play(self, name, *options, status=0):
        """Result, and of each host how many tasks changed something."""
        done = subprocess.run(["ansible-playbook", "-i", "inventory.yml", name, *options], cwd=self.desk, timeout=240,
                              env={**self.env, **settings(self.folder)}, stdin=subprocess.DEVNULL, capture_output=True)
        result = harness.Result(done)
        if result.status != status:
            self.fail(f"{result!r:.4000}")
        self.assertNotIn("[WARNING]", result.err, result)
        changed = dict(re.findall(r"(?m)^(\S+) +: ok=\d+ +changed=(\d+) ", result.out))
        return result, {host: int(count) for host, count in changed.items()}

    def read(self, *names):
        with open(os.path.join(*names), "rb") as file:
            return file.read()

    def request(self, host):
        return json.loads(self.read(self.requests, host + ".json"))

    def account(self, host):
        return glob.glob(self.path(host) + "/letsencrypt/accounts/localhost:14000/dir/*")[0]

    def sign(self):
        """The desk's part: all with one PIN, into files named as the program likes."""
        self.init_token("desk")
        self.import_key("desk", self.pki("agency.key.pem"), "SIGN", "01")
        self.tool("pkcs11-tool", "--module", self.module, "--token-label", "desk", "--login", "--pin", harness.PIN,
                  "--write-object", self.pki("agency.der"), "--type", "cert", "--id", "01")
        done = subprocess.run([harness.program("gca-prereg"), "sign", "--yes", "--token", "pkcs11:token=desk", "--module",
                               self.module, "--pin-file", self.pin_file(), *sorted(
                                   name for name in os.listdir(self.requests) if name.endswith(".json"))],
                              cwd=self.requests, env=self.env, capture_output=True, stdin=subprocess.DEVNULL, timeout=60)
        self.assert_status(harness.Result(done), 0)

    def assert_no_secret(self, folder):
        """No private key, in PEM or as a JWK, in any file; nothing for others to read."""
        count = 0
        for root, _, names in os.walk(folder):
            for name in names:
                path = os.path.join(root, name)
                self.assertIsNone(SECRET.search(self.read(path)), path)
                self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), 0o600, path)
                count += 1
        self.assertEqual(stat.S_IMODE(os.stat(folder).st_mode), 0o700)
        self.assertGreater(count, 0)

    def test_from_fleet_to_receipt(self):
        self.make_bare_host()
        hosts = {*HOSTS, BARE}
        _, changed = self.play("prepare.yml")
        self.assertEqual(set(changed), hosts)
        self.assertEqual(set(os.listdir(self.requests)), {host + ".json" for host in hosts})
        self.assertIsNotNone(SECRET.search(self.read(self.account(BARE), "private_key.json")))
        self.assert_no_secret(self.requests)
        for host in hosts:
            request = self.request(host)
            self.assertEqual(request["account"]["uri"], json.loads(self.read(self.account(host), "regr.json"))["uri"])
            self.assertEqual("proof" in request, host != BARE)
            self.assertEqual(request["contact"]["name"], "王測試")
        self.assertEqual(self.request("www.example.gov.tw")["domains"], ["www.example.gov.tw", "example.gov.tw"])
        self.assertEqual(self.request("service.example.gov.tw")["domains"], ["xn--lhrz38b.example.gov.tw"])

        before = {host: self.read(self.requests, host + ".json") for host in hosts}
        self.assertEqual(self.play("prepare.yml")[1], dict.fromkeys(hosts, 0))
        self.assertEqual(before, {host: self.read(self.requests, host + ".json") for host in hosts})

        self.sign()
        submission = ["-e", json.dumps({"gca_prereg_endpoint": self.receiver.url, "gca_prereg_tls_ca": self.authority.path})]
        self.play("finish.yml", *submission)
        self.assert_no_secret(self.requests)
        for host in hosts:
            folder = self.path(host + "/prereg")
            checked = self.run_program(harness.program("gca-prereg"), "verify", folder + "/request.p7m", "--ca",
                                       self.pki("ca.pem"), "--account", self.account(host), "--json")
            self.assert_status(checked, 0)
            self.assertEqual(checked.json["request"], self.request(host))
            receipt = self.read(folder, "receipt.json")
            self.assertEqual(receipt, self.read(self.requests, host + ".receipt"))
            self.assertEqual(self.receiver.arrivals(json.loads(receipt)["sha256"]), 1)
            self.assert_no_secret(folder)
        self.assertEqual(self.play("finish.yml", *submission)[1], dict.fromkeys(hosts, 0))
        self.assertEqual(self.play("prepare.yml")[1], dict.fromkeys(hosts, 0))

    def test_not_all_signed_and_no_endpoint(self):
        self.play("prepare.yml")
        os.rename(os.path.join(self.requests, "service.example.gov.tw.json"), self.path("later"))
        self.sign()
        os.rename(self.path("later"), os.path.join(self.requests, "service.example.gov.tw.json"))
        result, _ = self.play("finish.yml")
        self.assertIn("service.example.gov.tw has not been signed yet", result.out)
        self.assertEqual(os.listdir(self.path("service.example.gov.tw/prereg")), ["request.json"])
        self.assertEqual(set(os.listdir(self.path("www.example.gov.tw/prereg"))), {"request.json", "request.p7m"})

    def test_inventory_has_changed(self):
        self.play("prepare.yml")
        self.inventory["www.example.gov.tw"]["gca_prereg_domains"] = ["other.example.gov.tw"]
        self.write_inventory()
        result, _ = self.play("prepare.yml", status=2)
        self.assertIn("gca_prereg_renew=true", result.out)
        self.play("prepare.yml", "-e", "gca_prereg_renew=true")
        self.assertEqual(self.request("www.example.gov.tw")["domains"], ["other.example.gov.tw"])

    def test_host_that_asks_for_more_than_the_inventory(self):
        """Whoever has the host has its request; the desk compares."""
        self.play("prepare.yml")
        path = self.path("www.example.gov.tw/prereg/request.json")
        request = json.loads(self.read(path))
        request["domains"].append("all.gov.tw")
        with open(path, "w", encoding="utf-8") as file:
            json.dump(request, file)
        result, _ = self.play("prepare.yml", status=2)
        self.assertIn("other names or another organisation", result.out)

    def test_two_accounts(self):
        self.make_bare_host()
        for host in ("www.example.gov.tw", BARE):
            second = glob.glob(self.accounts + "/3/accounts/localhost:14000/dir/*")[0]
            shutil.copytree(second, os.path.join(os.path.dirname(self.account(host)), os.path.basename(second)))
        result, _ = self.play("prepare.yml", status=2)
        for host in ("www.example.gov.tw", BARE):
            self.assertIn(host + " has 2 ACME accounts: https://localhost:14000/", result.out)
            self.inventory[host]["gca_prereg_account"] = "https://localhost:14000/my-account/1"
        self.write_inventory()
        self.play("prepare.yml")
        self.inventory = {"service.example.gov.tw": {**self.inventory["service.example.gov.tw"],
                                                     "gca_prereg_server": "ca.example"}}
        self.write_inventory()
        result, _ = self.play("prepare.yml", status=2)
        self.assertIn("service.example.gov.tw has 0 ACME accounts.", result.out)

    def test_hostile_account_is_no_template(self):
        """What a host says is data at the desk."""
        self.make_bare_host()
        mark = self.path("mark")
        hostile = "https://localhost:14000/{{ lookup('pipe', 'touch " + mark + "') }}"
        path = os.path.join(self.account(BARE), "regr.json")
        os.chmod(path, 0o600)
        with open(path, "w", encoding="utf-8") as file:
            json.dump({"body": {}, "uri": hostile}, file)
        result, _ = self.play("prepare.yml", "--limit", BARE, status=2)
        self.assertRegex(result.out, r"(?s)TASK \[gca_prereg : Prepare\].*gca-prereg prepare: .*lookup\('pipe'")
        self.assertFalse(os.path.exists(mark))
        self.assertEqual(os.listdir(self.requests), [])


class Files(harness.Case):
    def test_syntax_of_the_example(self):
        """As it lies there, with its own inventory."""
        for name in ("prepare.yml", "finish.yml"):
            path = os.path.join(ANSIBLE, "example")
            result = self.run_program("ansible-playbook", "--syntax-check", "-i", path + "/inventory.yml",
                                      os.path.join(path, name), **settings(self.folder))
            self.assert_status(result, 0)

    def test_readme_names_every_variable(self):
        with open(os.path.join(ANSIBLE, "roles/gca_prereg/defaults/main.yml"), encoding="utf-8") as file:
            names = set(re.findall(r"(?m)^(gca_prereg_\w+):", file.read()))
        with open(os.path.join(ANSIBLE, "roles/gca_prereg/README.md"), encoding="utf-8") as file:
            self.assertEqual(set(re.findall(r"(?m)^\| `(gca_prereg_\w+)` \|", file.read())), names)


if __name__ == "__main__":
    harness.main()
