"""Whatever keeps a certificate from being renewed and served is told, over the network, by the server."""

from collections.abc import Iterator

import pytest

from tests.certificates.renewal import renew_before
from tests.certificates.test_life import NAME, serial
from tests.house import House
from tests.lab.waiting import until
from tests.outside.endpoints import Endpoint, endpoint
from tests.watch.breaking import broken

pytestmark = pytest.mark.lab

CERTIFICATES = "/etc/gatehouse/certificates"
DUE, NOT_DUE = renew_before(NAME, "9999 days"), renew_before(NAME, "720 hours")


@pytest.fixture(scope="module")
def told(bare_house: House) -> Iterator[Endpoint]:
    """Where the server's alerts arrive, as long as the tests of this file run."""
    with endpoint(bare_house.outside.own_address()) as found:
        webhook = {"url": found.url, "format": "ntfy", "headers": {"Authorization": "Bearer s3cret"}}
        run = bare_house.deploy("--diff", alerts={"webhook": webhook}).check()
        assert "s3cret" not in run.output
        assert found.url not in run.output
        yield found
    bare_house.deploy().check()


def test_all_is_well(bare_house: House, told: Endpoint) -> None:
    assert "all is well" in bare_house.server.run("gatehouse-watch").stdout
    assert told.posts.empty()


def test_a_test_alert(bare_house: House, told: Endpoint) -> None:
    bare_house.deploy(deploy="deploys/alert.py").check()
    post = told.next()
    assert post.headers["Title"].endswith(": test")
    assert post.headers["Authorization"] == "Bearer s3cret"
    assert "Nothing is wrong" in post.body


OLD = (
    "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days {days} -subj /CN=x "
    f"-addext subjectAltName=DNS:{NAME} -keyout /etc/ssl/old/privkey.pem -out /etc/ssl/old/fullchain.pem"
)
LINK = f"readlink {CERTIFICATES}/{NAME} > /root/link; ln -sfn /etc/ssl/old {CERTIFICATES}/{NAME}"
UNIT = "/etc/systemd/system/gatehouse-x-a.service"
NEVER = "/etc/systemd/system/certbot.timer.d"
WATCHED = "/etc/gatehouse/watch.json"
WRONGS = {
    "the timer is gone": (
        "systemctl mask --now certbot.timer",
        "systemctl unmask certbot.timer; systemctl enable --now certbot.timer",
        "certbot.timer is gone: nothing renews",
    ),
    "the timer is stopped": (
        "systemctl stop certbot.timer",
        "systemctl start certbot.timer",
        "certbot.timer is inactive: nothing renews",
    ),
    "the timer is not enabled": (
        "systemctl disable certbot.timer",
        "systemctl enable certbot.timer",
        "certbot.timer is disabled: after a reboot nothing renews",
    ),
    "wire and file differ": (
        f"mkdir -p /etc/ssl/old; {OLD.format(days=90)}; {LINK}",
        f"ln -sfn $(cat /root/link) {CERTIFICATES}/{NAME}",
        f"{NAME}: another certificate is served than the one on disk",
    ),
    "near its end": (
        f"mkdir -p /etc/ssl/old; {OLD.format(days=90)} -not_before 20260101000000Z -not_after "
        f"$(date -ud '+9 days' +%Y%m%d%H%M%SZ); {LINK}; systemctl reload nginx",
        f"ln -sfn $(cat /root/link) {CERTIFICATES}/{NAME}; systemctl reload nginx; sleep 1",
        f"{NAME}: the certificate ends in 8 days, and was not renewed",
    ),
    "an app has failed": (
        f"printf '[Service]\\nExecStart=/bin/false\\n' > {UNIT}; systemctl daemon-reload; "
        "systemctl start gatehouse-x-a; sleep 0.3",
        f"rm {UNIT}; systemctl daemon-reload",
        "gatehouse-x-a.service has failed",
    ),
}
RARE = {
    "the timer never fires again": (
        f"mkdir -p {NEVER}; printf '[Timer]\\nOnCalendar=\\nOnCalendar=2020-01-01\\n' > {NEVER}/never.conf; "
        "systemctl daemon-reload; systemctl restart certbot.timer",
        f"rm -r {NEVER}; systemctl daemon-reload; systemctl restart certbot.timer",
        "certbot.timer never fires again: nothing renews",
    ),
    "still the placeholder": (
        LINK.replace("/etc/ssl/old", f"/var/lib/gatehouse/placeholders/{NAME}"),
        f"ln -sfn $(cat /root/link) {CERTIFICATES}/{NAME}",
        f"{NAME}: is still served with the placeholder, the CA has issued nothing",
    ),
    "a name is not covered": (
        f"mkdir -p /etc/ssl/old; {OLD.format(days=90).replace(f'DNS:{NAME}', 'DNS:else.test')}; {LINK}",
        f"ln -sfn $(cat /root/link) {CERTIFICATES}/{NAME}",
        f"{NAME}: the certificate does not cover {NAME}",
    ),
    "it has ended": (
        f"mkdir -p /etc/ssl/old; {OLD.format(days=90)} -not_before 20260101000000Z -not_after "
        f"$(date -ud '-3 days' +%Y%m%d%H%M%SZ); {LINK}",
        f"ln -sfn $(cat /root/link) {CERTIFICATES}/{NAME}",
        f"{NAME}: the certificate ended 3 days ago",
    ),
    "one of the user's own is near its end": (
        f"mkdir -p /etc/ssl/old; {OLD.format(days=365)} -not_before 20260101000000Z -not_after "
        f"$(date -ud '+20 days' +%Y%m%d%H%M%SZ); {LINK}; sed -i.was '/renewed/s/true/false/' {WATCHED}",
        f"ln -sfn $(cat /root/link) {CERTIFICATES}/{NAME}; mv {WATCHED}.was {WATCHED}",
        f"{NAME}: the certificate ends in 19 days, bring a new one",
    ),
}


