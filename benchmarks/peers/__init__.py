"""The same networks and their training, as users of each framework write it.

Each module offers `Trainer(network, x, y)` with `train(epochs)`, which goes on training and
returns the last epoch's mean loss, and `version()`. Only the framework named by the module is
imported, because each runs in an environment of its own.
"""
