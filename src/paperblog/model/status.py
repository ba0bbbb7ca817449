"""The exit statuses of the command line."""

OK = 0
ERRORS = 1
"""There are errors in the notes."""
MISUSE = 2
"""Wrong use, configuration or environment."""
OUR_BUG = 3
"""A traceback: the fault is ours."""
INTERRUPTED = 130
