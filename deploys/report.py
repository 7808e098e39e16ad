"""Sum up each host's access log of the last day. Run: pyinfra -y inventories/prod.py deploys/report.py.

With `--data since=2h` (or 90m, or 7d), of another time; with `--data site=www.example.com`, of one name.
"""

from pyinfra.context import host

from deploys.base.machine import as_root
from deploys.load import load
from deploys.proxies.table import proxy_for
from deploys.reports.report import heading, question, tables
from deploys.terminal import tell_apart, width

server = load(host, "since", "site")
asked = question(server, host.data.get("since"), host.data.get("site"))
as_root()  # or not all that is there is seen
proxy = proxy_for(server)
lines = [proxy.unlogged]
if proxy.access_log:
    lines = tables(host.get_fact(proxy.access_log, argument=asked), width())
tell_apart("\n".join([heading(host.name, asked), *lines]))
