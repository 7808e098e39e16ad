"""On the host: have the CA issue a certificate, have the proxy serve it, and see that it does."""

import re
import time
from pathlib import Path
from typing import Any

from deploys.certificates.onhost import account as account_onhost
from deploys.certificates.onhost import link as link_onhost
from deploys.certificates.onhost import renewal, serve, subset
from deploys.onhost import files, removal

_UNKNOWN = re.compile(r"accountDoesNotExist|[Aa]ccount\b.*\b(?:not found|does not exist|doesn't exist)")


def main(argument: "dict[str, Any]") -> None:
    """Run certbot if there is a command for it, then have the link lead to the certificate and serve it.

    Where the CA refuses some of the names, the others get their certificate if that is better than the
    present one, and what the CA says is raised once it is served.

    Args:
        argument: `certbot`, its command line, or empty where the certificate is there already;
            `names`, those it asks for; `covered` and `only_names`, as `subset.is_worth` takes them;
            `unserved` says that the present certificate is to be served even if the CA refuses another;
            `account`, as `account_onhost.register` takes it; `conf`, the lineage's renewal configuration;
            `dns`, where challenges go there: `words` that certbot is told of them, and the `file` that it
            puts them there by (both None for a certificate of the user's own); `anew` says that nothing
            that `letsencrypt` holds of `name` can be used, which goes `aside`; `files`, contents to put at
            paths first; `link` and `target`; `ask`, the names to see on the wire; `reload`, as
            `serve` takes it; `brought`, the directory of what the user brings, where the target alone stays.

    """
    for path, content in argument["files"].items():
        files.make_directory(Path(path).parent, 0o700)
        files.write(path, content, 0o600)
    chain, dns, refusal = f"{argument['target']}/fullchain.pem", argument["dns"], ""
    if argument["certbot"]:
        if argument["anew"]:
            _set_aside(argument)
        try:
            refusal = _ask_for_most(argument)
        except SystemExit as refused:
            if not argument["unserved"]:
                raise
            # What the CA refuses was not proven by these DNS settings.
            refusal, dns = str(refused), None
    if argument["conf"]:
        _note(Path(argument["conf"]), chain, dns)
    link_onhost.lead(Path(argument["link"]), Path(argument["target"]))
    serve.serve(argument["reload"], chain, argument["ask"])
    for former in Path(argument["brought"]).glob("*"):
        if former != Path(argument["target"]):
            removal.remove(former)
    if refusal:
        raise SystemExit(refusal)


def _ask_for_most(argument: "dict[str, Any]") -> str:
    """Ask for all names, and again without those that the CA refuses; say which, and why."""
    names, refusals = list(argument["names"]), []
    while True:
        command = subset.without(argument["certbot"], set(argument["names"]) - set(names))
        try:
            _ask(argument["account"], command)
        except SystemExit as refusal:
            refusals.append(str(refusal))
            left = subset.accepted(names, str(refusal))
            worth = subset.is_worth(argument["covered"], left, only_names=argument["only_names"])
            if left == names or not worth:
                raise SystemExit("\n".join(refusals)) from None
            names = left
        else:
            served = [f"the certificate is for {', '.join(names)} alone"] if refusals else []
            return "\n".join([*refusals, *served])


def _ask(account: "dict[str, Any]", command: "list[str]") -> None:
    account_onhost.register(account)
    try:
        account_onhost.call(command, account["environment"])
    except SystemExit as refusal:
        if not _UNKNOWN.search(str(refusal)):
            raise
        # A CA that was set up anew: what it does not know is of no use.
        known = Path(account["kept"])
        known.rename(known.with_name(f"{known.name}.unknown-{int(time.time())}"))
        account_onhost.register(account)
        account_onhost.call(command, account["environment"])


def _set_aside(argument: "dict[str, Any]") -> None:
    """Take what is left of a lineage out of certbot's way, and have what is served still be served."""
    letsencrypt, name, link = Path(argument["letsencrypt"]), argument["name"], Path(argument["link"])
    aside = Path(argument["aside"]) / f"{name}-{int(time.time())}"
    for kind in ("renewal", "live", "archive"):
        path = letsencrypt / kind / (f"{name}.conf" if kind == "renewal" else name)
        if path.exists():
            (aside / kind).mkdir(mode=0o700, parents=True, exist_ok=True)
            path.rename(aside / kind / path.name)
    if link.is_symlink() and not link.exists() and (aside / "live" / name / "privkey.pem").exists():
        link_onhost.lead(link, aside / "live" / name)


def _note(conf: Path, chain: str, dns: "dict[str, Any] | None") -> None:
    renewal.set_point(conf, chain)
    renewal.switch_on(conf)
    if dns:
        # Of the file as it is here: it may be older than the settings.
        text = Path(dns["file"]).read_text() if dns["file"] else ""
        renewal.note(conf, "gatehouse_dns", renewal.digest(tuple(dns["words"]), text))
