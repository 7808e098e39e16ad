"""On the host: the account at the CA, and certbot's own words where it fails."""

import json
import re
import tempfile
import time
from pathlib import Path
from typing import Any

from deploys.onhost import files, run
from deploys.onhost import words as onhost_words

_ELSEWHERE = re.compile(
    r"Saving debug log|Ask for help|See the logfile|^[- ]+$|Requesting a certificate|Renewing an existing"
    r"|Plugins selected|Account registered|^Encountered exception during recovery"
    r"|Hint: The Certificate Authority failed to download the temporary"
)

_MASKED = "AttributeError: can't set attribute"
BY_US = "GATEHOUSE_LOOKS"
"""In the environment of a certbot whose caller has the certificate served, and looks, itself."""

LOG = Path("/var/log/letsencrypt/letsencrypt.log")
TRIES = 60


def main(argument: "dict[str, Any]") -> None:
    """Tell the CA of a changed address.

    Args:
        argument: `account`, as for `register`.

    """
    call(argument["account"]["command"], argument["account"]["environment"])
    _note(argument["account"])


def register(account: "dict[str, Any]", log: Path = LOG) -> None:
    """Register the account, unless there is one.

    Args:
        account: `command`; `environment`; `kept`, the directory where certbot keeps the accounts of this
            CA; `eab`, options to bind it by; `file`, where `directory` and `email` are noted.
        log: where certbot logs.

    """
    if any(Path(account["kept"]).glob("*/regr.json")):
        return
    with tempfile.NamedTemporaryFile("w", suffix=".ini") as options:
        # On a command line the key would be seen by every user of the server.
        options.write("".join(f"{key} = {value}\n" for key, value in account["eab"].items()))
        options.flush()
        with_options = ["--config", options.name] if account["eab"] else []
        call([*account["command"], *with_options], account["environment"], log)
    _note(account)


def call(command: "list[str]", environment: "dict[str, str]", log: Path = LOG) -> None:
    """Run certbot; while another one runs, wait for it.

    Args:
        command: its command line.
        environment: variables that it gets besides.
        log: where it logs.

    Raises:
        SystemExit: it failed, with its own words.

    """
    for _ in range(TRIES):
        done = run.attempt(*command, environment={**environment, BY_US: "1"})
        if done.returncode == 0:
            return
        told = words(done.stdout, done.stderr, log.read_text(errors="replace") if log.exists() else "")
        if "Another instance of Certbot" in told:
            time.sleep(5)
        elif "badNonce" in told or "anti-replay nonce" in told:
            # No fault, but an invitation to try again (RFC 8555, section 6.5), which certbot does but once.
            time.sleep(0.5)
        else:
            break
    raise SystemExit(told)


def words(stdout: str, stderr: str, log: str = "") -> str:
    """Keep of certbot's output what says why it failed.

    Args:
        stdout: what it wrote.
        stderr: where it complained.
        log: its log, which knows more.

    """
    lines = [line.strip() for line in [*stdout.splitlines(), *stderr.splitlines()]]
    told = [line for line in lines if line and not _ELSEWHERE.search(line)]
    if _MASKED in told:
        # Before 2.3 certbot cannot raise the CA's errors on Python 3.11, and says this instead.
        told = re.findall(r"urn:ietf:params:acme:error:\S+ :: .*", log)[-1:] or told
    if not told:
        return "certbot: failed without a word; see /var/log/letsencrypt"
    return onhost_words.said("certbot", "\n".join(told))


def _note(account: "dict[str, Any]") -> None:
    file = Path(account["file"])
    known = json.loads(file.read_text()) if file.exists() else {}
    files.write(file, json.dumps({**known, account["directory"]: account["email"]}))
