"""The units by which systemd holds an app's ports, from before its first process until the app is gone. Pure.

Nobody else can listen at a port that is held, whether or not anything of the app runs. A port whose slot does
not run is closed: connections are refused at once, so that a proxy goes on to the other slot. Its gate opens
it with the slot's service, and closes it again when that has stopped; not while it is started again, when
connections wait. What waits as a process dies is refused.
"""

import hashlib
from collections.abc import Mapping

from deploys.firewall import gate
from deploys.places.apps import AppPlaces
from deploys.render import render


def unit_files(places: AppPlaces, port: int) -> dict[str, str]:
    """Render the units of a port, by name."""
    told = {"app": places.app, "port": port, "opening": gate.opening(port), "closing": gate.closing(port)}
    return {
        places.socket(port): render("systemd/app-port.socket.j2", **told),
        places.gate(port): render("systemd/app-port.service.j2", **told),
    }


def digests(places: AppPlaces, port: int) -> Mapping[str, str]:
    """Digest the unit files of a port, by path."""
    units = unit_files(places, port).items()
    return {places.unit_file(name): hashlib.sha256(content.encode()).hexdigest() for name, content in units}
