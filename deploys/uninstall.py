"""Take gatehouse off the server, which serves nothing from then on; what apps have written stays.

Run: pyinfra inventories/prod.py deploys/uninstall.py, with --dry to see first what would go.
"""

from pyinfra.context import host

from deploys.apps import removal as apps
from deploys.base.machine import as_root
from deploys.base.owned import take_away
from deploys.load import load
from deploys.places import apps as shared
from deploys.places import base, certificates, edge, firewall, sites, watch
from deploys.proxies.table import PROXIES

load(host)
as_root()

take_away(name="Watch: remove", owned=watch.OWNED)
for name, proxy in PROXIES.items():
    take_away(name=f"{name}: stop, and remove its configuration", owned=proxy.owned)
apps.remove_all()
for what, owned in {
    "Apps: remove what they shared": shared.OWNED,
    "Ports 80 and 443: open them to all": edge.OWNED,
    "Firewall: remove": firewall.OWNED,
    "Certificates: remove": certificates.OWNED,
    "Maintenance: remove": sites.OWNED,
    "Folders: remove": base.OWNED,
}.items():
    take_away(name=what, owned=owned)
