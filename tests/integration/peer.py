"""A stranger's requests: written from docs/prereg-request.md and the RFCs it names, from nothing else.

A message is put together from its parts, so that a test can put in a wrong one.
"""
import base64
import datetime
import functools
import hashlib
import json
import os
import subprocess

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

DATA = "1.2.840.113549.1.7.1"
SIGNED_DATA = "1.2.840.113549.1.7.2"
CONTENT_TYPE = "1.2.840.113549.1.9.3"
MESSAGE_DIGEST = "1.2.840.113549.1.9.4"
SIGNING_TIME = "1.2.840.113549.1.9.5"
SIGNING_CERTIFICATE = "1.2.840.113549.1.9.16.2.12"
SIGNING_CERTIFICATE_V2 = "1.2.840.113549.1.9.16.2.47"
RSA_ENCRYPTION = "1.2.840.113549.1.1.1"
RSA_PSS = "1.2.840.113549.1.1.10"
MGF1 = "1.2.840.113549.1.1.8"
SHA256_WITH_RSA = "1.2.840.113549.1.1.11"
ECDSA_WITH_SHA256 = "1.2.840.10045.4.3.2"
DIGESTS = {"sha1": "1.3.14.3.2.26", "sha256": "2.16.840.1.101.3.4.2.1", "sha512": "2.16.840.1.101.3.4.2.3"}
DIRECTORY_ATTRIBUTES = "2.5.29.9"
ORGANIZATION_OID = "2.16.886.1.100.2.102"

SHORT_NAMES = {"2.5.4.6": "C", "2.5.4.8": "ST", "2.5.4.7": "L", "2.5.4.10": "O", "2.5.4.11": "OU",
               "2.5.4.3": "CN", "2.5.4.5": "serialNumber"}


# ---- DER

