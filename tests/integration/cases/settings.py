"""Profiles and config.ini that cannot be used: what is wrong, the file, and words of the sentence."""

PROFILE = """[profile]
Title=x
[subject]
Country=TW
OrganizationSeparator=-
OrganizationParts=O;OU
LocalParts=L;O
[card]
RenewalPlace=x
UnblockPlace=x
"""


def altered(old, new):
    assert old in PROFILE
    return PROFILE.replace(old, new, 1).encode()


PROFILES = [
    ("empty", b"", "“Title” in group [profile]"),
    ("binary", bytes(range(256)), "is not a profile"),
    ("no group", b"Title=x\n", "is not a profile"),
    ("web page", b"<html>\n", "is not a profile"),
    ("large", PROFILE.encode() + b"#" * 70000, "larger than"),
    ("no title", altered("Title=x\n", ""), "“Title” in group [profile]"),
    ("no country", altered("Country=TW\n", ""), "“Country” in group [subject]"),
    ("no place", altered("RenewalPlace=x\n", ""), "“RenewalPlace” in group [card]"),
    ("typing error in a key", altered("Country=", "Contry="), "“Contry” in group [subject]"),
    ("unknown group", altered("[card]", "[cards]"), "[cards]"),
    ("unknown part", altered("L;O\n", "L;CN\n"), "“LocalParts” in group [subject]"),
    ("no parts", altered("L;O\n", "\n"), "“LocalParts” in group [subject]"),
    ("limit not a number", altered("[card]", "[preregistration]\nMaxCharacters=many\n[card]"), "“MaxCharacters”"),
    ("limit negative", altered("[card]", "[preregistration]\nMaxCharacters=-1\n[card]"), "“MaxCharacters”"),
    ("limit huge", altered("[card]", "[preregistration]\nMaxCharacters=99999999999999999999\n[card]"), "“MaxCharacters”"),
    ("switch", altered("[card]", "[names]\nWildcard=yes\n[card]"), "“Wildcard” in group [names]"),
    ("page of http", altered("[card]", "[preregistration]\nPage=http://a/\n[card]"), "“Page”"),
    ("page of nothing", altered("[card]", "[preregistration]\nPage=https://\n[card]"), "“Page”"),
    ("day", altered("[card]", "[trust]\nNote=x\nNoteDate=2026-02-30\n[card]"), "“NoteDate” in group [trust]"),
    ("control character", altered("Title=x", "Title=a\\tb"), "“Title” in group [profile]"),
    ("backwards", altered("Title=x", "Title=a\u202eb"), "“Title” in group [profile]"),
    ("not UTF-8", altered("Title=x", "Title=@").replace(b"@", b"\xff"), "“Title” in group [profile]"),
    ("anchor without fingerprint", altered("[card]", "[anchor A]\nUrl=https://a/b\n[card]"), "“Sha256” in group [anchor A]"),
    ("anchor with short fingerprint", altered("[card]", "[anchor A]\nUrl=https://a/b\nSha256=abcd\n[card]"), "“Sha256”"),
    ("anchor in capitals", altered("[card]", "[anchor A]\nUrl=https://a/b\nSha256=" + "AB" * 32 + "\n[card]"), "“Sha256”"),
]

# config.ini, whole.
CONFIGS = [
    ("binary", bytes(range(256)), 8, "config.ini"),
    ("no group", b"profile=test\n", 8, "config.ini"),
    ("open group", b"[gca\nprofile=test\n", 8, "config.ini"),
    ("key without value", b"[gca]\nprofile\n", 8, "config.ini"),
    ("unknown profile", b"[gca]\nprofile=nowhere\n", 2, "“nowhere”"),
    ("profile with a path", b"[gca]\nprofile=../../etc/passwd\n", 2, "“../../etc/passwd”"),
    ("empty profile", b"[gca]\nprofile=\n", 2, "“”"),
]
