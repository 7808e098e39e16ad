"""A real front before a whole server: the CA, the clients and nobody else get through it."""

from itertools import product
from pathlib import Path
from typing import Any

import httpx
import pytest
import trustme

from deploys.places.edge import TABLE
from tests.conformance.wire import Request, Wire
from tests.house import House
from tests.lab import Lab, Server
from tests.outside.client import Outside
from tests.proxies import fronts
from tests.proxies.stage import PROXYING, Stage, chosen_proxy, own_ca

pytestmark = [pytest.mark.lab, pytest.mark.slow]

FORGED = "203.0.113.99"
MADE_UP = {
    **dict.fromkeys(("X-Forwarded-For", "CF-Connecting-IP", "X-Real-IP", "True-Client-IP"), FORGED),
    "Forwarded": f"for={FORGED}",
}


@pytest.fixture(scope="module")
def front(lab: Lab) -> Server:
    return lab.up("front", debian="13", furnished=True)


def behind_cloudflare(
    lab: Lab, front: Server, proxy: str, debian: str, folder: Path
) -> tuple[House, Outside]:
    """Give a server behind it, and the site as it is seen through it."""
    pulls, state = trustme.CA(), front.layout.state
    (folder / "pulls-ca.pem").write_bytes(pulls.cert_pem.bytes())
    networks = [f"{front.address}/32", f"{front.address6}/128"]
    edge = {"cloudflare": True, "networks": networks, "client_ca": str(folder / "pulls-ca.pem")}
    server = lab.up(f"pulled-{proxy}-{debian}", debian=debian, furnished=True, nginx=proxy == "nginx")
    house = House.on(lab, server, edge={**edge, "only": "firewall"}, **chosen_proxy(lab, proxy))
    names = (house.domain, *house.settings["sites"][house.domain]["aliases"])
    for name in names:
        lab.set_name(name, str(front.address))
    shown = pulls.issue_cert("edge.test").private_key_and_cert_chain_pem.bytes()
    ca = own_ca(state)
    trusted = fronts.pem([lab.ca.root, state / "stage-ca.pem"])
    fronts.cloudflare(front, server, names, trusted=trusted, shown=shown, ca=ca)
    return house, Outside(house.domain, str(front.address), state / "stage-ca.pem")


def told(site: Outside) -> Any:
    answer = site.get("/echo", headers=MADE_UP)
    assert answer.status_code == 200, answer.text[:200]
    return answer.json()["client"]


def refuses(house: House) -> bool:
    """Say whether the server answers nobody who does not come by the front."""
    for url in (f"https://{house.domain}/", f"http://{house.domain}/.well-known/acme-challenge/x"):
        try:
            house.outside.get(url)
        except (httpx.ConnectError, httpx.ReadError):
            continue
        return False
    return True


# On each Debian, as each has another nftables and systemd, which keep the firewall through a boot.
@pytest.mark.parametrize(("proxy", "debian"), [*product(PROXYING, ("13", "12"))])
def test_the_ca_and_clients_get_through_cloudflare(
    lab: Lab, front: Server, tmp_path: Path, proxy: str, debian: str
) -> None:
    house, site = behind_cloudflare(lab, front, proxy, debian, tmp_path)
    us = str(house.server.subnet.address(1))
    house.deploy().check()
    assert house.deploy().check().changed == []
    assert told(site) == us  # and so the CA has issued what the front trusts
    assert site.get("http://" + house.domain + "/echo").status_code == 301
    assert refuses(house)

    # A flush of all rules, and a boot, open nothing.
    house.server.run("systemctl restart nftables")
    assert refuses(house)
    house.server.reboot()
    assert refuses(house)
    assert told(site) == us
    house.server.run(f"nft delete table inet {TABLE}")
    assert not refuses(house)
    assert house.deploy().check().changed == ["Let nobody but the edge reach ports 80 and 443"]
    assert refuses(house)

    # An origin certificate, of a CA that nobody else trusts.
    origin = own_ca(front.layout.state).issue_cert(house.domain, f"{house.server.name}.test")
    (tmp_path / "origin.pem").write_bytes(b"".join(one.bytes() for one in origin.cert_chain_pems))
    (tmp_path / "origin.key").write_bytes(origin.private_key_pem.bytes())
    files = {"chain": str(tmp_path / "origin.pem"), "key": str(tmp_path / "origin.key")}
    brought = {house.domain: {**house.settings["sites"][house.domain], "certificate": files}}
    house.deploy(sites=brought).check()
    assert house.deploy(sites=brought).check().changed == []
    assert told(site) == us

    # Open to all again: the rules are gone, and who shows no certificate gets nowhere all the same.
    edge = {**house.settings["edge"], "only": False}
    if proxy != "traefik":
        house.deploy(sites=brought, edge=edge).check()
        assert house.deploy(sites=brought, edge=edge).check().changed == []
        assert TABLE not in house.server.run("nft list tables inet").stdout
        assert not refuses(house)
        assert told(site) == us
        with pytest.raises((httpx.TransportError, AssertionError)):
            told(Outside(house.domain, str(house.server.address), front.layout.state / "stage-ca.pem"))


# Who reads the protocol is the proxy, of which nginx alone is another one there.
@pytest.mark.parametrize(("proxy", "debian"), [*product(PROXYING, ("13",)), ("nginx", "12")])
def test_haproxy_tells_by_both_versions_of_its_protocol(
    lab: Lab, front: Server, proxy: str, debian: str
) -> None:
    settings: dict[str, Any] = {
        "acme": {"email": "ops@gatehouse.test", "directory": "https://ca.gatehouse.test/dir"},
        "apps": {"shop": {"source": ".", "asgi": "demo:app", "port": 20100}},
        "sites": {"shop.test": {"routes": {"/": {"app": "shop"}}}},
        "edge": {"addresses": [f"{front.address}/32"], "tells_by": "PROXY", "only": "firewall"},
    }
    stage = Stage.on(lab, f"spoken-{proxy}-{debian}", debian, {**settings, **chosen_proxy(lab, proxy)})
    stage.deploy().check()
    stage.put_apps({"shop-a": 20100, "shop-b": 20101})
    fronts.balancer(front, stage.server, {8441: "send-proxy", 8442: "send-proxy-v2", 8443: ""})
    headers = tuple(MADE_UP.items())
    found = {}
    for port in (8441, 8442, 8443):
        answer = Wire(str(front.address), stage.roots, port=port).send(Request("/x", headers=headers))
        assert not answer.status or FORGED not in str(answer.seen)
        found[port] = answer.seen_header("x-forwarded-for") if answer.status else None
    # nginx asks everybody for the line.
    silent = None if proxy == "nginx" else str(front.address)
    assert found == {8441: stage.client, 8442: stage.client, 8443: silent}
