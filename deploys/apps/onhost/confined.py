"""On the host: which protection of the sandbox a release has met, by what it raised. Pure."""

import re

_BY = {
    "MemoryDenyWriteExecute": re.compile(r"annot allocate (?:write\+)?execut(?:e|able) memory"),
    "ProcSubset": re.compile(r"\[Errno 2\] No such file or directory: '/proc/(?!self\b|\d)\w"),
    "RestrictAddressFamilies": re.compile(r"\[Errno 97\] Address family not supported by protocol"),
}
"""What is said of each by those that meet it: numba and cffi; psutil; and who lists interfaces."""


def remedy(line: str) -> str:
    """Say what to leave out of the sandbox; nothing for another matter."""
    found = next((name for name, said in _BY.items() if said.search(line)), None)
    return f'its sandbox forbids that: write "sandbox": {{"loosen": ["{found}"]}}' if found else ""
