"""What a deploy does to make a configuration of Traefik live, on the server and in a fraction of the time."""

import subprocess
from collections.abc import Mapping
from typing import Any

from deploys import remote
from deploys.places.systemd import unit_file
from deploys.proxies.onhost import trees
from deploys.proxies.traefik import kept
from deploys.proxies.traefik.onhost import live, where
from tests.proxies.stage import Stage


def argument(stage: Stage, files: Mapping[str, str]) -> dict[str, Any]:
    """Say what a deploy says after its first look, where the stage's own configuration is live."""
    program = stage.server.run("ls /opt/gatehouse/traefik-*/traefik").stdout.strip()
    return {
        "files": {**files},
        "instead_of": trees.digest({**stage.render()}),
        "kept": [
            {"path": file.path, "content": file.content, "mode": file.mode} for file in kept.kept(program)
        ],
        "program": program,
        "predecessors": [],
    }


def with_unit(argument: Mapping[str, Any], old: str, new: str) -> dict[str, Any]:
    """Have another unit file, with one of its words changed."""
    path = unit_file(where.UNIT)
    changed = [
        {**file, "content": file["content"].replace(old, new)} if file["path"] == path else file
        for file in argument["kept"]
    ]
    return {**argument, "kept": changed}


def make_live(stage: Stage, files: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Have the server do it, or say why it has not."""
    order = remote.run(live, argument(stage, files))
    stdin = str(order.connector_arguments["_stdin"])
    return stage.server.run(order.get_raw_value(), stdin=stdin, check=False)
