"""Whatever was cut off or damaged, the next run mends it, and nginx can always start."""

from pathlib import Path
from typing import Any

import pytest

from tests.certificates.beside import lab_beside
from tests.certificates.renewal import certbot_in_use
from tests.certificates.test_life import NAME, serial, settled
from tests.house import House, sites
from tests.lab import CaOptions

pytestmark = [pytest.mark.lab, pytest.mark.slow]

LETSENCRYPT = "/etc/letsencrypt"
DAMAGES = {
    "an empty certificate": f"truncate -s 0 $(readlink -f {LETSENCRYPT}/live/{NAME}/fullchain.pem)",
    "an empty key": f"truncate -s 0 $(readlink -f {LETSENCRYPT}/live/{NAME}/privkey.pem)",
    "no record": f"rm {LETSENCRYPT}/renewal/{NAME}.conf",
    "no live directory": f"rm -r {LETSENCRYPT}/live/{NAME}",
    "no archive": f"rm -r {LETSENCRYPT}/archive/{NAME}",
    "nothing at all": f"rm -r {LETSENCRYPT}",
    "no link": f"rm /etc/gatehouse/certificates/{NAME}",
    "a link to nowhere": f"ln -sfn /nowhere /etc/gatehouse/certificates/{NAME}",
    "a link to the placeholder": (
        f"mkdir -p /root/other && cd /root/other && openssl req -x509 -newkey ec -nodes -subj /CN=x -pkeyopt "
        f"ec_paramgen_curve:prime256v1 -keyout privkey.pem -out fullchain.pem && "
        f"ln -sfn /root/other /etc/gatehouse/certificates/{NAME} && systemctl reload nginx"
    ),
    "no folder for challenges": "rm -r /var/lib/gatehouse/acme",
    "a unit that systemd has not read": (
        "cd /etc/systemd/system/gatehouse-.service.d && cp gatehouse-alert.conf /root/ && "
        "echo '# x' >> gatehouse-alert.conf && systemctl daemon-reload && cp /root/gatehouse-alert.conf ."
    ),
    "no watch": "rm -r /usr/local/lib/gatehouse /etc/gatehouse/watch.json",
}

# All that is installed comes from a folder, in which one package has another file than everybody else's.
LIE = """
touch /etc/pip.conf && cp /etc/pip.conf /root/pip.conf && mkdir -p /root/wheels && cd /root/wheels
{environment}/bin/pip download -q --no-deps --require-hashes -r {environment}/verified.txt
{environment}/bin/pip download -q certbot-dns-rfc2136==5.8.0
mkdir /root/unpacked && cd /root/unpacked && python3 -m zipfile -e /root/wheels/josepy-*.whl .
echo 'open("/root/lied", "w")' >> josepy/__init__.py
python3 -m zipfile -c /root/wheels/josepy-*.whl *
printf '[global]\nno-index = true\nfind-links = /root/wheels\n' > /etc/pip.conf
"""


def certbot_from_pypi(house: House, **acme: Any) -> dict[str, Any]:
    return {"acme": {**house.settings["acme"], "certbot": "pypi", **acme}}


@pytest.mark.parametrize("damage", DAMAGES)
def test_the_next_run_mends_it(bare_house: House, damage: str) -> None:
    bare_house.server.run(DAMAGES[damage])
    assert bare_house.deploy().check().changed
    bare_house.server.run("nginx -t && systemctl restart nginx && gatehouse-watch")
    assert "Pebble" in str(bare_house.outside.certificate(NAME)["issuer"])
    settled(bare_house)
    bare_house.deploy(deploy="deploys/renew.py").check()


def test_certbot_of_another_python_is_installed_anew(bare_house: House) -> None:
    """After an upgrade of the distribution its Python sees nothing that the former one installed."""
    pinned = certbot_from_pypi(bare_house)
    bare_house.deploy(**pinned).check()
    program = certbot_in_use(bare_house)
    assert bare_house.deploy(**pinned).check().changed == []
    packages = f"{Path(program).parent.parent}/lib"
    bare_house.server.run(f"mv {packages}/python3.13 {packages}/python3.11")
    assert bare_house.server.run(f"{program} --version", check=False).returncode != 0
    assert bare_house.deploy(**pinned).check().changed
    assert "certbot 5.8.0" in bare_house.server.run(f"{program} --version").stdout
    assert bare_house.deploy(**pinned).check().changed == []
    bare_house.deploy().check()
    settled(bare_house)


def test_an_index_that_lies_gets_nothing_installed(bare_house: House) -> None:
    """One file of what certbot needs is not what it was: what renews goes on, and the run says which one."""
    pinned = certbot_from_pypi(bare_house)
    bare_house.deploy(**pinned).check()
    program = certbot_in_use(bare_house)
    environment = Path(program).parent.parent
    bare_house.server.run(LIE.format(environment=environment))
    more = certbot_from_pypi(bare_house, dns={"plugin": "rfc2136", "credentials": {"dns_rfc2136_name": "x"}})
    try:
        run = bare_house.deploy(**more)
        assert run.code != 0
        assert "cannot install certbot" in run.output
        assert "josepy" in run.output
        assert "Traceback" not in run.output
        assert certbot_in_use(bare_house) == program
        bare_house.server.run(f"{program} --version && test ! -e /root/lied && gatehouse-watch")
    finally:
        bare_house.server.run("cp /root/pip.conf /etc/pip.conf")
    bare_house.deploy(**more).check()
    assert certbot_in_use(bare_house) != program
    assert bare_house.deploy(**more).check().changed == []
    bare_house.deploy().check()
    settled(bare_house)


def test_behind_the_proxy_protocol_the_wire_is_seen(bare_house: House) -> None:
    """The proxy then answers nobody who does not begin with it."""
    address = bare_house.outside.own_address()
    edge: dict[str, Any] = {"edge": {"addresses": [f"{address}/32"], "tells_by": "PROXY"}}
    bare_house.deploy(**edge).check()
    assert bare_house.deploy(**edge).check().changed == []
    assert "all is well" in bare_house.server.run("gatehouse-watch").stdout
    bare_house.deploy().check()
    settled(bare_house)


def test_what_is_served_stays_while_the_ca_is_down(bare_house: House) -> None:
    """Certbot's record is lost and the CA does not answer: the good certificate is served still."""
    before = serial(bare_house)
    bare_house.server.run(f"rm {LETSENCRYPT}/renewal/{NAME}.conf")
    bare_house.lab.stop_ca()
    try:
        assert bare_house.deploy().code != 0
        bare_house.server.run("nginx -t && systemctl restart nginx")
        assert serial(bare_house) == before
    finally:
        bare_house.lab.resume_ca()
    bare_house.deploy().check()
    assert serial(bare_house) != before
    settled(bare_house)


def test_a_ca_that_was_set_up_anew() -> None:
    with lab_beside("anew", CaOptions()) as lab:
        house = House.on(lab, lab.up("anew", debian="13"), apps={}, sites=sites(NAME))
        house.deploy().check()
        before = house.outside.certificate()["serialNumber"]
        lab.start_ca(CaOptions())
        more: dict[str, Any] = {"sites": sites(NAME, aliases=["more.files.test"])}
        lab.set_name("more.files.test", str(house.server.address))
        house.deploy(**more).check()
        assert house.outside.certificate()["serialNumber"] != before
        assert house.deploy(**more).check().changed == []
