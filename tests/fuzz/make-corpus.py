#!/usr/bin/python3
"""make-corpus.py OUTDIR PKI: writes the good inputs of the corpora; all data are invented, the certificates those of
tests/pki. Inputs that once did harm are added by hand."""
import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../integration"))
import peer  # noqa: E402

OUT, PKI = sys.argv[1:]


def put(folder, name, data):
    os.makedirs(os.path.join(OUT, folder), exist_ok=True)
    with open(os.path.join(OUT, folder, name), "wb") as file:
        file.write(data if isinstance(data, bytes) else data.encode())


def cdf_entry(label, identity, path, offset, length):
    """CertificateType of ISO 7816-15."""
    slice_ = peer.sequence(peer.octets(path), peer.integer(offset), peer.der(0x80, length.to_bytes(2, "big")))
    return peer.sequence(peer.sequence(peer.der(0x0C, label.encode())), peer.sequence(peer.octets(identity)),
                         peer.der(0xA1, peer.sequence(slice_)))


def cdf():
    sign = cdf_entry("SIGN", b"SIGN", bytes.fromhex("3F00090008F2"), 0, 1500)
    ca = cdf_entry("CA", b"\1\2\3", bytes.fromhex("3F00090008F2"), 1500, 1200)
    put("cdf", "two", sign + ca)
    put("cdf", "padded-00", sign + ca + bytes(40))
    put("cdf", "padded-ff", ca + sign + b"\xff" * 40)
    put("cdf", "other-kinds", peer.der(0xA0, sign[2:]) + peer.der(0xA6, b"") + sign)
    put("cdf", "url", peer.sequence(peer.sequence(), peer.sequence(peer.octets(b"x")), peer.der(
        0xA1, peer.sequence(peer.der(0x13, b"https://localhost/c")))) + sign)
    put("cdf", "length-of-many-bytes", b"\x30\x88" + b"\xff" * 8)
    put("cdf", "index-negative", cdf_entry("x", b"x", b"\1\2", 5, 5).replace(peer.integer(5), b"\2\1\xff"))


def holders():
    for name in ("agency", "unit", "local", "citizen", "company", "server", "encryption", "ca", "root"):
        put("holder", name, peer.to_der(peer.load(PKI, name)[0]))


def requests():
    certificate = peer.load(PKI, "agency")[0]
    put("request", "short", peer.canonical(peer.request(certificate)))
    put("request", "every-member", peer.canonical(peer.request(
        certificate, card={"serial": "TP00000000000001"}, proof={"protected": "e30", "signature": "AA"},
        account={"uri": "https://localhost:14000/my-account/1", "thumbprint": peer.base64url(bytes(range(32)))},
        contact={"name": "王測試", "purpose": "測試", "email": "test@agency-test.gov.tw", "postcode": "100",
                 "address": "測試市", "phone": "02-1234-5678 #1"})))
    put("request", "wrong-type", b'{"type":1}')


def messages():
    certificate, key = peer.load(PKI, "agency")
    content = peer.canonical(peer.request(certificate))
    message = peer.Message(content, certificate, key)
    put("message", "good", message.encode())
    put("message", "pem", peer.pem(message.encode()))
    put("message", "trailing", message.encode() + b"\0")
    put("message", "two-signers", message.encode(message.signer_info()))
    message.attributes = {}
    put("message", "no-attributes", message.encode())
    message.certificates = []
    put("message", "no-certificate", message.encode())


def accounts():
    put("account", "regr.json", json.dumps({"body": {}, "uri": "https://localhost:14000/my-account/1"}))
    put("account", "old", "\ufeff" + json.dumps({"uri": "https://ca.example:443/acct/AaBb-1?x#y", "body": {"contact": []},
                                                 "new_authzr_uri": "https://ca.example/x"}))
    put("account", "address", b'{"uri":"https://[2001:db8::1]:443/%41"}')
    put("account", "rsa", json.dumps({"kty": "RSA", "e": "AQAB", "n": peer.base64url(
        peer.load(PKI, "agency")[1].public_key().public_numbers().n.to_bytes(256, "big"))}))
    put("account", "ec", json.dumps({"kty": "EC", "crv": "P-256", "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
                                     "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}))


def texts():
    put("domains", "names", "\ufeffwww.agency-test.gov.tw, a.gov.tw\r\n例子.政府.tw # remark\n\nxn--fsqu00a.xn--mxtq1m.tw\n")
    put("domains", "wrong", "a_b.gov.tw\n")
    put("domains", "full-width", "ｗｗｗ．ａｇｅｎｃｙ。ｇｏｖ．ｔｗ\n")
    put("domains", "bidirectional", "אב.gov.tw\n")
    put("name", "register", "ou=測試署,o=行政院,c=TW")
    put("name", "escapes", "O=a\\,b\\2Cc \\ ,OU=\\#x,1.2.3=\\E4\\BE\\8B,C=TW")
    put("name", "several-values", "O=a+OU=b,C=TW")


cdf()
holders()
requests()
messages()
accounts()
texts()
