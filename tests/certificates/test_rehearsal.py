"""Which CA a rehearsal goes to, and whose words are shown when it fails."""

from pathlib import Path
from typing import Any

import pytest

from deploys.certificates.day_two import rehearsing
from deploys.certificates.onhost import rehearse
from deploys.load import server_from
from deploys.refusal import Refusal

STAGING = "https://acme-staging-v02.api.letsencrypt.org/directory"
EAB = {"kid": "a", "hmac_key": {"env": "KEY"}}


def acme(**changed: Any) -> Any:
    site = {"routes": {"/": {"redirect": "https://example.com"}}}
    return server_from({"acme": {"email": "ops@example.com", **changed}, "sites": {"a.test": site}}).acme


@pytest.mark.parametrize(
    ("settings", "directory"),
    [
        ({}, STAGING),
        ({"directory": "letsencrypt"}, STAGING),
        ({"directory": "letsencrypt-staging"}, STAGING),
        ({"directory": "https://ca.example/dir"}, "https://ca.example/dir"),
    ],
)
def test_the_limits_of_lets_encrypt_are_spared(settings: dict[str, Any], directory: str) -> None:
    assert rehearsing(acme(**settings)).directory_url == directory


def test_a_key_for_one_account_is_not_used_up() -> None:
    with pytest.raises(Refusal, match="rehearse: this CA binds each account to its key"):
        rehearsing(acme(directory="https://ca.example/dir", eab=EAB))


MASKED = """#!/bin/sh
# As certbot before 2.3 on Python 3.11: the reason is in its log alone.
[ "$1" = FAILS ] || exit 0
while [ "$1" != --logs-dir ]; do shift; done
mkdir -p "$2"
echo 'acme.messages.Error: urn:ietf:params:acme:error:rejectedIdentifier :: not you' > "$2/letsencrypt.log"
echo "AttributeError: can't set attribute" >&2
exit 1
"""


@pytest.mark.parametrize("fails", ["register", "certonly"])
def test_the_reason_is_that_of_the_rehearsal(tmp_path: Path, fails: str) -> None:
    program = tmp_path / "certbot"
    program.write_text(MASKED.replace("FAILS", fails))
    program.chmod(0o755)
    account = {
        "command": [str(program), "register"],
        "environment": {},
        "eab": {},
        "directory": "x",
        "email": "y",
    }
    with pytest.raises(SystemExit, match="rejectedIdentifier :: not you"):
        rehearse.main({"certbot": [str(program), "certonly"], "account": account})
