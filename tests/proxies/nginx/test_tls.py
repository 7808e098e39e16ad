"""TLS as a scanner sees it from outside, against TLSRef's published profiles."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from deploys.load import server_from
from deploys.proxies.nginx.tree import tree
from deploys.routing import routing
from tests.conformance.tables.names import CASES
from tests.conformance.wire import Request
from tests.proxies.nginx.quickly import make_live
from tests.proxies.stage import Stage

pytestmark = [pytest.mark.lab, pytest.mark.slow]

TLSREF = json.loads((Path(__file__).with_name("tlsref-6.0.json")).read_text())["configurations"]
"""https://data.tlsref.org/guidelines/6.0.json, as published."""

SSLYZE = "sslyze==6.3.1"
PROTOCOLS = {"ssl_2_0": "SSLv2", "ssl_3_0": "SSLv3", "tls_1_0": "TLSv1", "tls_1_1": "TLSv1.1"}
PROTOCOLS |= {"tls_1_2": "TLSv1.2", "tls_1_3": "TLSv1.3"}
NAMES = {"secp256r1": "prime256v1"}
"""Curves that sslyze calls by another of their names."""


@pytest.fixture(scope="session")  # so that it holds no servers together in one worker
def scanner(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """sslyze in an environment of its own, as it wants other versions than we do."""
    folder = tmp_path_factory.mktemp("sslyze")
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    pip = [str(folder / "bin" / "pip"), "install", "--quiet", "--disable-pip-version-check", SSLYZE]
    subprocess.run(pip, check=True)
    return folder / "bin" / "sslyze"


def scan(scanner: Path, stage: Stage) -> dict[str, Any]:
    report = stage.server.layout.state / "sslyze.json"
    target = f"shop.test:443{{{stage.server.address}}}"
    checks = ["--sslv2", "--sslv3", "--tlsv1", "--tlsv1_1", "--tlsv1_2", "--tlsv1_3", "--elliptic_curves"]
    checks += [
        "--heartbleed",
        "--robot",
        "--openssl_ccs",
        "--compression",
        "--reneg",
        "--certinfo",
        "--resum",
    ]
    subprocess.run([str(scanner), *checks, f"--json_out={report}", "--quiet", target], check=True)
    found: dict[str, Any] = json.loads(report.read_text())["server_scan_results"][0]["scan_result"]
    return {name: check["result"] for name, check in found.items() if check["result"] is not None}


@pytest.mark.parametrize("profile", ["intermediate", "modern"])
def test_the_profile_is_tlsrefs(scanner: Path, stage: Stage, profile: str) -> None:
    make_live(stage, stage.render(tls=profile))
    found, wanted = scan(scanner, stage), TLSREF[profile]
    accepted = {
        version: {
            suite["cipher_suite"]["name"] for suite in found[f"{key}_cipher_suites"]["accepted_cipher_suites"]
        }
        for key, version in PROTOCOLS.items()
    }
    assert {version for version, suites in accepted.items() if suites} == set(wanted["tls_versions"])
    assert accepted["TLSv1.3"] == set(wanted["ciphersuites"])
    # The certificate's key is ECDSA, so the suites with RSA cannot be chosen.
    assert accepted["TLSv1.2"] == {suite for suite in wanted["ciphers"]["iana"] if "_ECDSA_" in suite}
    curves = {curve["name"] for curve in found["elliptic_curves"]["supported_curves"]}
    curves = {NAMES.get(curve, curve) for curve in curves}
    assert curves == {name for name in wanted["tls_curves"] if name != "X25519MLKEM768"}
    assert not found["heartbleed"]["is_vulnerable_to_heartbleed"]
    assert not found["openssl_ccs_injection"]["is_vulnerable_to_ccs_injection"]
    assert not found["tls_compression"]["supports_compression"]
    assert not found["session_renegotiation"]["is_vulnerable_to_client_renegotiation_dos"]
    (deployment,) = found["certificate_info"]["certificate_deployments"]
    assert deployment["ocsp_response"] is None


@pytest.mark.newest
def test_key_exchange_is_post_quantum_where_openssl_has_it(faulty: Stage) -> None:
    """The server's own OpenSSL is the client, as it is new enough to ask."""
    command = "openssl s_client -connect 127.0.0.1:443 -servername shop.test -brief </dev/null 2>&1"
    said = faulty.server.run(command).stdout
    assert "X25519MLKEM768" in said, said
    only = faulty.server.run(command.replace("-brief", "-groups X25519 -brief")).stdout
    assert "X25519" in only
    assert "MLKEM" not in only


@pytest.mark.parametrize("version", ["tls1_2", "tls1_3"])
def test_sessions_are_resumed(faulty: Stage, version: str) -> None:
    script = (
        f"f=$(mktemp); c='openssl s_client -connect 127.0.0.1:443 -servername shop.test -{version}';"
        "printf 'HEAD / HTTP/1.1\\r\\nHost: shop.test\\r\\nConnection: close\\r\\n\\r\\n' >$f.q;"
        "(cat $f.q; sleep 1) | $c -sess_out $f >/dev/null 2>&1;"
        "(cat $f.q; sleep 1) | $c -sess_in $f 2>&1 | grep -E '^(New|Reused),'"
    )
    assert faulty.server.run(script).stdout.startswith("Reused")


def test_strangers_see_no_certificate_where_nginx_cannot_reject_handshakes(stage: Stage) -> None:
    """As on Ubuntu 22.04, of which this nginx takes the configuration as well."""
    machine = replace(stage.machine, proxies={"nginx": (1, 18, 0)})
    make_live(stage, tree(routing(server_from(stage.settings)), machine, {}))
    refused = [case for case in CASES if not case.handshake]
    assert len(refused) >= 4
    for case in refused:
        case.check(stage.wire.send(case.request), stage.client)
    assert stage.wire.send(Request("/x")).handshake
    assert "cannot load certificate" not in stage.server.run("cat /var/log/nginx/error.log").stdout
