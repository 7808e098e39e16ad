"""An app that writes beside its code, and plants what it can where the proxy answers from."""

import json
import os
import sqlite3
from pathlib import Path
from typing import Any

CODE = Path(__file__).parent.parent
MEDIA, DATABASE, STATE = CODE / "media", CODE / "db.sqlite3", Path(os.environ["STATE_DIRECTORY"])

rows = sqlite3.connect(DATABASE)
rows.execute("create table if not exists starts (release integer)")
rows.execute("insert into starts values (?)", [os.environ["GATEHOUSE_RELEASE"]])
rows.commit()

(CODE / "data" / "more.txt").write_text("more")
(MEDIA / "deep" / "er").mkdir(parents=True, exist_ok=True)
(MEDIA / "deep" / "er" / "upload.txt").write_text("an upload")
(STATE / "secret.txt").write_text("a secret")
(STATE / "secret.txt").chmod(0o644)

LINKS = {
    "passwd": Path("/etc/passwd"),
    "secret": STATE / "secret.txt",
    "database": DATABASE,
    "root": Path("/"),
}
for name, target in {**LINKS, "own": MEDIA / "sub" / "first.txt"}.items():
    if not (MEDIA / name).is_symlink():
        (MEDIA / name).symlink_to(target)
if not (MEDIA / "pipe").exists():
    os.mkfifo(MEDIA / "pipe", 0o644)

HARD = {
    "hard-passwd": Path("/etc/passwd"),
    "hard-secret": STATE / "secret.txt",
    "hard-database": DATABASE.resolve(),
}
linked = []
for name, target in HARD.items():
    try:
        os.link(target, MEDIA / name)
    except OSError:
        continue
    linked.append(name)


async def app(scope: Any, receive: Any, send: Any) -> None:
    """Say how often it was started, and what it found."""
    if scope["type"] != "http":
        return
    answer = {
        "starts": [row[0] for row in rows.execute("select release from starts order by rowid")],
        "data": {path.name: path.read_text() for path in (CODE / "data").iterdir()},
        "linked": linked,
    }
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": json.dumps(answer).encode()})
