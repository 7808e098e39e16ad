"""On the host: nftables, and the units that load an app's rules."""

import subprocess

_ENVIRONMENT = {"LC_ALL": "C.UTF-8", "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}


def attempt(*arguments: str, stdin: str = "") -> "subprocess.CompletedProcess[str]":
    """Call nft, and give how it ended and what it said; where it is not there, it ends with 127."""
    return run("/usr/sbin/nft", *arguments, stdin=stdin)


def run(*command: str, stdin: str = "") -> "subprocess.CompletedProcess[str]":
    """Run a program, and keep how it ended and what it said."""
    try:
        return subprocess.run(
            command, input=stdin, capture_output=True, text=True, env=_ENVIRONMENT, check=False
        )
    except FileNotFoundError:
        return subprocess.CompletedProcess(command, 127, "", "there is no such program")


def unit_of(app: str) -> str:
    """Name the unit that loads an app's rules."""
    return f"gatehouse-firewall@{app}.service"


def table_of(app: str) -> str:
    """Name an app's table; nftables takes no hyphen, and no app's name has an underscore."""
    return f"gatehouse_app_{app.replace('-', '_')}"
