"""Which edge and which proxy fit, as a tree: of questions, answers, and what to set. Pure.

`docs/choosing.md` and its picture show the same tree.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from deploys.config import Server

_PROXY = f'proxy = "{Server.model_fields["proxy"].default}"'
"""The usual one; any other would do."""


@dataclass(frozen=True)
class Advice:
    """Where a way through the tree ends."""

    name: str
    """What it is called, in a word or two."""
    settings: str
    """What to set; empty where gatehouse is not what is needed."""
    why: str


@dataclass(frozen=True)
class Question:
    """Where ways part."""

    asks: str
    answers: Mapping[str, "Question | Advice"]


DIRECT = Advice(
    "direct",
    _PROXY,
    "nothing stands in front, so the server itself has names, certificates and limits; no edge is set",
)
NONE = Advice(
    "none",
    'proxy = "none", edge = {"addresses": [...]}, public for each app',
    "the load balancer has TLS and names already, and a second proxy would only be one more thing that fails",
)
BALANCED = Advice(
    "load balancer and proxy",
    f'{_PROXY}, edge = {{"addresses": [...]}}',
    "the proxy does what the load balancer cannot, and believes it about the client's address",
)
CLOUDFLARE = Advice(
    "cloudflare",
    f'{_PROXY}, edge = {{"cloudflare": True, "only": True}}',
    "Cloudflare tells the client's address, is believed by its own networks, and nobody gets past it",
)
PLATFORM = Advice(
    "not us",
    "",
    "the platform runs the app, and there is no server of yours: use what it brings, or lead the name here",
)

ITSELF, CLOUDFLARES, BALANCER, PLATFORMS = (
    "to the server itself, or nowhere yet",
    "to Cloudflare",
    "to a load balancer of a cloud",
    "to a platform",
)
NO, YES = "no", "yes"

TREE = Question(
    "Where does DNS lead the name?",
    {
        ITSELF: DIRECT,
        BALANCER: Question(
            "Must the server itself speak TLS, route by path, send files, redirect, or limit clients?",
            {NO: NONE, YES: BALANCED},
        ),
        CLOUDFLARES: CLOUDFLARE,
        PLATFORMS: PLATFORM,
    },
)


def nodes(node: Question | Advice = TREE) -> Iterator[Question | Advice]:
    """List all questions and advice."""
    yield node
    if isinstance(node, Question):
        for below in node.answers.values():
            yield from nodes(below)


def follow(*answers: str) -> Advice:
    """Go through the tree by answers, as far as there are questions."""
    node: Question | Advice = TREE
    for answer in answers:
        if isinstance(node, Question):
            node = node.answers[answer]
    if isinstance(node, Question):
        raise ValueError(f"{node.asks} is not answered")
    return node
