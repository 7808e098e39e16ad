"""On the lab's server: all that a stranger could have changed, as it is now."""

import glob
import grp
import hashlib
import json
import os
import pwd
import re
import stat
import subprocess

ELSEWHERE = re.compile(
    r"/(proc|sys|dev|srv/guest|srv/uploads|var/(lib|cache)(/private)?/app-guest)(/|$)"
    r"|/run/(log|udev|user|lock/subsys|systemd/(?!system(/|$)).*)(/|$)"
    # What systemd, certbot, apt, dpkg (at midnight) and sshd write by themselves as time goes by.
    r"|/var/lib/systemd/(random-seed|timesync|timers|catalog)(/|$)|/var/lib/(apt|dpkg|logrotate)(/|$)"
    r"|/var/cache/(apt|ldconfig|man|debconf)(/|$)|/(var/)?tmp/systemd-private-|/var/log(/|$)"
    # What remembers an alert: the play itself ends the neighbour's process.
    r"|/run/gatehouse/gatehouse-"
    # How far the journal has been read for failures, where systemd tells of none.
    r"|/var/lib/gatehouse/failures\.cursor$"
    r"|/run/(utmp|motd\.d.*|nginx\.pid|sshd\.pid|apps|lock)$|/root/\.(cache|ssh)(/|$)"
    r"|/etc/(ld\.so\.cache|machine-id|resolv\.conf)$"
)
"""The stranger's own places, and what changes anyway."""

ITS_OWN = re.compile(
    r"/(etc/(gatehouse|systemd/system|sysusers\.d)|var/lib/(gatehouse|systemd/timers)|run/(gatehouse|credentials))"
    r"(/.*)?/[^/]*guest[^/]*(/|$)"
)
"""Files and folders of gatehouse's that are named after the stranger."""


def main() -> None:
    print(
        json.dumps(
            {
                "files": files(),
                "units": units(),
                "listeners": lines(["ss", "-HlntuxO"], listener),
                "processes": processes(),
                "rules": rules(),
                "users": sorted(str(tuple(user)) for user in pwd.getpwall()),
                "groups": sorted(str(tuple(group)) for group in grp.getgrall()),
            }
        )
    )


def files() -> "dict[str, str]":
    found = {}
    for folder, folders, names in os.walk("/"):
        folders[:] = [name for name in folders if not _is_skipped(os.path.join(folder, name))]
        for name in (*folders, *names):
            path = os.path.join(folder, name)
            if not _is_skipped(path):
                found[os.fsencode(path).decode(errors="backslashreplace")] = _described(path)
    return found


def _is_skipped(path: str) -> bool:
    return bool(ELSEWHERE.match(path) or (ITS_OWN.match(path)))


def _described(path: str) -> str:
    try:
        about = os.lstat(path)
        kind = stat.S_IFMT(about.st_mode)
        content = ""
        if stat.S_ISLNK(about.st_mode):
            content = os.readlink(path)
        elif stat.S_ISREG(about.st_mode) and path.startswith("/usr/"):
            # Much to read; and the kernel changes this time with the content, whoever sets the other one.
            content = f"{about.st_size} {about.st_ctime_ns}"
        elif stat.S_ISREG(about.st_mode):
            with open(path, "rb") as file:
                content = hashlib.file_digest(file, "sha1").hexdigest()
        return f"{kind:o} {about.st_uid}:{about.st_gid} {about.st_mode & 0o7777:o} {content}"
    except OSError as error:
        return type(error).__name__


def units() -> "list[str]":
    listing = ["systemctl", "list-unit-files", "--plain", "--no-legend"]
    return lines(listing, lambda line: line if "guest" not in line else "")


def rules() -> "list[str]":
    """List the tables of the firewall, but for those that close whichever port of the stranger's is idle."""
    sockets = glob.glob("/etc/systemd/system/gatehouse-guest.port-*.socket")
    idle = {"gatehouse_port_" + path.rpartition("-")[2].partition(".")[0] for path in sockets}
    tables = re.split(r"^(?=table )", "\n".join(said(["nft", "--stateless", "list", "ruleset"])), flags=re.M)
    return sorted(table.strip() for table in tables if table and table.split()[2] not in idle)


def listener(line: str) -> str:
    """Give what is listened to, not by which process."""
    words = line.split()
    return " ".join([words[0], *words[4:5]]) if "app-guest" not in line else ""


def processes() -> "list[str]":
    """List users and programs, of those that stay."""
    rows = lines(["ps", "-eo", "user:32,comm,args"], lambda line: line)
    passing = re.compile(
        r"app-guest|sshd|\bps\b|python3? -|\[kworker|systemd-(udev|timedate|hostname)|\(sd-pam\)"
    )
    return sorted({" ".join(row.split()[:2]) for row in rows if not passing.search(row)})


def lines(command: "list[str]", keep: "object") -> "list[str]":
    assert callable(keep)
    return sorted({kept for line in said(command) if (kept := keep(line))})


def said(command: "list[str]") -> "list[str]":
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()


if __name__ == "__main__":
    main()