@pytest.mark.parametrize("wrong", [*WRONGS, *(pytest.param(one, marks=pytest.mark.slow) for one in RARE)])
def test_what_the_daily_look_tells(bare_house: House, told: Endpoint, wrong: str) -> None:
    do, undo, words = {**WRONGS, **RARE}[wrong]
    with broken(bare_house, do, undo):
        bare_house.server.run("systemctl start gatehouse-watch.service")
        bodies = ""
        while words not in bodies:
            bodies += told.next().body
    assert "all is well" in bare_house.server.run("gatehouse-watch").stdout
    while not told.posts.empty():
        told.posts.get()


def test_an_app_that_fails_is_told_at_once(bare_house: House, told: Endpoint) -> None:
    unit = "/etc/systemd/system/gatehouse-shop-a.service"
    # Its last word is no UTF-8.
    last = "printf 'out of \\\\377 anvils\\\\n'; false"
    make = f"cat > {unit} <<'END'\n[Service]\nExecStart=/bin/sh -c \"{last}\"\nEND\n"
    with broken(bare_house, f"{make}systemctl daemon-reload", f"rm {unit}; systemctl daemon-reload"):
        bare_house.server.run("systemctl start gatehouse-shop-a")
        post = told.next()
    assert post.headers["Title"].endswith("gatehouse-shop-a.service failed")
    assert r"out of \xff anvils" in post.body


def test_a_proxy_that_fails_is_told_once_and_comes_back(bare_house: House, told: Endpoint) -> None:
    squat = "systemd-run -q --unit squatter python3 -m http.server 443; sleep 1"
    with broken(bare_house, f"systemctl stop nginx; {squat}", "systemctl stop squatter"):
        bare_house.server.run("systemctl start nginx", check=False)
        post = told.next()
        # It is started again and again, which is no news.
        until(
            lambda: "restart counter is at 3" in bare_house.server.run("journalctl -b -u nginx").stdout,
            within=30,
            otherwise="nginx is not started again",
        )
    assert post.headers["Title"].endswith("nginx.service failed")
    assert "Address already in use" in post.body
    assert told.posts.empty()
    until(lambda: bare_house.outside.answers(443), within=30, otherwise="nginx does not come back")


