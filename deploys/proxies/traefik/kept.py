"""Programs and units that stay on a host for Traefik. Pure."""

import json

from deploys.base.files import UNIT, File
from deploys.base.programs import library, program
from deploys.places.certificates import WEBROOT
from deploys.places.systemd import unit_file
from deploys.proxies.traefik.onhost import begin, follow, pages, ready, where
from deploys.proxies.traefik.static import ACCESS_LOG
from deploys.render import render


def kept(program: str) -> list[File]:
    """List what is kept on the host besides the configuration.

    Args:
        program: where Traefik is.

    """
    return [*_programs(), *_units(program)]


def paths() -> list[str]:
    """List where all of that is."""
    return [file.path for file in kept("")]


def _programs() -> list[File]:
    rotation = render("traefik/logrotate.j2", log=ACCESS_LOG, user=where.USER, unit=where.UNIT)
    return [
        *library(begin, follow, pages, ready),
        program(where.BEGIN, begin, where.SETTINGS),
        program(where.FOLLOW, follow, where.SETTINGS),
        program(where.READY, ready, where.SETTINGS),
        program(where.ANSWER, pages, where.SETTINGS),
        File(where.SETTINGS, json.dumps({"webroot": WEBROOT}) + "\n"),
        File(where.LOGROTATE, rotation),
    ]


def _units(program: str) -> list[File]:
    values = {
        "user": where.USER,
        "program": program,
        "started": where.STARTED,
        "begin": where.BEGIN,
        "ready": where.READY,
        "answer": where.ANSWER,
        "run": where.RUN.name,
        "logs": where.LOGS,
        "logrotate": where.LOGROTATE,
        "routing": where.ROUTING_UNIT,
        "pages_socket": where.PAGES_SOCKET,
        "address": where.LOOPBACK,
        "port": where.PAGES_PORT,
    }
    templates = {
        where.UNIT: "traefik.service.j2",
        where.ROUTING_UNIT: "routing.service.j2",
        where.PAGES_UNIT: "pages.service.j2",
        where.PAGES_SOCKET: "pages.socket.j2",
        where.LOGS_UNIT: "logs.service.j2",
        where.LOGS_TIMER: "logs.timer.j2",
    }
    return [
        File(unit_file(unit), render(f"traefik/{name}", **values), ours=UNIT)
        for unit, name in templates.items()
    ]
