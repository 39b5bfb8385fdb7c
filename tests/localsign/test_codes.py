"""ret_code and last_error for each state of reader, card and PIN. meson gives each class its card."""
import base64
import datetime
import json
import os
import signal

from harness import PKI
from service import (BAD_BASE64, BAD_JSON, BAD_PARAMETER, CANCELLED, DONE, EXPIRED, LOCKED, LOGIN_FAILED, NO_CARD, NO_CERTIFICATE,
                     NO_MODULE, NO_READER, NOT_SUPPORTED, NOT_YET_VALID, ONE_LEFT, PATIENCE, SITE, UNTRUSTED, WRONG, WRONG_LENGTH,
                     ServiceCase, call, main, order, post_as_popup, post_order, without)

OTHER = "https://other.example.gov.tw"


class Codes(ServiceCase):
    """An order that nobody is asked about."""

    def setUp(self):
        super().setUp()
        self.serve()

    def slots(self, path="/pkcs11info"):
        answer = call("GET", path, Origin=SITE)
        self.assertEqual(answer.code, DONE)
        return answer.json["slots"]

    def certs(self):
        """Those of each card, in the order of the readers."""
        return [slot["token"]["certs"] for slot in self.slots("/pkcs11info?withcert=true") if "token" in slot]

    def assert_refused(self, code):
        answer = post_order(order())
        self.assertEqual((answer.status, answer.reader, answer.code), (200, SITE, code))
        self.assertEqual(answer.json["func"], "sign")
        self.assertNotIn("signature", answer.json)
        self.assert_nothing_asked()


class NoReader(Codes):
    def test_sign(self):
        self.assert_refused(NO_READER)

    def test_list(self):
        answer = call("GET", "/pkcs11info", Origin=SITE)
        self.assertEqual((answer.code, answer.json["slots"]), (NO_READER, []))


class NoService(NoReader):
    """pcscd does not run."""


class NoCard(Codes):
    def test_sign(self):
        self.assert_refused(NO_CARD)

    def test_list(self):
        slots = self.slots()
        self.assertTrue(slots)
        self.assertEqual([slot.keys() for slot in slots], [{"slotDescription"}] * len(slots))


class UnknownCard(Codes):
    def test_sign(self):
        self.assert_refused(NO_CERTIFICATE)

    def test_list(self):
        self.assertIn("unknown token", [slot.get("token") for slot in self.slots("/pkcs11info?withcert=true")])


class UnknownToModule(Codes):
    """Its files can be read; OpenSC knows no such card."""

    def test_sign(self):
        self.assert_refused(NO_MODULE)

    def test_list(self):
        self.assertTrue([slot for slot in self.slots() if "token" in slot])


class ByModule(Codes):
    """A card that its module alone knows."""

    def test_sign(self):
        self.assertEqual(self.sign().code, DONE)


class BothWays(Codes):
    """Two cards that hold the same: one's files are read, the other its module alone knows."""

    def test_list(self):
        files, module = self.certs()
        self.assertEqual([(one["label"], one["usage"]) for one in files],
                         [("cert1", "digitalSignature"), ("cert2", "keyEncipherment|dataEncipherment")])
        self.assertEqual(files, module)


class Expired(Codes):
    def test_sign(self):
        self.assert_refused(EXPIRED)


class NotYetValid(Codes):
    def test_sign(self):
        self.assert_refused(NOT_YET_VALID)


class EncryptionOnly(Codes):
    """Its certificate is not for signing."""

    def test_sign(self):
        self.assert_refused(NO_CERTIFICATE)

    def test_list(self):
        """It is a card that was read, with its number and what lies on it."""
        token = next(slot["token"] for slot in self.slots("/pkcs11info?withcert=true") if "token" in slot)
        self.assertRegex(token["serialNumber"], r"\A\w{16}\Z")
        self.assertEqual({(one["label"], one["usage"]) for one in token["certs"] if one["label"] == "cert2"},
                         {("cert2", "keyEncipherment|dataEncipherment")})
        self.assertNotIn("cert1", [one["label"] for one in token["certs"]])


