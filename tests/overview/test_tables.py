"""What people read of hosts, and which state of them counts as wrong."""

import copy
from typing import Any

import pytest

from deploys.load import server_from
from deploys.overview.overview import overview, unreached
from deploys.overview.tables import tables
from deploys.verification.glimpse import Glimpse

NOW = 1_790_000_000
DAY = 86400
SERVER = server_from(
    {
        "acme": {"email": "ops@example.com"},
        "apps": {"shop": {"source": "../shop", "asgi": "shop.main:app"}},
        "sites": {"www.example.com": {"routes": {"/": {"app": "shop"}}}},
    }
)
SEEN = Glimpse("www.example.com", "https://www.example.com/", 200, "200 OK", days=60)
ANSWER: dict[str, Any] = {
    "now": NOW,
    "proxy": "active",
    "maintenance": [],
    "timers": {"gatehouse-watch.timer": "active"},
    "alerts": ["webhook"],
    "problems": [],
    "disk": {"total": 20_000_000_000, "free": 12_000_000_000},
    "files": {"total": 1_000_000, "free": 900_000},
    "memory": {"total": 1_000_000_000, "free": 400_000_000},
    "reboot": False,
    "present": ["shop"],
    "certificates": {
        "www.example.com": {"not_after": NOW + 60 * DAY, "placeholder": False, "issuer": "O = LE, CN = R11"}
    },
    "apps": [
        {
            "live": "b",
            "slots": {"b": {"release": 8, "state": "active", "memory": 84_000_000, "restarts": 0}},
            "releases": [{"number": 8, "commit": "16d84e21801c", "created": NOW - 3 * DAY}],
            "deployed": NOW - 3 * DAY,
            "by": "ops@laptop",
            "back_from": None,
        }
    ],
}

WELL = """\
web1
  nginx active, disk 8.0 of 20.0 GB, memory 0.6 of 1.0 GB, alerts webhook

  site                      answers  certificate
  https://www.example.com/  200 OK   60 days left

  app   release  commit        age     slot  state   memory  restarts  last deploy
  shop  8        16d84e21801c  3 days  b     active  84 MB   0         3 days ago by ops@laptop

  ✓ nothing is wrong

web2
  ✗ not reached: nothing answers at port 22 of 192.0.2.7"""


def test_hosts_of_which_one_is_gone() -> None:
    gone = unreached("nothing answers at port 22 of 192.0.2.7")
    hosts = {"web2": gone, "web1": overview(SERVER, ANSWER, [SEEN])}
    assert "\n".join(tables(hosts)) == WELL


def test_behind_a_load_balancer_its_certificate_and_the_ways_to_the_apps_are_shown() -> None:
    public = {"name": "www.example.com", "port": 8000}
    settings = {
        "proxy": "none",
        "edge": {"addresses": ["10.0.1.0/24"]},
        "apps": {"shop": {"source": "../shop", "asgi": "shop.main:app", "public": public}},
    }
    found = overview(server_from(settings), changed(certificates={}), [SEEN])
    shown = "\n".join(tables({"web1": found}))
    assert "gatehouse-front active" in shown
    assert "https://www.example.com/  200 OK   60 days left\n" in shown


def test_an_app_that_was_rolled_back() -> None:
    answer = copy.deepcopy(ANSWER)
    answer["apps"][0]["back_from"] = 9
    shown = "\n".join(tables({"web1": overview(SERVER, answer, [SEEN])}))
    assert "3 days ago by ops@laptop, back from 9\n" in shown


def changed(**changes: Any) -> dict[str, Any]:
    return copy.deepcopy(ANSWER) | changes


def app(**changes: Any) -> dict[str, Any]:
    answer = copy.deepcopy(ANSWER)
    answer["apps"][0]["slots"]["b"] |= changes
    return answer


DOWN = Glimpse("www.example.com", "https://www.example.com/", 502, "502 Bad Gateway", days=60)
SILENT = Glimpse("www.example.com", "https://www.example.com/", None, "the connection is refused")
PAUSED = Glimpse("www.example.com", "https://www.example.com/", 503, "503 Service Unavailable", days=60)


@pytest.mark.parametrize(
    ("answer", "seen", "problems"),
    [
        ({}, SEEN, ["nothing is deployed here yet; deploys/site.py deploys it"]),
        (changed(proxy="failed"), SEEN, ["nginx is failed: no site answers"]),
        (app(state="failed"), SEEN, ["shop: release 8 is failed"]),
        (app(release=None), SEEN, ["shop: has no release yet"]),
        (ANSWER, DOWN, ["https://www.example.com/ answers 502 Bad Gateway"]),
        (ANSWER, SILENT, ["https://www.example.com/: the connection is refused"]),
        (ANSWER, PAUSED, ["https://www.example.com/ answers 503 Service Unavailable"]),
        (changed(maintenance=["www.example.com"]), PAUSED, []),
        (
            changed(timers={"gatehouse-watch.timer": "inactive"}),
            SEEN,
            ["gatehouse-watch.timer is inactive: nobody looks at the certificates"],
        ),
        (changed(disk={"total": 100, "free": 5}), SEEN, ["the disk is full to 95 %"]),
        (
            changed(files={"total": 100, "free": 0}),
            SEEN,
            ["the disk is full to 100 % of the files that it can have"],
        ),
        (changed(files={"total": 0, "free": 0}), SEEN, []),
        (changed(problems=["a certificate ends soon"]), SEEN, ["a certificate ends soon"]),
        (changed(reboot=True, alerts=[]), SEEN, []),
    ],
)
def test_what_is_wrong(answer: dict[str, Any], seen: Glimpse, problems: list[str]) -> None:
    found = overview(SERVER, answer, [seen])
    assert found["problems"] == problems
    shown = "\n".join(tables({"web1": found}))
    assert ("✓ nothing is wrong" in shown) == (not problems)
    assert all(f"✗ {problem}" in shown for problem in problems)


SILENCE = "www.example.com: nothing is served ([Errno 111] Connection refused)"
TROUBLE = "what is behind it, and what helps: docs/troubleshooting.md"
STARTS = "deploys/site.py starts what has stopped"


@pytest.mark.parametrize(
    ("answer", "seen", "to_do"),
    [
        (ANSWER, SEEN, []),
        (ANSWER, DOWN, [TROUBLE]),
        (changed(proxy="inactive", problems=[SILENCE]), SILENT, [STARTS, TROUBLE]),
        (changed(timers={"gatehouse-watch.timer": "inactive"}), SEEN, [STARTS, TROUBLE]),
        (app(state="failed"), DOWN, [STARTS, TROUBLE]),
        (
            app(release=None),
            DOWN,
            ["deploys/site.py releases what has no release yet, and starts what has stopped", TROUBLE],
        ),
    ],
)
def test_what_is_to_do(answer: dict[str, Any], seen: Glimpse, to_do: list[str]) -> None:
    found = overview(SERVER, answer, [seen])
    assert found["to_do"] == to_do
    lines = list(tables({"web1": found}))
    assert [line for line in lines if line.startswith("  to do: ")] == [f"  to do: {one}" for one in to_do]


def test_what_both_have_seen_is_told_once() -> None:
    other = "other.example.com: nothing is served ([Errno 111] Connection refused)"
    found = overview(SERVER, changed(problems=[SILENCE, other]), [SILENT])
    assert found["problems"] == ["https://www.example.com/: the connection is refused", other]
    assert SILENCE in overview(SERVER, changed(problems=[SILENCE]), [SEEN])["problems"]
