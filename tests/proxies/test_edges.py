"""Behind an edge the app knows the true client, whatever anybody says who is not the edge."""

import json
import subprocess
import sys
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import trustme

from tests.conformance.versions import over_http3
from tests.conformance.wire import Request
from tests.lab import Lab
from tests.lab.clients import Client
from tests.proxies.edges import (
    CHALLENGE,
    CLIENT,
    EDGE,
    ENDED,
    ITSELF,
    MALFORMED,
    MOVED,
    NOT_SAID,
    SELF_MADE,
    STRANGER,
    THEIRS,
    UNTOLD,
    WAYS,
    Row,
)
from tests.proxies.stage import PROXYING, Stage, chosen_proxy
from tests.proxies.told_by import CUT_OFF, question

pytestmark = [pytest.mark.lab, pytest.mark.slow]

SETTINGS: dict[str, Any] = {
    "acme": {"email": "ops@gatehouse.test", "directory": "https://ca.gatehouse.test/dir"},
    "apps": {"shop": {"source": ".", "asgi": "demo:app", "port": 20100}},
    "sites": {"shop.test": {"routes": {"/": {"app": "shop"}}}},
}
NOT_CUT = {("nginx", "shows"): "400", ("traefik", "only"): "403"}
"""What a proxy answers, rather than nothing, to who shows no certificate, or comes by no edge."""


@dataclass(frozen=True)
class Front:
    """Who is before the server, who is beside it, and what they can show."""

    edge: Client
    stranger: Client
    folder: Path

    @property
    def ca(self) -> str:
        return str(self.folder / "ca.pem")

    def of(self, who: str) -> Client:
        return {EDGE: self.edge, STRANGER: self.stranger}[who]

    def shown(self, which: str) -> str:
        return str(self.folder / f"{which}.pem") if which else ""


