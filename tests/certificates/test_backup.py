"""A server built anew has its account and its certificates again, and asks the CA for nothing."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from deploys.certificates import remote_archive, vault
from deploys.config import Backup
from deploys.refusal import Refusal
from tests.certificates.conftest import sites
from tests.house import House
from tests.lab import Lab

NAME = "www.phoenix.test"


@pytest.fixture
def backup(tmp_path: Path) -> Backup:
    (tmp_path / "passphrase").write_text("correct horse battery staple\n")
    return Backup(file=str(tmp_path / "kept" / "a.backup"), passphrase_file=str(tmp_path / "passphrase"))


def test_what_is_stored_comes_back(backup: Backup) -> None:
    assert vault.fetch(backup) is None
    vault.store(backup, b"a private key")
    assert vault.fetch(backup) == b"a private key"
    file = Path(backup.file)
    assert b"private" not in file.read_bytes()
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_changed_file_and_another_passphrase_are_refused(backup: Backup, tmp_path: Path) -> None:
    vault.store(backup, b"a private key")
    file = Path(backup.file)
    whole = file.read_bytes()
    file.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    with pytest.raises(Refusal, match="the passphrase does not open it"):
        vault.fetch(backup)
    file.write_bytes(b"something else")
    with pytest.raises(Refusal, match="is no backup"):
        vault.fetch(backup)
    file.write_bytes(whole)
    (tmp_path / "passphrase").write_text("incorrect horse battery staple")
    with pytest.raises(Refusal, match="the passphrase does not open it"):
        vault.fetch(backup)
    (tmp_path / "passphrase").write_text("short")
    with pytest.raises(Refusal, match="12 characters or more"):
        vault.fetch(backup)


def test_an_archive_keeps_links_and_modes(tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    archive, live = here / "etc/letsencrypt/archive/a", here / "etc/letsencrypt/live/a"
    for directory in (archive, live, there):
        directory.mkdir(parents=True)
    (here / "etc/letsencrypt/live").chmod(0o700)
    (archive / "privkey1.pem").write_text("secret")
    (archive / "privkey1.pem").chmod(0o600)
    (live / "privkey.pem").symlink_to("../../archive/a/privkey1.pem")
    (here / "etc/shadow").write_text("left alone")

    packed = remote_archive.main({"root": str(here)})
    remote_archive.main({"root": str(there), **packed})

    assert (there / "etc/letsencrypt/live/a/privkey.pem").read_text() == "secret"
    assert (there / "etc/letsencrypt/archive/a/privkey1.pem").stat().st_mode & 0o777 == 0o600
    assert (there / "etc/letsencrypt/live").stat().st_mode & 0o777 == 0o700
    assert (there / "etc").stat().st_mode & 0o777 == 0o755
    assert not (there / "etc/shadow").exists()


@pytest.fixture
def phoenix(lab: Lab) -> Iterator[House]:
    yield House.on(lab, lab.up("phoenix", debian="13"), apps={}, sites=sites(NAME))
    lab.down("phoenix")


@pytest.mark.lab
@pytest.mark.slow
def test_a_server_built_anew(phoenix: House, lab: Lab, backup: Backup) -> None:
    settings: dict[str, Any] = {"backup": backup.model_dump()}
    assert phoenix.deploy("--diff", **settings).check().changed
    serial = phoenix.outside.certificate()["serialNumber"]
    run = phoenix.deploy("-vvv", deploy="deploys/backup.py", **settings).check()
    assert "PRIVATE" not in run.output
    assert phoenix.deploy(**settings).check().changed == []

    lab.down("phoenix")
    again = House.on(lab, lab.up("phoenix", debian="13"), apps={}, sites=sites(NAME))
    run = again.deploy("--diff", **settings).check()
    assert f"Certificates: restore from {backup.file}" in run.changed
    assert not [name for name in run.changed if name.startswith("Certificate for")]
    assert again.outside.certificate()["serialNumber"] == serial
    assert again.deploy(**settings).check().changed == []
    again.deploy(deploy="deploys/renew.py", **settings).check()
    assert again.outside.certificate()["serialNumber"] != serial
    keys = "find /etc/letsencrypt -name 'privkey*.pem' -type f | xargs stat -c '%a %U'"
    assert set(again.server.run(keys).stdout.splitlines()) == {"600 root"}
