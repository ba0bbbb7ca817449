"""Lexing: how Pygments finds the next token of a program text, made quicker."""
