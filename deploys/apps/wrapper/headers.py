"""In a release, `deploys/onhost/headers.py` itself stands here: the headers in which clients have no say."""

from deploys.onhost.headers import FAMILIES, FORGED, TOLD

__all__ = ["FAMILIES", "FORGED", "TOLD"]
