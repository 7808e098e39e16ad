"""What the lab's demo server is to be: the demo app under one name and an alias."""

alerts = {"command": "/usr/bin/logger"}

apps = {
    "demo": {
        "source": "tests/demo",
        "asgi": "demo.main:app",
        "health": {"path": "/health"},
    },
}

sites = {
    "www.gatehouse.test": {
        "aliases": ["gatehouse.test"],
        "routes": {"/": {"app": "demo"}},
    },
}
