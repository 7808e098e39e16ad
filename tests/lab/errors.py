class LabError(Exception):
    """What went wrong, in one line that a person can act on."""
