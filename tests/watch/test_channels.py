"""An alert by each channel: what arrives there, and what is said where nothing does."""

import json
import ssl
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
import trustme

from tests.house import House
from tests.lab.waiting import until
from tests.outside.endpoints import Endpoint, endpoint, mailbox
from tests.watch.breaking import broken

pytestmark = pytest.mark.lab


def test_an_alert_by_mail(bare_house: House) -> None:
    with mailbox(bare_house.outside.own_address()) as box:
        alerts = {"mail": box.settings, "command": "/usr/local/bin/alert"}
        bare_house.server.run("cat > /usr/local/bin/alert; chmod +x /usr/local/bin/alert", stdin=COMMAND)
        assert "hunter2" not in bare_house.deploy("--diff", alerts=alerts).check().output
        bare_house.server.run("gatehouse-watch --test")
        message = box.next()
    assert message["To"] == "ops@gatehouse.test, night@gatehouse.test"
    assert message["From"] == "server@gatehouse.test"
    assert message["Subject"].endswith(": test")
    assert parsedate_to_datetime(message["Date"])
    assert message["Message-ID"]
    assert "Nothing is wrong" in message.get_payload()
    assert box.logins == [("server", "hunter2")]
    assert bare_house.server.run("cat /root/alerted").stdout.splitlines()[0].endswith(": test")


COMMAND = """#!/bin/sh
echo "$1" > /root/alerted
cat >> /root/alerted
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("webhook", "expected"),
    [
        ({"format": "slack"}, {"text": "*{title}*\n{text}"}),
        ({"format": "json"}, {"title": "{title}", "text": "{text}", "host": "{host}"}),
        (
            {"format": "json", "body": {"content": "{title}: {text}", "username": "gatehouse"}},
            {"content": "{title}: {text}", "username": "gatehouse"},
        ),
    ],
)
def test_a_webhook_gets_its_form(
    bare_house: House, listener: Endpoint, webhook: dict[str, Any], expected: dict[str, str]
) -> None:
    host = bare_house.server.run("hostname -f").stdout.strip()
    told = {"title": f"{host}: test", "text": "This is a test. Nothing is wrong.", "host": host}
    bare_house.deploy(alerts={"webhook": {**webhook, "url": listener.url}}).check()
    bare_house.deploy(deploy="deploys/alert.py").check()
    post = listener.next()
    assert post.headers["Content-Type"] == "application/json"
    assert json.loads(post.body) == {key: value.format(**told) for key, value in expected.items()}
    assert listener.posts.empty()


@pytest.mark.slow
def test_alerts_that_reach_nobody_fail_aloud(bare_house: House) -> None:
    nobody = f"http://{bare_house.outside.own_address()}:9/"
    run = bare_house.deploy(alerts={"webhook": {"url": nobody}}).check()
    assert nobody not in run.output
    run = bare_house.deploy(alerts={"webhook": {"url": nobody}}, deploy="deploys/alert.py")
    assert run.code != 0
    assert "the alert by webhook failed" in run.output
    # Of a unit that fails nobody was told either, so that it is no old news once somebody can be.
    unit = "/etc/systemd/system/gatehouse-shop-a.service"
    make = f"printf '[Service]\\nExecStart=/bin/false\\n' > {unit}; systemctl daemon-reload"
    with broken(bare_house, make, f"rm {unit}; systemctl daemon-reload"):
        alert = "gatehouse.alert@gatehouse-shop-a.service.service"
        bare_house.server.run("systemctl start gatehouse-shop-a")
        until(
            lambda: "ActiveState=failed" in bare_house.server.run(f"systemctl show {alert}").stdout,
            within=60,
            otherwise="the alert reaches somebody",
        )
        with endpoint(bare_house.outside.own_address()) as found:
            bare_house.deploy(alerts={"webhook": {"url": found.url, "format": "ntfy"}}).check()
            bare_house.server.run("systemctl start gatehouse-shop-a")
            assert found.next().headers["Title"].endswith("gatehouse-shop-a.service failed")
    bare_house.deploy().check()


@pytest.mark.slow
@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_mail_goes_to_a_trusted_server_alone(bare_house: House, security: str) -> None:
    address, server = bare_house.outside.own_address(), bare_house.server
    ca, context = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert(address).configure_cert(context)
    trusted = "/usr/local/share/ca-certificates/mail.crt"
    with mailbox(address, security=security, context=context) as box:
        mail = {
            "to": ["ops@gatehouse.test"],
            "sender": "server@gatehouse.test",
            "server": box.address,
            "port": box.port,
            "security": security,
            "user": "server",
            "password": "hunter2",
        }
        bare_house.deploy(alerts={"mail": mail}).check()
        refused = server.run("gatehouse-watch --test", check=False)
        assert refused.returncode != 0
        assert "the alert by mail failed" in refused.stderr
        assert "certificate verify failed" in refused.stderr
        assert "hunter2" not in refused.stderr
        assert box.logins == []
        server.run(f"cat > {trusted} && update-ca-certificates", stdin=ca.cert_pem.bytes().decode())
        server.run("gatehouse-watch --test")
        assert box.next()["Subject"].endswith(": test")
        assert box.logins == [("server", "hunter2")]
    server.run(f"rm {trusted} && update-ca-certificates --fresh")
    bare_house.deploy().check()
