"""What textbooks say of networks, measured: each claim is a module with `measure` and `draw`."""
