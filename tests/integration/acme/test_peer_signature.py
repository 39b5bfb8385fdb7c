"""JSON Web Signatures against python3-cryptography, both ways."""
import base64
import json
import os

import acme_case
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils

KINDS = {
    "RS256": (lambda: rsa.generate_private_key(65537, 2048), hashes.SHA256(), 0),
    "ES256": (lambda: ec.generate_private_key(ec.SECP256R1()), hashes.SHA256(), 32),
    "ES384": (lambda: ec.generate_private_key(ec.SECP384R1()), hashes.SHA384(), 48),
}
URL = "https://ca.example.gov.tw/acct/1"


def encode(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def decode(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def number(value, size=0):
    return encode(value.to_bytes(size or (value.bit_length() + 7) // 8, "big"))


def jwk(key, size):
    numbers = key.public_key().public_numbers()
    if size == 0:
        return {"kty": "RSA", "n": number(numbers.n), "e": number(numbers.e)}
    return {"kty": "EC", "crv": {32: "P-256", 48: "P-384"}[size], "x": number(numbers.x, size), "y": number(numbers.y, size)}


def sign(key, digest, size, data):
    if size == 0:
        return key.sign(data, padding.PKCS1v15(), digest)
    r, s = utils.decode_dss_signature(key.sign(data, ec.ECDSA(digest)))
    return r.to_bytes(size, "big") + s.to_bytes(size, "big")


def check(key, digest, size, signature, data):
    if size == 0:
        key.public_key().verify(signature, data, padding.PKCS1v15(), digest)
        return
    assert len(signature) == 2 * size
    r, s = int.from_bytes(signature[:size], "big"), int.from_bytes(signature[size:], "big")
    key.public_key().verify(utils.encode_dss_signature(r, s), data, ec.ECDSA(digest))


class Peer(acme_case.Case):
    """Keys are handed over as the clients keep them: PEM, or certbot's JWK."""

    def key_file(self, key, form=serialization.PrivateFormat.TraditionalOpenSSL):
        return self.write("account.key", key.private_bytes(serialization.Encoding.PEM, form,
                                                           serialization.NoEncryption()))

    def test_what_we_sign_the_peer_takes(self):
        payload = self.write("payload", os.urandom(100))
        for name, (make, digest, size) in KINDS.items():
            for form in (serialization.PrivateFormat.TraditionalOpenSSL, serialization.PrivateFormat.PKCS8):
                with self.subTest(f"{name} {form}"):
                    key = make()
                    jws = self.probe("sign", self.key_file(key, form), URL, payload)
                    header = json.loads(decode(jws["protected"]))
                    self.assertEqual(header, {"alg": name, "jwk": jwk(key, size), "url": URL})
                    check(key, digest, size, decode(jws["signature"]),
                          f"{jws['protected']}.{jws['payload']}".encode())

    def jws(self, key, name, payload, digest, size):
        header = encode(json.dumps({"url": URL, "alg": name, "jwk": jwk(key, size)}).encode())
        body = encode(payload)
        return {"protected": header, "payload": body,
                "signature": encode(sign(key, digest, size, f"{header}.{body}".encode()))}

    def test_what_the_peer_signs_we_take(self):
        content = os.urandom(32)
        payload = self.write("payload", content)
        for name, (make, digest, size) in KINDS.items():
            with self.subTest(name):
                key = make()
                for _ in range(20 if size else 1):  # r or s is short now and then
                    file = self.write("jws", json.dumps(self.jws(key, name, content, digest, size)))
                    self.assertEqual(self.probe("verify", file, payload)["url"], URL)

    def test_der_signature_is_refused(self):
        content = b"x"
        key = ec.generate_private_key(ec.SECP256R1())
        jws = self.jws(key, "ES256", content, hashes.SHA256(), 32)
        data = f"{jws['protected']}.{jws['payload']}".encode()
        jws["signature"] = encode(key.sign(data, ec.ECDSA(hashes.SHA256())))
        self.probe("verify", self.write("jws", json.dumps(jws)), self.write("payload", content), status=9)

    def test_another_key_is_refused(self):
        for name, (make, digest, size) in KINDS.items():
            with self.subTest(name):
                ours, other = make(), make()
                jws = self.jws(ours, name, b"x", digest, size)
                jws["signature"] = self.jws(other, name, b"x", digest, size)["signature"]
                self.assertRaises(InvalidSignature, check, ours, digest, size, decode(jws["signature"]),
                                  f"{jws['protected']}.{jws['payload']}".encode())
                self.probe("verify", self.write("jws", json.dumps(jws)), self.write("payload", b"x"), status=9)


if __name__ == "__main__":
    acme_case.harness.main()
