"""On the host: what certbot runs after it has renewed a certificate (its deploy hook)."""

import json
import os
import sys
from functools import partial
from pathlib import Path
from typing import Any

from deploys.certificates.onhost import account, renewal, serve
from deploys.watch.onhost import alert


def main(settings: "dict[str, Any]") -> None:
    """Have the proxy serve the lineage that certbot names in RENEWED_LINEAGE, or raise the alert.

    Args:
        settings: `lineages`, a table from name to `ask` and `renewed`; `reload`, as `serve` takes it;
            `watch`, the file that says whom to tell.

    """
    lineage = Path(os.environ["RENEWED_LINEAGE"])
    known = settings["lineages"].get(lineage.name)
    if known is None or not known["renewed"] or account.BY_US in os.environ:
        return
    chain = f"{lineage}/fullchain.pem"
    conf = lineage.parent.parent / "renewal" / f"{lineage.name}.conf"
    told = [
        *_try("renewed, but not served", partial(serve.serve, settings["reload"], chain, known["ask"])),
        # The CA may have given another lifetime than before.
        *_try("renewed, but not noted when to renew again", partial(renewal.set_point, conf, chain)),
    ]
    os.sync()
    # certbot notes a hook that failed, and calls the renewal a success all the same.
    if told:
        alerts = json.loads(Path(settings["watch"]).read_text())["alerts"]
        sent = ([text, *alert.send(alerts, f"{lineage.name}: {title}", text)] for title, text in told)
        sys.exit("\n".join(line for lines in sent for line in lines))


def _try(otherwise: str, act: "partial[None]") -> "list[tuple[str, str]]":
    """Do something, or say what kept it: neither a full disk nor a bug may do so unheard."""
    try:
        act()
    except (SystemExit, Exception) as problem:
        return [(otherwise, str(problem) or repr(problem))]
    return []
