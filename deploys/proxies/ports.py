"""Who has the ports at which a proxy is to answer, as it is found on a bare machine, too. Pure."""

from collections.abc import Collection, Iterable, Iterator
from fnmatch import fnmatchcase

from deploys.config import Server
from deploys.looks import Script
from deploys.onhost import holders
from deploys.onhost.holders import Holder

_SCRIPT = r"""
sockets= before=
for asked in @asked@; do
  port=${asked%%/*} protocol=${asked#*/} state=0A
  [ $protocol = tcp ] || state=07
  for inode in $(/usr/bin/awk -v port="$(printf ':%04X$' $port)" -v state=$state \
      '$4 == state && $2 ~ port { print $10 }' /proc/net/$protocol /proc/net/${protocol}6 2>/dev/null); do
    [ -n "$sockets" ] ||
      sockets=$(/usr/bin/find /proc/[0-9]*/fd -lname 'socket:*' -printf '%h/%l\n' 2>/dev/null)
    process=$(echo "$sockets" | /usr/bin/awk -F/ -v socket="socket:[$inode]" '
      $5 == socket { has[$3] }
      END {
        for (one in has) {
          parent = ""; status = "/proc/" one "/status"
          while ((getline line < status) > 0) if (sub(/^PPid:[ \t]*/, "", line)) parent = line
          close(status)
          if (!(parent in has) && (!first || one + 0 < first)) first = one + 0
        }
        print first + 0
      }')
    # One that listens several times is the same each time, but systemd, who does so for others.
    [ "$process" != "$before" ] || [ $process = 1 ] || { printf '%s\n' "$port/$protocol $holder"; continue; }
    before=$process
    if [ $process = 1 ]; then
      unit=$(/usr/bin/systemctl list-sockets --no-legend --plain --full | /usr/bin/awk -v end=":$port" \
        'substr($1, length($1) - length(end) + 1) == end { print $2; exit }')
    else
      unit=$(/usr/bin/grep -oE '@unit@' /proc/$process/cgroup 2>/dev/null | /usr/bin/head -n 1)
      unit=${unit##*/}
    fi
    state_of_unit= main=
    [ -z "$unit" ] || while IFS='=' read -r key value; do
      case $key in UnitFileState) state_of_unit=$value ;; MainPID) main=$value ;; esac
    done <<END
$(/usr/bin/systemctl show --property=UnitFileState,MainPID -- "$unit")
END
    command=$(/usr/bin/tr '\0' ' ' < /proc/$process/cmdline 2>/dev/null | LC_ALL=C /usr/bin/tr -c ' -~' '?')
    holder="$process ${unit:--} ${state_of_unit:--} ${main:--} $command"
    printf '%s\n' "$port/$protocol $holder"
  done
done
"""
"""What `holders.holder` finds by Python, for each port, and the unit by which systemd listens: a line for
each socket. A command is a stranger's: dash's `echo` would obey what is in it, and it need not be text.
"""


def look(server: Server) -> Script:
    """Look at who listens at the ports of a server's sites, or at which a load balancer finds its apps."""
    public = [f"{app.public.port}/tcp" for app in server.apps.values() if app.public]
    over_udp = ["443/udp"] if any(site.http3 for site in server.sites.values()) else []
    over_tls = ["443/tcp"] if server.has_certificates else []
    asked = " ".join(["80/tcp", *over_tls, *over_udp] if server.has_proxy else sorted(public))
    return Script(_SCRIPT.replace("@asked@", asked).replace("@unit@", holders.UNIT))


def taken(lines: Iterable[str], units: Collection[str]) -> list[str]:
    """Say of each port that somebody has who is in the way who that is.

    Args:
        lines: what the look has found.
        units: patterns of those that are not in the way.

    """
    # A program often has a socket for each version of IP.
    return [*dict.fromkeys(_told(lines, units))]


def _told(lines: Iterable[str], units: Collection[str]) -> Iterator[str]:
    for line in lines:
        port, process, unit, state, main, *command = line.split(" ", 5)
        if not any(fnmatchcase(unit, pattern) for pattern in units):
            unit, state = ("" if word == "-" else word for word in (unit, state))
            holder = Holder(int(process), unit, state, main == process, " ".join(command).strip())
            yield f"port {port} is taken by {holders.told(holder)}"
