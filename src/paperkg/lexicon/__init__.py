"""Known names and terms with type, aliases and family, and guards for names that are words."""

from paperkg.lexicon.lexicon import (
    GUARDS,
    Entry,
    Guard,
    Lexicon,
    is_abbreviation,
    load_lexicon,
    parse_lexicon,
)

__all__ = ["GUARDS", "Entry", "Guard", "Lexicon", "is_abbreviation", "load_lexicon", "parse_lexicon"]
