"""Lines for many strengths of a penalty."""

import numpy as np
from sklearn.linear_model import Ridge

from pellucid.data.series import ridge_lines
from pellucid.data.series.ridge import STRENGTHS


def test_each_line_is_scikit_learns():
    generator = np.random.default_rng(3)
    x, new = generator.normal(size=(40, 6)), generator.normal(size=(5, 6))
    y = x @ generator.normal(size=(6, 2)) + generator.normal(size=(40, 2)) + 3
    for line, strength in zip(ridge_lines(x, y), STRENGTHS, strict=True):
        expected = Ridge(alpha=strength * len(x)).fit(x, y).predict(new)
        np.testing.assert_allclose(line(new), expected, rtol=1e-9)


def test_more_features_than_rows_have_a_line():
    generator = np.random.default_rng(3)
    x, y = generator.normal(size=(8, 20)).astype(np.float32), generator.normal(size=(8, 1))
    expected = Ridge(alpha=STRENGTHS[2] * 8).fit(x.astype(float), y).predict(x.astype(float))
    np.testing.assert_allclose(ridge_lines(x, y)[2](x), expected.reshape(8, 1), rtol=1e-4)
