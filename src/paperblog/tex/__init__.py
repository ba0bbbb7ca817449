"""TeX as authors write it in formulas: read as tokens, never executed."""
