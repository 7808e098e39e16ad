"""Ask an app's public port for a path, from the machine on which this runs, and print what came of it.

python -m tests.proxies.none.asked ADDRESS PORT HOST PATH [HEADER VALUE]...
"""

import http.client
import json
import sys
from typing import Any

CUT_OFF = "cut off"


def ask(address: str, port: int, host: str, path: str, headers: list[tuple[str, str]]) -> dict[str, Any]:
    """Give status, and what the app says, where there is an answer."""
    connection = http.client.HTTPConnection(address, port, timeout=10)
    try:
        # One by one, as a header may be there twice.
        connection.putrequest("GET", path, skip_host=True)
        for name, value in [("Host", host), *headers]:
            connection.putheader(name, value)
        connection.endheaders()
        answer = connection.getresponse()
        body = answer.read().decode()
    except OSError:
        return {"status": CUT_OFF}
    finally:
        connection.close()
    said = json.loads(body) if answer.headers.get_content_type() == "application/json" else body
    return {"status": answer.status, "said": said, "headers": dict(answer.headers)}


if __name__ == "__main__":
    address, port, host, path, *words = sys.argv[1:]
    print(json.dumps(ask(address, int(port), host, path, [*zip(words[::2], words[1::2], strict=True)])))
