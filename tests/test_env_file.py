"""A file of environment variables means to an app what it means to python-dotenv."""

from pathlib import Path

import pytest
from dotenv import dotenv_values

from deploys.config import App
from deploys.env_file import variables, with_env_file
from deploys.refusal import Refusal
from deploys.secrets import read_secret

KEY = "-----BEGIN KEY-----\nx=y\n\n# no comment\n-----END KEY-----"


def app(**settings: object) -> App:
    return App.model_validate({"source": "../shop", "asgi": "shop.main:app", **settings})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A=1", {"A": "1"}),
        ("export A=1\n", {"A": "1"}),
        ("# what it is\nA=1 # and why\n", {"A": "1"}),
        ("A='x # y'", {"A": "x # y"}),
        ('A="two\\nlines"', {"A": "two\nlines"}),
        ('A="two\nlines"', {"A": "two\nlines"}),
        ("A='$B'", {"A": "$B"}),
        ("B=1\nA=${B}2", {"B": "1", "A": "12"}),
        ("A = spaced ", {"A": "spaced"}),
        ("A=", {"A": ""}),
        ("A", {}),
        ("A=1\nA=2", {"A": "2"}),
        ("A=größer", {"A": "größer"}),
        ("A=1\r\nB=2\r\n", {"A": "1", "B": "2"}),
        ("A=1\rB=2", {"A": "1", "B": "2"}),
        ('A="two\r\nlines"\r\nB=2\r\n', {"A": "two\nlines", "B": "2"}),
        ("\ufeffA=1\nB=2", {"A": "1", "B": "2"}),
        ("A='two\nlines'\nB=2", {"A": "two\nlines", "B": "2"}),
        ("A='-----BEGIN KEY-----\nx=y\n\n# no comment\n-----END KEY-----'", {"A": KEY}),
        ('A="a \\"word\\" and \\\\"', {"A": 'a "word" and \\'}),
        ("A='it\\'s'", {"A": "it's"}),
        ("A='two\\nlines'", {"A": "two\\nlines"}),
        ("A=two\\nlines", {"A": "two\\nlines"}),
        ("A=x#y", {"A": "x#y"}),
        ("A=a b c", {"A": "a b c"}),
        ("A=\"\"\nB=''", {"A": "", "B": ""}),
        ("A=x=y==", {"A": "x=y=="}),
        ("A='x'# and why", {"A": "x"}),
        ("export A='x'\nexport B", {"A": "x"}),
        ("\n\n  A=1\n\t# and\n  export  B = 2", {"A": "1", "B": "2"}),
        ("A=$B", {"A": "$B"}),
        ("B=1\nA='${B}2'", {"B": "1", "A": "12"}),
        ("A=${B:-no}\nB=1", {"A": "no", "B": "1"}),
        ("A=${B}", {"A": ""}),
        ("A=${MINE}", {"A": "the operator's"}),
        ("MINE=file\nA=${MINE}", {"MINE": "file", "A": "file"}),
        ("", {}),
    ],
)
def test_its_variables(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, expected: dict[str, str]
) -> None:
    monkeypatch.setenv("MINE", "the operator's")
    monkeypatch.delenv("B", raising=False)
    path = tmp_path / ".env"
    path.write_bytes(text.encode())
    found = variables(str(path), "apps['shop']['env_file']")
    assert found == expected
    assert found == {
        name: value for name, value in dotenv_values(path, encoding="utf-8-sig").items() if value is not None
    }


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("A=1\nwhat is this\n", "line 2 of PATH: write it as NAME=value"),
        ("PATH=/tmp", "line 1 of PATH: take another name than PATH: gatehouse or systemd sets it"),
        ("A=1\nGATEHOUSE_X=1", "line 2 of PATH: take another name than GATEHOUSE_X: gatehouse or systemd"),
        ("A=1\nLISTEN_FDS=1", "line 2 of PATH: take another name than LISTEN_FDS: gatehouse or systemd"),
        ("PYTHONHOME=/usr", "line 1 of PATH: remove PYTHONHOME: a release has a Python of its own"),
        ("A-B=1", 'line 1 of PATH: \'A-B\': use letters, digits and "_", like "DATABASE_URL"'),
        ("A='never ends\nB=2", "line 1 of PATH: write it as NAME=value"),
        ("A=1\nB='x' y\n", "line 2 of PATH: write it as NAME=value"),
        ("A: 1", "line 1 of PATH: write it as NAME=value"),
        ("A=1\nB=x\0y", "line 2 of PATH: the value has a zero byte: encode it, as base64 does"),
        (b"A=\xff", "'PATH': is not UTF-8: write the path of a file with lines like NAME=value, in UTF-8"),
        (
            "A=1".encode("utf-16"),
            "'PATH': is not UTF-8: write the path of a file with lines like NAME=value, in UTF-8",
        ),
        (None, "'PATH': no such file or directory: write the path of a file with lines like NAME=value"),
    ],
)
def test_a_file_that_is_refused(tmp_path: Path, text: str | bytes | None, refusal: str) -> None:
    path = tmp_path / ".env"
    if text is not None:
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(Refusal) as refused:
        variables(str(path), "apps['shop']['env_file']")
    assert str(refused.value).startswith("apps['shop']['env_file']: " + refusal.replace("PATH", str(path), 1))


def test_what_the_settings_name_themselves_counts_instead(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    path.write_text("A=file\nB=file\nC=file\n")
    secrets = {"B": {"command": "echo settings"}}
    found = with_env_file(app(env_file=str(path), env={"A": "settings"}, secrets=secrets), "apps['shop']")
    values = {name: read_secret(secret, name) for name, secret in found.secrets.items()}
    assert values == {"B": "settings", "C": "file"}


def test_a_file_that_is_gone_is_told_when_it_is_needed(tmp_path: Path) -> None:
    found = with_env_file(app(env_file=str(tmp_path / "gone")), "apps['shop']")
    (secret,) = found.secrets.values()
    with pytest.raises(Refusal, match=r"apps\['shop'\]\['env_file'\]: .*gone': no such file or directory"):
        read_secret(secret, "apps['shop']['env_file']")
