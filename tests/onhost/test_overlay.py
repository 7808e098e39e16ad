"""Servers whose disk is an overlay: directories of the image below it can be removed, and not moved."""

import subprocess
import sys

import pytest

from tests.provision import ROOT

OVERLAY = """
set -eu
mount -t tmpfs tmpfs "$1"
cd "$1"
mkdir -p "lower/gone/deep/deeper/deepest/$4" lower/stays upper work whole
touch lower/gone/file lower/gone/deep/file lower/gone/deep/deeper/file
mount -t overlay overlay -o lowerdir=lower,upperdir=upper,workdir=work whole
mkdir -p whole/gone/deep/new/newer && touch whole/gone/deep/new/newer/file
"$2" -c "$3" "$1/whole/gone" || true
ls whole
"""


REMOVE = """
import sys
from deploys.onhost import removal
try:
    removal.remove(sys.argv[1])
except OSError as error:
    sys.exit(error.strerror)
"""


@pytest.mark.lab
@pytest.mark.parametrize(
    ("deeper", "stays", "said"),
    [
        ("a", "stays\n", ""),
        ("a/" * 150, "stays\n", ""),
        ("a/" * 400, "gone\nstays\n", "more than 200 directories in one another\n"),
    ],
)
def test_what_an_image_has_is_removed(
    tmp_path_factory: pytest.TempPathFactory, deeper: str, stays: str, said: str
) -> None:
    place = tmp_path_factory.mktemp("disk")
    words = [str(place), sys.executable, REMOVE, deeper]
    command = ["unshare", "--mount", "sh", "-c", OVERLAY, "sh", *words]
    env = {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=place, env=env, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == (stays, said)
