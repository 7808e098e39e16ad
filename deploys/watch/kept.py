"""What stays on the host to look at it once a day, and to tell of what fails at once."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import Any

from deploys.base import files
from deploys.base.files import UNIT, File
from deploys.base.programs import library, program
from deploys.config import Server
from deploys.looks import Look
from deploys.places.programs import LIBRARY
from deploys.places.systemd import drop_in
from deploys.places.watch import (
    ALERT,
    ALERT_UNIT,
    FAILURES_UNIT,
    SERVICE_UNIT,
    SETTINGS,
    TELLER,
    TIMER_UNIT,
    WATCH,
    told_of,
)
from deploys.render import render
from deploys.secrets import with_secrets
from deploys.watch.onhost import alert, failures, watch
from deploys.watch.watched import Watched


def kept(server: Server, watched: Sequence[Watched], *, follow: bool) -> list[File]:
    """List every file that the watch needs on the host.

    Args:
        server: the settings.
        watched: what each part of the house has watched.
        follow: whether to read in the journal what systemd does not tell by itself of units that fail.

    Raises:
        Refusal: a secret on the controller cannot be read.

    """
    settings = json.dumps(watch_settings(server, watched), indent=1)
    return [
        *_library(watched),
        program(WATCH, watch, SETTINGS),
        program(ALERT, alert, SETTINGS),
        program(TELLER, failures, SETTINGS),
        File(SETTINGS, f"{settings}\n", mode=0o600, secret=True),
        *_units(_watched_units(watched), follow=follow),
    ]


def unkept(watched: Sequence[Watched], *, follow: bool) -> list[str]:
    """List what other settings, or former ones of ours, would have kept on the host."""
    return [*_former(watched), *([] if follow else [FAILURES_UNIT])]


def look_at(watched: Sequence[Watched]) -> Look:
    """Look at all that is kept by any settings."""
    programs = [*(file.path for file in _library(watched)), WATCH, ALERT, TELLER]
    units = [*_templates(_watched_units(watched)), FAILURES_UNIT]
    return files.look([*programs, SETTINGS, *units, *_former(watched)])


def _former(watched: Iterable[Watched]) -> list[str]:
    drop_ins = (drop_in(unit, "alert") for unit in _watched_units(watched))
    return [*drop_ins, f"{LIBRARY}/deploys/certificates/onhost/alert.py"]


def watch_settings(server: Server, watched: Sequence[Watched]) -> dict[str, Any]:
    """Make the settings of the programs on the host."""
    return {
        "looks": {
            look.name: {"module": look.module.__name__, "settings": look.settings}
            for one in watched
            for look in one.looks
        },
        "units": _watched_units(watched),
        "alerts": with_secrets(server.alerts, "alerts"),
    }


def _library(watched: Iterable[Watched]) -> list[File]:
    return library(watch, alert, failures, *(look.module for one in watched for look in one.looks))


def failures_digest() -> str:
    """Digest the program that tells of failures, by which it is known whether that is what runs."""
    sources = [*library(failures), program(TELLER, failures, SETTINGS)]
    return hashlib.sha256("".join(file.content for file in sources).encode()).hexdigest()[:12]


def _watched_units(watched: Iterable[Watched]) -> list[str]:
    return [unit for one in watched for unit in one.units]


def _templates(watched: Iterable[str]) -> dict[str, str]:
    """List the units and drop-ins that there are by all settings, each with its template."""
    return {
        ALERT_UNIT: "alert@.service.j2",
        SERVICE_UNIT: "watch.service.j2",
        TIMER_UNIT: "watch.timer.j2",
        **{told_of(unit): "unit-alert.conf.j2" for unit in watched},
    }


def _units(watched: Iterable[str], *, follow: bool) -> list[File]:
    templates = {
        **_templates(watched),
        **({FAILURES_UNIT: "failures.service.j2"} if follow else {}),
    }
    values = {"alert": ALERT, "watch": WATCH, "failures": TELLER, "digest": failures_digest()}
    return [File(path, render(f"watch/{name}", **values), ours=UNIT) for path, name in templates.items()]
