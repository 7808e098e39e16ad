"""`make demo`: boot a throw-away server, provision it as a user would, and prove the result from outside."""

import json
import runpy
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from deploys.config import Server
from deploys.load import server_from
from tests.outside.client import Outside
from tests.outside.proofs import PROOFS

SERVER = "demo"
COMMAND = ("pyinfra", "-y", "inventories/lab.py", "deploys/site.py")


def main() -> int:
    """Run the demonstration; the exit code says whether everything was proven."""
    console = Console(highlight=False)
    console.width = max(console.width, 120)
    lab("up", SERVER)
    status = json.loads(lab("status", "--json", capture=True))
    server = next(server for server in status["servers"] if server["name"] == SERVER)
    settings = demonstrated()
    for name in names(settings):
        lab("dns", name, server["address"])

    console.print(f"\n[bold]$ {' '.join(COMMAND)}[/]\n")
    run = subprocess.run([Path(sys.executable).with_name("pyinfra"), *COMMAND[1:]], check=False)
    if run.returncode:
        return run.returncode

    ports = [settings.port(app) + slot for app in settings.apps for slot in (0, 1)]
    domain = next(iter(settings.sites))
    site = Outside(domain, server["address"], Path(status["ca"]["root"]), tuple(ports))
    proven = prove(console, site)
    tell_where_to_look(console, site, server)
    return 0 if proven else 1


def demonstrated() -> Server:
    """Read what the lab's server is to be."""
    return server_from({"acme": {"email": "ops@gatehouse.test"}, **runpy.run_path("group_data/lab.py")})


def names(settings: Server) -> Iterator[str]:
    """List the names that lead to it."""
    for domain, site in settings.sites.items():
        yield from (domain, *site.aliases)


def prove(console: Console, site: Outside) -> bool:
    """Show each claim with its evidence."""
    table = Table(title=f"\nSeen from outside: https://{site.domain}/", title_justify="left", box=SIMPLE_HEAD)
    table.add_column("")
    table.add_column("claim")
    table.add_column("evidence")
    proven = True
    for proof in PROOFS:
        claim = (proof.__doc__ or "").rstrip(".")
        try:
            table.add_row("[green]✓[/]", claim, proof(site))
        except Exception as failure:  # whatever goes wrong is what the table has to show
            proven = False
            table.add_row("[red]✗[/]", claim, f"[red]{failure}[/]")
    console.print(table)
    return proven


def tell_where_to_look(console: Console, site: Outside, server: dict[str, Any]) -> None:
    """Say how to go on from here."""
    resolve = f"--cacert {site.roots} --resolve {site.domain}:443:{server['address']}"
    console.print(
        "[bold]Look around[/]\n"
        f"  the site     curl {resolve} https://{site.domain}/echo\n"
        f"  the server   .venv/bin/python -m tests.lab ssh {SERVER}\n"
        f"  its logs     .venv/bin/python -m tests.lab ssh {SERVER} journalctl -u 'gatehouse-*' -u nginx\n"
        "  what a rerun would change   .venv/bin/pyinfra inventories/lab.py deploys/site.py --dry --diff\n"
        "  remove it all               make lab-down\n",
        soft_wrap=True,
    )


def lab(*arguments: str, capture: bool = False) -> str:
    """Run a command of the lab; it says itself what is wrong."""
    command = [sys.executable, "-m", "tests.lab", *arguments]
    done = subprocess.run(command, stdout=subprocess.PIPE if capture else None, text=True, check=False)
    if done.returncode:
        sys.exit(done.returncode)
    return done.stdout or ""


if __name__ == "__main__":
    sys.exit(main())
