"""Within a release: whom to believe about a request's client and scheme."""

PROXY = "127.0.0.1"


def believed(peer: str, forwarded_for: str, forwarded_proto: str) -> tuple[str, str]:
    """Give the client's address and scheme as the proxy tells them; empty where it tells none.

    Args:
        peer: the address that the request comes from; what any but the proxy tells does not count.
        forwarded_for: the header X-Forwarded-For.
        forwarded_proto: the header X-Forwarded-Proto.

    """
    if peer != PROXY:
        return "", ""
    scheme = forwarded_proto.strip()
    return forwarded_for.rpartition(",")[2].strip(), scheme if scheme in {"http", "https"} else ""
