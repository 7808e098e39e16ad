"""What dpkg says of packages, in its own words, and what counts as a failure of apt's."""

import subprocess
from pathlib import Path

import pytest

from deploys.base.onhost.packages import installed
from deploys.base.packages import PATIENT


def test_a_package_is_installed_whether_or_not_it_is_held() -> None:
    said = ["hi  nginx", "ii  logrotate", "ri  openssl", "rc  certbot", "iF  git", "un  nftables"]
    assert installed("\n".join(said)) == ["nginx", "logrotate", "openssl"]


def patiently(folder: Path, does: str) -> subprocess.CompletedProcess[str]:
    """Run what installs packages with an apt-get that does as it is told."""
    apt_get = folder / "apt-get"
    apt_get.write_text(f"#!/bin/sh\n{does}\n")
    apt_get.chmod(0o755)
    command = ["/bin/sh", "-c", PATIENT, "sh", str(apt_get), "install", "nginx"]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=30)


SUCCEEDS = {
    "in silence": ("exit 0", ""),
    "with a line": ("echo Setting up nginx; echo else; exit 0", "Setting up nginx\n"),
    "with a line that has no end": ("printf 'Setting up nginx\\ndone.'; exit 0", "Setting up nginx\n"),
    "though a package says otherwise": ("echo -- ended 100; exit 0", ""),
    "though a package says so before its end": (
        "echo -- ended 0; sleep 0.2; echo Setting up nginx && exit 0",
        "Setting up nginx\n",
    ),
    "with a warning": ("echo W: old >&2; exit 0", ""),
}
FAILS = {
    "in silence": ("exit 100", "E: {apt_get} ended 100\n"),
    "with a line": ("echo E: no package >&2; exit 100", "E: no package\n"),
    "with a line that has no end": ("printf 'E: no package\\nReading...'; exit 100", "E: no package\n"),
    "with the error in a line that has no end": ("printf 'E: no package'; exit 100", "E: no package\n"),
    "though a package says that all is well": ("echo -- ended 0; exit 100", "E: {apt_get} ended 100\n"),
    "as whoever runs it is killed": ("kill -9 $PPID", "E: {apt_get} was cut off\n"),
    "as that is killed after a package said that all is well": (
        "echo -- ended 0; echo Setting up nginx; kill -9 $PPID",
        "E: {apt_get} was cut off\n",
    ),
    "as that is killed within a line": (
        "echo E: no package; printf 'Reading...'; kill -9 $PPID",
        "E: no package\nE: {apt_get} was cut off\n",
    ),
}


@pytest.mark.parametrize("how", SUCCEEDS)
def test_apt_succeeds(tmp_path: Path, how: str) -> None:
    does, said = SUCCEEDS[how]
    ended = patiently(tmp_path, does)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, said, "")


@pytest.mark.parametrize("how", FAILS)
def test_apt_fails(tmp_path: Path, how: str) -> None:
    does, said = FAILS[how]
    ended = patiently(tmp_path, does)
    wrong = ended.stderr.replace("Killed\n", "")  # which the shell itself says
    assert (ended.returncode, wrong) == (100, said.format(apt_get=tmp_path / "apt-get"))


def test_another_apt_is_waited_for(tmp_path: Path) -> None:
    lock = "echo E: Could not get lock /var/lib/dpkg/lock-frontend."
    ended = patiently(tmp_path, f"cd {tmp_path}; test -e once && exit 0; touch once; {lock}; exit 100")
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "waiting for another apt to end\n", "")