class Blocked(Codes):
    def test_sign(self):
        self.assert_refused((LOGIN_FAILED, LOCKED))
        self.assertEqual(self.verifies(), 0)


class LastTry(ServiceCase):
    """One try is left at the start."""

    def test_last_try(self):
        self.serve()
        waiting = self.later(post_order, order(pin="999999"))
        self.question("Sign for %s?", SITE)
        self.see("This is the last try: if the PIN is wrong, the card is blocked.")
        self.answer("_Refuse")
        self.assertEqual(waiting.result(PATIENCE).code, CANCELLED)
        self.assertEqual(self.verifies(), 0)
        self.assertEqual(self.sign().code, DONE)
        self.assertEqual(self.verifies(), 1)


class Pin(ServiceCase):
    def test_each_try(self):
        self.serve()
        for pin in ("1", "12345a", "1" * 12):
            self.assertEqual(post_order(order(pin=pin)).code, (LOGIN_FAILED, WRONG_LENGTH))
        self.assert_nothing_asked()
        self.assertEqual(self.verifies(), 0, "a PIN of a wrong form went to the card")
        self.assertEqual(self.sign(order(pin="999999")).code, (LOGIN_FAILED, WRONG))
        self.assertEqual(self.verifies(), 1)
        self.assertEqual(self.sign(order(pin="999999")).code, (LOGIN_FAILED, ONE_LEFT))
        waiting = self.later(post_order, order(pin="999999"))
        self.question("Sign for %s?", SITE)
        self.see("This is the last try: if the PIN is wrong, the card is blocked.")
        self.answer("_Sign")
        self.assertEqual(waiting.result(PATIENCE).code, (LOGIN_FAILED, LOCKED))
        self.assertEqual(post_order(order()).code, (LOGIN_FAILED, LOCKED))
        self.assertEqual(self.verifies(), 3)
        self.assertEqual(self.signatures(), 0)


class Orders(ServiceCase):
    def test_bad_json(self):
        self.serve()
        for text in ("{", "", "[]", "1", "%7B", '{"tbs":"a","tbs":"b"}', '{"tbs":"a"}x'):
            with self.subTest(text):
                answer = post_order(text)
                self.assertEqual((answer.status, answer.reader, answer.code), (200, SITE, BAD_JSON))
        self.assert_nothing_asked()

    def test_bad_members(self):
        self.serve()
        for members in (without(order(), "tbs"), order(tbs=""), order(tbs=1), order(tbs="\r\n", tbsEncoding="base64"),
                        order(tbsEncoding="hex"), order(hashAlgorithm="MD5"), order(withCardSN="maybe"), order(pin=123456),
                        order(pin="1" * 65), order(nonce=5), order(hashAlgorithm="SHA1")):
            with self.subTest(members):
                self.assertEqual(post_order(members).code, BAD_PARAMETER)
        self.assertEqual(call("POST", "/sign", "other=1", Origin=SITE).code, BAD_PARAMETER)
        self.assert_nothing_asked()

    def test_bad_base64(self):
        self.serve()
        for text in ("a", "AA=", "YWJj YWJj"):
            with self.subTest(text):
                self.assertEqual(post_order(order(tbs=text, tbsEncoding="base64")).code, BAD_BASE64)
        self.assert_nothing_asked()

    def test_too_long_to_be_shown(self):
        """A character that is shown escaped is longer than it was; nobody has cancelled anything."""
        self.serve()
        self.assertEqual(post_order(order(tbs="\u202e" * 300000)).code, BAD_PARAMETER)
        self.assert_nothing_asked()

    def test_not_supported(self):
        self.serve()
        self.assertEqual(call("POST", "/decrypt", "tbsPackage={}", Origin=SITE).code, NOT_SUPPORTED)
        self.assertEqual(post_order(order(signatureType="RAW")).code, NOT_SUPPORTED)

    def test_another_reader(self):
        self.serve()
        self.assertEqual(post_order(order(slotDescription="no such reader 0")).code, NO_READER)
        self.assert_nothing_asked()

    def test_empty_text_counts_as_left_out(self):
        self.serve()
        names = ("tbsEncoding", "hashAlgorithm", "signatureType", "withCardSN", "withSigningTime", "slotDescription")
        self.assertEqual(self.sign(order(**dict.fromkeys(names, ""))).code, DONE)

    def test_no_module(self):
        self.serve("--module", self.path("none.so"))
        self.assertEqual(post_order(order()).code, NO_MODULE)

    def test_untrusted(self):
        self.serve()
        answer = post_order(order(), origin=OTHER)
        self.assertEqual((answer.code, answer.reader), (UNTRUSTED, OTHER))
        self.assert_nothing_asked()
        waiting = self.later(post_as_popup, order(), OTHER)
        self.trust(OTHER, "_Refuse")
        self.assertEqual(waiting.result(PATIENCE).code, UNTRUSTED)
        self.assertEqual(self.trusted(), [SITE])

    def test_cancelled(self):
        self.serve()
        waiting = self.later(post_order, order())
        self.consent(button="_Refuse")
        self.assertEqual(waiting.result(PATIENCE).code, CANCELLED)
        self.assertEqual((self.verifies(), self.signatures()), (0, 0))


