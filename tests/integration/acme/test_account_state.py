"""What a real ACME server says of accounts that real clients have registered with it."""
import os

import acme_case

acme_case.go_inside()


class State(acme_case.Case):
    """Pebble refuses one nonce in twenty in most tests, as it does if nobody tells it not to."""

    def start(self, reject=None):
        self.pebble = acme_case.Pebble(self.work, reject)
        self.addCleanup(lambda: self.pebble.stop())

    def state(self, account, status=0, **env):
        return self.probe("state", acme_case.DIRECTORY, account["uri"], account["key"], status=status, **env)

    def test_certbot(self):
        self.start()
        self.register()
        account = self.only("letsencrypt")
        self.assertEqual((account["client"], account["server"], account["directory"], account["readable"]),
                         ("certbot", "localhost:14000", acme_case.DIRECTORY, True))
        self.assertEqual(self.state(account), {"status": "valid", "word": "valid", "contacts": ["mailto:test@example.com"]})

    def test_every_kind_of_key_that_lego_makes(self):
        self.start()
        for kind in ("rsa2048", "ec256", "ec384"):
            with self.subTest(kind):
                folder = ".lego-" + kind
                self.lego("--key-type", kind, "--path", self.path(folder))
                account = self.only(folder)
                self.assertEqual((account["client"], account["server"], account["directory"], account["email"]),
                                 ("lego", "localhost:14000", None, "test@example.com"))
                self.assertEqual(self.state(account)["status"], "valid")

    def test_dehydrated(self):
        self.start()
        self.write("config", f'CA="{acme_case.DIRECTORY}"\nBASEDIR="{self.work}/dehydrated"\n'
                             f'WELLKNOWN="{self.work}/dehydrated"\nCONTACT_EMAIL=test@example.com\nLOCKFILE="{self.work}/lock"\n')
        os.mkdir(self.path("dehydrated"))
        self.client("dehydrated", "--config", self.path("config"), "--register", "--accept-terms")
        found = self.find("dehydrated")
        if not found["accounts"]:
            self.assertIn("dehydrated --account", found["unreadable"][0])
            self.client("dehydrated", "--config", self.path("config"), "--account")
        account = self.only("dehydrated")
        self.assertEqual((account["client"], account["directory"], account["server"], account["email"]),
                         ("dehydrated", acme_case.DIRECTORY, "localhost:14000", "test@example.com"))
        self.assertEqual(self.state(account)["status"], "valid")

    def test_half_of_the_nonces_refused(self):
        self.start(reject=50)
        self.register()
        account = self.only("letsencrypt")
        answers = [self.run_program(acme_case.PROBE, "state", acme_case.DIRECTORY, account["uri"], account["key"],
                                    SSL_CERT_FILE=acme_case.TLS).status for _ in range(20)]
        self.assertGreaterEqual(answers.count(0), 15, answers)  # one in 64 gives up

    def test_deactivated_by_certbot(self):
        self.start()
        kept = self.copy(self.register(), "kept")
        self.certbot("unregister")
        self.assertEqual(self.state(self.only(kept))["status"], "deactivated")

    def test_unknown_after_the_server_has_forgotten(self):
        self.start()
        self.register()
        self.pebble.stop()
        self.pebble.start()
        self.assertEqual(self.state(self.only("letsencrypt"))["status"], "unknown")

    def test_key_of_another_account(self):
        self.start()
        self.register()
        self.register("other")
        account = {**self.only("letsencrypt"), "key": self.only("other")["key"]}
        result = self.state(account, status=7)
        self.assertIn("urn:ietf:params:acme:error:", result.err)

    def test_server_that_is_not_there(self):
        self.start()
        self.register()
        self.pebble.stop()
        self.state(self.only("letsencrypt"), status=6)

    def test_server_that_is_not_trusted(self):
        self.start()
        self.register()
        self.state(self.only("letsencrypt"), status=10, SSL_CERT_FILE=os.path.join(acme_case.harness.PKI, "root.pem"))

    def test_directory_of_another_server(self):
        """Nothing is sent, so none needs to be there."""
        self.start()
        self.register()
        account = self.only("letsencrypt")
        for directory in ("https://localhost:14001/dir", "https://127.0.0.1:14000/dir", "http://localhost:14000/dir"):
            with self.subTest(directory):
                self.probe("state", directory, account["uri"], account["key"], status=2)


if __name__ == "__main__":
    acme_case.harness.main()
