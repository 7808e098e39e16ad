from ipaddress import ip_address

import pytest

from tests.lab import Lab, LabError, Server
from tests.lab.services import Service

pytestmark = pytest.mark.lab

V4, V6 = "192.0.2.80", "2001:db8::80"


@pytest.fixture(scope="module")
def web(lab: Lab) -> Server:
    return lab.up("web")


def _resolved(server: Server, name: str) -> set[str]:
    answers = server.run(f"getent ahosts {name}", check=False).stdout.splitlines()
    return {str(ip_address(line.split()[0])) for line in answers}


@pytest.mark.parametrize("addresses", [(V4,), (V6,), (V4, V6), (V4, "192.0.2.81")])
def test_a_name_has_the_addresses_it_was_given(lab: Lab, web: Server, addresses: tuple[str, ...]) -> None:
    lab.set_name("app.test", "192.0.2.1", "2001:db8::1")
    lab.set_name("app.test", *addresses)
    assert _resolved(web, "app.test") == set(addresses)


def test_a_name_nobody_set_has_none(web: Server) -> None:
    assert _resolved(web, "nobody.test") == set()


def test_a_removed_name_has_none(lab: Lab, web: Server) -> None:
    lab.set_name("gone.test", V4)
    lab.remove_name("gone.test")
    assert _resolved(web, "gone.test") == set()


def test_names_outlive_the_name_server(lab: Lab, web: Server) -> None:
    lab.set_name("kept.test", V4)
    for service in ("names", "resolver"):
        Service(service, lab.layout).stop()
    with pytest.raises(LabError, match="name server does not answer"):
        lab.set_name("late.test", V4)
    lab.up("web")
    assert _resolved(web, "kept.test") == {V4}
    assert _resolved(web, "late.test") == {V4}


@pytest.mark.parametrize("name", ["app.example", "test", "a b.test", "-.test", "app.test.example", ""])
def test_only_names_under_test_are_the_labs(lab: Lab, web: Server, name: str) -> None:
    with pytest.raises(LabError, match=r"not a name under \.test"):
        lab.set_name(name, V4)
