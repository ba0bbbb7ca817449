"""What happens, in order: load, parse, resolve, typeset, plan, render, write."""
