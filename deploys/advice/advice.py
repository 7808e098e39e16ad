"""What to choose for a server, put together of what was seen. Pure."""

from collections.abc import Collection, Iterable, Iterator

from deploys.advice.signs import Sign
from deploys.advice.tree import BALANCER, NO, NONE, TREE, YES, Advice, Question, follow
from deploys.config import AppRoute, Server


def needs_a_proxy(server: Server | None) -> list[str]:
    """List what settings ask for that nobody does where there is no proxy."""
    if server is None:
        return []
    found: list[str] = []
    for domain, site in server.sites.items():
        if [*site.routes] != ["/"]:
            found.append(f"sites[{domain!r}] has routes by path")
        for path, route in site.routes.items():
            if not isinstance(route, AppRoute):
                kind = next(iter(route.model_fields_set & {"files", "redirect", "upstream"}), "a target")
                found.append(f"sites[{domain!r}]['routes'][{path!r}] has {kind}")
            elif route.limits.rate or route.limits.connections:
                found.append(f"sites[{domain!r}]['routes'][{path!r}] has limits")
    return found


def advise(sign: Sign, needs: Collection[str]) -> tuple[Advice, list[str]]:
    """Follow the tree; give the advice, and each answer with its reason on the way there.

    Args:
        sign: where DNS leads.
        needs: what only a proxy does.

    """
    way = [f"{TREE.asks} {sign.answer} ({sign.words})"]
    second = TREE.answers[sign.answer]
    if not isinstance(second, Question):
        return follow(sign.answer), way
    needs = [*sign.needs, *needs]
    answer = YES if needs else NO
    reason = "; ".join(needs) if needs else "nothing in the settings asks for it"
    return follow(sign.answer, answer), [*way, f"{second.asks} {answer} ({reason})"]


def lines(name: str, sign: Sign, needs: Collection[str], seen: Iterable[str], now: str) -> Iterator[str]:
    """Tell what was seen of a name, and what follows from it.

    Args:
        name: the name.
        sign: where DNS leads it.
        needs: what only a proxy does.
        seen: what answers at the server itself.
        now: what the settings have; empty where there are none.

    """
    advice, way = advise(sign, needs)
    yield name
    yield from (f"  {step}" for step in way)
    yield from (f"  {line}" for line in seen)
    yield f"  -> {advice.name}: {advice.why}"
    if advice.settings:
        yield f"     {advice.settings}"
    if advice is NONE and sign.answer == BALANCER:
        yield "     unless that is another server of yours: then lead the name here, and set no edge"
    if now:
        yield f"     the settings have {now}"
