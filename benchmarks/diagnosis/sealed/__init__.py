"""The part written last, by one who knew the rules by their page alone, and ran no diagnosis."""
