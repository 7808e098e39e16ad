"""A program of a test's in the place of nginx, which gatehouse runs by its absolute path alone."""

from tests.lab import Server

NGINX, REAL = "/usr/sbin/nginx", "/usr/sbin/nginx.real"


def put(server: Server, script: str) -> None:
    """Have a script run whenever nginx is to; it finds nginx itself at `REAL`."""
    server.run(f"[ -e {REAL} ] || mv {NGINX} {REAL}; cat > {NGINX}.new", stdin=script)
    server.run(f"chmod +x {NGINX}.new && mv {NGINX}.new {NGINX}")


def remove(server: Server) -> None:
    """Put nginx back, unless the script has done that itself."""
    server.run(f"[ ! -e {REAL} ] || mv {REAL} {NGINX}")
