"""The comparison with scikit-learn, judged by scikit-learn itself."""

import numpy as np
from sklearn.datasets import load_wine
from sklearn.linear_model import LogisticRegression
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier

from pellucid.data import patterns
from pellucid.report import compare_boundaries
from report.boundary.networks import line, model

X, Y = patterns.make_xor(80, noise=0.3)
NEW = patterns.make_xor(80, noise=0.3, seed=1)


def above(panel):
    return panel.get_title(loc="left"), panel.texts[0].get_text()


def test_four_models_stand_beside_the_network_with_their_accuracies():
    figure = compare_boundaries(line(), X, Y, validation_data=NEW, resolution=20)
    titles = ["network", "logistic regression", "decision tree", "random forest"]
    titles.append("support vector machine")
    assert [above(panel)[0] for panel in figure.axes[:5]] == titles
    tree = DecisionTreeClassifier(random_state=0).fit(X, Y)
    expected = f"train {tree.score(X, Y):.1%}, test {tree.score(*NEW):.1%}"
    assert above(figure.axes[2])[1] == expected
    right = [np.mean((line().predict(x)[:, 0] > 0.5) == y) for x, y in ((X, Y), NEW)]
    assert above(figure.axes[0])[1] == f"train {right[0]:.1%}, test {right[1]:.1%}"


def test_models_are_trained_on_all_features_and_drawn_on_the_plane():
    x, y = load_wine(return_X_y=True)
    x = (x - x.mean(axis=0)) / x.std(axis=0)
    peers = {"logistic": LogisticRegression(), "machine": SVC()}
    figure = compare_boundaries(
        model(13, 3, "softmax"), x, y, peers=peers, features=(0, 6), resolution=15
    )
    fitted = [peer.fit(x, y) for peer in peers.values()]
    assert [above(panel)[1] for panel in figure.axes[1:3]] == [
        f"train {peer.score(x, y):.1%}" for peer in fitted
    ]
    # The colour at a pixel is that of the class predicted there.
    panel = figure.axes[2]
    (left, right), (low, high) = panel.get_xlim(), panel.get_ylim()
    grid = np.meshgrid(np.linspace(left, right, 15), np.linspace(low, high, 15))
    rows = np.tile(np.median(x, axis=0), (225, 1))
    rows[:, 0], rows[:, 6] = grid[0].ravel(), grid[1].ravel()
    shades = panel.images[0].get_array().reshape(225, 3)
    classes = fitted[1].predict(rows)
    assert len(np.unique(classes)) > 1
    for number in np.unique(classes):
        assert len(np.unique(shades[classes == number].round(6), axis=0)) == 1
    assert len(np.unique(shades.round(6), axis=0)) == len(np.unique(classes))


def test_peers_that_were_given_stay_as_they_are():
    peer = LogisticRegression()
    compare_boundaries(line(), X, Y, peers={"logistic": peer}, resolution=5)
    assert not hasattr(peer, "coef_")


def test_a_class_without_rows_has_probability_0_with_the_others():
    figure = compare_boundaries(
        model(2, 3, "softmax"), X, Y, peers={"logistic": LogisticRegression()}, resolution=5
    )
    assert above(figure.axes[1])[0] == "logistic"
