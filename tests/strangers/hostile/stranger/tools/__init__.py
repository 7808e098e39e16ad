"""What attempts are made of. Each tool does one thing, or is refused with an OSError.

A file needs none of the others: together they are one program, too.
"""
