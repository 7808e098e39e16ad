"""A server built anew has its account and its certificates again, and asks the CA for nothing."""

import os
import tarfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from deploys.certificates import vault
from deploys.certificates.onhost import archive as archive_onhost
from deploys.config import Backup
from deploys.refusal import Refusal
from tests.house import House
from tests.lab import Lab
from tests.proxies.stage import chosen_proxy


@pytest.fixture
def backup(tmp_path: Path) -> Backup:
    (tmp_path / "passphrase").write_text("correct horse battery staple\n")
    return Backup(file=str(tmp_path / "kept" / "a.backup"), passphrase_file=str(tmp_path / "passphrase"))


def test_what_is_stored_comes_back(backup: Backup) -> None:
    assert vault.fetch(backup, "web") is None
    vault.store(backup, "web", b"a private key")
    assert vault.fetch(backup, "web") == b"a private key"
    file = Path(backup.file)
    assert b"private" not in file.read_bytes()
    assert file.stat().st_mode & 0o777 == 0o600


def test_the_former_backup_is_kept_beside(backup: Backup) -> None:
    for data in (b"first", b"second", b"third"):
        vault.store(backup, "web", data)
    assert vault.fetch(backup, "web") == b"third"
    former = Path(f"{backup.file}.1")
    assert former.stat().st_mode & 0o777 == 0o600
    former.rename(backup.file)
    assert vault.fetch(backup, "web") == b"second"
    assert os.listdir(former.parent) == [Path(backup.file).name]


@pytest.mark.parametrize("use", [vault.fetch, partial(vault.store, data=b"a private key of db")])
def test_another_hosts_backup_is_neither_read_nor_overwritten(
    backup: Backup, use: Callable[[Backup, str], object]
) -> None:
    vault.store(backup, "web", b"a private key")
    with pytest.raises(Refusal, match=r"is the backup of 'web', not of 'db'.*each server a file of its own"):
        use(backup, "db")
    assert vault.fetch(backup, "web") == b"a private key"


def test_a_host_that_was_renamed_says_its_former_name(backup: Backup) -> None:
    vault.store(backup, "web", b"a private key")
    renamed = backup.model_copy(update={"name": "web"})
    assert vault.fetch(renamed, "192.0.2.7") == b"a private key"
    vault.store(renamed, "192.0.2.7", b"another")
    assert vault.fetch(backup, "web") == b"another"


def test_the_host_is_authenticated(backup: Backup) -> None:
    vault.store(backup, "web", b"a private key")
    file = Path(backup.file)
    file.write_bytes(file.read_bytes().replace(b"\nweb\n", b"\ndb\n", 1))
    with pytest.raises(Refusal, match="the passphrase does not open it, or it is damaged"):
        vault.fetch(backup, "db")


def test_a_backup_that_is_cut_off_anywhere_is_refused_and_replaced(backup: Backup) -> None:
    vault.store(backup, "web", b"a private key")
    file = Path(backup.file)
    whole = file.read_bytes()
    for length in range(len(whole)):
        file.write_bytes(whole[:length])
        with pytest.raises(Refusal, match=r"is no backup|is cut off|or it is damaged"):
            vault.fetch(backup, "web")
    vault.store(backup, "web", b"another")
    assert vault.fetch(backup, "web") == b"another"


def test_a_changed_file_and_another_passphrase_are_refused(backup: Backup, tmp_path: Path) -> None:
    vault.store(backup, "web", b"a private key")
    file = Path(backup.file)
    whole = file.read_bytes()
    file.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    with pytest.raises(Refusal, match="the passphrase does not open it"):
        vault.fetch(backup, "web")
    file.write_bytes(b"something else")
    for use in (vault.fetch, partial(vault.store, data=b"a private key")):
        with pytest.raises(Refusal, match="is no backup"):
            use(backup, "web")
    assert file.read_bytes() == b"something else"
    file.write_bytes(whole)
    (tmp_path / "passphrase").write_text("incorrect horse battery staple")
    with pytest.raises(Refusal, match="the passphrase does not open it"):
        vault.fetch(backup, "web")
    (tmp_path / "passphrase").write_text("short")
    with pytest.raises(Refusal, match="12 characters or more"):
        vault.fetch(backup, "web")


@pytest.mark.parametrize(
    "there",
    [
        [],
        ["accounts/ca/directory/x/regr.json"],
        ["renewal/a.conf"],
        ["accounts/ca/directory/x/private_key.json", "renewal/a.conf"],
        ["accounts/ca/directory/x/regr.json", "renewal/README"],
    ],
)
def test_a_server_with_nothing_to_lose_is_not_packed(tmp_path: Path, there: list[str]) -> None:
    for name in there:
        write(tmp_path / "etc/letsencrypt" / name)
    with pytest.raises(SystemExit, match="to back up yet"):
        archive_onhost.main({"root": str(tmp_path)})


def write(path: Path) -> None:
    path.parent.mkdir(parents=True)
    path.touch()


