"""Whether a loss, the last activation and the labels fit together, found before training."""

from pellucid.training.pairing.check import check_pairing

__all__ = ["check_pairing"]
