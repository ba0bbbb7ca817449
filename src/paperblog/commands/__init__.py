"""One command of the command line a file: `run(arguments)` returns the exit status."""
