"""Which directories in /srv an app may take. No server is needed."""

import grp
import os
from pathlib import Path

import pytest

from deploys.apps.onhost import build

OURS = grp.getgrgid(os.getgid()).gr_name


@pytest.mark.parametrize(
    ("there", "user", "is_taken"),
    [
        ((), "app-www", True),
        (("",), "app-www", True),
        (("index",), "app-www", False),
        (("releases", "index"), "app-www", False),
        (("releases", "index"), OURS, True),
    ],
)
def test_only_what_is_empty_or_the_app_s_own(
    tmp_path: Path, there: tuple[str, ...], user: str, is_taken: bool
) -> None:
    home = tmp_path / "www"
    for name in there:
        (home / name).mkdir(parents=True, exist_ok=True)
        home.chmod(0o755)
    argument = {"app": "www", "home": str(home), "releases": str(home / "releases"), "user": user}
    if is_taken:
        build.refuse_others_directory(argument)
    else:
        with pytest.raises(SystemExit, match=f"^www: nothing was changed, as {home} is there already"):
            build.refuse_others_directory(argument)
