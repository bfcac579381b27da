"""Where wrong labels are many and scattered, nearly all of them are left out."""

import numpy as np
from sklearn.datasets import make_blobs

import pellucid
from pellucid.layers import Dense, Input


def test_nearly_all_wrong_labels_are_left_out_and_few_right_ones():
    rng = np.random.default_rng(4)
    x, right = make_blobs(400, centers=4, n_features=5, cluster_std=2.0, random_state=4)
    given = np.where(rng.random(400) < 0.4, rng.integers(0, 4, 400), right)
    model = pellucid.Sequential([Input((5,)), Dense(4, "softmax")])
    model.compile("adam", "sparse_categorical_crossentropy")
    (remedy,) = model.check(x.astype(np.float32), given)["label-noise"].remedies
    wrong, dropped = np.flatnonzero(given != right), np.array(remedy.rows)
    assert np.isin(wrong, dropped).mean() > 0.95
    assert np.isin(dropped, wrong).mean() > 0.85