def test_the_watch_runs_daily_by_itself(bare_house: House) -> None:
    shown = "systemctl show gatehouse-watch.timer -p ActiveState -p UnitFileState"
    found = dict(line.split("=", 1) for line in bare_house.server.run(shown).stdout.splitlines())
    assert (found["ActiveState"], found["UnitFileState"]) == ("active", "enabled")
    # A day, and the two hours that it is put off by at most.
    left = (
        'echo $(($(date -d "$(systemctl show gatehouse-watch.timer --value -p NextElapseUSecRealtime)" +%s)'
    )
    assert 0 <= int(bare_house.server.run(f"{left} - $(date +%s)))").stdout) <= 26 * 3600


def test_a_failed_renewal_is_told(bare_house: House, told: Endpoint) -> None:
    """The timer's own service fails, and nobody has to wait for the daily look."""
    bare_house.lab.remove_name(NAME)
    try:
        with broken(bare_house, DUE, NOT_DUE):
            assert bare_house.server.run("systemctl start certbot.service", check=False).returncode != 0
            post = told.next()
            assert post.headers["Title"].endswith("certbot.service failed")
            assert NAME in post.body
            bare_house.server.run("systemctl start gatehouse-watch.service")
            assert "certbot.service: the last renewal failed" in told.next().body
    finally:
        bare_house.lab.set_name(NAME, str(bare_house.server.address))
    bare_house.server.run("systemctl start certbot.service")


def test_a_reload_that_fails_is_told(bare_house: House, told: Endpoint) -> None:
    before = serial(bare_house)
    snippet = "/etc/nginx/conf.d/broken.conf"
    with broken(bare_house, f"{DUE}; echo 'nonsense;' > {snippet}", f"{NOT_DUE}; rm {snippet}"):
        bare_house.server.run("systemctl start certbot.service", check=False)
        post = told.next()
        assert post.headers["Title"].endswith(f"{NAME}: renewed, but not served")
        assert 'unknown directive "nonsense"' in post.body
        assert serial(bare_house) == before
        bare_house.server.run("systemctl start gatehouse-watch.service")
        assert "another certificate is served" in told.next().body
    run = bare_house.deploy(alerts={"webhook": {"url": told.url, "format": "ntfy"}}).check()
    assert f"Certificate for {NAME}: serve (the proxy still serves another one)" in run.changed
    assert serial(bare_house) != before


@pytest.mark.slow
def test_a_reload_without_effect_is_told(bare_house: House, told: Endpoint) -> None:
    """The wire is looked at: that a reload succeeds is not enough."""
    before, settings = serial(bare_house), {"webhook": {"url": told.url, "format": "ntfy"}}
    folder, dropin = (
        "/run/systemd/system/nginx.service.d",
        "[Service]\\nExecReload=\\nExecReload=/bin/true\\n",
    )
    deaf = f"mkdir -p {folder}; printf '{dropin}' > {folder}/zz-deaf.conf; systemctl daemon-reload"
    unseen = f"{NAME}: the proxy was reloaded, but does not serve the new certificate"
    with broken(bare_house, f"{DUE}; {deaf}", f"{NOT_DUE}; rm -r {folder}; systemctl daemon-reload"):
        bare_house.server.run("systemctl start certbot.service", check=False)
        post = told.next()
        assert post.headers["Title"].endswith(f"{NAME}: renewed, but not served")
        assert unseen in post.body
        run = bare_house.deploy(alerts=settings)
        assert run.code != 0
        assert unseen in run.output
        assert "Traceback" not in run.output
        assert serial(bare_house) == before
    run = bare_house.deploy(alerts=settings).check()
    assert f"Certificate for {NAME}: serve (the proxy still serves another one)" in run.changed
    assert serial(bare_house) != before
