"""Social cards: what is drawn, and how its texts are set in the fonts that come along."""
