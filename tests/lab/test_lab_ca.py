import ssl
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from tests.lab import CaOptions, Lab
from tests.lab.acme import PROFILES
from tests.lab.conftest import cli
from tests.lab.services import Service

pytestmark = pytest.mark.lab


def _directory(lab: Lab) -> dict[str, Any]:
    trust = ssl.create_default_context(cafile=lab.ca.bundle)
    answer = httpx.get(lab.ca.directory, verify=trust, trust_env=False)
    found: dict[str, Any] = answer.raise_for_status().json()
    return found


@pytest.mark.parametrize("debian", ["12", "13", "forky"])
def test_the_directory_answers_over_tls(lab: Lab, debian: str) -> None:
    ca = lab.start_ca(CaOptions(debian=debian))
    directory = _directory(lab)
    assert {"newNonce", "newAccount", "newOrder"} <= directory.keys()
    assert not directory["meta"]["externalAccountRequired"]
    ssl.create_default_context(cafile=ca.root)


def test_profiles_are_those_asked_for(lab: Lab) -> None:
    lab.start_ca(CaOptions(debian="forky"))
    assert set(_directory(lab)["meta"]["profiles"]) == set(PROFILES)
    lab.start_ca(CaOptions(debian="forky", profiles=("minutes",)))
    assert set(_directory(lab)["meta"]["profiles"]) == {"minutes"}


def test_external_accounts(lab: Lab) -> None:
    lab.start_ca(CaOptions(eab=True))
    assert _directory(lab)["meta"]["externalAccountRequired"]


def test_each_start_has_another_root_behind_the_same_door(lab: Lab) -> None:
    ca = lab.start_ca()
    root, bundle = ca.root.read_text(), ca.bundle.read_text()
    lab.start_ca()
    assert ca.root.read_text() != root
    assert ca.bundle.read_text() == bundle


def test_a_ca_that_is_down_stays_down_and_forgets_nothing(lab: Lab) -> None:
    root = lab.start_ca().root.read_text()
    assert cli(lab, "ca", "--stop").returncode == 0
    with pytest.raises(httpx.ConnectError):
        _directory(lab)
    lab.up("web")
    assert not lab.ca.running
    assert cli(lab, "ca", "--resume").returncode == 0
    assert _directory(lab)
    assert lab.ca.root.read_text() == root


def test_a_ca_that_crashed_is_started_again_as_it_was(lab: Lab) -> None:
    lab.start_ca(CaOptions(eab=True))
    Service("ca", lab.layout).stop()
    lab.up("web")
    assert _directory(lab)["meta"]["externalAccountRequired"]


def test_a_server_reaches_it(lab: Lab) -> None:
    lab.start_ca()
    place = urlsplit(lab.ca.directory)
    # A bare server has no HTTP client.
    lab.up("web").run(f"timeout 10 bash -c '</dev/tcp/{place.hostname}/{place.port}'")
