"""The default forecast of six series, beside the simplest forecasts and a line.

`python benchmarks/forecasts.py DATA [NAME ...]` trains with `train_forecast`'s defaults and three
seeds on each series of the folder DATA, and prints a table for docs/forecast.md.
"""

import sys
import time
from pathlib import Path
from typing import Any

from pellucid.tasks import ForecastRun, train_forecast

SEEDS = range(3)
SERIES: dict[str, tuple[str, dict[str, Any]]] = {
    "AAPL": ("stocks/AAPL.csv", {}),
    "IBM": ("stocks/IBM.csv", {}),
    "temperatures": ("daily_min_temperatures/daily-min-temperatures.csv", {}),
    "passengers": ("airline_passengers/airline-passengers.csv", {}),
    "passengers, a year": ("airline_passengers/airline-passengers.csv", {"horizon": 12}),
    "pollution": ("beijing_pollution/pollution.csv", {"target": "pm2.5"}),
    "pollution, a day": ("beijing_pollution/pollution.csv", {"target": "pm2.5", "horizon": 24}),
    "power, a week": (
        "household_power/household_power_consumption_days.csv",
        {"target": "Global_active_power", "horizon": 7},
    ),
}
MODELS = ("network", "linear", "seasonal naive", "naive", "drift")


def row(name: str, run: ForecastRun, seed: int, seconds: float) -> str:
    """Return one run as a row of the table."""
    scores = [run.scores.get(model, {}).get("mase") for model in MODELS]
    shown = ["" if one is None else f"{one:.3f}" for one in scores]
    (covered,) = run.coverage.values()
    ratio = (run.scores["network"]["mae"] or 0) / (run.scores["naive"]["mae"] or 1)
    cells = [name, str(seed), *shown, f"{ratio:.3f}", f"{run.sureness:+.1f}", f"{covered:.1%}"]
    return f"| {' | '.join(cells)} | {seconds:.0f} |"


def main() -> None:
    """Measure the series named on the command line, or all."""
    data, chosen = Path(sys.argv[1]), sys.argv[2:] or list(SERIES)
    headers = ["series", "seed", *MODELS, "by naive", "standard errors", "in 0.9", "seconds"]
    print(f"| {' | '.join(headers)} |\n|{' --- |' * len(headers)}")
    for name in chosen:
        path, options = SERIES[name]
        for seed in SEEDS:
            begun = time.process_time()
            run = train_forecast(data / path, output="", seed=seed, verbose=0, **options)
            print(row(name, run, seed, time.process_time() - begun), flush=True)
        print(f"<!-- {run.notes[-2]} {run.notes[-1]} -->")


if __name__ == "__main__":
    main()
