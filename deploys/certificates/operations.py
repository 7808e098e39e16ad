"""What certificates need done on the host; each reads what is there, and then does only that."""

from collections.abc import Generator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from pyinfra.api.command import FunctionCommand, PyinfraCommand, StringCommand
from pyinfra.api.operation import OperationMeta, operation
from pyinfra.context import host, state

from deploys import looks, remote, saying
from deploys.certificates.certbot import Program
from deploys.certificates.onhost import account as account_onhost
from deploys.certificates.onhost import certbot, placeholder
from deploys.certificates.onhost import forget as forget_onhost
from deploys.certificates.onhost import look as look_onhost
from deploys.looks import Look
from deploys.places.certificates import (
    ASIDE,
    BROUGHT,
    CERTIFICATES,
    LETSENCRYPT,
    LIVE,
    PINNED_CERTBOTS,
    PLACEHOLDERS,
    RENEWAL_SETTINGS,
    TOLD,
    WEBROOT,
    Lineage,
)


def look_at(lineages: Sequence[Lineage], directory_url: str) -> Look:
    """Look at every lineage wanted as it is on the host, and at the account at a CA."""
    argument = {
        "lineages": {lineage.name: lineage.on_the_wire[0] for lineage in lineages},
        "certificates": CERTIFICATES,
        "letsencrypt": LETSENCRYPT,
        "webroot": WEBROOT,
        "told": TOLD,
        "accounts": accounts(directory_url),
        "pinned": PINNED_CERTBOTS,
    }
    return Look(look_onhost, argument, bare={})


def look(lineages: Sequence[Lineage], directory_url: str) -> dict[str, Any]:
    """Say what the host in context has of them."""
    found: dict[str, Any] = looks.at(look_at(lineages, directory_url))
    return found


def accounts(directory_url: str) -> str:
    """Give the directory where certbot keeps the accounts of a CA."""
    return f"{LETSENCRYPT}/accounts/{directory_url.partition('://')[2]}"


@operation()
def place_holders(lineages: Sequence[Lineage], directory_url: str) -> Generator[StringCommand, None, None]:
    """Have each link lead to a certificate, one of our own making where the CA has issued none.

    Args:
        lineages: what the proxy is going to serve.
        directory_url: the CA's.

    """
    found = look(lineages, directory_url)
    known = found.get("lineages", {})
    missing = [lineage for lineage in lineages if not known.get(lineage.name, {}).get("serving")]
    if not missing and found.get("webroot"):
        host.noop("each link leads to a certificate")
        return
    yield remote.run(
        placeholder,
        {
            "lineages": {lineage.name: lineage.names for lineage in missing},
            "certificates": CERTIFICATES,
            "placeholders": PLACEHOLDERS,
            "live": LIVE,
            "webroot": WEBROOT,
        },
    )


@operation()
def install_certbot(program: Program, found: Mapping[str, Any]) -> Generator[StringCommand, None, None]:
    """Install certbot from PyPI into an environment of its own.

    Args:
        program: which version, and with which plugins.
        found: what `look` found.

    """
    if not program.pinned or program.environment in found.get("pinned", ()):
        host.noop("certbot is there")
        return
    yield remote.run(
        certbot,
        {
            **asdict(program.pinned),
            "environment": program.environment,
            "environments": PINNED_CERTBOTS,
            "settings": RENEWAL_SETTINGS,
        },
    )


@operation()
def tell_address(account: Mapping[str, Any]) -> Generator[StringCommand, None, None]:
    """Tell the CA whom to write to about the account.

    Args:
        account: as `account_onhost.update` takes it.

    """
    yield remote.run(account_onhost, {"account": account})


@operation()
def forget(lineage: str, *, served: bool = False) -> Generator[StringCommand, None, None]:
    """Delete a certificate for good, with its keys and all that renews it.

    Args:
        lineage: its name.
        served: whether a site has another one of this name, which stays.

    """
    of_certbot = [
        f"{LETSENCRYPT}/renewal/{lineage}.conf",
        f"{LIVE}/{lineage}",
        f"{LETSENCRYPT}/archive/{lineage}",
    ]
    others = [f"{folder}/{lineage}" for folder in (BROUGHT, PLACEHOLDERS, CERTIFICATES)]
    paths = [*of_certbot, *([] if served else others)]
    yield remote.run(forget_onhost, {"paths": paths, "aside": ASIDE, "name": lineage})


@operation()
def sum_up(steps: Mapping[str, OperationMeta]) -> Generator[PyinfraCommand, None, None]:
    """Fail if any of the steps failed, now that all of them have had their turn.

    Args:
        steps: what was done, by what it was for.

    """
    if not state.is_executing:
        host.noop("nothing has failed yet")
        return
    failed = [name for name, meta in steps.items() if meta.did_error()]
    if failed:
        yield FunctionCommand(
            saying.fail, (f"failed, see above: {', '.join(failed)}; all else was done",), {}
        )
