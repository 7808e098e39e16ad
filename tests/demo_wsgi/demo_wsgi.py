"""What `tests/demo` tells of a request, told by a WSGI app."""

import os
import time
from collections.abc import Iterator

from flask import Flask, Response, request, url_for

app = Flask(__name__)


@app.get("/health")
def health() -> dict[str, str]:
    return {"status": "ok"}


@app.get("/items/")
def items() -> list[str]:
    """List things; without its slash the path redirects here."""
    return ["anvil", "bellows"]


@app.route("/echo", methods=["GET", "POST"])
@app.route("/echo/<path:rest>", methods=["GET", "POST"])
def echo(rest: str = "") -> dict[str, object]:
    return {
        "client": request.remote_addr,
        "scheme": request.scheme,
        "host": request.host,
        "method": request.method,
        "rest": rest,
        "root_path": request.script_root,
        "query": request.query_string.decode("latin-1"),
        "headers": [[name.lower(), value] for name, value in request.headers],
        "body": request.get_data().decode("latin-1"),
        "pid": os.getpid(),
        "version": os.environ.get("DEMO_VERSION", ""),
        "url_for": url_for("items", _external=True),
    }


@app.post("/upload")
def upload() -> dict[str, int]:
    size = 0
    while chunk := request.stream.read(1 << 16):
        size += len(chunk)
    return {"size": size}


@app.post("/refuse")
def refuse() -> tuple[dict[str, str], int]:
    """Answer without a look at the body, as an app does that knows nobody."""
    return {"detail": "who are you?"}, 401


@app.get("/header/<int:size>")
def header(size: int) -> Response:
    """Answer with a header of so many bytes."""
    return Response("{}", headers={"X-Long": "x" * size})


@app.get("/slow")
def slow() -> dict[str, float]:
    seconds = float(request.args["seconds"])
    time.sleep(seconds)
    return {"seconds": seconds}


@app.get("/events")
def events() -> Response:
    """Send server-sent events, one at a time."""
    count, interval = int(request.args["count"]), float(request.args["interval"])

    def stream() -> Iterator[str]:
        for number in range(count):
            yield f"data: {number}\n\n"
            time.sleep(interval)

    return Response(stream(), mimetype="text/event-stream", headers={"X-Process": str(os.getpid())})


@app.post("/fail")
def fail() -> str:
    raise RuntimeError("it fails without a look at the body")
