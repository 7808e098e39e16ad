"""Patterns of numbers, for regular expressions that know no look-ahead (RE2). Pure."""


def above(number: int) -> str:
    """Make the pattern of the whole decimal numbers that are greater than this one."""
    digits = str(number)
    longer = f"[1-9][0-9]{{{len(digits)},}}"
    larger = [
        f"{digits[:at]}[{int(digit) + 1}-9][0-9]{{{len(digits) - at - 1}}}"
        for at, digit in enumerate(digits)
        if digit != "9"
    ]
    return f"^0*({'|'.join([longer, *larger])})$"
