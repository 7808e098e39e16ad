"""What stays on the host to renew certificates and to watch them when nobody is logged in."""

import json
from collections.abc import Iterator, Mapping, Sequence
from types import ModuleType
from typing import Any

from deploys import remote
from deploys.base.files import File
from deploys.certificates import certbot, controller, operations
from deploys.certificates.certbot import Program
from deploys.certificates.onhost import alert, hook, watch
from deploys.config import Server
from deploys.onhost.run import Commands
from deploys.places.certificates import LETSENCRYPT, Lineage
from deploys.render import render
from deploys.secrets import with_secrets

LIBRARY = "/usr/local/lib/gatehouse"
SETTINGS = "/etc/gatehouse/watch.json"
ALERT = f"{LIBRARY}/alert"
WATCH = "/usr/local/sbin/gatehouse-watch"
HOOK = f"{LETSENCRYPT}/renewal-hooks/deploy/gatehouse"
UNITS = "/etc/systemd/system"
FAILURES = f"{UNITS}/{operations.FAILURES}"
_FAILED = "d9b373ed55a64feb8242e02dbe79a49c"
"""What systemd says of a unit that fails (SD_MESSAGE_UNIT_FAILURE_RESULT of sd-messages.h)."""
PINNED_UNITS = (f"{UNITS}/gatehouse-certbot.service", f"{UNITS}/gatehouse-certbot.timer")


def kept(
    server: Server, program: Program, lineages: Sequence[Lineage], reload: Commands, *, follow: bool
) -> list[File]:
    """List every file that renewal and watch need on the host.

    Args:
        server: the settings.
        program: the certbot that renews.
        lineages: the certificates, those that the user brings included.
        reload: the commands that have the proxy read its certificates again.
        follow: whether to read in the journal what systemd does not tell by itself of units that fail.

    Raises:
        Refusal: a file or a secret on the controller cannot be read.

    """
    settings = watch_settings(server, program, lineages, reload)
    programs = {HOOK: hook, WATCH: watch, ALERT: alert}
    return [
        *_library(programs.values()),
        *(File(path, _program(module), mode=0o755, program=True) for path, module in programs.items()),
        File(SETTINGS, json.dumps(settings, indent=1) + "\n", mode=0o600, secret=True),
        *_units(server, program, follow=follow),
        *_for_certbot(server),
    ]


def unkept(server: Server, program: Program, *, follow: bool) -> list[str]:
    """List what other settings would have kept on the host."""
    files = {file.path for file in [*_units(server, program, follow=follow), *_for_certbot(server)]}
    others = {FAILURES, *PINNED_UNITS, certbot.CA_BUNDLE, certbot.DNS_HOOK, certbot.DNS_CREDENTIALS}
    return sorted(others - files)


def watch_settings(
    server: Server, program: Program, lineages: Sequence[Lineage], reload: Commands
) -> dict[str, Any]:
    """Make the settings of the programs on the host."""
    brought = {name for name, site in server.sites.items() if hasattr(site.certificate, "chain")}
    return {
        "lineages": {
            one.name: {
                "chain": one.chain,
                "names": one.names,
                "ask": one.on_the_wire,
                "renewed": one.name not in brought,
            }
            for one in lineages
        },
        "reload": reload,
        "timer": program.timer if brought != set(server.sites) else "",
        "service": program.timer.replace(".timer", ".service"),
        "units": ["gatehouse-*", f"{server.proxy}.service", "certbot.service"],
        "alerts": with_secrets(server.alerts, "alerts"),
    }


def _library(modules: Iterator[ModuleType] | Any) -> list[File]:
    names: dict[str, str] = {}
    for module in modules:
        names |= dict(remote.sources(module))
    return [
        File(f"{LIBRARY}/{name.replace('.', '/')}.py", source, program=True) for name, source in names.items()
    ]


def _program(module: ModuleType) -> str:
    package, _, name = module.__name__.rpartition(".")
    return render("certificates/program.j2", library=LIBRARY, package=package, module=name, settings=SETTINGS)


def _units(server: Server, program: Program, *, follow: bool) -> list[File]:
    environment = certbot.environment(server.acme)
    ours = dict(zip(PINNED_UNITS, ("certbot.service.j2", "certbot.timer.j2"), strict=True))
    templates: Mapping[str, str] = {
        f"{UNITS}/gatehouse.alert@.service": "alert@.service.j2",
        f"{UNITS}/gatehouse-watch.service": "watch.service.j2",
        f"{UNITS}/gatehouse-watch.timer": "watch.timer.j2",
        f"{UNITS}/gatehouse-.service.d/alert.conf": "unit-alert.conf.j2",
        f"{UNITS}/{server.proxy}.service.d/alert.conf": "unit-alert.conf.j2",
        f"{UNITS}/certbot.service.d/gatehouse.conf": "certbot.service.d.conf.j2",
        **({FAILURES: "failures.service.j2"} if follow else {}),
        **(ours if program.pinned else {}),
    }
    values = {
        "alert": ALERT,
        "watch": WATCH,
        "certbot": program.path,
        "environment": environment,
        "failed": _FAILED,
    }
    return [File(path, render(f"certificates/{name}", **values)) for path, name in templates.items()]


def _for_certbot(server: Server) -> list[File]:
    acme = server.acme
    files = []
    if acme.ca_bundle:
        files.append(File(certbot.CA_BUNDLE, controller.bundle(acme.ca_bundle), secret=True))
    if path := certbot.dns_file(acme):
        mode = 0o700 if path == certbot.DNS_HOOK else 0o600
        files.append(File(path, controller.dns_text(acme), mode=mode, secret=True))
    return files
