import pytest

from tests.house import House
from tests.lab import Lab
from tests.proxies.stage import chosen_proxy

ROUTED = [("caddy", "13"), ("traefik", "13"), ("caddy", "12"), ("traefik", "12")]
"""All but nginx, which is there wherever a test does not say otherwise."""


@pytest.fixture(scope="session", params=ROUTED, ids="-".join)
def routed(request: pytest.FixtureRequest, lab: Lab) -> House:
    """A server on which all is as a user has it, but for the proxy; all that asks for it is slow."""
    proxy, debian = request.param
    server = lab.up(f"routed-{proxy}-{debian}", debian=debian, furnished=True, nginx=False)
    made = House.on(lab, server, **chosen_proxy(lab, proxy))
    made.deploy().check()
    return made
