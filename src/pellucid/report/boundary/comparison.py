"""The boundary of a network beside those of other models trained on the same rows."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Unpack

import numpy as np

from pellucid.errors import Problem, report
from pellucid.insight import boundary
from pellucid.report.boundary.sheet import Scene, draw_sheet
from pellucid.report.boundary.view import View, ViewOptions, read_rows, read_truth, read_view
from pellucid.types import ArrayLike, NumpyArray

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Predict = Callable[[NumpyArray], NumpyArray]


def compare_boundaries(
    model: Any,
    x: ArrayLike,
    y: ArrayLike,
    *,
    validation_data: tuple[ArrayLike, ArrayLike] | None = None,
    peers: Mapping[str, Any] | None = None,
    seed: int = 0,
    **view: Unpack[ViewOptions],
) -> "Figure":
    """Draw a network's boundary beside those of models of scikit-learn, trained on the same rows.

    All are trained on all features and drawn on the same plane, with their accuracies. A model
    without probabilities, as a support vector machine, is drawn as sure of every class.

    Args:
        model: A trained Pellucid model of classes.
        x: Rows it was trained on, shape (rows, features), or a data frame.
        y: Class of each row.
        validation_data: Other rows and their classes, for the second accuracy.
        peers: Classifiers of scikit-learn by their titles. Logistic regression and a support
            vector machine (both on standardised features), a decision tree and a random forest
            when absent.
        seed: Seed of tree and forest.
        **view: `features`, `fixed`, `feature_names`, `labels`, `outputs` and `resolution`, as
            for `decision_boundary`.

    Returns:
        A matplotlib figure with a panel for each model.

    Raises:
        ArgumentError: As for `decision_boundary`, or the model gives values, no classes.

    Example:
        >>> import pellucid
        >>> from sklearn.naive_bayes import GaussianNB
        >>> from pellucid.data import patterns
        >>> x, y = patterns.make_xor()
        >>> model = pellucid.Sequential(
        ...     [pellucid.Input((2,)), pellucid.layers.Dense(1, activation="sigmoid")]
        ... )
        >>> figure = pellucid.report.compare_boundaries(
        ...     model, x, y, peers={"naive Bayes": GaussianNB()}, resolution=20
        ... )
        >>> figure.axes[1].get_title(loc="left")
        'naive Bayes'
    """
    where = "compare_boundaries"
    looked = read_view(where, model, x, y, view)
    if not looked.names:
        fix = "decision_boundary draws the values of one model."
        report([Problem(f"{where}(model=...)", "a model of values", "one of classes", fix)])
    test = None if validation_data is None else _validation(looked, validation_data, view)
    scenes = [_scene(looked, "network", looked.predict, test)]
    for name, peer in (_peers(seed) if peers is None else peers).items():
        scenes.append(_scene(looked, name, _fitted(peer, looked), test))
    # A forest's probabilities jump so often that a line along one of them hides the rest.
    return draw_sheet(looked, scenes, sure=False)


def _validation(
    looked: View, given: tuple[ArrayLike, ArrayLike], view: ViewOptions
) -> tuple[NumpyArray, NumpyArray]:
    where = f"{looked.where}(validation_data=...)"
    rows = read_rows(where, looked.model, given[0])
    truth, _ = read_truth(where, given[1], looked.predict(rows), view.get("labels"))
    return rows, truth


def _peers(seed: int) -> dict[str, Any]:
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
    from sklearn.svm import SVC
    from sklearn.tree import DecisionTreeClassifier

    return {
        "logistic regression": make_pipeline(StandardScaler(), LogisticRegression()),
        "decision tree": DecisionTreeClassifier(random_state=seed),
        "random forest": RandomForestClassifier(random_state=seed),
        "support vector machine": make_pipeline(StandardScaler(), SVC()),
    }


def _fitted(peer: Any, looked: View) -> Predict:
    """Return what a classifier predicts once it is trained, one column a class of the network.

    Without probabilities of its own it is sure of the class that it predicts.
    """
    from sklearn.base import clone

    trained: Any = clone(peer)
    trained.fit(looked.rows, looked.truth)
    count = len(looked.names)

    def predict(rows: NumpyArray) -> NumpyArray:
        if not hasattr(trained, "predict_proba"):
            return np.eye(count)[trained.predict(rows)]
        found = np.zeros((len(rows), count))
        found[:, trained.classes_] = trained.predict_proba(rows)
        return found

    return predict


def _scene(
    looked: View, name: str, predict: Predict, test: tuple[NumpyArray, NumpyArray] | None
) -> Scene:
    seen = boundary(predict, looked.plane, looked.rows, looked.resolution)
    return Scene(name, _accuracies(looked, predict, test), seen)


def _accuracies(looked: View, predict: Predict, test: tuple[NumpyArray, NumpyArray] | None) -> str:
    parts = {"train": (looked.rows, looked.truth), "test": test}
    shares = {
        name: np.mean(predict(part[0]).argmax(axis=1) == part[1])
        for name, part in parts.items()
        if part is not None
    }
    return ", ".join(f"{name} {share:.1%}" for name, share in shares.items())
