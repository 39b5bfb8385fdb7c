"""CAA records: what is printed, and what DNS is found to say, by a DNS server made for it and by Pebble's."""
import http.server
import json
import os
import signal
import socket
import ssl
import subprocess
import threading
import time
import urllib.request

import dns_server
import harness
from dns_server import alias, caa

URI = harness.ACCOUNT_URI
DOMAIN = "www.agency-test.gov.tw"
BOUND = f"ca.example; accounturi={URI}"
TLS = os.path.join(harness.PKI, "tls.pem")
PROFILE = """
[profile]
Title=測試
[acme]
Accounts=https://acme.example.gov.tw/*
{more}
[names]
Wildcard=true
[subject]
Country=TW
OrganizationSeparator=-
OrganizationParts=O;OU
LocalParts=L;O;OU
[card]
RenewalPlace=測試
UnblockPlace=測試
"""


class Directory(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        meta = {"/dir": {"caaIdentities": ["ca.example", "ca2.example"]}, "/bare": {}}.get(self.path)
        body = json.dumps({"newNonce": "https://localhost/", "meta": meta}).encode()
        self.send_response(200 if meta is not None else 404)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words):
        pass


class Caa(harness.Case):
    def run_caa(self, *words, account=URI, domain=DOMAIN, **env):
        return self.run_program(harness.program("gca-prereg"), "caa", "--account", account, "-d", domain, *words, **env)

    def serve(self, zone):
        server = dns_server.Server(zone)
        self.addCleanup(server.close)
        return server

    def check(self, zone, *words, status, domain=DOMAIN, **more):
        """The answer's domains, and what the server was asked."""
        server = self.serve(zone)
        result = self.run_caa("--issuer", "ca.example", "--check", "--dns", server.address, "--json", *words,
                              domain=domain, **more)
        self.assert_status(result, status)
        return result.json["domains"], server.asked

    def profile(self, more="", name="mine"):
        folder = os.path.join(self.folder, "config/gca-toolkit/profiles")
        os.makedirs(folder, exist_ok=True)
        with open(os.path.join(folder, name + ".profile"), "w", encoding="utf-8") as file:
            file.write(PROFILE.format(more=more))
        return "https://acme.example.gov.tw/acct/1"

    def serve_directory(self):
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Directory)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(TLS, os.path.join(harness.PKI, "tls-key.pem"))
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        return f"https://localhost:{server.server_port}"

    # ---- what is printed ----

    def test_lines_alone_on_standard_output(self):
        result = self.run_caa("--issuer", "ca.example", "-d", "例子.政府.tw")
        self.assert_status(result, 0)
        self.assertEqual(result.out, f'{DOMAIN}. CAA 0 issue "{BOUND}"\n'
                                     f'xn--fsqu00a.xn--mxtq1m.tw. CAA 0 issue "{BOUND}"\n')

    def test_account_file(self):
        result = self.run_caa("--issuer", "ca.example", account=self.regr())
        self.assertEqual(result.out, f'{DOMAIN}. CAA 0 issue "{BOUND}"\n')

    def test_wildcard(self):
        uri = self.profile()
        result = self.run_caa("--issuer", "ca.example", account=uri, domain="*.agency-test.gov.tw")
        self.assert_status(result, 0)
        self.assertEqual(result.out, f'agency-test.gov.tw. CAA 0 issuewild "ca.example; accounturi={uri}"\n')

    def test_issuer_of_the_profile(self):
        uri = self.profile("CaaIdentity=tls.example.gov.tw")
        result = self.run_caa(account=uri)
        self.assertIn('issue "tls.example.gov.tw; accounturi=', result.out)
        self.assertIn('issue "other.example; accounturi=', self.run_caa("--issuer", "other.example", account=uri).out)

    def test_nothing_names_the_issuer(self):
        for account in (URI, "https://gtlscaweb.nat.gov.tw:443/ACMEWeb/acct/x"):
            with self.subTest(account):
                result = self.run_caa(account=account)
                self.assert_status(result, 2)
                self.assertIn("--issuer", result.err)
                self.assertEqual(result.out, "")

    def test_profile_that_was_taken_for_want_of_another(self):
        """Its name must not stand for a CA that it does not know."""
        self.profile("CaaIdentity=tls.example.gov.tw", "gtlsca")
        uri = "https://other.example.gov.tw/acct/1"
        self.assert_status(self.run_caa(account=uri), 2)
        self.assert_status(self.run_caa("--profile", "gtlsca", account=uri), 0)

    def test_what_cannot_be_written(self):
        for words, account, status in ((("--issuer", "ca example"), URI, 2), (("--issuer", 'ca"'), URI, 2),
                                       (("--issuer", "ca.example"), URI + ";x", 8),
                                       (("--issuer", "ca.example", "--dns", "127.0.0.1"), URI, 2),
                                       (("--issuer", "ca.example", "--check", "--dns", "localhost"), URI, 2)):
            with self.subTest(words):
                result = self.run_caa(*words, account=account)
                self.assert_status(result, status)
                self.assertEqual(result.out, "")

    def test_json_without_check(self):
        answer = self.run_caa("--issuer", "ca.example", "--json").json
        self.assertEqual(answer["domains"], [{"domain": DOMAIN, "record": f'{DOMAIN}. CAA 0 issue "{BOUND}"',
                                              "state": None, "found_at": None, "found": [], "text": None}])

    def test_spoilt_identity_in_a_profile(self):
        self.assert_status(self.run_caa(account=self.profile("CaaIdentity=CA example")), 8)

    # ---- what DNS says ----

    def test_present(self):
        domains, asked = self.check({DOMAIN: [caa("issue", BOUND)]}, status=0)
        self.assertEqual([(d["state"], d["found_at"], d["found"]) for d in domains],
                         [("present", DOMAIN, [f'CAA 0 issue "{BOUND}"'])])
        self.assertEqual(asked, [DOMAIN])

    def test_found_above(self):
        """RFC 8659 section 3: the nearest name that has any, whatever it has."""
        domains, asked = self.check({DOMAIN: [], "agency-test.gov.tw": [caa("issue", BOUND)],
                                     "gov.tw": [caa("issue", ";")]}, status=0)
        self.assertEqual((domains[0]["state"], domains[0]["found_at"]), ("present", "agency-test.gov.tw"))
        self.assertEqual(asked, [DOMAIN, "agency-test.gov.tw"])

    def test_nearer_records_hide_those_above(self):
        domains, _ = self.check({DOMAIN: [caa("iodef", "mailto:test@example.com")],
                                 "agency-test.gov.tw": [caa("issue", BOUND)]}, status=9)
        self.assertEqual(domains[0]["state"], "absent")

    def test_absent_up_to_the_top(self):
        for zone in ({}, {DOMAIN: []}):
            with self.subTest(zone):
                domains, asked = self.check(zone, status=9)
                self.assertEqual((domains[0]["state"], domains[0]["found_at"]), ("absent", None))
                self.assertEqual(asked, [DOMAIN, "agency-test.gov.tw", "gov.tw", "tw"])

    def test_others(self):
        for value, state in (("other.example", "other"), (BOUND + "0", "other"), (";", "other"), ("ca.example", "unbound"),
                             (BOUND + "; validationmethods=dns-01", "other"), (b"ca.example\0\xff", "other")):
            with self.subTest(value):
                domains, _ = self.check({DOMAIN: [caa("issue", value)]}, status=9)
                self.assertEqual(domains[0]["state"], state)

    def test_critical_record_that_nobody_knows(self):
        domains, _ = self.check({DOMAIN: [caa("issue", BOUND), caa("tbs", "x", 128)]}, status=9)
        self.assertEqual(domains[0]["state"], "other")

    def test_empty_value_is_a_record(self):
        """RFC 8659 section 4.2: it lets nobody issue; in another property it spoils nothing."""
        domains, _ = self.check({DOMAIN: [caa("issue", "")]}, status=9)
        self.assertEqual((domains[0]["state"], domains[0]["found"]), ("other", ['CAA 0 issue ""']))
        domains, _ = self.check({DOMAIN: [caa("iodef", ""), caa("issue", BOUND)]}, status=0)
        self.assertEqual(domains[0]["state"], "present")

    def test_aliases_that_go_round(self):
        """They tell nothing, though the server finds nothing wrong with them."""
        zone = {DOMAIN: [alias("a.example.gov.tw")], "a.example.gov.tw": [alias(DOMAIN)]}
        domains, _ = self.check(zone, status=6)
        self.assertEqual(domains[0]["state"], "no-answer")

    def test_alias_is_followed(self):
        domains, _ = self.check({DOMAIN: [alias("web.example.gov.tw")], "web.example.gov.tw": [caa("issue", BOUND)]},
                                status=0)
        self.assertEqual(domains[0]["state"], "present")

    def test_alias_to_a_name_without_records(self):
        """RFC 8659: the climb goes on from the name itself, not from where it leads."""
        domains, asked = self.check({DOMAIN: [alias("web.example.com")], "web.example.com": [],
                                     "example.com": [caa("issue", ";")], "agency-test.gov.tw": [caa("issue", BOUND)]}, status=0)
        self.assertEqual(asked, [DOMAIN, "agency-test.gov.tw"])
        self.assertEqual(domains[0]["found_at"], "agency-test.gov.tw")

    def test_answer_too_long_for_udp(self):
        many = [caa("issue", f"ca{i}.example; accounturi={URI}") for i in range(40)]
        domains, asked = self.check({DOMAIN: many + [caa("issue", BOUND)]}, status=0)
        self.assertEqual(len(domains[0]["found"]), 41)
        self.assertEqual(asked, [DOMAIN, DOMAIN + "+"])

    def test_wildcard_is_looked_for_at_the_name_behind_it(self):
        uri = self.profile()
        value = f"ca.example; accounturi={uri}"
        zone = {"agency-test.gov.tw": [caa("issue", ";"), caa("issuewild", value)]}
        domains, asked = self.check(zone, "-d", "agency-test.gov.tw", domain="*.agency-test.gov.tw", account=uri, status=9)
        self.assertEqual([d["state"] for d in domains], ["present", "other"])
        self.assertEqual(asked, ["agency-test.gov.tw"] * 2)

    def test_server_that_cannot_tell(self):
        """A name may have records although none came: not absent. The other domains are asked for all the same."""
        for word in ("servfail", "refused", "notimp", "junk"):
            with self.subTest(word):
                zone = {DOMAIN: word, "agency-test.gov.tw": [caa("issue", BOUND)]}
                domains, _ = self.check(zone, "-d", "a.agency-test.gov.tw", status=6)
                self.assertEqual([d["state"] for d in domains], ["no-answer", "present"])

    def test_server_that_is_silent(self):
        begun = time.monotonic()
        domains, asked = self.check({DOMAIN: "silent"}, "-d", "a.agency-test.gov.tw,b.agency-test.gov.tw", status=6)
        self.assertLess(time.monotonic() - begun, 15)
        self.assertEqual([d["state"] for d in domains], ["no-answer"] * 3)
        self.assertEqual(set(asked), {DOMAIN})

    def test_no_server_there(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        result = self.run_caa("--issuer", "ca.example", "--check", "--dns", f"127.0.0.1:{port}")
        self.assert_status(result, 6)

    def test_interrupted_while_it_waits(self):
        server = self.serve({DOMAIN: "silent"})
        running = subprocess.Popen([harness.program("gca-prereg"), "caa", "--account", URI, "-d", DOMAIN, "--issuer",
                                    "ca.example", "--check", "--dns", server.address], env=self.env, cwd=self.work,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while not server.asked:
            time.sleep(0.01)
        running.send_signal(signal.SIGINT)
        self.assertEqual(running.wait(1.5), 130)

    def test_words_for_people(self):
        server = self.serve({DOMAIN: [caa("issue", BOUND)], "a.agency-test.gov.tw": [caa("issue", b"ca\x1b[2J")]})
        result = self.run_caa("--issuer", "ca.example", "--check", "--dns", server.address, "-d", "a.agency-test.gov.tw")
        self.assert_status(result, 9)
        self.assertIn("[good] present", result.out)
        self.assertIn("[FAULT] refused", result.out)
        self.assertIn(f'→ Put into DNS: a.agency-test.gov.tw. CAA 0 issue "{BOUND}"', result.out)
        self.assertNotIn("\x1b", result.out)

    # ---- the directory's caaIdentities ----

    def test_directory_is_asked_with_check_only(self):
        uri = self.profile(f"Directory={self.serve_directory()}/dir")
        zone = {DOMAIN: [caa("issue", f"ca2.example; accounturi={uri}")]}
        server = self.serve(zone)
        words = ("--check", "--dns", server.address, "--json")
        result = self.run_caa(*words, "--tls-ca", TLS, account=uri)
        self.assert_status(result, 0)
        self.assertIn('issue "ca.example; ', result.json["domains"][0]["record"])
        self.assertEqual(result.json["domains"][0]["state"], "present")
        self.assert_status(self.run_caa(account=uri), 2)
        self.assert_status(self.run_caa(*words, account=uri), 10)
        self.profile(f"Directory={self.serve_directory()}/dir\n[tls]\nCaFile={TLS}")
        self.assert_status(self.run_caa(*words, account=uri), 0)

    def test_directory_that_does_not_help(self):
        base = self.serve_directory()
        for path, status in (("/bare", 2), ("/gone", 7)):
            with self.subTest(path):
                uri = self.profile(f"Directory={base}{path}")
                result = self.run_caa("--check", "--dns", "127.0.0.1:9", "--tls-ca", TLS, account=uri)
                self.assert_status(result, status)

    # ---- a peer ----

    def test_dns_server_of_pebble(self):
        ports = []
        for _ in range(2):
            with socket.create_server(("127.0.0.1", 0)) as probe:
                ports.append(probe.getsockname()[1])
        process = subprocess.Popen(["pebble-challtestsrv", "-dns01", f"127.0.0.1:{ports[0]}", "-management",
                                    f"127.0.0.1:{ports[1]}", "-http01", "", "-https01", "", "-tlsalpn01", ""],
                                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        body = json.dumps({"host": DOMAIN, "policies": [{"tag": "issue", "value": BOUND}]}).encode()
        for _ in range(200):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{ports[1]}/add-caa", body, timeout=5).close()
                break
            except OSError:
                time.sleep(0.05)
        result = self.run_caa("--issuer", "ca.example", "--check", "--dns", f"127.0.0.1:{ports[0]}", "--json", "-d",
                              "a.agency-test.gov.tw")
        self.assert_status(result, 9)
        self.assertEqual([d["state"] for d in result.json["domains"]], ["present", "absent"])


if __name__ == "__main__":
    harness.main()
