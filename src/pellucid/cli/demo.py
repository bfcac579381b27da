"""`pellucid demo`."""

import csv
import io
from pathlib import Path
from typing import Any

DATA, TARGET = "breast_cancer.csv", "diagnosis"


def demo(*, output: Path = Path("pellucid-demo"), epochs: int | None = None, seed: int = 0) -> None:
    """Train on a real data set that comes along: is a breast tumour malignant?

    569 tumours, 30 measurements of cell nuclei each (Street, Wolberg and Mangasarian 1993, by
    way of scikit-learn). Writes the table as CSV, then does what `pellucid train` does.

    Args:
        output: Folder for the table and the results.
        epochs: Most epochs to train.
        seed: Seed of the split, the first weights and the order of rows.
    """
    from pellucid.atomic import write_text_atomically
    from pellucid.tasks.table import train_table

    output.mkdir(parents=True, exist_ok=True)
    table = write_text_atomically(output / DATA, breast_cancer_csv())
    run = train_table(table, TARGET, output=output, epochs=epochs, seed=seed)
    print(run.summary_text())
    print(f"\nThe same by hand:  pellucid train {table} --target {TARGET}")
    print(f"Predict with it:   pellucid predict {output} {table}")


def breast_cancer_csv() -> str:
    """Return scikit-learn's breast cancer data as CSV, with names and the diagnosis in words.

    Example:
        >>> from pellucid.cli.demo import breast_cancer_csv
        >>> lines = breast_cancer_csv().splitlines()
        >>> len(lines), lines[0][:25]
        (570, 'mean radius,mean texture,')
    """
    from sklearn.datasets import load_breast_cancer

    data: Any = load_breast_cancer()
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*data.feature_names, TARGET])
    for row, label in zip(data.data.tolist(), data.target.tolist(), strict=True):
        writer.writerow([*row, data.target_names[label]])
    return text.getvalue()
