"""Runs that are cut off at their steps, of whichever proxy makes a tree live by a link."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from deploys import remote
from tests.proxies import cutting
from tests.proxies.stage import Stage

CUT_OFF = Path(__file__).with_name("cut_off.py")
AGES = (3000, 4000)


@dataclass(frozen=True)
class Place:
    """Where a proxy has its configurations, and what takes all of them off the server."""

    unit: str
    live: str
    trees: str
    to_bare: str


def says(stage: Stage, max_age: int) -> dict[str, Any]:
    """Give settings by whose answers one can tell that they are those that are served."""
    return {"sites": {"shop.test": {**stage.settings["sites"]["shop.test"], "hsts": {"max_age": max_age}}}}


def cut_off_everywhere(
    stage: Stage,
    place: Place,
    act: ModuleType,
    arguments: tuple[Mapping[str, Any], Mapping[str, Any]],
    *,
    first: int,
    step: int,
    start: str,
    hook: str = cutting.HOOK,
) -> int:
    """Cut a run off after every STEPth step, and give the number of steps that a run has.

    Args:
        stage: the server.
        place: of its proxy.
        act: what makes a configuration live there.
        arguments: what it is told, but for the files; and the same with another unit.
        first: the first step after which it is cut off.
        step: how many steps later it is the next time.
        start: `provisioned`, or `bare`, so that nothing of it is there at the start of each.
        hook: counts the steps.

    """
    stage.put_file("/root/cut_off.py", CUT_OFF.read_text())
    stage.put_file("/root/tests/proxies/cutting.py", cutting.HERE.read_text())
    program = hook + remote.run(act, {}).bits[-1].obj
    each = [{"files": {**stage.render(**says(stage, age))}, "says": str(age)} for age in AGES]
    said = [asdict(place), program, *map(dict, arguments), *each]
    return int(
        stage.server.run(f"python3 /root/cut_off.py {first} {step} {start}", stdin=json.dumps(said)).stdout
    )
