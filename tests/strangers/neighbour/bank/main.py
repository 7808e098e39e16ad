"""A neighbour with something to lose: secrets, data, and clients who send it their cookies."""

import json
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

Path(os.environ["STATE_DIRECTORY"], "ledger").write_text("the bank's ledger\n")


async def app(scope: Message, receive: Receive, send: Send) -> None:
    if scope["type"] == "lifespan":
        while True:
            event = await receive()
            await send({"type": event["type"] + ".complete"})
            if event["type"] == "lifespan.shutdown":
                return
    about = {"bank": True, "pid": os.getpid(), "credentials": os.environ.get("CREDENTIALS_DIRECTORY", "")}
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": json.dumps(about).encode()})
