#!/usr/bin/python3
"""make-corpus.py OUTDIR PKI: writes the good inputs of the corpora; all data are invented, the certificates those of
tests/pki. Inputs that once did harm are added by hand."""
import io
import ipaddress
import json
import os
import struct
import sys
import urllib.parse
import zipfile

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.serialization import pkcs7, pkcs12
from cryptography.x509.oid import NameOID

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../integration"))
import dns_server  # noqa: E402
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
        certificate, card={"serial": "TP00000000000001"}, proof={"payload": "AA", "protected": "e30", "signature": "AA"},
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


def csrs():
    key = peer.load(PKI, "agency")[1]
    host = "www.agency-test.gov.tw"
    names = [x509.DNSName(host), x509.DNSName("a.agency-test.gov.tw"),
             x509.IPAddress(ipaddress.ip_address("2001:db8::1"))]
    subject = [(NameOID.COUNTRY_NAME, "TW"), (NameOID.LOCALITY_NAME, "臺灣"), (NameOID.ORGANIZATION_NAME, "行政院-測試署"),
               (NameOID.COMMON_NAME, host)]
    builder = x509.CertificateSigningRequestBuilder()
    good = builder.subject_name(x509.Name([x509.NameAttribute(*part) for part in subject])) \
        .add_extension(x509.SubjectAlternativeName(names), False)
    der = good.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)
    put("csr", "good", der)
    put("csr", "pem", peer.pem(der, "CERTIFICATE REQUEST"))
    put("csr", "older-label", peer.pem(der, "NEW CERTIFICATE REQUEST") + b"\r\n")
    put("csr", "trailing", der + b"\0")
    put("csr", "changed", der.replace(b"www.agency", b"www.agencz"))
    subject[1:2] = [(NameOID.STATE_OR_PROVINCE_NAME, "Some-State"), (NameOID.EMAIL_ADDRESS, "a@agency-test.gov.tw")]
    wrong = builder.subject_name(x509.Name([x509.NameAttribute(*part) for part in subject])) \
        .add_extension(x509.SubjectAlternativeName([x509.RFC822Name("a@agency-test.gov.tw")]), True) \
        .add_extension(x509.UnrecognizedExtension(x509.ObjectIdentifier(peer.DIRECTORY_ATTRIBUTES), b"\x30\0"), False) \
        .add_attribute(x509.ObjectIdentifier("1.2.840.113549.1.9.7"), b"secret")
    put("csr", "wrong", wrong.sign(key, hashes.SHA512()).public_bytes(serialization.Encoding.DER))
    put("csr", "bare", builder.subject_name(x509.Name([])).sign(ec.generate_private_key(ec.SECP256R1()), hashes.SHA256())
        .public_bytes(serialization.Encoding.DER))


def accounts():
    put("account", "regr.json", json.dumps({"body": {}, "uri": "https://localhost:14000/my-account/1"}))
    put("account", "old", "\ufeff" + json.dumps({"uri": "https://ca.example:443/acct/AaBb-1?x#y", "body": {"contact": []},
                                                 "new_authzr_uri": "https://ca.example/x"}))
    put("account", "address", b'{"uri":"https://[2001:db8::1]:443/%41"}')
    put("account", "rsa", json.dumps({"kty": "RSA", "e": "AQAB", "n": peer.base64url(
        peer.load(PKI, "agency")[1].public_key().public_numbers().n.to_bytes(256, "big"))}))
    put("account", "ec", json.dumps({"kty": "EC", "crv": "P-256", "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
                                     "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
                                     "d": "jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"}))  # RFC 7515 appendix A.3
    put("account", "lego", json.dumps({"email": "a@example.com", "registration": {
        "body": {"status": "valid", "contact": ["mailto:a@example.com"]}, "uri": "https://localhost:14000/my-account/2"}}))
    put("account", "dehydrated", json.dumps({"url": "https://localhost:14000/my-account/3"}))
    put("account", "ca.conf", "CA_KEY_HASH='aa='\nACCOUNT_URL='https://localhost:14000/my-account/4'\nCA_EMAIL='a@example.com'\n")


