"""Typical configurations, line by line; to take changes over: python -m tests.proxies.nginx.test_golden."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.proxies.nginx.trees import render, write
from tests.proxies.nginx.typical import TYPICAL

GOLDEN = Path(__file__).with_name("golden")

ACCEPTED = {
    "ssl_ecdh_curve": "post-quantum groups are only named where the machine's OpenSSL knows them",
    "ssrf": "what follows the upstream's name comes from a map whose values all begin with a slash",
    "try_files_is_evil_too": "files are looked for at each request, so that a switch of releases is seen",
    "missing_resolver": "upstreams are addresses; what gixy takes for a host name is an upstream's name",
}
"""What gixy finds and is as it should be, with the reason."""


def whole(name: str) -> str:
    files = render(*TYPICAL[name])
    return "".join(f"# ==> {path} <==\n{files[path]}\n" for path in sorted(files) if path.endswith(".conf"))


@pytest.mark.parametrize("name", TYPICAL)
def test_the_configuration_is_as_it_was_reviewed(name: str) -> None:
    assert whole(name) == (GOLDEN / f"{name}.conf").read_text()


def test_no_golden_file_is_left_over() -> None:
    assert {path.stem for path in GOLDEN.glob("*.conf")} == set(TYPICAL)


def is_of_strangers(finding: dict[str, str]) -> bool:
    """Say whether gixy misses HSTS where no handshake succeeds."""
    return finding["plugin"] == "hsts_header" and "server_name _;" in finding["config"]


@pytest.mark.parametrize("name", TYPICAL)
def test_gixy_finds_nothing(name: str, tmp_path: Path) -> None:
    main = write(render(*TYPICAL[name]), tmp_path)
    gixy = Path(sys.executable).with_name("gixy")
    done = subprocess.run([gixy, "-f", "json", str(main)], capture_output=True, text=True, check=False)
    found = [
        f"{finding['plugin']}: {finding['summary']} {finding['config']}"
        for finding in json.loads(done.stdout)
        if finding["plugin"] not in ACCEPTED and not is_of_strangers(finding)
    ]
    assert not found, "\n".join(found)


if __name__ == "__main__":
    for name in TYPICAL:
        (GOLDEN / f"{name}.conf").write_text(whole(name))
