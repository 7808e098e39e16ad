"""On the host: have the CA issue a certificate, have the proxy serve it, and see that it does."""

import json
import os
import re
import subprocess
import time
from pathlib import Path
from typing import Any

from deploys.certificates import remote_link, remote_serve

_ELSEWHERE = re.compile(
    r"Saving debug log|Ask for help|See the logfile|^[- ]+$|Requesting a certificate|Renewing an existing"
    r"|Plugins selected|Account registered|Hint: The Certificate Authority failed to download the temporary"
)


def main(argument: "dict[str, Any]") -> None:
    """Run certbot if there is a command for it, then have the link lead to the certificate and serve it.

    Args:
        argument: `certbot`, certbot's command line, or empty to use what was issued before; `environment`,
            variables to add for it; `link` and `target`; `ask`, the names to see on the wire; `reload`,
            the proxy's shell command; `account`, a file and what to note there once the CA has accepted.

    """
    if argument["certbot"]:
        _certbot(argument["certbot"], argument["environment"])
        _note(Path(argument["account"]["file"]), argument["account"]["known"])
    remote_link.lead(Path(argument["link"]), Path(argument["target"]))
    remote_serve.serve(argument["reload"], f"{argument['target']}/fullchain.pem", argument["ask"])


def _certbot(command: "list[str]", environment: "dict[str, str]") -> None:
    for _ in range(24):
        done = subprocess.run(
            command, env=os.environ | environment, capture_output=True, text=True, check=False
        )
        if "Another instance of Certbot" not in done.stderr:
            break
        time.sleep(5)
    if done.returncode != 0:
        raise SystemExit(words(done.stdout, done.stderr))


def words(stdout: str, stderr: str) -> str:
    """Keep of certbot's output what says why it failed."""
    lines = [line.strip() for line in [*stdout.splitlines(), *stderr.splitlines()]]
    told = [line for line in lines if line and not _ELSEWHERE.search(line)]
    return "certbot: " + "\n".join(told or ["failed without a word; see /var/log/letsencrypt"])


def _note(file: Path, known: "dict[str, Any]") -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(known))
