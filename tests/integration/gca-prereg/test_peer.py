"""Every content of cases/requests.py, signed well: refused as no request, with what is wrong."""
import os

import harness
import peer
from cases import requests


class Contents(harness.Case):
    def verify(self, content):
        holder = peer.load(harness.PKI, "agency")
        self.write("request.p7m", peer.Message(content, *holder).encode())
        return self.run_program(harness.program("gca-prereg"), "verify", "request.p7m", "--json",
                                "--ca", os.path.join(harness.PKI, "ca.pem"))

    def refuse(self, change, words):
        result = self.verify(change(peer.request(peer.load(harness.PKI, "agency")[0])))
        self.assert_status(result, 9)
        failed = [check for check in result.json["checks"] if not check["passed"]]
        self.assertEqual([check["name"] for check in failed], ["content"], result)
        self.assertIn(words, failed[0]["message"])
        self.assertEqual(result.err, f"gca-prereg verify: {failed[0]['message']}\n")
        self.assertIsNone(result.json["request"])

    def test_the_good_one(self):
        self.assert_status(self.verify(peer.canonical(peer.request(peer.load(harness.PKI, "agency")[0]))), 0)


def add_tests():
    for number, (what, change, words) in enumerate(requests.CASES):
        test = lambda self, change=change, words=words: self.refuse(change, words)
        test.__doc__ = what
        setattr(Contents, f"test_{number:03}", test)


add_tests()

if __name__ == "__main__":
    harness.main()
