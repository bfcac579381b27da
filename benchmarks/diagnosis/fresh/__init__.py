"""The fresh part: set-ups that were written after the rules were mended once more."""
