"""Everything about a request that matters behind a proxy, told back to the client."""

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated

from fastapi import FastAPI, Query, Request, WebSocket, WebSocketDisconnect
from fastapi.responses import HTMLResponse, JSONResponse, StreamingResponse
from fastapi.staticfiles import StaticFiles

app = FastAPI(title="demo", summary="Says what reaches it.")
app.mount("/static", StaticFiles(directory=Path(__file__).parent / "static"), name="static")

admin = FastAPI(title="demo, mounted")
app.mount("/admin", admin)

# Relative links lead on under any prefix, too.
HOME = """<!doctype html>
<html lang="en">
<title>demo</title>
<h1>It works</h1>
<p>This app says what reaches it. See <a href="echo">what it knows of your request</a>,
or try the rest of it on <a href="docs">its docs page</a>.
"""


@app.get("/", include_in_schema=False, response_class=HTMLResponse)
def home() -> str:
    """Welcome whoever opens the site in a browser."""
    return HOME


@app.get("/health")
def health() -> dict[str, str]:
    """Answer as long as the process works; `DEMO_BROKEN` makes it fail, for trying that."""
    if os.environ.get("DEMO_BROKEN"):
        raise RuntimeError("told to be broken by DEMO_BROKEN")
    return {"status": "ok"}


@app.get("/items/")
def items() -> list[str]:
    """List things; without its slash the path redirects here."""
    return ["anvil", "bellows"]


@app.api_route("/echo", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
@app.api_route("/echo/{rest:path}", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
async def echo(request: Request, rest: str = "") -> dict[str, object]:
    """Tell back what arrived: client, scheme, host, target, headers and body."""
    body = await request.body()
    return {
        "client": request.client.host if request.client else None,
        "scheme": request.url.scheme,
        "host": request.headers.get("host"),
        "method": request.method,
        "raw_path": request.scope["raw_path"].decode("latin-1"),
        "root_path": request.scope.get("root_path", ""),
        "query": request.scope["query_string"].decode("latin-1"),
        "headers": [[name.decode("latin-1"), value.decode("latin-1")] for name, value in request.headers.raw],
        "body": body.decode("latin-1"),
        "pid": os.getpid(),
        "version": os.environ.get("DEMO_VERSION", ""),
        "url_for": str(request.url_for("items")),
    }


@app.post("/upload")
async def upload(request: Request) -> dict[str, object]:
    """Count and digest a body of any size."""
    digest, size = hashlib.sha256(), 0
    async for chunk in request.stream():
        digest.update(chunk)
        size += len(chunk)
    return {"size": size, "sha256": digest.hexdigest()}


@app.post("/refuse")
async def refuse() -> JSONResponse:
    """Answer without a look at the body, as an app does that knows nobody."""
    return JSONResponse({"detail": "who are you?"}, status_code=401)


@app.post("/fail")
async def fail() -> None:
    """Fail without a look at the body."""
    raise RuntimeError("it fails without a look at the body")


@app.get("/header/{size}")
async def header(size: int) -> JSONResponse:
    """Answer with a header of so many bytes."""
    return JSONResponse({"size": size}, headers={"X-Long": "x" * size})


@app.get("/slow")
async def slow(seconds: Annotated[float, Query(ge=0, le=120)] = 1.0) -> dict[str, float]:
    """Answer late."""
    await asyncio.sleep(seconds)
    return {"seconds": seconds}


@app.get("/events")
async def events(count: Annotated[int, Query(ge=1, le=1000)] = 5, interval: float = 0.2) -> StreamingResponse:
    """Send server-sent events, one at a time."""

    async def stream() -> AsyncIterator[str]:
        for number in range(count):
            yield f"data: {number}\n\n"
            await asyncio.sleep(interval)

    return StreamingResponse(
        stream(), media_type="text/event-stream", headers={"X-Process": str(os.getpid())}
    )


@app.websocket("/ws")
async def websocket(socket: WebSocket) -> None:
    """Say who connected, then echo every message."""
    await socket.accept()
    client = socket.client.host if socket.client else ""
    await socket.send_json({"client": client, "scheme": socket.url.scheme, "pid": os.getpid()})
    try:
        while True:
            await socket.send_text(await socket.receive_text())
    except WebSocketDisconnect:
        return


@app.get("/status/{code}")
def status(code: int) -> JSONResponse:
    """Answer with any status and a JSON body, as an app's own errors do."""
    return JSONResponse({"detail": f"the app says {code}"}, status_code=code)


@admin.get("/")
def admin_home(request: Request) -> dict[str, str]:
    """Answer as a sub-application, which knows where it is mounted."""
    return {"root_path": request.scope.get("root_path", "")}
