"""Whatever settings pass, Caddy takes what they are rendered to."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
import trustme
from hypothesis import given

from tests.lab import Lab
from tests.lab.programs import program
from tests.proxies.caddy.trees import rendered
from tests.proxies.nginx.strategies import settings
from tests.proxies.nginx.test_properties import trying

pytestmark = pytest.mark.lab


@pytest.fixture(scope="module")
def pair() -> dict[str, str]:
    """A certificate and its key."""
    issued = trustme.CA().issue_cert("example.com")
    chain = "".join(pem.bytes().decode() for pem in issued.cert_chain_pems)
    return {"certificate": chain, "key": issued.private_key_pem.bytes().decode()}


def refusal(caddy: Path, config: dict[str, Any], pair: dict[str, str], folder: Path) -> str:
    """Have Caddy load a configuration, but for the ports, and give what it says if it does not."""
    certificates = config["apps"]["tls"]["certificates"]
    certificates["load_pem"] = [{**pair, "tags": one["tags"]} for one in certificates.pop("load_files")]
    done = subprocess.run(
        [str(caddy), "validate", "--config", "-"],
        input=json.dumps(config),
        text=True,
        capture_output=True,
        check=False,
        env={**os.environ, "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)},
    )
    return done.stderr if done.returncode else ""


def take(count: int, lab: Lab, pair: dict[str, str], folder: Path) -> None:
    caddy = program(lab.layout, "caddy")

    @trying(count)
    @given(settings())
    def each(asked: dict[str, Any]) -> None:
        assert refusal(caddy, rendered(asked), pair, folder) == ""

    each()


def test_caddy_takes_it(lab: Lab, pair: dict[str, str], tmp_path: Path) -> None:
    take(50, lab, pair, tmp_path)


@pytest.mark.slow
def test_caddy_takes_a_thousand(lab: Lab, pair: dict[str, str], tmp_path: Path) -> None:
    take(1000, lab, pair, tmp_path)
