"""A DNS server on loopback, UDP and TCP at one port, that says what a test wants (RFC 1035, RFC 8659 section 4.1)."""
import socket
import struct
import threading

CAA, CNAME, SOA, OPT = 257, 5, 6, 41
RCODES = {"servfail": 2, "nxdomain": 3, "notimp": 4, "refused": 5}


def pack_name(name):
    labels = [label.encode("ascii") for label in name.split(".") if label]
    return b"".join(bytes([len(label)]) + label for label in labels) + b"\0"


def unpack_name(data, at):
    labels = []
    while data[at]:
        labels.append(data[at + 1:at + 1 + data[at]].decode("ascii"))
        at += 1 + data[at]
    return ".".join(labels).lower(), at + 1


def caa(tag, value, flags=0):
    tag = tag.encode("ascii")
    return CAA, bytes([flags, len(tag)]) + tag + (value if isinstance(value, bytes) else value.encode("ascii"))


def alias(name):
    return CNAME, pack_name(name)


class Server:
    """`zone`: name -> list of records made by caa() and alias(), or a word of RCODES, or "silent", "junk". A name
    that is not there is nxdomain, unless there is one below it. Aliases within the zone are followed, as a resolver
    does. `asked` are the names, in order, those over TCP with a “+” behind."""

    def __init__(self, zone):
        self.zone, self.asked = zone, []
        self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.udp.bind(("127.0.0.1", 0))
        self.port = self.udp.getsockname()[1]
        self.tcp = socket.create_server(("127.0.0.1", self.port))
        self.address = f"127.0.0.1:{self.port}"
        for serve in (self.serve_udp, self.serve_tcp):
            threading.Thread(target=serve, daemon=True).start()

    def close(self):
        for one in (self.udp, self.tcp):
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            one.close()

    def find(self, name):
        if name in self.zone:
            return self.zone[name]
        return [] if any(other.endswith("." + name) for other in self.zone) else "nxdomain"

    def collect(self, name):
        """Records with their owners, and the rcode."""
        found = []
        for _ in range(8):
            records = self.find(name)
            if isinstance(records, str):
                return found, RCODES[records]
            found += [(name, kind, data) for kind, data in records]
            if not records or records[0][0] != CNAME:
                break
            name = unpack_name(records[0][1], 0)[0]
        return found, 0

    def answer(self, query, limit):
        number, _, questions = struct.unpack("!HHH", query[:6])
        name, end = unpack_name(query, 12)
        self.asked.append(name + ("+" if limit > 65000 else ""))
        assert questions == 1 and struct.unpack("!HH", query[end:end + 4]) == (CAA, 1)
        if self.find(name) == "silent":
            return None
        if self.find(name) == "junk":
            return query[:2] + b"\x81\x80\0\1\0\1\0\0\0\0" + query[12:end + 4] + b"\xc0\x0c\x01\x01\0\1\0\0\0\0\xff\xff\0\xff"
        found, rcode = self.collect(name)
        body = b"".join(pack_name(owner) + struct.pack("!HHIH", kind, 1, 60, len(data)) + data
                        for owner, kind, data in found)
        is_cut = 12 + len(query[12:end + 4]) + len(body) > limit
        flags = 0x8180 | rcode | (0x0200 if is_cut else 0)
        count, body = (0, b"") if is_cut else (len(found), body)
        return struct.pack("!HHHHHH", number, flags, 1, count, 0, 0) + query[12:end + 4] + body

    def serve_udp(self):
        while True:
            try:
                query, peer = self.udp.recvfrom(4096)
                if not query:
                    return
                reply = self.answer(query, 1232)
                if reply:
                    self.udp.sendto(reply, peer)
            except OSError:
                return

    def serve_tcp(self):
        while True:
            try:
                connection, _ = self.tcp.accept()
            except OSError:
                return
            with connection, connection.makefile("rwb") as stream:
                size = stream.read(2)
                if len(size) == 2:
                    reply = self.answer(stream.read(struct.unpack("!H", size)[0]), 65535)
                    stream.write(struct.pack("!H", len(reply)) + reply)
