"""What is said of scores."""

from pellucid.tasks.scores import better_baseline


def test_a_simple_model_that_did_better_is_named() -> None:
    accuracies = {"network": {"accuracy": 0.25}, "logistic regression": {"accuracy": 0.6667}}
    assert better_baseline(accuracies) == (
        "On the rows that the run was tested on, 'logistic regression' was better than the "
        "network: accuracy 0.6667 against 0.2500."
    )
    errors = {"network": {"mase": 0.4}, "naive": {"mase": 0.6}, "drift": {"mase": None}}
    assert better_baseline(errors) == ""
    assert better_baseline({"network": {"mase": 0.7}, "naive": {"mase": 0.6}}).startswith(
        "On the rows that the run was tested on, 'naive' was better"
    )
    assert better_baseline({"network": {"mase": 0.7}, "network alone": {"mase": 0.6}}) == ""
    assert better_baseline({}) == better_baseline({"network": {"roc_auc": None}}) == ""
