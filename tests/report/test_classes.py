"""Pictures of predicted classes, judged by what is drawn, against scikit-learn."""

import numpy as np
import pytest
from sklearn import metrics

from pellucid.errors import ArgumentError
from pellucid.report import (
    calibration_curve,
    confusion_matrix,
    precision_recall_curve,
    roc_curve,
)

random = np.random.default_rng(3)
ROWS = 200
POSITIVE = random.random(ROWS) < 0.3
SCORES = 1 / (1 + np.exp(-(2 * POSITIVE - 1 + random.normal(size=ROWS))))
NAMES = ["blues", "jazz", "metal", "pop"]
PLACES = random.integers(0, 4, ROWS)
CLASSES = np.array(NAMES)[PLACES]
LOGITS = random.normal(size=(ROWS, 4)) + 1.5 * np.eye(4)[PLACES]
PROBABILITIES = np.exp(LOGITS) / np.exp(LOGITS).sum(axis=1, keepdims=True)
CURVES = [roc_curve, precision_recall_curve, calibration_curve]


def note_of(figure):
    return figure.axes[0].texts[0].get_text()


def line_of(figure, label=None):
    lines = figure.axes[0].lines
    (line,) = [one for one in lines if (label or "_child0") == one.get_label()]
    return line.get_xdata(), line.get_ydata()


# -- confusion matrix -----------------------------------------------------------------------


def test_the_matrix_is_scikit_learns():
    predicted = np.array(NAMES)[PROBABILITIES.argmax(axis=1)]
    figure = confusion_matrix(CLASSES, predicted)
    counts = metrics.confusion_matrix(CLASSES, predicted)
    (image,) = figure.axes[0].images
    np.testing.assert_allclose(image.get_array(), counts / counts.sum(axis=1, keepdims=True))
    written = [text.get_text().split("\n")[0] for text in figure.axes[0].texts[1:]]
    assert written == [str(count) for count in counts.ravel()]
    right = np.trace(counts)
    assert note_of(figure) == f"{right} of {ROWS} right ({right / ROWS:.1%})"


def test_rows_are_actual_and_columns_predicted():
    figure = confusion_matrix(["a", "a", "b"], ["b", "b", "b"])
    panel = figure.axes[0]
    assert (panel.get_xlabel(), panel.get_ylabel()) == ("predicted", "actual")
    assert [text.get_text() for text in panel.texts[1:]] == ["0\n0%", "2\n100%", "0\n0%", "1\n100%"]
    assert [tick.get_text() for tick in panel.get_xticklabels()] == ["a", "b"]


def test_labels_give_the_order_and_classes_that_do_not_occur():
    figure = confusion_matrix([0, 1], [0, 1], labels=[2, 1, 0])
    (image,) = figure.axes[0].images
    np.testing.assert_array_equal(image.get_array(), [[0, 0, 0], [0, 1, 0], [0, 0, 1]])


def test_a_class_that_is_no_label_is_named():
    with pytest.raises(ArgumentError) as error:
        confusion_matrix(["a", "b"], ["a", "c"], labels=["a", "b"])
    assert str(error.value) == (
        "confusion_matrix(actual, predicted): got the class 'c', expected one of the labels."
    )


def test_probabilities_are_no_predicted_classes():
    with pytest.raises(ArgumentError, match=r"got shapes \(200,\) and \(200, 4\), expected one"):
        confusion_matrix(PLACES, PROBABILITIES)


@pytest.mark.parametrize("classes", [1, 2, 7, 15, 30])
def test_any_number_of_classes_can_be_drawn(classes):
    names = [f"class number {place} ($)" for place in range(classes)]
    actual = np.array(names)[random.integers(0, classes, 100)]
    confusion_matrix(actual, actual[::-1], labels=names).canvas.draw()


# -- curves ---------------------------------------------------------------------------------


def test_the_roc_curve_is_scikit_learns():
    figure = roc_curve(POSITIVE.astype(int), SCORES)
    false, true, _ = metrics.roc_curve(POSITIVE, SCORES)
    x, y = line_of(figure)
    np.testing.assert_allclose(x, false)
    np.testing.assert_allclose(y, true)
    area = metrics.roc_auc_score(POSITIVE, SCORES)
    assert note_of(figure) == f"area under the curve (AUC) {area:.3f}, positive class 1"


def test_the_precision_recall_curve_is_scikit_learns():
    figure = precision_recall_curve(np.where(POSITIVE, "sick", "healthy"), 1 - SCORES,
                                    labels=["sick", "healthy"])  # fmt: skip
    precision, recall, _ = metrics.precision_recall_curve(~POSITIVE, 1 - SCORES)
    x, y = line_of(figure)
    np.testing.assert_allclose(x, recall)
    np.testing.assert_allclose(y, precision)
    area = metrics.average_precision_score(~POSITIVE, 1 - SCORES)
    assert note_of(figure) == f"average precision (AP) {area:.3f}, positive class healthy"
    assert figure.axes[0].texts[1].get_text() == f"chance {(~POSITIVE).mean():.3f}"


def test_each_of_many_classes_is_drawn_against_the_rest():
    legend = roc_curve(CLASSES, PROBABILITIES).legends[0]
    for place, (name, text) in enumerate(zip(NAMES, legend.get_texts(), strict=True)):
        area = metrics.roc_auc_score(name == CLASSES, PROBABILITIES[:, place])
        assert text.get_text() == f"{name}: AUC {area:.3f}"
    mean = metrics.roc_auc_score(CLASSES, PROBABILITIES, multi_class="ovr")
    assert note_of(roc_curve(CLASSES, PROBABILITIES)) == (
        f"mean area under the curve (AUC) {mean:.3f}, class against rest"
    )