def signatures():
    key = ec.generate_private_key(ec.SECP256R1())
    numbers = key.public_key().public_numbers()
    jwk = {"kty": "EC", "crv": "P-256", "x": peer.base64url(numbers.x.to_bytes(32, "big")),
           "y": peer.base64url(numbers.y.to_bytes(32, "big"))}
    header = peer.base64url(json.dumps({"alg": "ES256", "jwk": jwk, "url": "https://localhost:14000/my-account/1"}).encode())
    parts = utils.decode_dss_signature(key.sign(f"{header}.{peer.base64url(b'x')}".encode(), ec.ECDSA(hashes.SHA256())))
    put("jws", "es256", json.dumps({"protected": header, "payload": peer.base64url(b"x"), "signature": peer.base64url(
        b"".join(part.to_bytes(32, "big") for part in parts))}))
    put("jws", "problem", json.dumps({"type": "urn:ietf:params:acme:error:malformed", "detail": "測試\u001b", "subproblems": [
        {"type": "urn:ietf:params:acme:error:caa", "identifier": {"type": "dns", "value": "a.gov.tw"}}, 7]}))


def records():
    put("caa", "bound", " CA.example\t; accounturi = https://ca.example/acct/1 ; validationmethods=dns-01,http-01\n;")
    put("caa", "unbound", "ca.example;\nca.example; other=1=2; another=")
    put("caa", "two-accounts", "ca.example; accounturi=https://ca.example/acct/1; accounturi=https://ca.example/acct/1")
    put("caa", "not-of-the-grammar", "%%%%%\nca.example accounturi\nca.example;;\nca.example; a=\xe4\0")


def answer(*found):
    """To a question for the CAA records of www.agency-test.gov.tw; an owner and what dns_server makes for each record."""
    question = dns_server.pack_name("www.agency-test.gov.tw") + struct.pack("!HH", dns_server.CAA, 1)
    return struct.pack("!HHHHHH", 1, 0x8180, 1, len(found), 0, 0) + question + b"".join(
        dns_server.pack_name(owner) + struct.pack("!HHIH", kind, 1, 60, len(data)) + data for owner, (kind, data) in found)


def answers():
    name, other = "www.agency-test.gov.tw", "web.example.gov.tw"
    caa, alias = dns_server.caa, dns_server.alias
    put("caa-answer", "bound", answer((name, caa("issue", "ca.example; accounturi=https://ca.example/acct/1")),
                                      (name, caa("iodef", "mailto:test@example.com", 128))))
    put("caa-answer", "empty-values", answer((name, caa("issue", "")), (name, caa("iodef", ""))))
    put("caa-answer", "alias", answer((other, caa("issue", ";")), (name, alias(other))))
    put("caa-answer", "alias-that-goes-round", answer((name, alias(other)), (other, alias(name))))
    put("caa-answer", "none", answer())
    put("caa-answer", "pointer-to-itself", answer()[:12] + b"\xc0\x0c\x01\x01\0\1")
    put("caa-answer", "tag-beyond-the-end", answer((name, (dns_server.CAA, b"\0\xffissue"))))


def texts():
    put("domains", "names", "\ufeffwww.agency-test.gov.tw, a.gov.tw\r\n例子.政府.tw # remark\n\nxn--fsqu00a.xn--mxtq1m.tw\n")
    put("domains", "wrong", "a_b.gov.tw\n")
    put("domains", "full-width", "ｗｗｗ．ａｇｅｎｃｙ。ｇｏｖ．ｔｗ\n")
    put("domains", "bidirectional", "אב.gov.tw\n")
    put("name", "register", "ou=測試署,o=行政院,c=TW")
    put("name", "escapes", "O=a\\,b\\2Cc \\ ,OU=\\#x,1.2.3=\\E4\\BE\\8B,C=TW")
    put("name", "several-values", "O=a+OU=b,C=TW")


