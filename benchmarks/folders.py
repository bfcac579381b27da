"""What a folder of images or sounds takes of memory while `pellucid train` learns from it.

    python benchmarks/folders.py images 4000 [--memory 100MB]
    python benchmarks/folders.py sounds 2000 [--memory 100MB]

Makes so many files in a temporary folder, JPEG images of 64 x 64 pixels or WAV sounds of 5
seconds at 22,050 samples a second, trains one epoch with the default network, and prints what the
task said of memory, the peak of the process, and processor time. Without --memory half of the
machine's memory decides.
"""

import argparse
import resource
import tempfile
import time
from pathlib import Path

import numpy as np

SIDE, RATE, SECONDS = 64, 22_050, 5


def write_images(folder: Path, count: int) -> None:
    from PIL import Image

    rng = np.random.default_rng(0)
    for number in range(count):
        low = 60 * (number % 2)
        pixels = rng.integers(low, low + 180, (SIDE // 8, SIDE // 8, 3)).astype(np.uint8)
        path = folder / "ab"[number % 2] / f"{number:06}.jpg"
        Image.fromarray(pixels).resize((SIDE, SIDE)).save(path)


def write_sounds(folder: Path, count: int) -> None:
    import soundfile

    rng = np.random.default_rng(0)
    times = np.arange(SECONDS * RATE) / RATE
    for number in range(count):
        hertz = (300, 900)[number % 2] * rng.uniform(0.9, 1.1)
        samples = 0.5 * np.sin(2 * np.pi * hertz * times) + 0.05 * rng.normal(size=len(times))
        soundfile.write(folder / "ab"[number % 2] / f"{number:06}.wav", samples, RATE)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("kind", choices=("images", "sounds"))
    parser.add_argument("count", type=int)
    parser.add_argument("--memory")
    asked = parser.parse_args()
    options = {"memory": asked.memory, "epochs": 1, "output": "", "verbose": 0}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for one in "ab":
            (folder / one).mkdir()
        if asked.kind == "images":
            write_images(folder, asked.count)
            from pellucid.tasks import train_images

            begun = time.process_time()
            run = train_images(folder, size=SIDE, **options)
        else:
            write_sounds(folder, asked.count)
            from pellucid.tasks import train_audio

            begun = time.process_time()
            run = train_audio(folder, **options)
        seconds = time.process_time() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print("\n".join(one for one in run.notes if "memory" in one))
    print(f"{asked.count:,} {asked.kind}: {peak:,.0f} MB at most, {seconds:,.0f} s")


if __name__ == "__main__":
    main()
