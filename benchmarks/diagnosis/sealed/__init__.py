"""The part written after the blind one, by one who knew the rules by their page alone."""
