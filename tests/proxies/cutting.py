"""On the server: a program of gatehouse's own, killed at one of its steps. Standard library only."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

HERE = Path(__file__)
"""Lies on the server as it does here, below whatever imports it."""

HOOK = """
import os, sys
left = int(os.environ["STEPS"])
def hook(event, arguments):
    global left
    writes = event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wax+")
    if writes or event in {"os.rename", "os.remove", "os.symlink", "os.mkdir", "os.rmdir", "os.chmod",
                           "shutil.rmtree", "shutil.copyfile", "subprocess.Popen"}:
        left -= 1
        if left == 0:
            os.kill(os.getpid(), 9)
sys.addaudithook(hook)
"""
"""Counts as a step whatever changes files or starts a program, as Python's audit events tell."""


def shell(command: str, about: str = "") -> str:
    """Run a command of the shell's; where it fails, all ends with what it said."""
    done = subprocess.run(command, shell=True, check=False, capture_output=True, text=True)  # noqa: S602  # our own words
    if done.returncode:
        sys.exit(f"{about or command}: {done.stderr}")
    return done.stdout


def go_live(program: str, argument: Mapping[str, object], steps: int) -> int:
    """Run a program that counts its steps, and is killed after so many; gives how it ended."""
    done = subprocess.run(
        ["python3", "-I", "-c", program],
        input=json.dumps(argument),
        env={**os.environ, "STEPS": str(steps)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode not in {0, -9}:
        sys.exit(f"after {steps} steps: {done.stderr}")
    return done.returncode
