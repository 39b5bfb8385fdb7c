#!/usr/bin/python3
"""Counts meson's test logs; a test that did not pass, skipped ones too, has failed."""
import json
import sys

passed, failed = 0, []
for path in sys.argv[1:]:
    with open(path, encoding="utf-8") as log:
        for line in log:
            test = json.loads(line)
            if test["result"] in ("OK", "EXPECTEDFAIL"):
                passed += 1
            else:
                failed.append(f"{path.split('/')[0]}: {test['name']}: {test['result']}")
for name in failed:
    print(name)
print(f"{passed} passed, {len(failed)} failed")
sys.exit(1 if failed or not passed else 0)
