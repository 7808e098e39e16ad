"""What of an app's releases is looked at, whatever their builds have put there."""

import json
import os
from pathlib import Path

import pytest

from deploys.apps import observe
from deploys.apps.onhost import probe
from deploys.places.apps import AppPlaces

LINKS = {
    "one that is there": ("/usr/bin/env", True),
    "one that is gone": ("/usr/bin/python2.1", False),
    "a name that is too long": ("/" + "x" * 300, False),
    "a path that is too long": ("/x" * 2000, False),
    "what is below a file": ("/etc/passwd/python", False),
    "itself": ("python", False),
    "no text": ("\udcff\udcfe", False),
}
"""Where a release's link to its Python leads, and whether it runs by that."""


@pytest.mark.parametrize("link", LINKS)
def test_whatever_a_build_makes_of_its_python_the_apps_are_looked_at(tmp_path: Path, link: str) -> None:
    leads, runs = LINKS[link]
    places = AppPlaces("shop", 20000)
    releases = tmp_path / "releases"
    interpreter = releases / "1" / Path(places.interpreter(1)).relative_to(f"{places.releases}/1")
    interpreter.parent.mkdir(parents=True)
    os.symlink(leads, interpreter)
    (releases / "1" / "release.json").write_text(json.dumps({"digest": "x"}))
    (found,) = probe.main([{**observe.question(places), "releases": str(releases)}])["apps"]
    assert [(release["number"], release["runs"]) for release in found["releases"]] == [(1, runs)]
