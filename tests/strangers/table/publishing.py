"""What strangers would have the proxy publish."""

from tests.strangers.attempt import Attempt
from tests.strangers.ends import Serves

_LINKS = {
    "the machine's users": ("passwd", "/etc/passwd", "passwd", "root:"),
    "another's source": ("bank.py", "/srv/bank/current/code/bank/main.py", "bank.py", "something to lose"),
    "the log of all sites": ("log", "/var/log/nginx/access.log", "log", "GET"),
    "a folder of the machine's": ("etc", "/etc", "etc/passwd", "root:"),
    "all that there is": ("up", "/", "up/etc/passwd", "root:"),
    "the page of a folder": ("index.html", "/etc/passwd", "", "root:"),
    "the compressed twin of a file": ("own.txt.gz", "/etc/passwd", "own.txt", "root:"),
    "a link to a link": ("twice", "passwd", "twice", "root:"),
}

ROWS = (
    *(
        Attempt(
            "release",
            "publishes",
            f"a link to {what}",
            f"plant({'stranger/static/' + name!r}, {target!r})",
            Serves(f"/files/{path}", never),
            act="links",
        )
        for what, (name, target, path, never) in _LINKS.items()
    ),
    Attempt(
        "release",
        "publishes",
        "a hard link to the machine's users",
        "hard_link('stranger/static/hard', '/etc/passwd')",
        Serves("/files/hard", "root:"),
        act="links",
    ),
    Attempt(
        "release",
        "publishes",
        "a link where its folder was",
        "plant('stranger/static', '/etc')",
        Serves("/files/passwd", "root:"),
        act="daemon",
    ),
    *(
        Attempt(
            "run",
            "publishes",
            f"while it runs, a link to {what}",
            f"plant('/srv/uploads/{name}', {target!r})",
            Serves(f"/uploads/{path}", never),
        )
        for what, name, target, path, never in (
            ("the machine's users", "passwd", "/etc/passwd", "passwd", "root:"),
            ("all that there is", "up", "/", "up/etc/passwd", "root:"),
            (
                "the neighbour's files",
                "bank",
                "/srv/bank/current",
                "bank/code/bank/main.py",
                "something to lose",
            ),
            ("the page of a folder", "index.html", "/etc/passwd", "", "root:"),
        )
    ),
    Attempt(
        "run",
        "publishes",
        "a pipe, which would hold a worker",
        "pipe('/srv/uploads/pipe')",
        Serves("/uploads/pipe", "no answer"),
    ),
    Attempt(
        "run",
        "publishes",
        "by a header, what the site blocks",
        "",
        Serves("/elsewhere?/uploads/blocked/words", "blocked words"),
    ),
)