def der(tag, *parts):
    body = b"".join(parts)
    if len(body) < 0x80:
        return bytes([tag, len(body)]) + body
    length = len(body).to_bytes((len(body).bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + body


def sequence(*parts):
    return der(0x30, *parts)


def set_of(*parts):
    return der(0x31, *sorted(parts))


def octets(data):
    return der(0x04, data)


def integer(number):
    return der(0x02, number.to_bytes(number.bit_length() // 8 + 1, "big"))


def oid(dotted):
    first, second, *rest = (int(arc) for arc in dotted.split("."))
    body = b""
    for arc in [40 * first + second, *rest]:
        group = [arc & 0x7F]
        while arc := arc >> 7:
            group.append(0x80 | arc & 0x7F)
        body += bytes(reversed(group))
    return der(0x06, body)


NULL = der(0x05)


def algorithm(dotted, parameters=NULL):
    return sequence(oid(dotted), parameters)


def utc_time(when):
    return der(0x17, when.strftime("%y%m%d%H%M%SZ").encode())


def generalized_time(when):
    return der(0x18, when.strftime("%Y%m%d%H%M%SZ").encode())


def elements(data):
    """The elements of a constructed value, as (tag, content, whole)."""
    found, at = [], 0
    while at < len(data):
        start, tag, length = at, data[at], data[at + 1]
        at += 2
        if length & 0x80:
            size = length & 0x7F
            length = int.from_bytes(data[at:at + size], "big")
            at += size
        found.append((tag, data[at:at + length], data[start:at + length]))
        at += length
    return found


def oid_to_text(content):
    arcs, arc = [], 0
    for byte in content:
        arc = arc << 7 | byte & 0x7F
        if not byte & 0x80:
            arcs.append(arc)
            arc = 0
    first = min(arcs[0] // 40, 2)
    return ".".join(str(arc) for arc in [first, arcs[0] - 40 * first, *arcs[1:]])


# ---- certificates

@functools.lru_cache(maxsize=None)
def load(pki, name):
    """A certificate of tests/pki and its key."""
    with open(os.path.join(pki, name + ".pem"), "rb") as file:
        certificate = x509.load_pem_x509_certificate(file.read())
    with open(os.path.join(pki, name + ".key.pem"), "rb") as file:
        return certificate, serialization.load_pem_private_key(file.read(), None)


def to_der(certificate):
    return certificate.public_bytes(serialization.Encoding.DER)


def to_pem(certificate):
    return certificate.public_bytes(serialization.Encoding.PEM)


def escape_value(value):
    text = "".join("\\" + c if c in '"+,;<>\\' else c for c in value)
    if text[:1] in (" ", "#"):
        text = "\\" + text
    if text.endswith(" ") and len(value) > 1:
        text = text[:-1] + "\\ "
    return text


def dn(certificate):
    """organization.dn: root first."""
    parts = []
    for attribute in certificate.subject:
        dotted = attribute.oid.dotted_string
        parts.append(f"{SHORT_NAMES.get(dotted, dotted)}={escape_value(attribute.value)}")
    return ",".join(parts)


def organization_oid(certificate):
    """From subjectDirectoryAttributes; None if it is not there."""
    try:
        extension = certificate.extensions.get_extension_for_oid(x509.ObjectIdentifier(DIRECTORY_ATTRIBUTES))
    except x509.ExtensionNotFound:
        return None
    for _, attribute, _ in elements(elements(extension.value.value)[0][1]):
        (_, kind, _), (_, values, _) = elements(attribute)
        if oid_to_text(kind) == ORGANIZATION_OID:
            return oid_to_text(elements(values)[0][1])
    return None


# ---- the content

def now():
    return datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)


def rfc3339(when):
    return when.strftime("%Y-%m-%dT%H:%M:%SZ")


def base64url(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def request(certificate, created=None, **members):
    """The content; a member given as None is left out."""
    attributes = [(SHORT_NAMES.get(a.oid.dotted_string), a.value) for a in certificate.subject]
    organization = {"name": " ".join(value for kind, value in attributes if kind != "C"),
                    "dn": dn(certificate)}
    if number := organization_oid(certificate):
        organization["oid"] = number
    value = {
        "type": "gca-prereg",
        "version": 1,
        "profile": "test",
        "account": {"uri": "https://localhost:14000/my-account/2a9c8f"},
        "domains": ["www.agency-test.gov.tw", "xn--fsqu00a.xn--mxtq1m.tw"],
        "subject": [["C", "TW"], ["L", "臺灣"], ["O", "行政院-憑證測試中心"]],
        "organization": organization,
        "created": rfc3339(created or now()),
        "nonce": base64url(os.urandom(16)),
        **members,
    }
    return {name: member for name, member in value.items() if member is not None}


def canonical(value):
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


# ---- the proof of the account's key (RFC 7515, 7518, 7638)

def account_key(kind="RSA"):
    if kind == "RSA":
        return rsa.generate_private_key(65537, 2048)
    return ec.generate_private_key({"P-256": ec.SECP256R1, "P-384": ec.SECP384R1}[kind]())


def number(value, size=None):
    return base64url(value.to_bytes(size or (value.bit_length() + 7) // 8, "big"))


def jwk(key):
    """The public half, required members only."""
    public = key.public_key().public_numbers()
    if isinstance(key, rsa.RSAPrivateKey):
        return {"kty": "RSA", "e": number(public.e), "n": number(public.n)}
    size = key.curve.key_size // 8
    return {"kty": "EC", "crv": f"P-{key.curve.key_size}", "x": number(public.x, size), "y": number(public.y, size)}


def thumbprint(key):
    return base64url(digest("sha256", canonical(jwk(key))))


def account(key, uri="https://localhost:14000/my-account/2a9c8f"):
    return {"uri": uri, "thumbprint": thumbprint(key)}


def jws(key, header, payload):
    """Flattened (RFC 7515 section 7.2.2)."""
    if isinstance(key, rsa.RSAPrivateKey):
        name = "RS256"
    else:
        name = {256: "ES256", 384: "ES384"}[key.curve.key_size]
    protected = base64url(canonical({"alg": name, **header}))
    data = f"{protected}.{base64url(payload)}".encode()
    if name == "RS256":
        signature = key.sign(data, padding.PKCS1v15(), hashes.SHA256())
    else:  # RFC 7518 section 3.4: r and s, each as long as the curve's field
        pair = decode_dss_signature(key.sign(data, ec.ECDSA(hashes.SHA256() if name == "ES256" else hashes.SHA384())))
        signature = b"".join(half.to_bytes(key.curve.key_size // 8, "big") for half in pair)
    return {"protected": protected, "payload": base64url(payload), "signature": base64url(signature)}


def prove(value, key, **header):
    """The request with its proof; `header` puts other members into the protected header."""
    bare = {name: member for name, member in value.items() if name != "proof"}
    header = {"jwk": jwk(key), "url": value["account"]["uri"], **header}
    header = {name: member for name, member in header.items() if member is not None}
    return {**bare, "proof": jws(key, header, digest("sha256", canonical(bare)))}


# ---- the envelope

def digest(name, data):
    return hashlib.new(name, data).digest()


def signing_certificate_v2(certificate):
    return sequence(sequence(sequence(octets(digest("sha256", to_der(certificate))))))


class Message:
    """A good message whose parts can be altered before encode()."""

    def __init__(self, content, certificate, key, when=None):
        self.content = content
        self.certificate = certificate
        self.key = key
        self.certificates = [to_der(certificate)]
        self.digest = "sha256"
        self.signature_algorithm = algorithm(RSA_ENCRYPTION)
        self.attributes = {
            CONTENT_TYPE: [oid(DATA)],
            MESSAGE_DIGEST: [octets(digest("sha256", content))],
            SIGNING_TIME: [utc_time(when or now())],
            SIGNING_CERTIFICATE_V2: [signing_certificate_v2(certificate)],
        }
        self.content_type = DATA
        self.unsigned = b""
        self.version = 1

    def use_digest(self, name):
        self.digest = name
        self.attributes[MESSAGE_DIGEST] = [octets(digest(name, self.content))]

    def sign(self, data):
        chosen = {"sha1": hashes.SHA1, "sha256": hashes.SHA256, "sha512": hashes.SHA512}[self.digest]
        return self.key.sign(data, padding.PKCS1v15(), chosen())

    def encode_attributes(self):
        return [sequence(oid(kind), set_of(*values)) for kind, values in self.attributes.items()]

    def issuer_and_serial(self):
        return sequence(self.certificate.issuer.public_bytes(), integer(self.certificate.serial_number))

    def signer_info(self):
        if self.attributes:
            signed = set_of(*self.encode_attributes())
            to_be_signed, written = signed, b"\xA0" + signed[1:]
        else:
            to_be_signed, written = self.content, b""
        return sequence(integer(1), self.issuer_and_serial(), algorithm(DIGESTS[self.digest]), written,
                        self.signature_algorithm, octets(self.sign(to_be_signed)), self.unsigned)

    def encapsulated(self):
        return sequence(oid(self.content_type), der(0xA0, octets(self.content)))

    def signed_data(self, *signer_infos):
        certificates = der(0xA0, *sorted(self.certificates)) if self.certificates else b""
        return sequence(integer(self.version), set_of(algorithm(DIGESTS[self.digest])),
                        self.encapsulated(), certificates, set_of(*signer_infos))

    def encode(self, *more_signers):
        return wrap(self.signed_data(self.signer_info(), *more_signers))


def wrap(signed_data):
    return sequence(oid(SIGNED_DATA), der(0xA0, signed_data))


def pem(data, label="CMS"):
    text = base64.encodebytes(data).decode().replace("\n", "")
    lines = [text[i:i + 64] for i in range(0, len(text), 64)]
    return "\n".join([f"-----BEGIN {label}-----", *lines, f"-----END {label}-----", ""]).encode()


def openssl_sign(pki, name, content, *options, key_option=()):
    """The same by the openssl command, as the documentation shows it."""
    own = [] if "-md" in options else ["-md", "sha256"]
    done = subprocess.run(
        ["openssl", "cms", "-sign", "-binary", "-nodetach", "-nosmimecap", "-outform", "DER", *own, *options,
         "-signer", os.path.join(pki, name + ".pem"), "-inkey", os.path.join(pki, name + ".key.pem"),
         *key_option],
        input=content, capture_output=True, check=True)
    return done.stdout
