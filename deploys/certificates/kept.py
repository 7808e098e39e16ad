"""What stays on the host to renew certificates when nobody is logged in, and to tell where that fails."""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from deploys.base import files
from deploys.base.files import UNIT, File
from deploys.base.programs import library, program
from deploys.certificates import certbot, controller
from deploys.certificates.certbot import Program
from deploys.certificates.onhost import hook, renew
from deploys.certificates.onhost import watch as watch_onhost
from deploys.certificates.wanted import wanted
from deploys.config import Server
from deploys.looks import Look
from deploys.onhost.run import Commands
from deploys.places import watch
from deploys.places.certificates import (
    CA_BUNDLE,
    CERTBOT_DROP_IN,
    DNS_CREDENTIALS,
    DNS_HOOK,
    HOOK,
    LETSENCRYPT,
    PINNED_UNITS,
    RENEW,
    RENEWAL_SETTINGS,
    WEBROOT,
    Lineage,
)
from deploys.render import render
from deploys.watch.watched import Daily, Watched

WATCHED = Watched(units=("certbot.service",), looks=(Daily("certificates", watch_onhost),))
"""What is watched whatever the settings are."""

_BY_SETTINGS = (CERTBOT_DROP_IN, *PINNED_UNITS, CA_BUNDLE, DNS_HOOK, DNS_CREDENTIALS)
"""What some settings have kept, and others not."""


def kept(server: Server, chosen: Program, lineages: Sequence[Lineage], reload: Commands) -> list[File]:
    """List every file that renewal needs on the host.

    Args:
        server: the settings.
        chosen: the certbot that renews.
        lineages: the certificates, those that the user brings included.
        reload: the commands that have the proxy read its certificates again.

    Raises:
        Refusal: a file or a secret on the controller cannot be read.

    """
    return [
        *library(hook, renew),
        program(HOOK, hook, RENEWAL_SETTINGS),
        program(RENEW, renew, RENEWAL_SETTINGS),
        File(
            RENEWAL_SETTINGS, json.dumps(_renewal_settings(server, chosen, lineages, reload), indent=1) + "\n"
        ),
        *_units(server, chosen),
        *_for_certbot(server),
    ]


def unkept(server: Server, chosen: Program) -> list[str]:
    """List what other settings would have kept on the host."""
    here = {file.path for file in [*_units(server, chosen), *_for_certbot(server)]}
    return sorted({*_BY_SETTINGS} - here)


def look_at() -> Look:
    """Look at all that is kept by any settings."""
    return files.look(
        [*(file.path for file in library(hook, renew)), HOOK, RENEW, RENEWAL_SETTINGS, *_BY_SETTINGS]
    )


def watched(server: Server, chosen: Program, lineages: Sequence[Lineage]) -> Watched:
    """Have the certificates looked at, and what renews them."""
    settings = {
        "lineages": {
            one.name: {
                "chain": one.chain,
                "names": one.names,
                "ask": one.on_the_wire,
                "renewed": one.name not in _brought(server),
            }
            for one in lineages
        },
        "timer": chosen.timer if _brought(server) != set(server.sites) else "",
        "service": chosen.timer.replace(".timer", ".service"),
    }
    return replace(WATCHED, looks=tuple(replace(look, settings=settings) for look in WATCHED.looks))


def _renewal_settings(
    server: Server, chosen: Program, lineages: Sequence[Lineage], reload: Commands
) -> dict[str, Any]:
    renewed = {one.name: one.name not in _brought(server) for one in lineages}
    return {
        "lineages": {one.name: {"ask": one.on_the_wire, "renewed": renewed[one.name]} for one in lineages},
        "reload": reload,
        "watch": watch.SETTINGS,
        "certbot": chosen.path,
        "letsencrypt": LETSENCRYPT,
        "webroot": WEBROOT,
    }


def _brought(server: Server) -> set[str]:
    return {name for name, site in server.sites.items() if hasattr(site.certificate, "chain")}


def _units(server: Server, chosen: Program) -> list[File]:
    environment = certbot.environment(server.acme)
    renews = bool(wanted(server)) and not chosen.pinned
    ours = dict(zip(PINNED_UNITS, ("certbot.service.j2", "certbot.timer.j2"), strict=True))
    templates = {
        **({CERTBOT_DROP_IN: "certbot.service.d.conf.j2"} if environment or renews else {}),
        **(ours if chosen.pinned else {}),
    }
    values = {"renew": RENEW, "renews": renews, "webroot": WEBROOT, "environment": environment}
    return [
        File(path, render(f"certificates/{name}", **values), ours=UNIT) for path, name in templates.items()
    ]


def _for_certbot(server: Server) -> list[File]:
    acme = server.acme
    found = []
    if acme.ca_bundle:
        found.append(File(CA_BUNDLE, controller.bundle(acme.ca_bundle), secret=True))
    if path := certbot.dns_file(acme):
        mode = 0o700 if path == DNS_HOOK else 0o600
        found.append(File(path, controller.dns_text(acme), mode=mode, secret=True))
    return found
