"""Arguments of --subject that are no name of RFC 4514, or not one that a request may ask for: what is wrong, the
argument, and words of the sentence."""

NAMES = [
    ("empty", "", ""),
    ("blank", " ", ""),
    ("comma", ",", ""),
    ("type alone", "C", ""),
    ("no value", "C=", ""),
    ("no type", "=TW", ""),
    ("comma at the end", "C=TW,", ""),
    ("comma in front", ",C=TW", ""),
    ("two commas", "O=a,,C=TW", ""),
    ("type alone behind", "O=a,C", ""),
    ("multi-valued", "O=a+OU=b,C=TW", ""),
    ("not UTF-8", b"O=\xff,C=TW", "UTF-8"),
    ("escaped bytes that are not UTF-8", "O=\\ff\\fe,C=TW", ""),
    ("escaped NUL", "O=\\00,C=TW", ""),
    ("control character", "O=a\nb,C=TW", ""),
    # RFC 4514 section 3: these stand in no value without a backslash
    ("semicolon", "O=a;C=TW", "O=a;C"),
    ("quotation mark", 'O="a,C=TW', ""),
    ("backslash at the end", "O=a\\", ""),
    ("backslash before a letter", "O=a\\zz,C=TW", ""),
    ("value in hexadecimal", "O=#0403414243,C=TW", ""),
    # what a request may ask for: docs/prereg-request.md
    ("unknown type", "X=y,C=TW", "X=y"),
    ("broken OID", "1.2.=y", "1.2."),
    ("no OID", "3.1=y", "3.1"),
    ("CN", "CN=www.agency-test.gov.tw,C=TW", "CN"),
    ("OpenSSL's way of writing", "/C=TW/O=a", "/C"),
]
