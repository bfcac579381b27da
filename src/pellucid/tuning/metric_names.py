"""Names of metrics that a model does not report, and how it would."""

from collections.abc import Sequence

from pellucid.metrics import METRICS

CALLED_OTHERWISE = {
    "roc_auc": "auc",
    "auroc": "auc",
    "auc_roc": "auc",
    "r2_score": "r2",
    "f1_macro": "f1",
}
"""How metrics of models are called elsewhere."""

JUDGING = "val_"
"""How the name of a score of rows that judge begins."""


def how_to_report(name: str, reported: Sequence[str], prefix: str = "") -> str:
    """Return the sentence that says how a model reports a metric; "" where there is none so named.

    Args:
        name: What was asked for, with or without `val_`.
        reported: What the model reports, which may have another name for it.
        prefix: What its name begins with among these.

    Example:
        >>> from pellucid.tuning.metric_names import how_to_report
        >>> how_to_report("val_roc_auc", ["val_loss"], "val_")
        "Compile the model with metrics=['auc']; the score is then called 'val_auc'."
        >>> how_to_report("val_mse", ["val_mean_squared_error"], "val_")
        "Did you mean 'val_mean_squared_error'?"
    """
    plain = name.lower().removeprefix(JUDGING)
    plain = CALLED_OTHERWISE.get(plain, plain)
    if plain not in METRICS.names:
        return ""
    called = f"{prefix}{METRICS.get(plain).name}"
    if called in reported:
        return f"Did you mean '{called}'?"
    return f"Compile the model with metrics=['{plain}']; the score is then called '{called}'."
