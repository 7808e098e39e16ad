"""On the host: where the homes of apps' users are, as everybody but the apps themselves is told."""

import fcntl
import pwd

from deploys.onhost import files

_LOCK = "/etc/.pwd.lock"
"""What every program holds that changes users (lckpwdf(3))."""
_USERS = "/etc/passwd"
_HOME = 5


def is_at(user: str, home: str) -> bool:
    """Say whether a user's home is there; one that does not exist has it nowhere else."""
    try:
        return pwd.getpwnam(user).pw_dir == home
    except KeyError:
        return True


def move(user: str, home: str) -> None:
    """Have a user's home be there; usermod(8) would refuse while anything of the user's runs."""
    if is_at(user, home):
        return
    with open(_LOCK, "a") as lock:
        fcntl.lockf(lock, fcntl.LOCK_EX)
        lines = [moved(line, user, home) for line in files.text(_USERS).splitlines(keepends=True)]
        files.write(_USERS, "".join(lines), 0o644)


def moved(line: str, user: str, home: str) -> str:
    """Give a line of passwd(5), with another home if it is the user's."""
    fields = line.split(":")
    if fields[0] == user and len(fields) > _HOME:
        fields[_HOME] = home
    return ":".join(fields)
