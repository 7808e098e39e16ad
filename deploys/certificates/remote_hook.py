"""On the host: what certbot runs after it has renewed a certificate (its deploy hook)."""

import os
from pathlib import Path
from typing import Any

from deploys.certificates import remote_serve


def main(argument: "dict[str, Any]") -> None:
    """Have the proxy serve the lineage that certbot names in RENEWED_LINEAGE.

    Args:
        argument: `lineages` is a table from name to the names to see on the wire; `reload` is the
            proxy's shell command.

    """
    lineage = Path(os.environ["RENEWED_LINEAGE"])
    if lineage.name in argument["lineages"]:
        remote_serve.serve(argument["reload"], f"{lineage}/fullchain.pem", argument["lineages"][lineage.name])
