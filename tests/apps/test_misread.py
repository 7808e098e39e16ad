"""Lines of a file of requirements: what uv does not take is refused beforehand, all else is let be."""

from pathlib import Path

import pytest

from deploys.refusal import Refusal
from tests.apps.sources import REQUIRED, VENV, app, script, written

NO_REQUIREMENT = "which is no requirement, in requirements.txt: "
UNREADABLE = "which uv cannot read, in requirements.txt: "
REFUSED = {
    "numpy=1.26.4=py311h64a7726_0": f"{NO_REQUIREMENT}did you mean 'numpy==1.26.4'? What conda",
    "numpy=1.26": f"{NO_REQUIREMENT}did you mean 'numpy==1.26'?",
    "Package    Version": f"{NO_REQUIREMENT}write the list by `pip list --format=freeze`",
    "idna 3.7": f"{NO_REQUIREMENT}did you mean 'idna==3.7'? write one requirement in a line",
    "Django>=3.2<4": f"'Django>=3.2<4', {UNREADABLE}did you mean 'Django>=3.2,<4'?",
    "idna==3.7 !=3.8 ; os_name == 'nt'": f"{UNREADABLE}did you mean \"idna==3.7,!=3.8 ; os_name == 'nt'\"?",
    "idna=>3": f"{NO_REQUIREMENT}did you mean 'idna>=3'?",
    "idna>=3.x": f"{UNREADABLE}did you mean 'idna>=3'?",
    "idna[a]>=3.7.*,<4": f"{UNREADABLE}did you mean 'idna[a]>=3.7,<4'?",
    "idna==latest": f"{UNREADABLE}did you mean 'idna'?",
    "idna==* # any": f"{UNREADABLE}did you mean 'idna'?",
    "idna~=3": f"{UNREADABLE}write one requirement in a line",
    "idna==3.7;": f"{UNREADABLE}write one",
    "idna==3.7; python_version": f"{UNREADABLE}write one",
    "idna==1.0-SNAPSHOT --hash=sha256:ab": f"{UNREADABLE}write one",
    "idna, h11": f"{NO_REQUIREMENT}write one requirement in a line, like idna==3.7",
    "[packages]": f"{NO_REQUIREMENT}write one",
    '"idna"': f"{NO_REQUIREMENT}write one",
    "- idna": f"{NO_REQUIREMENT}write one",
    "pip install idna": f"{NO_REQUIREMENT}write one",
    "<<<<<<< HEAD": f"{NO_REQUIREMENT}write one",
    "-e git+https://example.com/own.git@main#egg=own": "in requirements.txt: write it without -e, which is",
    "--editable=https://example.com/own.tar.gz": "in requirements.txt: write it without -e",
    "--no-deps": "'--no-deps' in requirements.txt: take the line out: uv has no such option",
    "-q": "take the line out: uv has no such option",
    "--global-option=x": "take the line out: uv has no such option",
    "idna==3.7 --config-settings=a=b": "take --config-settings out: uv knows no option behind a requirement",
    "idna==3.7 \\\n  --hash=sha256:ab --install-option=x": "take --install-option out",
}


@pytest.mark.parametrize(("line", "words"), REFUSED.items())
def test_a_line_that_uv_does_not_take(tmp_path: Path, line: str, words: str) -> None:
    with pytest.raises(Refusal) as refused:
        script(app(written(tmp_path, {"requirements.txt": f"h11\n{line}\n"})))
    assert words in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    "line",
    [
        *(
            "idna",
            "idna==3.7",
            "idna == 3.7 , < 5",
            "idna>=3,<4;python_version<'3.9'",
            "idna (>=3)",
            "idna~=3.1",
            "idna>=3,",
            "idna==3.*,!=3.5.*",
            "idna==v3.7.post1",
            "idna; python_version in '3.9 3.10' and (os.name == 'posix' or extra == 'x')",
        ),
        *(
            "idna===3.7",
            "idna!=3.7",
            "torch==2.1.0+cpu",
            "idna[a, b]>=3 # why",
            "IDNA ; sys_platform == 'win32'",
        ),
        *(
            "idna @ https://example.com/idna.zip",
            "idna[a]@https://example.com/a",
            "git+https://example.com/a.git",
        ),
        *("https://example.com/idna-3.7.tar.gz#egg=idna", "./lib", "-e ./lib[web]", "lib/"),
        *(
            "idna==3.7 \\\n    --hash=sha256:ab \\\n    --hash=sha256:cd\n    # via shop",
            "idna==3.7 --hash=sha256:ab",
        ),
        *(
            "--pre",
            "--prefer-binary",
            "--trusted-host example.com",
            "--require-hashes",
            "--use-feature=fast-deps",
        ),
        *("--no-index", "--no-binary=:all:", "--only-binary :all:", "-i https://example.com/simple"),
        *("# a comment \\\nidna", "idna \\\n", "\\\n"),
    ],
)
def test_a_line_that_uv_takes(tmp_path: Path, line: str) -> None:
    files = {"requirements.txt": f"h11\n{line}\n", "lib/setup.py": ""}
    assert script(app(written(tmp_path, files)))[:2] == [VENV, REQUIRED]
