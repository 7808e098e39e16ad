"""How a run ends, as whoever has called it is told. Pure."""

ALL_WELL, FAILED, WRONG, INTERRUPTED = 0, 1, 2, 130
"""All is as wanted; something failed; the command or the settings are wrong; stopped, as shells say it."""
