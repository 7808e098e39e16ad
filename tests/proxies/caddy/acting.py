"""What a deploy does to make a configuration of Caddy live, on the server and in a fraction of the time."""

import json
import subprocess
from collections.abc import Mapping
from typing import Any

from deploys import remote
from deploys.proxies.caddy.beside import beside, digest_of_unit
from deploys.proxies.caddy.onhost import live, places
from tests.proxies.stage import Stage


def argument(stage: Stage, files: Mapping[str, str]) -> dict[str, Any]:
    """Say what a deploy says after its first look."""
    program = stage.server.run("ls /opt/gatehouse/caddy-*/caddy").stdout.strip()
    return {
        "files": {**files},
        "beside": {file.path: {"content": file.content, "mode": file.mode} for file in beside(program)},
        "program": program,
        "unit": digest_of_unit(program),
        "predecessors": [],
    }


def with_unit(argument: Mapping[str, Any], old: str, new: str) -> dict[str, Any]:
    """Have another unit file, with one of its words changed, and told apart from the first as any other."""
    digest = f"{argument['unit'][:-1]}x"
    unit = argument["beside"][str(places.UNIT_FILE)]
    content = unit["content"].replace(argument["unit"], digest).replace(old, new)
    return {
        **argument,
        "beside": {**argument["beside"], str(places.UNIT_FILE): {**unit, "content": content}},
        "unit": digest,
    }


def make_live(stage: Stage, argument: Mapping[str, Any]) -> subprocess.CompletedProcess[str]:
    """Have the server do it, or say why it has not."""
    order = remote.run(live, dict(argument))
    stdin = str(order.connector_arguments["_stdin"])
    return stage.server.run(order.get_raw_value(), stdin=stdin, check=False)


def listening(files: Mapping[str, str], port: int) -> dict[str, str]:
    """Have a configuration listen at one more port, which Caddy's own test does not try."""
    config = json.loads(files["caddy.json"])
    config["apps"]["http"]["servers"]["more"] = {"listen": [f":{port}"]}
    return {**files, "caddy.json": json.dumps(config)}
