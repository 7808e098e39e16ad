"""On the host: which Debian packages are installed."""

from deploys.onhost import run


def main(argument: None) -> "list[str]":
    """Name them all."""
    shown = run.attempt("/usr/bin/dpkg-query", "-W", "-f", "${db:Status-Abbrev} ${Package}\n").stdout
    return installed(shown)


def installed(shown: str) -> "list[str]":
    """Read what dpkg-query says of packages; of those removed, it knows the configuration files."""
    return [line.split()[1] for line in shown.splitlines() if line[1:2] == "i"]