def test_of_very_many_classes_the_worst_are_named():
    places = np.arange(24) % 12
    scores = np.eye(12)[places]
    scores[:, 5] = scores[::-1, 5]
    for draw, measure in ((roc_curve, "AUC"), (precision_recall_curve, "AP")):
        legend = draw(places, scores).legends[0]
        assert legend.get_title().get_text() == "the worst of 12 classes"
        assert len(legend.get_texts()) == 3
        assert legend.get_texts()[0].get_text().startswith(f"5: {measure} 0.")


@pytest.mark.parametrize("count", [2, 3, 8, 9, 30])
@pytest.mark.parametrize("draw", [roc_curve, precision_recall_curve])
def test_nothing_of_a_picture_lies_beyond_its_edge(draw, count):
    places = np.arange(4 * count) % count
    figure = draw(places, np.eye(count)[places] if count > 2 else places * 0.8)
    figure.draw_without_rendering()
    width, height = figure.get_size_inches()
    drawn = figure.get_tightbbox()
    assert min(drawn.x0, drawn.y0, width - drawn.x1, height - drawn.y1) > 0


def test_a_class_that_does_not_occur_has_no_curve():
    legend = roc_curve([0, 1, 0, 1], np.eye(3)[[0, 1, 0, 1]], labels=[0, 1, 2]).legends[0]
    assert [text.get_text() for text in legend.get_texts()] == ["0: AUC 1.000", "1: AUC 1.000"]


def test_a_roc_curve_needs_two_classes():
    with pytest.raises(ArgumentError) as error:
        roc_curve([1, 1], [0.2, 0.3], labels=[0, 1])
    assert str(error.value) == (
        "roc_curve(actual, scores): got only the class '1', expected two or more. "
        "A ROC curve compares classes."
    )


# -- calibration ----------------------------------------------------------------------------


def expected_calibration_error(truth, probability, bins=10):
    """The definition of Guo et al. (2017), bin by bin."""
    total = 0.0
    for low in np.arange(bins) / bins:
        inside = (probability >= low) & (probability < low + 1 / bins)
        if inside.any():
            gap = abs(truth[inside].mean() - probability[inside].mean())
            total += gap * inside.mean()
    return total


def test_the_calibration_curve_is_scikit_learns():
    from sklearn.calibration import calibration_curve as reference

    figure = calibration_curve(POSITIVE.astype(int), SCORES)
    share, mean = reference(POSITIVE, SCORES, n_bins=10)
    x, y = line_of(figure, "network")
    np.testing.assert_allclose(x, mean)
    np.testing.assert_allclose(y, share)
    error = expected_calibration_error(POSITIVE, SCORES)
    assert note_of(figure) == f"expected calibration error {error:.3f}"
    assert sum(bar.get_height() for bar in figure.axes[1].patches) == ROWS


def test_with_many_classes_the_predicted_one_counts():
    figure = calibration_curve(CLASSES, PROBABILITIES, bins=5)
    right = PROBABILITIES.argmax(axis=1) == PLACES
    error = expected_calibration_error(right, PROBABILITIES.max(axis=1), bins=5)
    assert note_of(figure) == f"expected calibration error {error:.3f}"
    assert figure.axes[1].get_xlabel() == "predicted probability of the predicted class"


def test_certainty_is_in_the_last_bin():
    figure = calibration_curve([0, 1], [0.0, 1.0])
    assert [bar.get_height() for bar in figure.axes[1].patches] == [1, *[0] * 8, 1]


def test_logits_are_not_probabilities():
    with pytest.raises(ArgumentError) as error:
        calibration_curve([0, 1], [0.5, 1.5], bins=1)
    assert str(error.value) == (
        "2 problems:\n"
        "  1. calibration_curve(actual, probabilities): got -0.5, expected probabilities from 0 "
        "to 1. Logits become probabilities by sigmoid or softmax.\n"
        "  2. calibration_curve(bins=...): got 1, expected at least 2."
    )


# -- what all refuse ------------------------------------------------------------------------


@pytest.mark.parametrize("draw", CURVES)
def test_a_column_of_scores_is_a_list_of_scores(draw):
    one, other = draw([0, 1, 1], [0.2, 0.7, 0.4]), draw([[0], [1], [1]], [[0.2], [0.7], [0.4]])
    assert note_of(one) == note_of(other)


@pytest.mark.parametrize("draw", CURVES)
@pytest.mark.parametrize(
    ("actual", "scores", "problem"),
    [
        ([0, 1, 1], [0.1, 0.2], "got 3 rows and 2 rows, expected as many of one as of the other."),
        ([], [], "got no rows, expected at least one."),
        (
            np.zeros((2, 2)),
            [0.1, 0.2],
            "got shapes (2, 2) and (2,), expected one value a row.",
        ),
        (
            [0, 1, 2],
            [0.1, 0.2, 0.3],
            "got scores for 2 classes, expected one column a class: 0, 1, 2. "
            "Give labels=[...], all classes in order.",
        ),
        ([0, 1], [0.1, np.nan], "got nan in row 1, expected finite numbers."),
        ([0, 1], ["a", "b"], "got values of type <U1, expected finite numbers."),
    ],
)
def test_arrays_that_do_not_fit_are_refused(draw, actual, scores, problem):
    with pytest.raises(ArgumentError) as error:
        draw(actual, scores)
    where, _, told = str(error.value).partition("got ")
    assert where.startswith(f"{draw.__name__}(actual, ")
    assert "got " + told == problem


@pytest.mark.parametrize("draw", CURVES)
def test_a_class_without_a_column_is_named(draw):
    with pytest.raises(ArgumentError, match=r"got the class 'z' in `actual`, expected one of"):
        draw(["a", "z"], [0.1, 0.2], labels=["a", "b"])
