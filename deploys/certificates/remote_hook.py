"""On the host: what certbot runs after it has renewed a certificate (its deploy hook)."""

import os
import sys
from pathlib import Path
from typing import Any

from deploys.certificates import remote_account, remote_alert, remote_renewal, remote_serve


def main(settings: "dict[str, Any]") -> None:
    """Have the proxy serve the lineage that certbot names in RENEWED_LINEAGE, or raise the alert.

    Args:
        settings: `lineages`, a table from name to `ask` and `renewed`; `reload`, the proxy's shell command;
            `alerts`.

    """
    lineage = Path(os.environ["RENEWED_LINEAGE"])
    known = settings["lineages"].get(lineage.name)
    if known is None or not known["renewed"] or remote_account.BY_US in os.environ:
        return
    # The CA may have given another lifetime than before.
    chain = f"{lineage}/fullchain.pem"
    remote_renewal.set_point(lineage.parent.parent / "renewal" / f"{lineage.name}.conf", chain)
    os.sync()
    try:
        remote_serve.serve(settings["reload"], chain, known["ask"])
    except SystemExit as problem:
        # certbot notes a hook that failed, and calls the renewal a success all the same.
        title = f"{lineage.name}: renewed, but not served"
        failed = remote_alert.send(settings["alerts"], title, str(problem))
        sys.exit("\n".join([str(problem), *failed]))
