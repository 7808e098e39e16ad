"""Programs of others before a server: nginx as Cloudflare, and HAProxy as a load balancer."""

from pathlib import Path

import trustme

from tests.lab import Server

CLOUDFLARE = """\
server {{
    listen 80;
    location / {{
        proxy_pass http://{origin};
        include /etc/nginx/told.conf;
    }}
}}
server {{
    listen 443 ssl;
    ssl_certificate /etc/nginx/front.pem;
    ssl_certificate_key /etc/nginx/front.pem;
    location / {{
        proxy_pass https://{origin};
        proxy_ssl_server_name on;
        proxy_ssl_name $host;
        proxy_ssl_protocols TLSv1.2 TLSv1.3;
        proxy_ssl_verify on;
        proxy_ssl_trusted_certificate /etc/nginx/origins.pem;
        proxy_ssl_certificate /etc/nginx/shown.pem;
        proxy_ssl_certificate_key /etc/nginx/shown.pem;
        include /etc/nginx/told.conf;
    }}
}}
"""
"""In the mode that is called full (strict), with authenticated origin pulls."""

TOLD = """\
proxy_set_header Host $host;
proxy_set_header CF-Connecting-IP $remote_addr;
proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
proxy_set_header X-Forwarded-Proto $scheme;
"""

BALANCER = """\
defaults
    mode tcp
    timeout connect 10s
    timeout client 60s
    timeout server 60s
{listeners}"""

LISTENER = """\
listen from-{port}
    bind :{port}
    server origin {origin}:443 {how}
"""


def cloudflare(
    front: Server, origin: Server, names: tuple[str, ...], *, trusted: str, shown: bytes, ca: trustme.CA
) -> None:
    """Have a furnished server be Cloudflare.

    Args:
        front: the server.
        origin: what it is before.
        names: what it has a certificate for.
        trusted: the roots that sign the origin's certificate, in PEM.
        shown: the certificate and the key by which it shows who it is, in PEM.
        ca: signs its own certificate.

    """
    own = ca.issue_cert(*names).private_key_and_cert_chain_pem.bytes().decode()
    files = {
        "front.pem": own,
        "origins.pem": trusted,
        "shown.pem": shown.decode(),
        "told.conf": TOLD,
        "conf.d/front.conf": CLOUDFLARE.format(origin=origin.address),
    }
    for name, content in files.items():
        front.run(f"umask 077 && cat > /etc/nginx/{name}", stdin=content)
    front.run("rm -f /etc/nginx/sites-enabled/default && nginx -t -q && systemctl restart nginx")


def balancer(front: Server, origin: Server, ways: dict[int, str]) -> None:
    """Have a server run HAProxy, which passes on what comes to each port, in its own words for how."""
    made = (LISTENER.format(port=port, origin=origin.address, how=how) for port, how in ways.items())
    front.install("haproxy")
    front.run("cat > /etc/haproxy/haproxy.cfg", stdin=BALANCER.format(listeners="".join(made)))
    front.run("systemctl restart haproxy")


def pem(certificates: list[Path]) -> str:
    """Put certificates of several files together."""
    return "".join(path.read_text() for path in certificates)
