"""The part that no one who tuned the rules had seen when it was first run."""