def tables():
    put("table", "hosts", "cn,oid,sans\r\nwww.example.gov.tw,2.999.1,\"a.example.gov.tw, b.example.gov.tw\"\r\n")
    put("table", "register", "\ufeffOrgName,OID,TEL,Address,DN,OrgCode\r\n"
        "測試部,2.999.1,,\"甲市,乙路\",\"ou=測試部,o=測試院,c=TW\",1A\r\n　測試院　,,,,\"o=測試院,c=TW\",\r\n")
    put("table", "lines-in-a-field", 'a,b\n"1\n\n2","say ""x"""\n\n3,=1\n')
    put("table", "carriage-returns", "a,b\r1,2\r\r3,4")
    put("table", "never-closed", 'a,b\n1,"2\n3,4\n')
    put("table", "big5", b"\xbe\xf7\xc3\xf6,OID\r\n")
    put("table", "nul", b"a,b\n1\0,2\n")
    put("table", "many-fields", "a\n" + "," * 300 + "x\n")


def archive(*members):
    """A ZIP file with (name, content)."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in members:
            packed.writestr(zipfile.ZipInfo(name, (2026, 11, 21, 2, 30, 0)), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def deliveries():
    (server, key), (root, _) = peer.load(PKI, "server"), peer.load(PKI, "root")
    pem = server.public_bytes(serialization.Encoding.PEM)
    put("delivery", "pem", b"subject=CN=localhost\r\n" + pem + root.public_bytes(serialization.Encoding.PEM))
    put("delivery", "der", peer.to_der(server))
    put("delivery", "pkcs7", pkcs7.serialize_certificates([server, root], serialization.Encoding.DER))
    put("delivery", "pkcs7-pem", pkcs7.serialize_certificates([server], serialization.Encoding.PEM))
    put("delivery", "pkcs12", pkcs12.serialize_key_and_certificates(
        b"x", key, None, None, serialization.BestAvailableEncryption(b"x")))
    put("delivery", "web-page", "<!DOCTYPE html><html><body>login</body></html>")
    put("delivery", "empty-block", "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n")
    packed = archive(("server/", b""), ("server/server.cer", peer.to_der(server)), ("讀我.txt", "測試".encode()))
    put("delivery", "zip", packed)
    central = packed.rindex(b"server/server.cer") - 46
    put("delivery", "zip-size-too-long", packed[:central + 24] + b"\xff\xff\xff\xff" + packed[central + 28:])
    put("delivery", "zip-password", packed[:central + 8] + b"\1" + packed[central + 9:])
    put("delivery", "zip-many", packed[:-14] + b"\xff\xff\xff\xff" + packed[-10:])


def orders():
    members = {"tbs": "公文 a+b=100% & \"x\"", "tbsEncoding": "NONE", "hashAlgorithm": "SHA256", "withCardSN": "true",
               "pin": "123456", "nonce": "", "func": "MakeSignature", "signatureType": "PKCS7"}
    plain = json.dumps(members, ensure_ascii=False)
    put("order", "nothing-escaped", "tbsPackage=" + plain)
    put("order", "plus-escaped", "tbsPackage=" + plain.replace("+", "%2B"))
    put("order", "form", "tbsPackage=" + urllib.parse.quote_plus(plain))
    escaped = {**members, "tbs": urllib.parse.quote(members["tbs"], safe="-_.!~*'()"), "withSigningTime": False}
    put("order", "members-escaped", "tbsPackage=" + json.dumps(escaped))
    put("order", "base64", "tbsPackage=" + json.dumps({**members, "tbs": "AAH/+w==", "tbsEncoding": "base64",
                                                      "slotDescription": "測試 Reader 00 00", "nonce": "n+1"}))
    put("order", "pairs-cut-off", "tbsPackage={\"tbs\":\"%E6%B8%AC%E8%A\",\"pin\":\"%\"}")
    put("order", "nul", b"tbsPackage=%7B%00\0%7D")


cdf()
deliveries()
orders()
holders()
requests()
messages()
csrs()
accounts()
signatures()
records()
answers()
texts()
tables()
