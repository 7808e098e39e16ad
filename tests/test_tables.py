"""Tables fit the terminal that they are read at, and say all that they were given."""

from hypothesis import given
from hypothesis import strategies as st

from deploys.tables import table

HEAD = ("app", "release", "last deploy")
ROWS = (("shop", "12", "2 minutes ago by ana@laptop"), ("a", "3", "never"))

CELLS = st.text("abc ", max_size=30).map(str.strip)


def test_at_full_width() -> None:
    assert list(table(HEAD, ROWS)) == [
        "app   release  last deploy",
        "shop  12       2 minutes ago by ana@laptop",
        "a     3        never",
    ]


def test_what_is_too_wide_goes_on_below() -> None:
    assert list(table(HEAD, ROWS, 40)) == [
        "app   release",
        "      last deploy",
        "shop  12",
        "      2 minutes ago by ana@laptop",
        "a     3",
        "      never",
    ]


@given(st.lists(st.tuples(CELLS, CELLS, CELLS, CELLS), min_size=1), st.integers(0, 140))
def test_nothing_is_lost_and_no_line_is_longer_than_it_has_to_be(
    rows: list[tuple[str, ...]], width: int
) -> None:
    head = ("one", "two", "three", "four")
    lines = list(table(head, rows, width))
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(4)]
    unavoidable = max(widths[0], *(widths[0] + 2 + cell for cell in widths[1:]))
    assert max(map(len, lines)) <= max(width, unavoidable), "expected every line to fit"
    assert "".join("".join(lines).split()) == "".join(
        "".join(cell for row in (head, *rows) for cell in row).split()
    )
    if width >= sum(widths) + 6:
        assert lines == list(table(head, rows)), "expected a table that fits to be as it would be anyway"
