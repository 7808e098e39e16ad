"""What Traefik cannot do. Pure."""

_ANSWERS = "Traefik cannot tell its own errors from the app's, whose answers would be replaced"
_STREAMS = "Traefik ends no stream for its silence"

LACKS = {
    "snippets": "Traefik's configuration is made whole, and has no place for a piece of it",
    "sites.*.snippets": "Traefik's configuration is made whole, and has no place for a piece of it",
    "upstreams.*.balance": "Traefik takes the better of two servers picked by chance, not the least busy one",
    "sites.*.client_timeout": "Traefik has one time for all requests and their bodies, 10 minutes",
    "sites.*.error_pages.!503": _ANSWERS,
    "sites.*.routes.*.files": "Traefik has no files; have the app answer, or servers behind an upstream",
    "sites.*.routes.*.idle_timeout": _STREAMS,
    "sites.*.routes.*.stream_requests": (
        "Traefik always passes a body on while it arrives, but for one that does not tell its length"
    ),
    "sites.*.routes.*.buffer_responses": "Traefik would keep an answer back until all of it is there",
}
"""Settings by patterns of their keys, and why they cannot be honoured."""
