"""Plain functions on strings: folding of spellings, the clean form with its offset map, URLs."""
