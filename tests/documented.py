"""The commands that the pages show, and what runs each of them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
_OURS = ("pyinfra", r"\./gatehouse", "make", r"python -m (?:deploys|tests)\S*", r"\.venv/bin/\S+")
_MODULE = r"python -m (?:deploys|tests)\S*[^\s`]"
_OF_OTHERS = (
    *(
        "apt-get",
        "asciinema",
        "certbot",
        "curl",
        "df",
        "dig",
        "du",
        "eval",
        "git",
        "grep",
        "journalctl",
        "ls",
    ),
    *("nft", "ssh", "ssh-keygen", "ssh-keyscan", "systemctl", "systemd-analyze", "tail", "timedatectl"),
)
_PROGRAMS = rf"(?:{'|'.join((*_OURS, *_OF_OTHERS))})"
_LINE = re.compile(rf"^(?: {{4,}}|\s*- run: |\$ )({_PROGRAMS}(?: .*)?)$", re.MULTILINE)
_INLINE = re.compile(rf"`({_PROGRAMS} [^`\n]*|{_MODULE})`")
_SAID = re.compile(r"\s+#.*|\s{2,}.*")
"""What a page says of a command behind it."""


def shown() -> set[str]:
    """Every command of the README and of the pages, as it stands there."""
    pages = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    return {command for page in pages for command in commands_in(page.read_text())}


def commands_in(page: str) -> Iterator[str]:
    for found in (*_LINE.findall(page), *_INLINE.findall(page)):
        yield _SAID.sub("", found).strip()


@dataclass(frozen=True)
class OnServer:
    """A command that is run on a server that has what the settings say, and no other release."""

    command: str
    says: str
    code: int = 0


@dataclass(frozen=True)
class There:
    """A command that is typed on such a server."""

    command: str
    says: str = ""
    codes: tuple[int, ...] = (0,)


PYINFRA = "pyinfra inventories/prod.py deploys"
LOCALLY = "python -m deploys.proxies.traefik.locally"
LOOK = "pyinfra -y inventories/prod.py deploys"
ON_SERVER = (
    OnServer(f"{PYINFRA}/site.py --dry --diff", "Detected changes"),
    OnServer(f"{PYINFRA}/site.py", "still has the traffic"),
    OnServer(f"{LOOK}/site.py", "still has the traffic"),
    OnServer("./gatehouse site prod --dry --diff", "no changes"),
    OnServer("./gatehouse site prod", "no changes"),
    OnServer(f"{PYINFRA}/site.py --limit web1.example.com", "still has the traffic"),
    OnServer(f"{PYINFRA}/site.py --exclude web2.example.com", "still has the traffic"),
    OnServer(f"{PYINFRA}/packages.py deploys/site.py", "Packages of the apps"),
    OnServer(f"{LOOK}/status.py", "nothing is wrong"),
    OnServer("./gatehouse status prod", "nothing is wrong"),
    OnServer("./gatehouse status prod --json", '"problems": []'),
    OnServer("./gatehouse --help", "Exit codes: 0 all is as wanted"),
    OnServer(f"{LOOK}/verify.py", "DNS has neither", code=1),
    OnServer(f"{LOOK}/advise.py", "-> direct"),
    OnServer(f"{LOOK}/report.py", "Not counted"),
    OnServer(f"{LOOK}/report.py --data since=2h --data site=www.example.com", "Not counted"),
    OnServer(f"{PYINFRA}/alert.py", "nobody was told", code=1),
    OnServer(f"{PYINFRA}/backup.py", "back up to"),
    OnServer(f"{PYINFRA}/renew.py --data rehearse=yes", "rehearse with"),
    OnServer("./gatehouse renew prod --rehearse", "the CA would issue it; nothing was changed"),
    OnServer(f"{PYINFRA}/renew.py", "renew (asked for)"),
    OnServer(f"{PYINFRA}/renew.py --data site=www.example.com", "renew (asked for)"),
    OnServer(f"{PYINFRA}/maintenance.py --data maintenance=on", "Maintenance: on"),
    OnServer(f"{PYINFRA}/maintenance.py --data maintenance=off", "Maintenance: off"),
    OnServer(f"{PYINFRA}/rollback.py", "no former release", code=1),
    OnServer(f"{PYINFRA}/rollback.py --data app=shop", "no former release", code=1),
    OnServer(f"{PYINFRA}/rollback.py --data to=7", "there is no release 7", code=1),
    OnServer("./gatehouse rollback prod", "no former release", code=2),
    OnServer(f"{PYINFRA}/site.py --data again=yes", "still has the traffic"),
    OnServer(f"{PYINFRA}/forget.py --dry", "every certificate belongs to a site"),
    OnServer(f"{PYINFRA}/forget.py", "every certificate belongs to a site"),
)

ELSEWHERE = {
    f"{LOCALLY} main:app --app-dir ../shop --uvicorn ../shop/.venv/bin/uvicorn": (
        "tests/proxies/traefik/test_locally.py"
    ),
    "make bench": "measures for long; tests/bench has tests of what it says then",
    "make bench DEBIAN=12": "the same, on another release",
    "make check": "the tests themselves",
    "make demo": "the demo's own steps are tests/demonstrate.py, whose claims are tests/outside/proofs.py",
    "make lab-down": "tests/lab/test_lab_down.py",
    "make pins": "asks an index what is newest; tests/test_pins.py holds what it has written",
    "make pictures": "what draws these pages; its steps are those of the demo",
    "make test": "the tests themselves",
    "make test-all": "the tests themselves",
    "make tools": "what the tests run in",
    "make venv": "what the tests run in",
    "make venv && . .venv/bin/activate": "what the tests run in",
    "python -m tests.bench releases": "a part of make bench",
    "python -m tests.lab dns app.test ADDRESS": "tests/lab",
    "python -m tests.lab down": "tests/lab/test_lab_down.py",
    "python -m tests.lab ssh web": "tests/lab",
    "python -m tests.lab up web": "tests/lab/test_lab_servers.py",
    "./gatehouse site lab": "tests/pictures.py runs it, and draws what is on its screen",
    "./gatehouse run prod --app shop": "a shell needs a terminal; tests/apps/test_run.py",
    "./gatehouse run prod --app shop -- python manage.py createsuperuser": "tests/apps/test_run.py",
    f"{LOOK}/run.py --data app=shop --data command='python -m shop.tidy'": "tests/apps/test_run.py",
    "pyinfra -y inventories/lab.py deploys/site.py": "tests/demonstrate.py",
    ".venv/bin/pyinfra -y inventories/prod.py deploys/site.py": "tests/recipes/test_ci.py",
    ".venv/bin/pytest -q tests/strangers -k 13": "the tests themselves",
    "apt-get install systemd-timesyncd": "changes the time of the machine, which the lab's servers share",
    "apt-get upgrade": "Debian's own, for an hour of the reader's choice",
    "asciinema play docs/site.cast": "tests/pictures.py makes what it plays",
    "certbot renew --dry-run": "certbot's own; asks the CA's server for staging, of which a lab has none",
    "curl -s http://127.0.0.80:881/api/overview": "tests/proxies/traefik",
    "curl -sI https://www.example.com/ | grep -i -e cache -e age -e etag": "asks a site of the reader's",
    "dig +short A www.example.com; dig +short AAAA www.example.com": "asks the reader's own DNS",
    "git push": "of another tool",
    "grep '\"DownstreamStatus\":5' /var/log/gatehouse-traefik/access.log": "tests/proxies/traefik",
    "grep '\"status\":5' /var/log/gatehouse-caddy/access.log": "tests/proxies/caddy",
    "journalctl -t shop -f": "comes to no end; the same without -f is run",
    "journalctl -u gatehouse-caddy": "tests/proxies/caddy",
    "journalctl -u gatehouse-traefik": "tests/proxies/traefik",
    "ls -t /etc/gatehouse/caddy/trees": "tests/proxies/caddy",
    "nft flush ruleset": "what the page says does no harm; tests/firewall",
    'nft insert rule ip filter DOCKER-USER iifname "gh*" accept': "for a lab beside Docker",
    "nft list map inet gatehouse_front slots": "wants proxy = none; tests/apps/test_balancer.py",
    "nft list table inet gatehouse_edge": "wants an edge; tests/firewall",
    "ssh -N -L 8000:127.0.0.1:20000 root@server.example.com": "comes to no end: it holds a tunnel open",
    "ssh NAME [COMMAND...]": "a verb of the lab's; tests/lab",
    "ssh-keygen -R server.example.com": "changes what the reader's own ssh knows",
    "ssh-keyscan web1.example.com": "asks a server of the reader's",
    "systemctl reload gatehouse-caddy": "tests/proxies/caddy",
    "systemctl restart gatehouse-shop-a": "tests/apps/test_restarts.py",
    "systemctl stop gatehouse-front": "wants proxy = none; tests/apps/test_balancer.py",
    "systemctl stop gatehouse-shop-a": "tests/apps/test_restarts.py",
    "timedatectl set-ntp true": "changes the time of the machine, which the lab's servers share",
    f"{PYINFRA}/uninstall.py": "tests/site/test_uninstall.py",
    f"{PYINFRA}/uninstall.py --dry": "tests/site/test_uninstall.py",
}
"""What no test runs as it stands here, and where what it does is tested."""

HERE = {
    'eval "$(./gatehouse completion bash)"': "complete -p ./gatehouse",
    "python -m deploys.config.reference": "",
    "python -m tests.conformance.published": "",
    "git clone URL-OF-YOUR-COPY gatehouse && cd gatehouse": "test -x gatehouse",
    "git pull --rebase": "git diff --quiet HEAD @{upstream}",
}
"""What is run in bash in a clone, on any machine, and what then tells that it has done its work."""

THERE = (
    There("systemctl --failed", "0 loaded units"),
    There("systemctl status 'gatehouse-shop-[ab].service'", "active (running)", (0, 3)),
    There("systemctl status", "State:"),
    There("systemctl status ssh", "Active:"),
    There("systemctl reload nginx"),
    There("systemctl restart 'gatehouse-shop-[ab].service' 'gatehouse-shop-[ab].process-*'"),
    There("journalctl -t shop -n 50"),
    There("certbot certificates"),
    There("journalctl -u nginx"),
    There("journalctl -u ssh -n 20"),
    There("journalctl --vacuum-size=200M"),
    There("tail /var/log/nginx/error.log"),
    There("grep '\"status\":5' /var/log/nginx/access.log", codes=(0, 1)),
    There("grep X-Gatehouse-Port /etc/systemd/system/gatehouse-shop-a.service", codes=(0, 1, 2)),
    There("ls -t /etc/nginx/gatehouse.d"),
    There("curl http://127.0.0.80/"),
    There("df -h / /var /srv", "Mounted on"),
    There("du -xsh /srv/*/releases /var/lib/app-* /var/log/* | sort -h | tail", "/var/log/"),
    There("nft list ruleset", "gatehouse"),
    There("systemd-analyze security", "EXPOSURE"),
)
"""What is typed as root on a server with nginx and the app, and what it says there."""
