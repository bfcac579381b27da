"""What whole processes read from files, and the network that each file is for."""

import gzip
from dataclasses import replace
from pathlib import Path

import numpy as np

from networks import BY_KEY, MLP, Network

IMAGES = 8_000


def synthetic(rows: int = MLP.rows) -> tuple[np.ndarray, np.ndarray]:
    """Return inputs of shape (rows, 20) and labels 0 or 1 of shape (rows, 1), float32."""
    rng = np.random.default_rng(7)
    x = rng.normal(size=(rows, *MLP.shape)).astype(np.float32)
    score = np.sin(x[:, 0]) + x[:, 1] * x[:, 2] + 0.5 * rng.normal(size=rows)
    return x, (score > 0).astype(np.float32)[:, None]


def write_csv(path: Path, x: np.ndarray, y: np.ndarray) -> None:
    """Write inputs and, in the last column, labels."""
    np.savetxt(path, np.hstack([x, y.reshape(-1, 1)]), delimiter=",", fmt="%.7g")


def images(folder: Path) -> tuple[np.ndarray, np.ndarray] | None:
    """Return MNIST's first 8,000 test images, (8000, 28, 28), and labels; None without them."""
    names = ("t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz")
    if not all((folder / name).exists() for name in names):
        return None
    pixels, labels = (gzip.decompress((folder / name).read_bytes()) for name in names)
    x = np.frombuffer(pixels, np.uint8, offset=16).reshape(-1, 28, 28)
    return x[:IMAGES], np.frombuffer(labels, np.uint8, offset=8)[:IMAGES]


def synthetic_images() -> tuple[np.ndarray, np.ndarray]:
    """Return images and labels of the size of MNIST's."""
    rng = np.random.default_rng(7)
    x = rng.integers(0, 256, (IMAGES, 28, 28), dtype=np.uint8)
    return x, rng.integers(0, 10, IMAGES, dtype=np.uint8)


def read(path: Path) -> tuple[Network, np.ndarray, np.ndarray]:
    """Return a file's network, inputs and labels; every peer reads in this one way.

    A `.csv` file holds a table for the MLP, which is standardised; a `.npz` file images for the
    CNN, which are scaled to between 0 and 1.
    """
    if path.suffix == ".npz":
        with np.load(path) as arrays:
            x = arrays["x"][..., None].astype(np.float32) / 255
            return BY_KEY["cnn"], x, arrays["y"].astype(np.int32)
    table = np.loadtxt(path, delimiter=",", dtype=np.float32)
    x, y = table[:, :-1], table[:, -1:]
    return replace(MLP, shape=x.shape[1:]), (x - x.mean(axis=0)) / x.std(axis=0), y
