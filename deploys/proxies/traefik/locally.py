"""An app behind a prefix on this machine, to try what it makes of it: no server, and no root's rights.

Run: python -m deploys.proxies.traefik.locally main:app --app-dir ../shop, as FastAPI's documentation has it
(Behind a Proxy): Traefik at port 9999 takes /api/v1 away, and uvicorn is told of it. Both are to be on the
PATH.
"""

import argparse
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

from deploys.proxies.traefik import middlewares, rules
from deploys.proxies.traefik.onhost.choices import text
from deploys.proxies.traefik.pieces import Piece, router, section
from deploys.terminal import tell

HERE = "127.0.0.1"


def main(arguments: Sequence[str]) -> int:
    """Run both until one of them ends, or somebody ends them."""
    asked = _parser().parse_args(arguments)
    prefix = f"/{asked.prefix.strip('/')}"
    programs = {name: shutil.which(name) for name in (asked.traefik, asked.uvicorn)}
    for name, path in programs.items():
        if path is None:
            return _refuse(f"{name}: is not on the PATH, install it, or say where it is")
    with socket.create_server((HERE, 0)) as held:
        app_port = held.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder, ExitStack() as running:
        static, routing = Path(folder, "traefik.yml"), Path(folder, "routing.yml")
        static.write_text(text(_static(asked.port, routing)))
        routing.write_text(text(_routing(prefix, app_port)))
        commands = (
            (programs[asked.traefik], f"--configfile={static}"),
            (
                programs[asked.uvicorn],
                asked.app,
                f"--app-dir={asked.app_dir}",
                f"--host={HERE}",
                f"--port={app_port}",
                f"--root-path={prefix}",
            ),
        )
        started = [running.enter_context(_running(*map(str, command))) for command in commands]
        tell(f"http://{HERE}:{asked.port}{prefix}/docs")
        with suppress(KeyboardInterrupt):
            while all(each.poll() is None for each in started):
                time.sleep(0.2)
            return _refuse("one of them has ended, in its own words above")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m deploys.proxies.traefik.locally", description=__doc__)
    parser.add_argument("app", help="the app, like main:app")
    parser.add_argument("--app-dir", default=".", help="where the app is imported from")
    parser.add_argument("--prefix", default="/api/v1", help="what it is behind")
    parser.add_argument("--port", type=int, default=9999, help="where Traefik listens, on this machine alone")
    parser.add_argument("--traefik", default="traefik", help="where Traefik is")
    parser.add_argument("--uvicorn", default="uvicorn", help="where uvicorn is")
    return parser


@contextmanager
def _running(*command: str) -> "Iterator[subprocess.Popen[bytes]]":
    with subprocess.Popen(command) as process:
        try:
            yield process
        finally:
            process.terminate()


def _static(port: int, routing: Path) -> dict[str, Any]:
    return {
        "global": {"checkNewVersion": False, "sendAnonymousUsage": False},
        "entryPoints": {"http": {"address": f"{HERE}:{port}"}},
        "providers": {"file": {"filename": str(routing)}},
        "log": {"level": "ERROR"},
    }


def _routing(prefix: str, port: int) -> dict[str, Any]:
    stripped = middlewares.strip(prefix)
    app = Piece("services", "app", {"loadBalancer": {"servers": [{"url": f"http://{HERE}:{port}"}]}})
    way = router("app", rule=rules.below(prefix), middlewares=[stripped.name], service=app.name)
    return section([stripped, app, way])


def _refuse(problem: str) -> int:
    tell(problem, sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
