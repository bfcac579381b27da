"""Activation functions with their derivatives, and how outputs become probabilities and classes."""

import sys

from pellucid import report


def main(folder: str = ".") -> None:
    """Draw the functions that most networks are made of, and two outputs."""
    common = ("relu", "leaky_relu", "elu", "gelu", "silu", "softplus", "sigmoid", "tanh", "softmax")
    pictures = {
        "activations": report.activation_curves(*common),
        "sigmoid_threshold": report.sigmoid_output(threshold=0.8),
        "softmax_temperature": report.softmax_output(others=(0.0, 2.0), temperatures=(0.5, 1, 2)),
    }
    for name, picture in pictures.items():
        picture.savefig(f"{folder}/{name}.png", dpi=90)


if __name__ == "__main__":
    main(*sys.argv[1:2])
