"""What strangers would do to the operator's terminal, and have the operator believe."""

from tests.strangers.attempt import Attempt, Moment
from tests.strangers.ends import Lacks, NoLine, Shows, Tells

SEQUENCES = {
    "a title": "\x1b]0;stranger\x07",
    "the clipboard": "\x1b]52;c;c3RyYW5nZXI=\x07",
    "a link": "\x1b]8;;http://stranger.test\x1b\\",
    "a colour": "\x1b[38;5;123m",
    "lines taken back": "\x1b[5A\x1b[2K",
    "another screen": "\x1b[?1049h",
    "a question to the terminal": "\x1bP+q544e\x1b\\",
    "a sequence in one byte": "\x9b31m",
    "a sequence in one byte that is no text": "\udc9b31m",
    "letters taken back": "\x08\x08\x08stranger",
    "the line over again": "\rstranger",
    "a bell": "\x07stranger",
    "text from right to left": "\u202estranger",
    "text within text": "\u2066stranger",
    "letters that nobody sees": "\u200bstranger",
    "another end of a line": "\x85stranger",
    "a line's separator": "\u2028stranger",
    "a letter that is blank": "\u3164stranger",
    "letters that choose glyphs, which hide words": "\U000e0101stranger",
    "marks that are drawn over other lines": "e" + "\u0335" * 12 + "stranger",
    "a letter that is deleted": "\x7fstranger",
}
FORGED = {
    "a step": "--> Starting operation: Forged",
    "a success": "[forged] Success",
    "a step of its own app": "[forged] guest: give the traffic to release 99",
    "an end": "--> Results: Forged",
}
WORDS = "\n".join(
    ["last words", *SEQUENCES.values(), *FORGED.values(), "\r    [forged] Success", "the end of it"]
)
"""All of it, as a stranger says it."""

FORGED_ENTRIES = [
    f"/{end}{between}forged.test{between}status{between}500"
    for end in ("", '"}', "\\", "%22%7D%0A%7B%22")
    for between in ('","', '":"', "%22,%22", "\\u0022,\\u0022")
]
"""Paths that would be an entry of the access log's of their own, of a site that there is not."""

_SCREENS: dict[str, tuple[Moment, str]] = {
    "words": ("start", "an app that ends says it"),
    "noise": ("build", "a build that fails says it"),
}
_LATER: dict[str, tuple[Moment, str]] = {
    "status": ("status", "what a client asked for"),
    "report": ("status", "what a client asked for, and calls itself, in the report"),
    "rollback": ("rollback", "a release that it goes back to says it"),
    "backup": ("backup", "all that was planted"),
    "forget": ("forget", "all that it leaves"),
}

ROWS = (
    *(
        Attempt(moment, "terminal", f"{how}: {what}", "", Lacks(screen, sequence), act="after")
        for screen, (moment, how) in _SCREENS.items()
        for what, sequence in SEQUENCES.items()
    ),
    *(
        Attempt(moment, "terminal", f"{how}: {what}", "", NoLine(screen, line), act="after")
        for screen, (moment, how) in _SCREENS.items()
        for what, line in FORGED.items()
    ),
    *(
        Attempt(moment, "terminal", f"{how}: {what}", "", Lacks(screen, SEQUENCES[what]), act="last")
        for screen, (moment, how) in _LATER.items()
        for what in ("a title", "a sequence in one byte", "text from right to left")
    ),
    *(
        Attempt(moment, "terminal", f"{how}: a step", "", NoLine(screen, FORGED["a step"]), act="last")
        for screen, (moment, how) in _LATER.items()
    ),
    Attempt("status", "terminal", "a site in the report", "", NoLine("report", "forged.test"), act="last"),
    Attempt(
        "status",
        "terminal",
        "silence: no report",
        "",
        Tells("report", "guest."),
        act="last",
    ),
    Attempt(
        "start",
        "terminal",
        "health without an end",
        "",
        Tells("health without end", "not healthy within 20 s"),
        act="after",
    ),
    Attempt(
        "start",
        "terminal",
        "health that reads as mails in mails",
        "",
        Tells("health as a mail", "status 500"),
        act="after",
    ),
    Attempt(
        "run",
        "terminal",
        "pages without an end",
        "",
        Tells("pages without end", "no answer"),
        act="after",
    ),
    Attempt(
        "start",
        "terminal",
        "silence: its own words are shown",
        "",
        Tells("words", "the end of it"),
        act="after",
    ),
    Attempt(
        "build",
        "terminal",
        "silence: its own words are shown",
        "",
        Tells("noise", "the end of it"),
        act="after",
    ),
    Attempt(
        "crash",
        "terminal",
        "an alert with sequences",
        "",
        Shows(r"grep --count --perl-regexp '\x1b|\x07|\xc2\x9b|\xe2\x80\xae' /var/log/alerts", "0"),
    ),
    Attempt(
        "crash",
        "terminal",
        "silence: no alert",
        "",
        Shows("grep --count --max-count=1 'gatehouse-guest-.*failed' /var/log/alerts", "1"),
    ),
)
