"""What a part of the house has watched gets there, and the watch itself knows no part."""

from types import ModuleType

import pytest

from deploys.certificates.onhost import watch as certificates
from deploys.load import server_from
from deploys.overview.onhost import machine
from deploys.watch import kept
from deploys.watch.onhost import watch
from deploys.watch.watched import Daily, Watched

SERVER = server_from(
    {
        "acme": {"email": "ops@example.com"},
        "sites": {"a.test": {"routes": {"/": {"redirect": "https://b.test"}}}},
    }
)


@pytest.mark.parametrize(
    ("units", "drop_in"),
    [
        ("nginx.service", "/etc/systemd/system/nginx.service.d/gatehouse-alert.conf"),
        ("gatehouse-*", "/etc/systemd/system/gatehouse-.service.d/gatehouse-alert.conf"),
    ],
)
def test_the_failure_of_a_unit_that_is_watched_is_told(units: str, drop_in: str) -> None:
    found = {file.path: file for file in kept.kept(SERVER, [Watched(units=(units,))], follow=False)}
    assert "OnFailure=gatehouse.alert@%n.service" in found[drop_in].content
    assert kept.watch_settings(SERVER, [Watched(units=(units,))])["units"] == [units]


@pytest.mark.parametrize("module", [certificates, machine])
def test_what_looks_is_there_with_all_that_it_imports(module: ModuleType) -> None:
    look = Watched(looks=(Daily("one", module, {"a": 1}),))
    paths = {file.path for file in kept.kept(SERVER, [look], follow=False)}
    assert f"/usr/local/lib/gatehouse/{module.__name__.replace('.', '/')}.py" in paths
    assert "/usr/local/lib/gatehouse/deploys/onhost/run.py" in paths
    assert kept.watch_settings(SERVER, [look])["looks"] == {
        "one": {"module": module.__name__, "settings": {"a": 1}}
    }


def test_whatever_is_registered_is_asked_what_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = {"lineages": {"a.test": {"chain": "/none"}}, "timer": ""}
    monkeypatch.setattr(watch, "units", lambda patterns: [f"{pattern} has failed" for pattern in patterns])
    looks = {"certificates": {"module": certificates.__name__, "settings": settings}}
    assert watch.problems({"looks": looks, "units": ["x"]}) == [
        "a.test: /none holds no certificate",
        "x has failed",
    ]


@pytest.mark.parametrize(("failed", "listed"), [([], ""), (["x", "y"], "x has failed\ny has failed\n")])
def test_a_list_has_a_line_for_each_that_is_wrong(
    failed: list[str], listed: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(watch, "units", lambda patterns: [f"{pattern} has failed" for pattern in patterns])
    monkeypatch.setattr("sys.argv", ["gatehouse-watch", "--list"])
    watch.main({"looks": {}, "units": failed, "alerts": {}})
    assert capsys.readouterr().out == listed