@pytest.mark.parametrize("python", ["3.11", "3.14"])
def test_an_archive_keeps_links_and_modes(
    tmp_path: Path, python: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if python == "3.14":  # whose default this is
        monkeypatch.setattr(tarfile.TarFile, "extraction_filter", staticmethod(tarfile.data_filter))
    here, there = tmp_path / "here", tmp_path / "there"
    archive, live = here / "etc/letsencrypt/archive/a", here / "etc/letsencrypt/live/a"
    for directory in (archive, live, there):
        directory.mkdir(parents=True)
    (here / "etc/letsencrypt/live").chmod(0o700)
    (archive / "privkey1.pem").write_text("secret")
    (archive / "privkey1.pem").chmod(0o600)
    (live / "privkey.pem").symlink_to("../../archive/a/privkey1.pem")
    write(here / "etc/letsencrypt/renewal/a.conf")
    write(here / "etc/letsencrypt/accounts/ca/directory/x/regr.json")
    (here / "etc/shadow").write_text("left alone")

    packed = archive_onhost.main({"root": str(here)})
    archive_onhost.main({"root": str(there), **packed})

    assert (there / "etc/letsencrypt/live/a/privkey.pem").read_text() == "secret"
    assert (there / "etc/letsencrypt/archive/a/privkey1.pem").stat().st_mode & 0o777 == 0o600
    assert (there / "etc/letsencrypt/live").stat().st_mode & 0o777 == 0o700
    assert (there / "etc").stat().st_mode & 0o777 == 0o755
    assert not (there / "etc/shadow").exists()


@pytest.fixture(params=[("nginx", "13"), ("caddy", "12"), ("traefik", "13")], ids="-".join)
def phoenix(request: pytest.FixtureRequest, lab: Lab) -> Iterator[House]:
    """A server that serves by each of the proxies, once with the oldest certbot."""
    name = f"phoenix-{'-'.join(request.param)}"
    proxy, debian = request.param
    site = {"routes": {"/": {"redirect": "https://example.com"}}}
    chosen = {"apps": {}, "sites": {f"www.{name}.test": site}, **chosen_proxy(lab, proxy)}
    server = lab.up(name, debian=debian, furnished=True, nginx=proxy == "nginx")
    yield House.on(lab, server, **chosen)
    lab.down(name)


@pytest.mark.lab
@pytest.mark.slow
def test_a_server_built_anew(phoenix: House, lab: Lab, backup: Backup) -> None:
    settings: dict[str, Any] = {"backup": backup.model_dump()}
    assert phoenix.deploy("--diff", **settings).check().changed
    serial = phoenix.outside.certificate()["serialNumber"]
    run = phoenix.deploy("-vvv", deploy="deploys/backup.py", **settings).check()
    assert "PRIVATE" not in run.output
    without: dict[str, Any] = {"backup": {**settings["backup"], "passphrase_file": "/nowhere"}}
    assert phoenix.deploy(**without).check().changed == []
    kept = Path(backup.file).read_bytes()

    name, debian = phoenix.server.name, phoenix.server.disk.debian
    lab.down(name)
    again = House.on(lab, lab.up(name, debian=debian), **phoenix.settings)
    for do in ("true", "apt-get update -qq && apt-get install -qq -y --no-install-recommends python3"):
        again.server.run(do)
        run = again.deploy(deploy="deploys/backup.py", **settings)
        assert run.code != 0
        assert "no account and certificate of a CA's to back up yet: run deploys/site.py" in run.output
        assert "Traceback" not in run.output
    run = again.deploy(**without)
    assert run.code != 0
    assert "backup['passphrase_file']: '/nowhere': no such file or directory" in run.output
    other: dict[str, Any] = {"backup": {**settings["backup"], "name": "another"}}
    run = again.deploy(**other)
    assert run.code != 0
    assert f"is the backup of '{again.server.name}', not of 'another'" in run.output
    assert Path(backup.file).read_bytes() == kept

    run = again.deploy("--diff", **settings).check()
    assert f"Certificates: restore from {backup.file}" in run.changed
    assert not [name for name in run.changed if name.startswith("Certificate for")]
    assert again.outside.certificate()["serialNumber"] == serial
    assert again.deploy(**settings).check().changed == []
    run = again.deploy(deploy="deploys/backup.py", **other)
    assert run.code != 0
    assert f"is the backup of '{again.server.name}', not of 'another'" in run.output
    assert "Traceback" not in run.output
    assert Path(backup.file).read_bytes() == kept
    again.deploy(deploy="deploys/backup.py", **settings).check()
    assert Path(f"{backup.file}.1").read_bytes() == kept
    again.deploy(deploy="deploys/renew.py", **settings).check()
    assert again.outside.certificate()["serialNumber"] != serial
    keys = "find /etc/letsencrypt -name 'privkey*.pem' -type f | xargs stat -c '%a %U'"
    assert set(again.server.run(keys).stdout.splitlines()) == {"600 root"}
