"""The part whose set-ups no one who tuned the rules has seen."""
