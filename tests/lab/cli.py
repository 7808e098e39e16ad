"""python -m tests.lab"""

import argparse
import json
import logging
import os
import sys
from collections.abc import Callable, Sequence

from tests.lab import acme, debian, hostsetup, status
from tests.lab.errors import LabError
from tests.lab.lab import Lab

Command = Callable[[Lab, argparse.Namespace], int | None]


def main(arguments: Sequence[str] | None = None) -> int:
    logging.basicConfig(format="lab: %(message)s", level=logging.WARNING)
    logging.getLogger("gatehouse.lab").setLevel(logging.INFO)
    given = _parser().parse_args(arguments)
    command: Command = given.command
    try:
        hostsetup.require_root()
        return command(Lab(), given) or 0
    except (LabError, OSError) as error:
        print(f"lab: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("lab: interrupted; the same command again takes it from here", file=sys.stderr)
        return 130


def _up(lab: Lab, given: argparse.Namespace) -> None:
    server = lab.up(given.name, debian=given.debian, image=given.image)
    print(f"{server.name} is up at {server.address} and {server.address6}")


def _down(lab: Lab, given: argparse.Namespace) -> None:
    lab.down(given.name, cached_images=given.images)


def _status(lab: Lab, given: argparse.Namespace) -> None:
    found = status.report(lab)
    print(json.dumps(found, indent=2) if given.json else status.table(found))


def _ssh(lab: Lab, given: argparse.Namespace) -> None:
    command = lab.server(given.name).ssh(*given.remote)
    os.execvp(command[0], command)  # noqa: S606 -- ssh takes this process's place, so its exit code is passed on


def _snapshot(lab: Lab, given: argparse.Namespace) -> None:
    lab.snapshot(given.name, given.image)


def _reboot(lab: Lab, given: argparse.Namespace) -> None:
    lab.server(given.name).reboot()


def _power_cut(lab: Lab, given: argparse.Namespace) -> None:
    lab.server(given.name).power_cut()


def _dns(lab: Lab, given: argparse.Namespace) -> int | None:
    if bool(given.addresses) == given.remove:
        print("lab: dns: give either addresses or --remove", file=sys.stderr)
        return 2
    lab.set_name(given.name, *given.addresses)
    return None


def _ca(lab: Lab, given: argparse.Namespace) -> None:
    if given.stop:
        lab.stop_ca()
        return
    if given.resume:
        lab.resume_ca()
        return
    profiles = tuple(given.profile or acme.PROFILES)
    ca = lab.start_ca(acme.CaOptions(given.debian, given.nonce_reject, given.eab, profiles))
    print(f"the CA of Debian {given.debian} is up at {ca.directory}")


def _setup(lab: Lab, given: argparse.Namespace) -> None:
    hostsetup.install_missing()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.lab", description="Throw-away Debian servers and a CA."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, command: Command, summary: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=summary, description=summary)
        sub.set_defaults(command=command)
        return sub

    up = add("up", _up, "boot a server; one that runs is left alone")
    up.add_argument("name")
    up.add_argument("--debian", choices=debian.RELEASES, help=f"default: {debian.DEFAULT}")
    up.add_argument("--image", help="start from a snapshot")

    down = add("down", _down, "remove a server, or all servers and everything else the lab made")
    down.add_argument("name", nargs="?")
    down.add_argument("--images", action="store_true", help="remove the cached images as well")

    shown = add("status", _status, "what is up, and how to reach it")
    shown.add_argument("--json", action="store_true")

    ssh = add("ssh", _ssh, "a shell on a server, or a command")
    ssh.add_argument("name")
    ssh.add_argument("remote", nargs=argparse.REMAINDER, metavar="command")

    snapshot = add("snapshot", _snapshot, "save a server's disk as an image for up --image")
    snapshot.add_argument("name")
    snapshot.add_argument("image")

    reboot = add("reboot", _reboot, "reboot a server from within, and wait until it is back")
    reboot.add_argument("name")

    power_cut = add("power-cut", _power_cut, "end a server at once; up boots it again")
    power_cut.add_argument("name")

    dns = add("dns", _dns, "give a name under .test its addresses")
    dns.add_argument("name")
    dns.add_argument("addresses", nargs="*", metavar="address")
    dns.add_argument("--remove", action="store_true", help="take them away")

    ca = add("ca", _ca, "start the CA afresh; or stop it for a while")
    ca.add_argument("--debian", choices=debian.RELEASES, default=debian.DEFAULT, help="whose pebble")
    ca.add_argument(
        "--nonce-reject", type=int, default=0, metavar="PERCENT", help="refuse so many good nonces"
    )
    ca.add_argument("--eab", action="store_true", help="require external account binding")
    ca.add_argument(
        "--profile", action="append", choices=acme.PROFILES, help="offer this one only; repeatable"
    )
    ca.add_argument("--stop", action="store_true", help="a CA that is down: it refuses connections")
    ca.add_argument("--resume", action="store_true", help="the end of --stop: it has forgotten nothing")

    add("setup", _setup, "install the Debian packages that the lab needs on this host")
    return parser
