"""What the tests with a card share: the trace of the virtual card, and what a run must cost at least."""
import os
import re
import subprocess

from harness import BENCH, PIN, Case, opensc_module, program

PKI = os.environ["GCA_TEST_PKI"]
BLOCK = 200  # bytes of a READ BINARY, as the vendor's own
AID = "A00000028300000622016964000101"
SPEAKER = re.compile(r"^(\d+) ([0-9A-F]+)(\*\*)? (\S+)$")
AGENCY = "行政院 政府憑證管理中心 憑證測試中心"
AGENCY_OID = "2.16.886.101.20003.20060.20001"
GONE = {"card-removed", "no-card", "no-reader"}
# PC/SC part 5: another program has the card until its input ends: for itself (1), or shared (2), but in a transaction.
HOLD = """
import ctypes, sys
card, context, handle, protocol = ctypes.CDLL("libpcsclite.so.1"), ctypes.c_long(), ctypes.c_long(), ctypes.c_ulong()
card.SCardEstablishContext(2, None, None, ctypes.byref(context))
share = int(sys.argv[1])
status = card.SCardConnect(context, b"Virtual PCD 00 00", share, 3, ctypes.byref(handle), ctypes.byref(protocol))
print(status or (share == 2 and card.SCardBeginTransaction(handle)) or 0, flush=True)
sys.stdin.read()
"""


def der_size(data):
    """Bytes of the DER element that `data` begins with."""
    if data[1] < 0x80:
        return 2 + data[1]
    octets = data[1] & 0x7F
    return 2 + octets + int.from_bytes(data[2:2 + octets], "big")


def blocks(size):
    return -(-size // BLOCK)


def is_public_read(apdu):
    """Commands that only gca-toolkit sends: the files of the HiCOS side (OpenSC uses the PIV side)."""
    instruction, p1 = apdu[2:4], apdu[4:6]
    if instruction == "A4":
        return p1 == "00" or AID in apdu
    return instruction == "B0"


class CardCase(Case):
    """A test beside a virtual card."""

    card_tool = program("gca-card")
    prereg_tool = program("gca-prereg")

    def show(self, *options, card=()):
        return self.run_with_card(self.card_tool, "show", *options, card=card)

    def sign_command(self, *options, pin=PIN):
        """gca-prereg's command line for one domain, the PIN in a file, into out.p7m."""
        return [self.prereg_tool, "--account", self.regr(), "-d", "www.agency-test.gov.tw", "--yes",
                "--pin-file", self.pin_file(pin), "--output", self.path("out.p7m"), *options]

    def sign(self, *options, card=(), pin=PIN, **more):
        return self.run_with_card(*self.sign_command(*options, pin=pin), card=card, **more)

    def apdus(self):
        """(command, was cut for secrecy, outcome) of each APDU of the last run."""
        found = [SPEAKER.match(line) for line in self.trace()]
        return [(m.group(2), m.group(3) is not None, m.group(4)) for m in found if m]

    def public_reads(self):
        return [apdu for apdu, _, _ in self.apdus() if is_public_read(apdu)]

    def pins_sent(self):
        """VERIFY with a body, whatever the card answered; OpenSC's empty ones ask for the tries."""
        return sum(1 for apdu, secret, _ in self.apdus() if secret and apdu[2:4] == "20")

    def pin_questions(self):
        """VERIFY with or without a body."""
        return sum(1 for apdu, _, _ in self.apdus() if apdu[2:4] == "20")

    def directory_size(self, *card):
        """Bytes of the entries in the card's CDF, from the card itself."""
        generation = "2" if "2" in card else "1"
        select, read = {
            "1": (["80A40000023F00", "80A40000025030", "80A40000024104"], "80B0"),
            "2": ([f"00A4040C10{AID}0100", "00A4000402503000", "00A4000402410400"], "00B0"),
        }[generation]
        reads = [f"{read}{offset:04X}C8" for offset in range(0, 5 * BLOCK, BLOCK)]
        answers = self.run_with_card("sh", "-c", '"$GCA_CARD_SEND" 0 "$@"', "sh", *select, *reads,
                                     card=card).out.split()
        file = b"".join(bytes.fromhex(answer)[:-2] for answer in answers[len(select):])
        size = 0
        while size < len(file) and file[size] == 0x30:
            size += der_size(file[size:])
        return size

    def fewest(self, generation, holder="agency", with_ca=False, card=()):
        """The APDUs that the public files of a run need: SELECTs from where the card stands, the
        number in one, the CDF up to the byte behind its last entry, the certificates."""
        directory = self.directory_size("--generation", str(generation), "--holder", holder, *card)
        roots = {1: 3, 2: 2}[generation]  # SELECT AID to tell the generation, then before each path
        selects = roots + len(["0900", "0903", "5030", "4104", "08F2"])
        names = [holder] + (["ca", "root"] if with_ca else [])
        certificates = sum(blocks(os.path.getsize(os.path.join(PKI, f"{name}.der"))) for name in names)
        return selects + 1 + blocks(directory + 1) + certificates

    def assert_refused(self, result, status, *words):
        """The exit status, and each of the words in what stderr says."""
        self.assert_status(result, status)
        for word in words:
            self.assertIn(word, result.err, result)

    def assert_verifies(self, name="out.p7m"):
        """openssl accepts the message; gives the content."""
        done = subprocess.run(
            ["openssl", "cms", "-verify", "-cades", "-binary", "-inform",
             "PEM" if name.endswith(".pem") else "DER", "-in", self.path(name),
             "-CAfile", os.path.join(PKI, "chain.pem"), "-purpose", "any"],
            capture_output=True, env=self.env, timeout=20)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout


__all__ = ["AGENCY", "AGENCY_OID", "BENCH", "GONE", "HOLD", "PIN", "PKI", "CardCase", "opensc_module"]
