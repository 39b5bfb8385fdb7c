"""Contents that are no request of version 1: what is wrong, how a good content becomes it, and words that the
sentence must have. The good one is peer.request's; every case is signed, so that nothing else is wrong."""
import json

import peer


def put(path, value):
    """Sets a member, found by its dotted path (digits: a place in a list); still canonical."""
    def change(request):
        *parents, last = [int(part) if part.isdigit() else part for part in path.split(".")]
        target = request
        for part in parents:
            target = target.setdefault(part, {}) if isinstance(target, dict) else target[part]
        target[last] = value
        return peer.canonical(request)
    return change


def without(path):
    def change(request):
        *parents, last = path.split(".")
        target = request
        for part in parents:
            target = target[part]
        del target[last]
        return peer.canonical(request)
    return change


def bytes_of(old, new):
    """Replaces bytes of the canonical form."""
    def change(request):
        data = peer.canonical(request)
        assert old in data, old
        return data.replace(old, new, 1)
    return change


def whole(make):
    return make


URI = "https://localhost:14000/my-account/2a9c8f"
PROOF = {"payload": "AA", "protected": "e30", "signature": "AA"}

CASES = [
    # RFC 8785: one way to write it
    ("blanks between tokens", whole(lambda r: json.dumps(r, ensure_ascii=False, sort_keys=True).encode()),
     "canonical form (RFC 8785)"),
    ("members not in order",
     whole(lambda r: json.dumps(dict(sorted(r.items(), reverse=True)), ensure_ascii=False,
                                separators=(",", ":")).encode()), "canonical"),
    ("inner members not in order", bytes_of(b'"organization":{', b'"organization":{"name":"x",'), "second time"),
    ("non-ASCII escaped", whole(lambda r: json.dumps(r, sort_keys=True, separators=(",", ":")).encode()), "canonical"),
    ("a letter escaped", bytes_of(b'"gca-prereg"', b'"gca-\\u0070rereg"'), "canonical"),
    ("solidus escaped", bytes_of(b"https://", b"https:\\/\\/"), "canonical"),
    ("line feed at the end", whole(lambda r: peer.canonical(r) + b"\n"), "canonical"),
    ("blank in front", whole(lambda r: b" " + peer.canonical(r)), "differs from byte 0"),
    ("byte order mark", whole(lambda r: b"\xEF\xBB\xBF" + peer.canonical(r)), "differs from byte 0"),
    ("UTF-16", whole(lambda r: peer.canonical(r).decode().encode("utf-16")), "not valid JSON"),
    ("1 written as 1.0", bytes_of(b'"version":1', b'"version":1.0'), "version"),
    ("1 written as 1e0", bytes_of(b'"version":1', b'"version":1e0'), "version"),
    ("1 written as 01", bytes_of(b'"version":1', b'"version":01'), "not valid JSON"),
    ("1 written as -1", bytes_of(b'"version":1', b'"version":-1'), "version"),
    ("number beyond 2^63", bytes_of(b'"version":1', b'"version":18446744073709551617'), "number is too large"),
    ("number beyond 2^53", bytes_of(b'"version":1', b'"version":9007199254740993'), "version"),
    ("a name twice", bytes_of(b'"version":1', b'"version":1,"version":1'), "second time"),
    ("a name twice, once escaped", bytes_of(b'"version":1', b'"version":1,"v\\u0065rsion":1'), "second time"),
    ("two values", whole(lambda r: peer.canonical(r) * 2), "follows its end"),
    ("bytes behind", whole(lambda r: peer.canonical(r) + b"x"), "follows its end"),
    ("NUL behind", whole(lambda r: peer.canonical(r) + b"\0"), "not valid JSON"),
    ("cut off", whole(lambda r: peer.canonical(r)[:-1]), "not valid JSON"),
    ("empty", whole(lambda r: b""), "is empty"),
    ("null", whole(lambda r: b"null"), "not valid JSON"),
    ("a list", whole(lambda r: b"[]"), "not an object"),
    ("a text", whole(lambda r: b'"gca-prereg"'), "not valid JSON"),
    ("nothing in it", whole(lambda r: b"{}"), "“type”"),
    ("single quotes", whole(lambda r: peer.canonical(r).replace(b'"', b"'")), "not valid JSON"),
    ("comma at the end", bytes_of(b'"version":1}', b'"version":1,}'), "not valid JSON"),
    ("comment", bytes_of(b'{"account"', b'/**/{"account"'), "not valid JSON"),
    ("not UTF-8", bytes_of("臺灣".encode(), "臺灣".encode("big5")), "not text in UTF-8"),
    ("overlong UTF-8", bytes_of(b'"profile":"test"', b'"profile":"te\xC1\xB3t"'), "not text in UTF-8"),
    ("surrogates in UTF-8", bytes_of(b'"profile":"test"', b'"profile":"\xED\xA0\x80"'), "not text in UTF-8"),
    ("half a surrogate pair", bytes_of(b'"profile":"test"', b'"profile":"\\uD800"'), "not valid JSON"),
    ("NUL in a text", bytes_of(b'"profile":"test"', b'"profile":"te\\u0000st"'), "not valid JSON"),
    ("control character as it is", bytes_of(b'"profile":"test"', b'"profile":"te\x1bst"'), "rules of JSON"),
    ("control character escaped", bytes_of(b'"profile":"test"', b'"profile":"te\\u001bst"'), "control character"),
    ("nested too deep", whole(lambda r: b"[" * 100000), "not valid JSON"),
    ("larger than 1 MiB", put("domains", [f"a{i}.agency-test.gov.tw" for i in range(50000)]), "larger than 1 MiB"),
    # members that are not there, or not known
    *((f"no {name}", without(name), f"“{name}” is wrong: it is missing") for name in
      ("type", "version", "profile", "account", "account.uri", "domains", "subject", "organization",
       "organization.name", "organization.dn", "created", "nonce")),
    ("unknown member", put("note", "x"), "“note” is wrong: no such member is known"),
    ("unknown member of account", put("account.key", "x"), "key” is wrong: no such member is known"),
    ("unknown member of organization", put("organization.tel", "x"), "tel” is wrong: no such member"),
    ("unknown member of card", put("card", {"serial": "1", "rank": "x"}), "rank” is wrong: no such member"),
    ("unknown member of contact", put("contact", {"name": "王測試", "pager": "x"}), "“contact” is wrong"),
    ("name that is not ASCII", put("備註", "x"), "not plain ASCII"),
    # type, version, profile
    ("another type", put("type", "gca-csr"), "“type” is wrong"),
    ("type in capitals", put("type", "GCA-prereg"), "“type” is wrong"),
    ("type that is a list", put("type", ["gca-prereg"]), "“type” is wrong"),
    ("version 2", put("version", 2), "only version 1"),
    ("version 0", put("version", 0), "only version 1"),
    ("version as text", put("version", "1"), "only version 1"),
    ("version true", put("version", True), "version"),
    ("version null", put("version", None), "version"),
    ("profile empty", put("profile", ""), "“profile” is wrong"),
    ("profile with a path", put("profile", "../test"), "“profile” is wrong"),
    ("profile in Chinese", put("profile", "測試"), "“profile” is wrong"),
    ("profile too long", put("profile", "a" * 65), "“profile” is wrong"),
    ("profile that is a number", put("profile", 1), "“profile” is wrong"),
    # account
    ("account as text", put("account", URI), "“account” is wrong"),
    ("account empty", put("account", {}), "“account.uri” is wrong"),
    ("account of http", put("account.uri", "http://localhost/acct/1"), "does not begin with “https://”"),
    ("account without host", put("account.uri", "https:///acct/1"), "https:///acct/1"),
    ("account relative", put("account.uri", "/acct/1"), "/acct/1"),
    ("account with user", put("account.uri", "https://a@localhost/acct/1"), "user name"),
    ("account with fragment", put("account.uri", URI + "#x"), "fragment"),
    ("account with blank", put("account.uri", URI + " "), "no URI may hold"),
    ("account in Chinese", put("account.uri", "https://例子.政府.tw/acct/1"), "no URI may hold"),
    ("account too long", put("account.uri", "https://localhost/" + "a" * 2000), "long"),
    ("account empty text", put("account.uri", ""), "“account.uri” is wrong: it is empty"),
    ("account that is a number", put("account.uri", 1), "“account.uri” is wrong: it is not text"),
    ("thumbprint too short", put("account.thumbprint", "A" * 42), "“account.thumbprint” is wrong"),
    ("thumbprint too long", put("account.thumbprint", "A" * 44), "“account.thumbprint” is wrong"),
    ("thumbprint padded", put("account.thumbprint", "A" * 43 + "="), "“account.thumbprint” is wrong"),
    ("thumbprint in plain base64", put("account.thumbprint", "+" + "A" * 42), "“account.thumbprint” is wrong"),
    ("thumbprint with bits left over", put("account.thumbprint", "A" * 42 + "B"), "“account.thumbprint” is wrong"),
    ("thumbprint in hexadecimal", put("account.thumbprint", "ab" * 32), "“account.thumbprint” is wrong"),
    ("thumbprint null", put("account.thumbprint", None), "thumbprint"),
    # domains
    ("no domain", put("domains", []), "“domains” is wrong"),
    ("domain as text", put("domains", "www.agency-test.gov.tw"), "“domains” is wrong"),
    ("domain in capitals", put("domains", ["WWW.agency-test.gov.tw"]), "“domains[0]” is wrong"),
    ("domain as U-label", put("domains", ["例子.政府.tw"]), "“domains[0]” is wrong"),
    ("domain with final dot", put("domains", ["www.agency-test.gov.tw."]), "“domains[0]” is wrong"),
    ("domain with empty label", put("domains", ["www..tw"]), "“domains[0]” is wrong"),
    ("domain with underscore", put("domains", ["a_b.gov.tw"]), "“domains[0]” is wrong"),
    ("domain with port", put("domains", ["www.gov.tw:443"]), "“domains[0]” is wrong"),
    ("domain beginning with hyphen", put("domains", ["-a.gov.tw"]), "“domains[0]” is wrong"),
    ("domain ending with hyphen", put("domains", ["a-.gov.tw"]), "“domains[0]” is wrong"),
    ("label of 64", put("domains", ["a" * 64 + ".gov.tw"]), "“domains[0]” is wrong"),
    ("domain of 254", put("domains", [".".join(["a" * 62] * 4) + ".tw"]), "“domains[0]” is wrong"),
    ("star within", put("domains", ["a.*.gov.tw"]), "“domains[0]” is wrong"),
    ("star alone", put("domains", ["*"]), "“domains[0]” is wrong"),
    ("domain empty", put("domains", [""]), "“domains[0]” is wrong"),
    ("domain twice", put("domains", ["a.gov.tw", "b.gov.tw", "a.gov.tw"]), "“domains[2]” is wrong"),
    ("domain that is a number", put("domains", ["a.gov.tw", 1]), "“domains[1]” is wrong"),
    # subject
    ("no subject", put("subject", []), "“subject” is wrong"),
    ("subject as text", put("subject", "C=TW"), "“subject” is wrong"),
    ("subject as object", put("subject", {"C": "TW"}), "“subject” is wrong"),
    ("pair of one", put("subject", [["C"]]), "“subject[0]” is wrong"),
    ("pair of three", put("subject", [["C", "TW", "x"]]), "“subject[0]” is wrong"),
    ("pair of numbers", put("subject", [["C", "TW"], [1, 2]]), "“subject[1]” is wrong"),
    ("subject with CN", put("subject", [["CN", "www.agency-test.gov.tw"]]), "“subject[0]” is wrong"),
    ("subject of unknown type", put("subject", [["X", "y"]]), "“subject[0]” is wrong"),
    ("subject type in small letters", put("subject", [["c", "TW"]]), "“subject[0]” is wrong"),
    ("subject with bad OID", put("subject", [["1.2.", "y"]]), "“subject[0]” is wrong"),
    ("subject with empty value", put("subject", [["C", ""]]), "“subject[0]” is wrong"),
    ("subject value too long", put("subject", [["C", "a" * 2001]]), "“subject[0]” is wrong"),
    # organization, card
    ("organization as text", put("organization", "x"), "“organization” is wrong"),
    ("organization without words", put("organization.name", ""), "“organization.name” is wrong"),
    ("dn that is a list", put("organization.dn", [["C", "TW"]]), "“organization.dn” is wrong"),
    ("oid with a letter", put("organization.oid", "2.16.a"), "“organization.oid” is wrong"),
    ("oid with leading zero", put("organization.oid", "2.016.1"), "“organization.oid” is wrong"),
    ("oid beginning with 3", put("organization.oid", "3.1.1"), "“organization.oid” is wrong"),
    ("oid of one arc", put("organization.oid", "2"), "“organization.oid” is wrong"),
    ("oid by name", put("organization.oid", "commonName"), "“organization.oid” is wrong"),
    ("card as text", put("card", "TP00000000000001"), "“card” is wrong"),
    ("card without number", put("card", {}), "“card.serial” is wrong: it is missing"),
    ("card number empty", put("card", {"serial": ""}), "“card.serial” is wrong"),
    ("card number with DEL", put("card", {"serial": "a\x7f"}), "control character"),
    ("card number with C1", put("card", {"serial": "a\x85"}), "control character"),
    # contact, proof
    ("contact empty", put("contact", {}), "“contact” is wrong"),
    ("contact as list", put("contact", ["x"]), "“contact” is wrong"),
    ("contact name empty", put("contact", {"name": ""}), "“contact.name” is wrong"),
    ("contact name with blank behind", put("contact", {"name": "王測試 "}), "“contact.name” is wrong"),
    ("contact name backwards", put("contact", {"name": "王\u202e測試"}), "name “王\\u{202E}測試”"),
    ("contact name too long", put("contact", {"name": "王" * 201}), "longer than 200"),
    ("contact e-mail", put("contact", {"email": "test"}), "e-mail address “test”"),
    ("contact postcode", put("contact", {"postcode": "1000"}), "postcode “1000”"),
    ("contact postcode as number", put("contact", {"postcode": 100}), "“contact.postcode” is wrong"),
    ("contact phone", put("contact", {"phone": "ask me"}), "telephone number “ask me”"),
    ("contact fax", put("contact", {"fax": "ask me"}), "fax number “ask me”"),
    ("proof empty", put("proof", {}), "“proof.payload” is wrong"),
    ("proof as text", put("proof", "x"), "“proof” is wrong"),
    ("proof with an object", put("proof", {**PROOF, "header": {"a": "b"}}), "“proof.header” is wrong"),
    ("CN by its OID", put("subject", [["2.5.4.3", "www.agency-test.gov.tw"]]), "subject[0]"),
    ("proof with a control character", put("proof", {**PROOF, "signature": "\u0085"}), "proof.signature"),
    # created, nonce
    *((f"created {value!r}", put("created", value), "“created” is wrong") for value in
      ("", "2026-11-21", "2026-11-21 02:30:00Z", "2026-11-21T02:30:00", "2026-11-21T02:30:00+00:00",
       "2026-11-21T02:30:00.5Z", "2026-11-21t02:30:00z", "2026-11-21T02:30Z", "2026-11-21T24:00:00Z",
       "2026-11-21T02:60:00Z", "2026-13-21T02:30:00Z", "2026-02-30T02:30:00Z", "20261121T023000Z",
       "2026-325T02:30:00Z", "115-11-21T02:30:00Z", "12026-11-21T02:30:00Z", 1795228200)),
    ("nonce of 15 bytes", put("nonce", "A" * 20), "“nonce” is wrong"),
    ("nonce of 17 bytes", put("nonce", "A" * 23), "“nonce” is wrong"),
    ("nonce padded", put("nonce", "A" * 22 + "=="), "“nonce” is wrong"),
    ("nonce with bits left over", put("nonce", "A" * 21 + "B"), "“nonce” is wrong"),
    ("nonce in plain base64", put("nonce", "/" + "A" * 21), "“nonce” is wrong"),
    ("nonce with blank", put("nonce", "A" * 11 + " " + "A" * 10), "“nonce” is wrong"),
    ("nonce as number", put("nonce", 1), "“nonce” is wrong"),
]
