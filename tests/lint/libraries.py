#!/usr/bin/python3
"""Each library has the folders that may use it; nobody else includes it, has its types in a header,
or gets it through another folder's header."""
import re

import common

# library: (its headers, its types, the folders that may use it)
LIBRARIES = {
    "winscard": (r"(?:PCSC/)?(?:winscard|wintypes|pcsclite|reader)\.h",
                 r"\b(?:SCARD\w+|LONG|DWORD)\b", {"pcsc"}),
    "libp11": (r"libp11\.h", r"\bPKCS11_\w+", {"pkcs11"}),
    "PKCS#11": (r"(?:p11-kit/)?(?:pkcs11|p11-kit|uri|pin|iter)\.h", r"\b(?:CK_\w+|P11Kit\w+)",
                {"pkcs11"}),
    "libcsv": (r"csv\.h", r"\bcsv_parser\b", {"csr"}),
    "c-ares": (r"ares\w*\.h", r"\bares_\w+", {"acme"}),
    "libcurl": (r"curl/\w+\.h", r"\bCURL\w*", {"http"}),
    "libssl": (r"openssl/ssl\.h", r"\bSSL_\w+", {"http"}),
    "libidn2": (r"idn2\.h", r"\bidn2_\w+", {"profile"}),
    "libpsl": (r"libpsl\.h", r"\bpsl_\w+", {"profile"}),
    "minizip": (r"minizip/\w+\.h", r"\b(?:unzFile|unz_\w+|zlib_filefunc\w+)", {"csr"}),
    "libmicrohttpd": (r"microhttpd\.h", r"\bMHD_\w+", {"localsign"}),
    "cairo and pango": (r"(?:cairo|pango)\S*\.h", r"\b(?:cairo_\w+|Pango\w+)", {"letter", "gui"}),
    "libqrencode": (r"qrencode\.h", r"\bQR(?:code|input|spec)\w*", {"letter"}),
    "GTK": (r"g[td]k/\S+\.h", r"\bG[td]k\w+", {"gui"}),
}


def includes(text):
    return re.findall(r'#include [<"]([^">]+)[">]', text)


def library_of(header):
    for name, (headers, _, _) in LIBRARIES.items():
        if re.fullmatch(headers, header):
            return name
    return None


def reached(top, header, seen):
    """The (library, header) pairs that come along with one of our headers."""
    if header in seen or not (top / header).exists():
        return
    seen.add(header)
    for inner in includes(common.code(common.read(top, header))):
        if library_of(inner):
            yield library_of(inner), header
        yield from reached(top, inner, seen)


def check_include(top, path, header):
    name = library_of(header)
    if name and path.parts[0] not in LIBRARIES[name][2]:
        yield f"{name} is used in {'/, '.join(sorted(LIBRARIES[name][2]))}/ only: ask there"
    for name, through in reached(top, header, set()):
        if path.parts[0] not in LIBRARIES[name][2]:
            yield f"{header} brings {name} along (by {through}): keep it out of public headers"


def check(top):
    for path in common.files(top, ".c", ".h", folders=common.FOLDERS):
        text = common.code(common.read(top, path))
        for line, match in common.matches(r'#include [<"]([^">]+)[">]', text):
            for problem in check_include(top, path, match.group(1)):
                yield path, line, problem
        if path.suffix != ".h":
            continue
        for name, (_, types, folders) in LIBRARIES.items():
            if path.parts[0] in folders:
                continue
            for line, match in common.matches(types, common.without_strings(text)):
                yield path, line, f"a type of {name} in a header above it: {match.group()}"


common.prove(check, {
    "pcsc/link.h": "#include <winscard.h>\nLONG gca_link_open(void);\n",
    "pcsc/card.h": '#include "base/error.h" // BAD\n/* SCARDHANDLE stays inside */\n',
    "base/error.h": "#include <libp11.h> // BAD\n",
    "flow/card.h": '#include "pcsc/link.h" // BAD\nSCARDCONTEXT gca_card; // BAD\n',
    "flow/card.c": '#include "flow/card.h" // BAD\n#include <PCSC/wintypes.h> // BAD\n',
    "pkcs11/token.c": "#include <libp11.h>\n#include <p11-kit/uri.h>\n",
    "cli/common/a.h": 'const char *gca_a = "PKCS11_CTX";\nPKCS11_CTX *gca_b; // BAD\n',
})
common.report(check(common.TOP))
