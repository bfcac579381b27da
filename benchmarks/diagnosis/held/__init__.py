"""The held part: data, networks and faults of its own, written before any diagnosis ran on them."""
