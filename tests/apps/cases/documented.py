"""FastAPI's own documented cases: root_path in the app itself, additional servers, sub-applications."""

from typing import Any

from fastapi import FastAPI, Request

SERVERS = [{"url": "https://staging.example.com", "description": "Staging"}]


def make(**settings: Any) -> FastAPI:
    """Make an app that tells where it believes to be, with another one mounted in it."""
    app, sub = FastAPI(**settings), FastAPI()

    @app.get("/health")
    def health() -> str:
        return "ok"

    @app.get("/items/")
    def items(request: Request) -> str:
        return str(request.url_for("items"))

    @sub.get("/things/")
    def things(request: Request) -> dict[str, str]:
        return {"root_path": request.scope["root_path"], "url": str(request.url_for("things"))}

    app.mount("/sub", sub)
    return app


app = make(root_path="/documented/v1", servers=SERVERS)
unlisted = make(root_path="/unlisted/v1", servers=SERVERS, root_path_in_servers=False)
unknowing = make()
