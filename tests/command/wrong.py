"""What is wrong of what a user says, and the one line that it ends with."""

from dataclasses import dataclass, field

from tests.command.clone import Clone

PROD = {"inventories/prod.py": 'hosts = [("@fake/web1", {}), ("@fake/web2", {})]\n'}
SETTINGS = {
    # Of a CA of one's own, as Let's Encrypt's would issue nothing for such a name.
    "group_data/prod.py": 'acme = {"email": "ops@gatehouse.test", "directory": "https://ca.gatehouse.test/dir"}\n'
    'sites = {"www.gatehouse.test": {"routes": {"/": {"files": "/srv/www"}}}}\n'
}
SITE = ("site", "prod")


@dataclass(frozen=True)
class Case:
    """A wrong command, and the one line that it ends with."""

    words: tuple[str, ...]
    line: str
    files: dict[str, str] = field(default_factory=dict)
    typed: str = ""
    code: int = 2


def inventory(content: str) -> dict[str, str]:
    return {"inventories/prod.py": content}


def check(clone: Clone, case: Case) -> None:
    """Have a command end with that line."""
    clone.write(case.files)
    ended = clone.run(*case.words, typed=case.typed)
    assert ended.lines == f"gatehouse: {case.line}".splitlines()
    assert ended.output == "", "what is wrong belongs on standard error"
    assert ended.code == case.code
