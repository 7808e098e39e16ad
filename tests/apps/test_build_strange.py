"""Files of a source that are written strangely, by a shell of Windows or to hold a run up."""

from pathlib import Path

import pytest

from deploys.refusal import Refusal
from tests.apps.sources import PROJECT, REQUIRED, app, made_of, script, written


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_what_a_shell_of_windows_has_written_is_read(tmp_path: Path, encoding: str) -> None:
    (tmp_path / ".python-version").write_bytes("3.12\r\n".encode(encoding))
    (tmp_path / "requirements.txt").write_bytes("-r base.txt\r\n".encode(encoding))
    (tmp_path / "base.txt").touch()
    assert script(app(str(tmp_path)))[:2] == [made_of("3.12", ".python-version"), REQUIRED]
    (tmp_path / "pyproject.toml").write_bytes(PROJECT["pyproject.toml"].encode(encoding))
    with pytest.raises(Refusal, match=r"pyproject\.toml: save it as UTF-8 without a byte order mark"):
        script(app(str(tmp_path)))


@pytest.mark.parametrize("name", [".python-version", "pyproject.toml", "Pipfile.lock", "requirements.txt"])
def test_what_is_no_text_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"caf\xe9")
    with pytest.raises(Refusal, match=r"is no text in UTF-8: save it as UTF-8"):
        script(app(str(tmp_path)))


def test_lists_that_name_each_other_without_end_are_read_soon(tmp_path: Path) -> None:
    many = {f"{number}.txt": f"-r {number + 1}.txt\n" for number in range(2000)}
    written(
        tmp_path, {**many, "2000.txt": f"a{' ' * 100_000}b{'[' * 100_000}\n", "requirements.txt": "-r 0.txt"}
    )
    with pytest.raises(Refusal, match=r"found 'a b\[+…', which is no requirement, in 2000\.txt"):
        script(app(str(tmp_path)))


@pytest.mark.parametrize("line", ["-e {}", "./{}", "-r {}"])
@pytest.mark.parametrize("part", ["aa", "a/"], ids=["a name", "folders"])
def test_a_path_without_end_is_refused_soon(tmp_path: Path, line: str, part: str) -> None:
    with pytest.raises(Refusal, match=r"is not in the source") as refused:
        script(app(written(tmp_path, {"requirements.txt": line.format(part * 500_000)})))
    assert len(str(refused.value)) < 500
