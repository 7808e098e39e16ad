"""What Caddy needs besides its configuration: its unit, and the program that hands the configuration over."""

import hashlib
import json

from deploys.base.files import UNIT, File
from deploys.base.programs import library, program
from deploys.places.proxies import USER
from deploys.proxies.caddy.onhost import places, serve
from deploys.render import render


def beside(caddy: str) -> tuple[File, ...]:
    """Make the files.

    Args:
        caddy: where the program is.

    """
    return (
        File(str(places.UNIT_FILE), _unit(caddy, digest_of_unit(caddy)), ours=UNIT),
        File(str(places.BEGINNING), json.dumps({"admin": places.ADMIN}) + "\n"),
        File(str(places.LOGROTATE), render("caddy/logrotate.j2", log=places.ACCESS_LOG)),
        program(str(places.SERVE), serve, settings=str(places.BEGINNING)),
        *library(serve),
    )


def digest_of_unit(caddy: str) -> str:
    """Tell the unit of a program apart from others."""
    return hashlib.sha256(_unit(caddy, "").encode()).hexdigest()[:16]


def _unit(caddy: str, digest: str) -> str:
    return render(
        "caddy/caddy.service.j2",
        program=caddy,
        user=USER,
        beginning=places.BEGINNING,
        serve=places.SERVE,
        run=places.RUN,
        run_name=places.RUN.name,
        access_log=places.ACCESS_LOG,
        digest_of_unit=places.DIGEST_OF_UNIT,
        digest=digest,
    )


PATHS = tuple(file.path for file in beside(""))
