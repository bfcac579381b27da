"""Pictures of predicted numbers, judged by what is drawn, against scikit-learn."""

import numpy as np
import pytest
from sklearn import metrics

from pellucid.errors import ArgumentError
from pellucid.report import predicted_against_actual, residuals
from pellucid.wording import number_text

random = np.random.default_rng(5)
ACTUAL = random.gamma(3, 10, 50)
PREDICTED = ACTUAL + random.normal(size=50)


def test_each_row_is_a_point():
    panel = predicted_against_actual(ACTUAL, PREDICTED).axes[0]
    np.testing.assert_array_equal(panel.lines[0].get_xydata(), np.c_[ACTUAL, PREDICTED])
    assert panel.get_xlim() == panel.get_ylim()


def test_the_scores_are_scikit_learns():
    r2 = number_text(metrics.r2_score(ACTUAL, PREDICTED))
    rmse = number_text(metrics.root_mean_squared_error(ACTUAL, PREDICTED))
    mae = number_text(metrics.mean_absolute_error(ACTUAL, PREDICTED))
    note = predicted_against_actual(ACTUAL, PREDICTED).axes[0].texts[0].get_text()
    assert note == f"R² {r2}, RMSE {rmse}, MAE {mae}"


def test_a_constant_target_has_no_r2():
    figure = predicted_against_actual([2.0, 2.0], [2.0, 2.0])
    assert figure.axes[0].texts[0].get_text() == "RMSE 0.0000, MAE 0.0000"
    figure.canvas.draw()


def test_residuals_are_actual_less_predicted():
    upper, lower = residuals(ACTUAL, PREDICTED, name="price", unit="€").axes
    expected = np.c_[PREDICTED, ACTUAL - PREDICTED]
    np.testing.assert_array_equal(upper.lines[0].get_xydata(), expected)
    assert upper.get_ylabel() == lower.get_xlabel() == "actual less predicted price (€)"
    assert sum(bar.get_height() for bar in lower.patches) == 50


def test_very_many_rows_are_drawn_as_density():
    actual = random.normal(size=5000)
    for draw in (predicted_against_actual, residuals):
        figure = draw(actual, actual / 2)
        (cells,) = figure.axes[0].collections
        assert cells.get_array().sum() == 5000
        assert figure.axes[-1].get_ylabel() == "rows (log scale)"
        figure.canvas.draw()


@pytest.mark.parametrize("draw", [predicted_against_actual, residuals])
def test_what_a_network_puts_out_fits_as_it_is(draw):
    one = draw(ACTUAL, PREDICTED[:, None]).axes[0].lines[0].get_xydata()
    np.testing.assert_array_equal(one, draw(ACTUAL, PREDICTED).axes[0].lines[0].get_xydata())


@pytest.mark.parametrize("draw", [predicted_against_actual, residuals])
@pytest.mark.parametrize(
    ("actual", "predicted", "problem"),
    [
        ([1, 2], [1], ": got 2 rows and 1 row, expected as many of one as of the other."),
        ([], [], ": got no rows, expected at least one."),
        ([1, 2], [1, np.inf], ", predicted: got inf in row 1, expected finite numbers, one a row."),
        ([1, np.nan], [1, 2], ", actual: got nan in row 1, expected finite numbers, one a row."),
        (
            ["a", "b"],
            [1, 2],
            ", actual: got values of type <U1, expected finite numbers, one a row.",
        ),
        (
            [1, 2],
            [[1, 2], [3, 4]],
            ": got shapes (2,) and (2, 2), expected one value a row.",
        ),
    ],
)
def test_arrays_that_do_not_fit_are_refused(draw, actual, predicted, problem):
    with pytest.raises(ArgumentError) as error:
        draw(actual, predicted)
    assert str(error.value) == f"{draw.__name__}(actual, predicted){problem}"
