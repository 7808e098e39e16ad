"""Servers whose disk is an overlay: directories of the image below it can be removed, and not moved."""

import subprocess
import sys

import pytest

from tests.provision import ROOT

OVERLAY = """
set -eu
mount -t tmpfs tmpfs "$1"
cd "$1"
mkdir -p lower/gone/deep/deeper/deepest lower/stays upper work whole
touch lower/gone/file lower/gone/deep/file lower/gone/deep/deeper/file
mount -t overlay overlay -o lowerdir=lower,upperdir=upper,workdir=work whole
mkdir -p whole/gone/deep/new/newer && touch whole/gone/deep/new/newer/file
"$2" -c 'import sys; from deploys.onhost import files; files.remove(sys.argv[1])' "$1/whole/gone"
ls whole
"""


@pytest.mark.lab
def test_what_an_image_has_is_removed(tmp_path_factory: pytest.TempPathFactory) -> None:
    place = tmp_path_factory.mktemp("disk")
    command = ["unshare", "--mount", "sh", "-c", OVERLAY, "sh", str(place), sys.executable]
    done = subprocess.run(
        command, cwd=place, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "stays\n", "")
