"""The operation that has a certificate issued and served, once the challenge is known to be found."""

import secrets
from collections.abc import Collection, Generator
from dataclasses import replace
from types import ModuleType
from typing import Any, ClassVar

from pyinfra.api.command import FunctionCommand, PyinfraCommand
from pyinfra.api.operation import operation
from pyinfra.context import host, state

from deploys import connection, remote, saying
from deploys.certificates import certbot, challenge, operations, plan
from deploys.certificates.certbot import Program
from deploys.certificates.onhost import challenge as challenge_onhost
from deploys.certificates.onhost import issue as issue_onhost
from deploys.certificates.onhost import rehearse as rehearse_onhost
from deploys.certificates.wanted import Wanted
from deploys.config import Acme
from deploys.onhost.run import Commands
from deploys.places.certificates import ASIDE, BROUGHT, LETSENCRYPT, LIVE, TOLD, WEBROOT, Lineage
from deploys.secrets import with_secrets


class Seen(remote.Probe[dict[str, Any]]):
    """What came of fetching a token from each name, as the server itself sees it."""

    module: ClassVar[ModuleType] = challenge_onhost

    @staticmethod
    def default() -> dict[str, Any]:
        return {}


@operation()
def issue(
    wanted: Wanted, acme: Acme, program: Program, reload: Commands, force: bool = False
) -> Generator[PyinfraCommand, None, None]:
    """Have the CA issue one certificate, and the proxy serve it.

    The names for which the CA would not find the challenge are not asked for, so that they neither keep
    the others from their certificate nor use up the CA's limits; nor are those that the CA refuses. The
    operation then fails all the same.

    Args:
        wanted: the certificate.
        acme: the CA.
        program: the certbot to use.
        reload: the commands that have the proxy read its certificates again.
        force: whether to renew what is not due.

    """
    lineage = wanted.lineage
    found = operations.look([lineage], wanted.directory_url)
    there = found.get("lineages", {}).get(lineage.name)
    step = plan.step(wanted, there, found.get("now", 0), force=force)
    if step is None:
        host.noop("the certificate is as wanted")
        return
    wrong = _problems(wanted) if state.is_executing and step.kind != "serve" and wanted.by_http else {}
    proven = [name for name in lineage.names if name not in wrong]
    asks = step.kind != "serve" and (not wrong or step.is_worth(proven))
    if asks or step.kind == "serve" or step.unserved:
        command = (
            certbot.certonly(program, acme, wanted, step, proven, renewal=(there or {}).get("renewal"))
            if asks
            else []
        )
        yield remote.run(
            issue_onhost,
            {
                **served(lineage, f"{LIVE}/{lineage.name}", reload),
                "certbot": command,
                "names": proven,
                "covered": sorted(step.covered),
                "only_names": step.only_names,
                "unserved": step.unserved,
                "account": account(program, acme, "register"),
                "conf": f"{LETSENCRYPT}/renewal/{lineage.name}.conf",
                "letsencrypt": LETSENCRYPT,
                "aside": ASIDE,
                "name": lineage.name,
                "anew": step.kind == "issue",
                "dns": None
                if wanted.by_http
                else {"words": certbot.challenge(acme, wanted), "file": certbot.dns_file(acme)},
            },
        )
    if wrong:
        lines = [f"{name}: {problem}" for name, problem in wrong.items()]
        yield FunctionCommand(saying.fail, ("\n".join([*lines, _asked(step, proven)]),), {})


@operation(is_idempotent=False)
def rehearse(wanted: Wanted, acme: Acme, program: Program) -> Generator[PyinfraCommand, None, None]:
    """Have a CA issue a certificate into a throw-away directory, to see that it would.

    Args:
        wanted: the certificate.
        acme: the CA to rehearse with.
        program: the certbot to use.

    """
    wrong = _problems(wanted) if state.is_executing and wanted.by_http else {}
    if wrong:
        lines = [f"{name}: {problem}" for name, problem in wrong.items()]
        yield FunctionCommand(saying.fail, ("\n".join([*lines, "the CA was not asked"]),), {})
        return
    trial = replace(wanted, directory_url=acme.directory_url)
    first = plan.Step("issue", "a rehearsal")
    command = certbot.certonly(program, acme, trial, first, wanted.lineage.names)
    yield remote.run(rehearse_onhost, {"certbot": command, "account": account(program, acme, "register")})
    yield FunctionCommand(saying.tell, ("the CA would issue it; nothing was changed",), {})


@operation()
def bring(
    lineage: Lineage, chain: str, key: str, digest: str, reload: Commands
) -> Generator[PyinfraCommand, None, None]:
    """Have the proxy serve a certificate that the user brings.

    Args:
        lineage: the certificate.
        chain: its PEM text, and that of those that lead to its root.
        key: its PEM text.
        digest: of both.
        reload: the commands that have the proxy read its certificates again.

    """
    target = f"{BROUGHT}/{lineage.name}/{digest}"
    files = {f"{target}/fullchain.pem": chain, f"{target}/privkey.pem": key}
    yield remote.run(issue_onhost, {**served(lineage, target, reload), "files": files})


def served(lineage: Lineage, target: str, reload: Commands) -> dict[str, Any]:
    """Make the part of `issue_onhost`'s argument that has the proxy serve what is at the target."""
    return {
        "files": {},
        "certbot": [],
        "conf": None,
        "dns": None,
        "link": lineage.directory,
        "target": target,
        "ask": lineage.on_the_wire,
        "reload": reload,
        "brought": f"{BROUGHT}/{lineage.name}",
    }


def account(program: Program, acme: Acme, action: str) -> dict[str, Any]:
    """Make what `account_onhost` needs to know.

    Raises:
        Refusal: the key that the CA binds accounts to cannot be read.

    """
    eab = with_secrets(acme.eab, "acme['eab']") if acme.eab else {}
    return {
        "command": certbot.account(program, acme, action),
        "environment": certbot.environment(acme),
        "kept": operations.accounts(acme.directory_url),
        "eab": {f"eab-{key.replace('_', '-')}": value for key, value in eab.items()},
        "file": TOLD,
        "directory": acme.directory_url,
        "email": acme.email,
    }


def _asked(step: plan.Step, proven: Collection[str]) -> str:
    """Say what the CA was asked for, now that some names would fail."""
    if step.is_worth(proven):
        return f"the CA was asked for {', '.join(proven)} alone"
    if proven and not step.covered.issubset(proven):
        return "the CA was not asked: the present certificate stays, it still serves all the names it is for"
    return "the CA was not asked"


def _problems(wanted: Wanted) -> dict[str, str]:
    token = f"gatehouse-{secrets.token_urlsafe(16)}"
    names = list(wanted.lineage.names)
    seen = connection.ask(Seen, argument={"webroot": WEBROOT, "names": names, "token": token})
    return challenge.problems(names, seen["seen"], challenge_onhost.look(names, token), seen["own"])