@pytest.fixture(scope="module")
def front(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Front:
    folder = tmp_path_factory.mktemp("front")
    ca, other = trustme.CA(), trustme.CA()
    (folder / "ca.pem").write_bytes(ca.cert_pem.bytes())
    for name, issued in {
        THEIRS: ca.issue_cert("edge.test"),
        SELF_MADE: other.issue_cert("edge.test"),
        ENDED: ca.issue_cert("edge.test", not_after=datetime.now(UTC) - timedelta(days=1)),
    }.items():
        (folder / f"{name}.pem").write_bytes(issued.private_key_and_cert_chain_pem.bytes())
    return Front(lab.client("edge"), lab.client("stranger"), folder)


# Debian 12 has another nginx. Other proxies are the same there, and what the kernel does for them they show
# behind a real front.
PLACES = [*product(PROXYING, ("13",)), ("nginx", "12")]


@pytest.fixture(scope="module", params=PLACES, ids="-".join)
def stage(request: pytest.FixtureRequest, lab: Lab) -> Stage:
    proxy, debian = request.param
    settings = {**SETTINGS, **chosen_proxy(lab, proxy)}
    made = Stage.on(lab, f"edge-{proxy}-{debian}", debian, settings)
    made.deploy().check()
    made.put_apps({"shop-a": 20100, "shop-b": 20101})
    return made


@pytest.mark.parametrize("way", WAYS)
def test_the_app_knows_the_client(stage: Stage, front: Front, way: str) -> None:
    said, rows = WAYS[way]
    networks = [f"{front.edge.address}/32", f"{front.edge.address6}/128"]
    edge = {**said, "networks": networks, "client_ca": front.ca}
    if "cloudflare" not in said:
        edge = {**said, "addresses": networks}
    if said.get("speaks") == "HTTP":
        kept = {key: stage.settings[key] for key in stage.settings if key != "acme"}
        stage = replace(stage, settings={**kept, "edge": edge})
    if refused := stage.refusals(edge=edge):
        # Told before anything is changed, so nobody is believed.
        assert refused[0].startswith("edge"), refused
        return
    stage.deploy(edge=edge).check()
    assert stage.deploy(edge=edge).check().changed == []
    found = {str(row): told for who in (EDGE, STRANGER) for row, told in ask(stage, front, who, rows)}
    wanted = {str(row): expected(row, stage, front, said) for row in rows}
    assert {row: told for row, told in found.items() if told not in wanted[row]} == {}
    assert found.keys() == wanted.keys()


@pytest.mark.parametrize(
    ("file", "words"),
    [("nowhere.pem", "no such file or directory"), (f"{THEIRS}.pem", "it holds a private key")],
)
def test_a_file_that_names_no_ca_is_refused(stage: Stage, front: Front, file: str, words: str) -> None:
    edge = {"cloudflare": True, "networks": [f"{front.edge.address}/32"], "only": True}
    path = str(front.folder / file)
    run = stage.deploy(edge={**edge, "client_ca": path})
    assert run.code != 0
    assert f"edge['client_ca']: {path!r}: {words}" in run.output
    assert run.operations == []


NOTHING = (None, 400)
"""What they get who are refused: by the handshake no answer at all, else one that says so."""
OVER_QUIC = {THEIRS: (200,), SELF_MADE: NOTHING, ENDED: NOTHING, "": NOTHING}
"""Which status one gets over HTTP/3 who shows such a certificate."""


def test_over_http3_who_shows_no_certificate_gets_nothing(stage: Stage, front: Front) -> None:
    here = [f"{front.edge.address}/32", f"{stage.server.subnet.address(1)}/32"]
    edge = {"cloudflare": True, "networks": here, "client_ca": front.ca, "only": True}
    (site,) = stage.settings["sites"]
    sites = {site: {**stage.settings["sites"][site], "http3": True}}
    if refused := stage.refusals(edge=edge, sites=sites):
        assert any("http3" in line for line in refused), refused
        return
    stage.deploy(edge=edge, sites=sites).check()
    request = Request(host=site)
    shown = {which: front.folder / f"{which}.pem" if which else None for which in OVER_QUIC}
    found = {which: over_http3(stage, request, path).status for which, path in shown.items()}
    assert {which: status for which, status in found.items() if status not in OVER_QUIC[which]} == {}


def ask(stage: Stage, front: Front, who: str, rows: tuple[Row, ...]) -> list[tuple[Row, str]]:
    mine = [row for row in rows if row.who == who]
    questions = [
        question(
            str(stage.server.address6 if row.over_6 else stage.server.address),
            headers=[(name, value.replace(EDGE, str(front.edge.address))) for name, value in row.pairs],
            first=row.first,
            certificate=front.shown(row.shows),
            tls=row.tls,
            path=row.path,
        )
        for row in mine
    ]
    command = front.of(who).command(sys.executable, "-m", "tests.proxies.told_by", str(stage.roots))
    told = json.loads(subprocess.check_output(command, input=json.dumps(questions), text=True))
    return [*zip(mine, told, strict=True)]


def expected(row: Row, stage: Stage, front: Front, edge: Any) -> tuple[str, ...]:
    """Say what may come of a row: mostly one thing."""
    proxy, client = stage.proxy.name, front.of(row.who)
    itself = str(client.address6 if row.over_6 else client.address)
    if refused := kept_out(row, proxy, edge):
        return (refused,)
    said = {
        ITSELF: (itself,),
        # To a proxy it may be reason enough to hang up (the protocol's section 2.2).
        UNTOLD: (itself, CUT_OFF),
        NOT_SAID: (MOVED if proxy == "traefik" else CLIENT,),
        MALFORMED: (MALFORMED, CUT_OFF),
    }
    return said.get(row.told, (row.told,))


def kept_out(row: Row, proxy: str, edge: Any) -> str:
    """Say what somebody gets who is not let in; nothing where somebody is."""
    is_silent = edge.get("tells_by") == "PROXY" and not row.first
    if "cloudflare" in edge and row.tls and row.shows != THEIRS and not is_refused_by_the_kernel(row, edge):
        return NOT_CUT.get((proxy, "shows"), CUT_OFF)
    if is_refused_by_the_kernel(row, edge) or row.told == CUT_OFF or (proxy == "nginx" and is_silent):
        return CUT_OFF
    # Traefik redirects whoever comes without TLS, which tells nobody anything.
    if row.who != STRANGER or row.told == CHALLENGE or (proxy == "traefik" and row.told == MOVED):
        return ""
    return NOT_CUT.get((proxy, "only"), CUT_OFF) if edge.get("only") else ""


def is_refused_by_the_kernel(row: Row, edge: Any) -> bool:
    return row.who == STRANGER and edge.get("only") == "firewall"