class List(Codes):
    """What pages read of a card."""

    def test_card(self):
        answer = call("GET", "/pkcs11info?withcert=true", Origin=SITE).json
        self.assertEqual(answer["func"], "pkcs11info")
        self.assertGreaterEqual(answer["serverVersion"], "1.3.4.103328")
        token = next(slot["token"] for slot in answer["slots"] if "token" in slot)
        self.assertRegex(token["serialNumber"], r"\A\w{16}\Z")
        self.assertRegex(token["certs"][0]["subjectDN"], r"\AC=TW,O=[^ ,]+,OU=")
        self.assertEqual([(one["label"], one["usage"]) for one in token["certs"]], [
            ("cert1", "digitalSignature"), ("cert2", "keyEncipherment|dataEncipherment"),
            ("CACert", "keyCertSign|cRLSign"), ("ROOTCACert", "keyCertSign|cRLSign")])
        for one, name in zip(token["certs"], ("agency", "agency-keyx", "ca", "root")):
            with open(os.path.join(PKI, name + ".der"), "rb") as file:
                self.assertEqual(base64.b64decode(one["certb64"]), file.read())

    def test_bitmap(self):
        """The certificates that it has room for: the one to sign with is the first."""
        pixels = call("GET", "/p11Image.bmp?withcert=true", Origin=SITE).body[54:]
        token = next(slot["token"] for slot in json.loads(pixels.split(b"\0")[0])["slots"] if "token" in slot)
        certs, = self.certs()
        self.assertEqual(token["certs"], certs[:len(token["certs"])])
        self.assertEqual(token["certs"][0]["label"], "cert1")

    def test_epoch(self):
        """Public pages read notBeforeT and notAfterT: seconds since 1970, as numbers."""
        for one in self.certs()[0]:
            text = self.openssl("x509", "-inform", "DER", "-noout", "-dates", "-dateopt", "iso_8601", "-in",
                                self.write("der", base64.b64decode(one["certb64"]))).decode()
            dates = [datetime.datetime.fromisoformat(line.split("=")[1].replace("Z", "+00:00")) for line in text.split("\n")[:2]]
            self.assertEqual([one["notBeforeT"], one["notAfterT"]], [int(date.timestamp()) for date in dates])

    def test_without_certificates(self):
        token = next(slot["token"] for slot in self.slots() if "token" in slot)
        self.assertEqual(token.keys(), {"serialNumber", "label"})

    def test_card_comes_and_goes(self):
        """Nothing is remembered of a card that was there."""
        os.kill(int(os.environ["GCA_TEST_CARD_PID"]), signal.SIGUSR1)
        self.wait(lambda: not any("token" in slot for slot in self.slots()), "end of the card")
        self.assert_refused(NO_CARD)
        os.kill(int(os.environ["GCA_TEST_CARD_PID"]), signal.SIGUSR2)
        self.wait(lambda: any("token" in slot for slot in self.slots()), "card")
        self.assertEqual(self.sign().code, DONE)


if __name__ == "__main__":
    main()
