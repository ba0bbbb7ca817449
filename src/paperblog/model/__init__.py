"""What things are: frozen, slotted values that import only each other."""
