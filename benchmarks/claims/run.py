"""Measures the claims of textbooks and writes docs/claims.md with its pictures.

    python benchmarks/claims/run.py [NAME ...] [--seeds 5]

Without names, all of them; each keeps its figures in benchmarks/results/claims/NAME.json, and the
page is written from whatever is there.
"""

import argparse
import datetime
import importlib
import json
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "benchmarks")]

from machine import description  # noqa: E402
from pellucid.drawing import SERIES, new_figure, save_figure, styled  # noqa: E402

CLAIMS = {
    "sharing": "Sharing parameters over places",
    "long_lags": "Long time lags",
    "depth": "Gradients through depth",
    "approximation": "Universal approximation",
    "directions": "Both directions, and attention",
}
STORE = ROOT / "benchmarks" / "results" / "claims"
PICTURES = ROOT / "docs" / "pictures"


def module(name: str) -> Any:
    """Return the module of a claim."""
    return importlib.import_module(f"claims.{name}")


def measure(name: str, seeds: int) -> None:
    """Measure one claim and keep what was found, after every part of it."""
    begun = time.perf_counter()
    machine = f"{description()['processor']}, {description()['cores']} cores"
    STORE.mkdir(parents=True, exist_ok=True)
    for found in module(name).measure(range(seeds)):
        kept = {
            "found": found,
            "seeds": seeds,
            "seconds": time.perf_counter() - begun,
            "date": datetime.date.today().isoformat(),
            "machine": machine,
        }
        (STORE / f"{name}.json").write_text(json.dumps(kept) + "\n")


@styled
def picture(name: str, found: dict[str, Any]) -> Any:
    """Return the picture of a claim."""
    figure, (panel,) = new_figure(height=3.4)
    panel.set_prop_cycle(color=SERIES)
    module(name).draw(found, panel)
    return figure


def section(name: str) -> list[str]:
    """Return what the page says of one claim; draws its picture."""
    kept = json.loads((STORE / f"{name}.json").read_text())
    PICTURES.mkdir(exist_ok=True)
    save_figure(picture(name, kept["found"]), PICTURES / f"{name}.png")
    claim = module(name).__doc__.partition("Source: ")
    source = " ".join(claim[2].split())
    return [
        f"## {CLAIMS[name]}",
        "",
        " ".join(claim[0].split()),
        "",
        f"![{CLAIMS[name]}](pictures/{name}.png)",
        "",
        module(name).tell(kept["found"]),
        "",
        f"Source: {source} `python benchmarks/claims/run.py {name} --seeds {kept['seeds']}`, "
        f"{kept['date']}, {kept['machine']}, {kept['seconds'] / 60:.0f} minutes.",
        "",
    ]


def main() -> None:
    """Measure what is named, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", help=f"some of {', '.join(CLAIMS)}")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--page", action="store_true", help="only write the page again")
    asked = parser.parse_args()
    for name in [] if asked.page else asked.names or CLAIMS:
        measure(name, asked.seeds)
    lines = ["# What textbooks say, measured", ""]
    for name in CLAIMS:
        if (STORE / f"{name}.json").exists():
            lines += section(name)
    (ROOT / "docs" / "claims.md").write_text("\n".join(lines))


if __name__ == "__main__":
    main()
