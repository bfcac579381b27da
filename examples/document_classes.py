"""What is an article about? From a CSV file of titles and descriptions to a model (AG News)."""

import sys
from pathlib import Path

from pellucid.tasks import TextModel, train_text

NEW = [
    "Oil prices rise as the dollar falls against the euro",
    "Striker scores twice in the cup final",
]


def main(folder: str, output: str = "articles", **options: int) -> float:
    """Train, show what two new titles are taken for, and return the accuracy on the test rows."""
    path = Path(folder) / "test.csv"  # it has no header: class, title and description
    run = train_text(path, target="column_1", output=output, **options)
    print(run.summary_text())
    model = run.trained
    assert isinstance(model, TextModel)
    names = ("World", "Sports", "Business", "Sci/Tech")
    for text, number in zip(NEW, model.predict(NEW).columns["predicted"], strict=True):
        print(f"{names[int(number) - 1]}: {text}")
    return run.scores["network"]["accuracy"] or 0.0


if __name__ == "__main__":
    print(f"accuracy on the test rows: {main(*sys.argv[1:2]):.3f}")
