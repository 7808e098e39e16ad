"""What is said of sources and keys on the controller that are not what the settings say."""

from pathlib import Path

import pytest

from deploys.apps import deploy_key
from deploys.apps.reading import read_source
from deploys.config.sources import WheelSource
from deploys.refusal import Refusal

SOURCES = {
    "../shop/main.py": "this is a file; write the directory that it is in, '../shop'",
    "../shopp": "did you mean '../shop'? write the path of a directory, this one is not there",
    "../elsewhere": "write the path of a directory, this one is not there",
    "../none/shop": "write the path of a directory, this one is not there",
    "dist/shop-1.2-py3-none-any.whl": "did you mean {\"wheel\": 'dist/shop-1.2-py3-none-any.whl'}?",
    "git@example.com:shop.git": "did you mean {\"git\": 'git@example.com:shop.git'}?",
    "https://example.com/shop.git": "did you mean {\"git\": 'https://example.com/shop.git'}?",
}

WHEELS = {
    "dist/shop-1.1-py3-none-any.whl": (
        "did you mean 'dist/shop-1.2-py3-none-any.whl'? write the path of a wheel, this one is not there"
    ),
    "none/shop.whl": "write the path of a wheel, this one is not there",
    "dist": "this is a directory; write the path of a wheel in it",
    "dist/shop.tar.gz": "write the path of a wheel, this is none; `uv build --wheel` makes one",
}

KEYS = {
    "none": "no such file or directory: write the path of the private key",
    "keys": "is a directory: write the path of the private key",
    "keys/public.pub": "this is the public key; write the private one's path, 'keys/public'",
    "dist/shop.tar.gz": "this is no private key: write the path of one, as `ssh-keygen -t ed25519` makes it",
    "keys/open": "others can read it, so that ssh refuses it: run `chmod 600 keys/open`",
}


@pytest.fixture(autouse=True)
def _controller(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = tmp_path / "gatehouse"
    files = [
        "../shop/main.py",
        "dist/shop-1.2-py3-none-any.whl",
        "dist/shop.tar.gz",
    ]
    for name in files:
        (here / name).parent.mkdir(parents=True, exist_ok=True)
        (here / name).write_text("")
    (here / "keys").mkdir()
    (here / "keys/public.pub").write_text("ssh-ed25519 AAAA ops")
    for name in ("keys/open", "keys/good"):
        (here / name).write_text("-----BEGIN OPENSSH PRIVATE KEY-----")
    (here / "keys/open").chmod(0o640)
    (here / "keys/good").chmod(0o600)
    monkeypatch.chdir(here)


@pytest.mark.parametrize("written", SOURCES)
def test_a_source_that_is_no_directory(written: str) -> None:
    with pytest.raises(Refusal) as refusal:
        read_source(written, "source")
    assert str(refusal.value) == f"source: {written!r}: {SOURCES[written]}"


def test_no_login_is_shown() -> None:
    with pytest.raises(Refusal) as refusal:
        read_source("https://me:hunter2@example.com/shop.git", "source")
    assert "hunter2" not in str(refusal.value)


@pytest.mark.parametrize("written", WHEELS)
def test_a_wheel_that_is_none(written: str) -> None:
    with pytest.raises(Refusal) as refusal:
        read_source(WheelSource(wheel=written), "source")
    assert str(refusal.value) == f"source['wheel']: {written!r}: {WHEELS[written]}"


@pytest.mark.parametrize("written", KEYS)
def test_a_key_that_ssh_would_refuse(written: str) -> None:
    with pytest.raises(Refusal) as refusal:
        deploy_key.check(written, "key")
    assert str(refusal.value) == f"key: {written!r}: {KEYS[written]}"


def test_a_key_that_only_its_owner_reads() -> None:
    deploy_key.check("keys/good", "key")
