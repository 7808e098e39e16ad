"""On the host: have a CA issue a certificate that nobody will use."""

import tempfile
from pathlib import Path
from typing import Any

from deploys.certificates.onhost import account as account_onhost


def main(argument: "dict[str, Any]") -> None:
    """Run certbot with an account and a directory that are thrown away.

    Args:
        argument: `certbot`, its command line; `account`, as `account_onhost.register` takes it.

    """
    with tempfile.TemporaryDirectory(prefix="gatehouse-") as directory:
        away = [
            word for kind in ("config", "work", "logs") for word in (f"--{kind}-dir", f"{directory}/{kind}")
        ]
        account = argument["account"]
        thrown = {
            **account,
            "command": [*account["command"], *away],
            "kept": f"{directory}/config/accounts",
            "file": f"{directory}/told.json",
        }
        log = Path(directory, "logs", account_onhost.LOG.name)
        account_onhost.register(thrown, log)
        account_onhost.call([*argument["certbot"], *away], account["environment"], log)
