"""Behind an edge the app knows the true client, whatever anybody says who is not the edge."""

import subprocess
import sys
from typing import Any

import pytest

from tests.lab import Lab
from tests.proxies.stage import PROXYING, Stage, chosen_proxy
from tests.proxies.told_by import CUT_OFF

pytestmark = pytest.mark.lab

CLIENT, FORGED = "203.0.113.66", "203.0.113.99"
SETTINGS: dict[str, Any] = {
    "acme": {"email": "ops@gatehouse.test", "directory": "https://ca.gatehouse.test/dir"},
    "apps": {"shop": {"source": ".", "asgi": "demo:app", "port": 20100}},
    "sites": {"shop.test": {"routes": {"/": {"app": "shop"}}}},
}
EDGE, STRANGER = "the edge", "a stranger"
ITSELF = "itself"
"""The app is told the address of whoever has connected."""
HEADER = ("", "X-Forwarded-For", CLIENT)
LINE = (f"PROXY TCP4 {CLIENT} 192.0.2.1 5000 443",)
OTHERS = (
    *("X-Real-IP", FORGED),
    *("CF-Connecting-IP", FORGED),
    *("True-Client-IP", FORGED),
    "X-Client-IP",
    FORGED,
)
Rows = dict[tuple[str, tuple[str, ...]], str]

BY_HEADER: Rows = {
    (EDGE, HEADER): CLIENT,
    (EDGE, (*HEADER, *OTHERS)): CLIENT,
    (EDGE, ("", "X-Forwarded-For", f"{FORGED}, {CLIENT}")): CLIENT,
    (EDGE, LINE): CUT_OFF,
    (STRANGER, ("",)): ITSELF,
    (STRANGER, HEADER): ITSELF,
    (STRANGER, (*HEADER, *OTHERS)): ITSELF,
    (STRANGER, ("", "X-Forwarded-For", f"{FORGED}, 127.0.0.1")): ITSELF,
    (STRANGER, LINE): CUT_OFF,
}
BY_LINE: Rows = {
    (EDGE, LINE): CLIENT,
    (EDGE, (*LINE, "X-Forwarded-For", FORGED, *OTHERS)): CLIENT,
    (STRANGER, LINE): ITSELF,
    (STRANGER, ("PROXY TCP4 127.0.0.1 127.0.0.1 5000 443",)): ITSELF,
    (STRANGER, (*LINE, "X-Forwarded-For", FORGED, *OTHERS)): ITSELF,
    # nginx asks for the line of everybody; to the others, who says nothing is who has connected.
    (STRANGER, ("",)): ITSELF,
    (STRANGER, HEADER): ITSELF,
}
NOT_CUT = {"traefik": "403"}
"""What a proxy answers who comes by no edge where it does not cut the connection off."""
WAYS = {"X-Forwarded-For": BY_HEADER, "PROXY": BY_LINE}


# The same of nginx is among the quick tests of its own.
@pytest.fixture(
    scope="module",
    params=[pytest.param(name, marks=[pytest.mark.slow] * (name == "nginx")) for name in PROXYING],
)
def stage(request: pytest.FixtureRequest, lab: Lab) -> Stage:
    settings = {**SETTINGS, **chosen_proxy(lab, request.param)}
    made = Stage.on(lab, f"edge-{request.param}", "13", settings)
    made.deploy().check()
    made.put_apps({"shop-a": 20100, "shop-b": 20101})
    return made


@pytest.mark.parametrize("only", [False, True], ids=["anybody", "only"])
@pytest.mark.parametrize("way", WAYS)
def test_the_app_knows_the_client(stage: Stage, lab: Lab, way: str, *, only: bool) -> None:
    edge_client, stranger = lab.client("edge"), lab.client("stranger")
    edge = {"addresses": [f"{edge_client.address}/32"], "tells_by": way, "only": only}
    if refused := stage.refusals(edge=edge):
        assert refused[0].startswith("edge"), (
            refused
        )  # told before anything is changed, so nobody is believed
        return
    stage.deploy(edge=edge).check()
    clients = {EDGE: edge_client, STRANGER: stranger}
    found, expected = {}, {}
    for (who, words), true in WAYS[way].items():
        command = (sys.executable, "-m", "tests.proxies.told_by", str(stage.server.address), str(stage.roots))
        asked = clients[who].command(*command, *words)
        found[who, words] = subprocess.check_output(asked, text=True).strip()
        is_cut_off = who == STRANGER and (
            only or (way == "PROXY" and stage.proxy.name == "nginx" and not words[0])
        )
        itself = NOT_CUT.get(stage.proxy.name, CUT_OFF) if is_cut_off else str(clients[who].address)
        expected[who, words] = itself if true == ITSELF else true
    assert found == expected
