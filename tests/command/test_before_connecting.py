"""What is wrong with settings and names is told before anything connects, be the server there or not."""

import pytest

from tests.command.clone import Clone
from tests.command.wrong import SETTINGS, inventory

DOWN = {"ssh_hostname": "127.0.0.1", "ssh_port": 9, "ssh_user": "root"}
NO_ANSWER = "✗ web1: nothing answers at port 9 of 127.0.0.1"
REFUSED = "gatehouse: settings refused, nothing was changed"
MISSPELT = "proxy: 'ngins': did you mean 'nginx'? write 'nginx', 'caddy', 'traefik' or 'none'"
OWN = "is an example's name; write your server's own, or"
VERBS = {
    "site": (),
    "status": (),
    "rollback": (),
    "run": (),
    "renew": (),
    "advise": (),
    "verify": (),
    "report": (),
    "maintenance": ("on",),
    "alert": (),
    "backup": (),
    "forget": (),
    "uninstall": (),
}


@pytest.mark.parametrize("verb", VERBS)
def test_a_wrong_setting_of_a_server_that_is_down(ready_clone: Clone, verb: str) -> None:
    ready_clone.write(inventory(f"hosts = [('web1', {DOWN!r})]\n"))
    ready_clone.write({"group_data/prod.py": SETTINGS["group_data/prod.py"] + "proxy = 'ngins'\n"})
    ended = ready_clone.run(verb, "prod", *VERBS[verb])
    assert (ended.code, ended.lines) == (2, [REFUSED, f"gatehouse: web1: {MISSPELT}"])


@pytest.mark.parametrize("verb", ["site", "alert", "advise"])
def test_no_settings_at_all(ready_clone: Clone, verb: str) -> None:
    ready_clone.write(inventory(f"hosts = [('web1', {DOWN!r})]\n") | {"group_data/prod.py": ""})
    ended = ready_clone.run(verb, "prod")
    if verb in {"alert", "advise"}:
        assert (ended.code, ended.lines) == (1, [NO_ANSWER]), "expected it to need none"
    else:
        where = "write them to group_data/prod.py, named as the inventory is"
        assert (ended.code, ended.lines) == (2, [f"gatehouse: web1: there are no settings: {where}"])


@pytest.mark.parametrize("verb", ["site", "alert"])
@pytest.mark.parametrize(
    ("host", "line"),
    [
        (("server.example.com", {}), f"server.example.com: {OWN} set ssh_hostname to its address"),
        (("Example.ORG", {}), f"Example.ORG: {OWN} set ssh_hostname to its address"),
        (
            ("web1", {"ssh_hostname": "a.b.example.net"}),
            f"web1: ssh_hostname: 'a.b.example.net': {OWN} its address",
        ),
    ],
)
def test_a_server_of_the_examples(
    ready_clone: Clone, verb: str, host: tuple[str, dict[str, str]], line: str
) -> None:
    ready_clone.write(inventory(f"hosts = [{host!r}]\n"))
    ended = ready_clone.run(verb, "prod")
    assert (ended.code, ended.lines) == (2, [f"gatehouse: {line}"])


@pytest.mark.parametrize("host", [("web1.example.com", DOWN), ("notexample.com", DOWN), ("web1.test", DOWN)])
def test_a_server_that_is_none_of_them(ready_clone: Clone, host: tuple[str, dict[str, object]]) -> None:
    ready_clone.write(inventory(f"hosts = [{host!r}]\n"))
    ended = ready_clone.run("verify", "prod")
    assert (ended.code, ended.lines) == (1, [NO_ANSWER.replace("web1", host[0])])


def test_all_that_is_left_of_the_examples_is_told_at_once(clone: Clone) -> None:
    clone.write(inventory("hosts = ['server.example.com']\n"))
    settings = """
acme = {"email": "ops@example.com"}
sites = {"www.example.com": {"routes": {"/": {"files": "/srv/www"}}}}
"""
    clone.write({"group_data/prod.py": settings})
    ended = clone.run("site", "prod")
    email = "acme['email']: 'ops@example.com': write your own address, this one is an example's"
    site = "sites: 'www.example.com': write your own domain, this one is an example's"
    assert ended.lines == [
        f"gatehouse: server.example.com: {OWN} set ssh_hostname to its address",
        REFUSED,
        f"gatehouse: server.example.com: {email}",
        f"gatehouse: server.example.com: {site}",
    ]
