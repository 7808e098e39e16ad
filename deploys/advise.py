"""Say which edge and which proxy fit, and why. Run: pyinfra -y inventories/prod.py deploys/advise.py.

It looks at DNS, and at the server's addresses and ports, and changes nothing. With `--data
name=www.example.com`, for a name that the settings do not have, or before there are any.
"""

from pyinfra.context import host

from deploys import looks
from deploys.advice.advice import lines, needs_a_proxy
from deploys.advice.looking import ports, resolve
from deploys.advice.names import ADDRESSES, told
from deploys.advice.signs import read
from deploys.terminal import tell_apart

names, server, now = told(host)
reached_by = resolve(str(host.data.get("ssh_hostname") or host.name)).addresses
own = {*reached_by, *" ".join(looks.at(ADDRESSES)).split()}
public = sorted({app.public.port for app in server.apps.values() if app.public}) if server else []

found = [host.name]
for name in names:
    known = resolve(name)
    sign = read(known.addresses, known.behind, own)
    found += ["", *lines(name, sign, needs_a_proxy(server), ports(name, reached_by, public), now)]
tell_apart("\n".join(found))
