"""The commands of the README and the pages, run as they stand there, on one server."""

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.command.clone import COLOUR, Clone
from tests.documented import ON_SERVER, THERE, OnServer, There
from tests.house import House
from tests.site.inventory import hosts

pytestmark = [pytest.mark.lab, pytest.mark.slow]


@pytest.mark.parametrize("shown", ON_SERVER, ids=lambda shown: shown.command)
def test_a_command_as_it_stands_in_the_pages(shop: House, clone: Clone, shown: OnServer) -> None:
    gone = ["web2.example.com"] if "--exclude web2" in shown.command else []
    clone.write({"inventories/prod.py": hosts(shop, "web1.example.com", *gone)})
    words = shlex.split(shown.command.replace("www.example.com", shop.domain))
    done = subprocess.run(
        words,
        cwd=clone.root,
        env=os.environ
        | {
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "GATEHOUSE_BACKUP_PASSPHRASE": "correct horse battery staple",
        },
        input="\n",
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    output = COLOUR.sub("", done.stdout)
    assert done.returncode == shown.code, f"{shown.command} ended with {done.returncode}:\n{output}"
    assert shown.says in output, f"expected {shown.says!r} of {shown.command}:\n{output}"
    assert "Traceback" not in output


@pytest.mark.parametrize("shown", THERE, ids=lambda shown: shown.command)
def test_a_command_on_the_server_as_it_stands_in_the_pages(shop: House, shown: There) -> None:
    if shown.command.startswith("curl "):
        shop.server.install("curl")
    done = shop.server.run(shown.command, check=False)
    assert done.returncode in shown.codes, f"{shown.command} ended with {done.returncode}:\n{done.stderr}"
    assert shown.says in done.stdout, f"expected {shown.says!r} of {shown.command}:\n{done.stdout}"
