"""Wrong arguments are told in these words."""

import numpy as np
import pytest

from pellucid import optimizers
from pellucid.errors import ArgumentError

CASES = [
    (
        lambda: optimizers.Adam(learning_rate=-0.1),
        "Adam(learning_rate=...): got -0.1, expected a number at least 0 or a schedule.",
    ),
    (
        lambda: optimizers.Adam(learning_rate="fast"),
        "Adam(learning_rate=...): got 'fast', expected a number at least 0 or a schedule.",
    ),
    (
        lambda: optimizers.SGD(momentum=1.5),
        "SGD(momentum=...): got 1.5, expected a number at least 0 and at most 1.",
    ),
    (
        lambda: optimizers.Adam(beta_1=1.0),
        "Adam(beta_1=...): got 1.0, expected a number at least 0 and below 1.",
    ),
    (
        lambda: optimizers.AdamW(weight_decay=None),
        "AdamW(weight_decay=...): got None, expected a number at least 0.",
    ),
    (
        lambda: optimizers.Ftrl(learning_rate=0),
        "Ftrl(learning_rate=...): got 0.0, expected a number above 0. The formula divides by it.",
    ),
    (
        lambda: optimizers.Ftrl(learning_rate_power=0.5),
        "Ftrl(learning_rate_power=...): got 0.5, expected a number at most 0.",
    ),
    (
        lambda: optimizers.Lion(beta_1=0.0),
        "Lion(beta_1=...): got 0.0, expected a number above 0 and at most 1.",
    ),
    (
        lambda: optimizers.SGD(lr=0.1),
        "SGD: got the unknown argument 'lr', expected one of its own arguments. "
        "'lr' is now called 'learning_rate'.",
    ),
    (
        lambda: optimizers.SGD(lr=0.1, decay=1e-6, momentum=0.9, nesterov=True),
        "2 problems:\n"
        "  1. SGD: got the unknown argument 'lr', expected one of its own arguments. "
        "'lr' is now called 'learning_rate'.\n"
        "  2. SGD: got the unknown argument 'decay', expected one of its own arguments. "
        "'decay' was removed; a schedule does the same: learning_rate="
        "pellucid.optimizers.schedules.InverseTimeDecay(0.1, decay_steps=1, decay_rate=1e-06).",
    ),
    (
        lambda: optimizers.Adam(beta1=0.9),
        "Adam: got the unknown argument 'beta1', expected one of its own arguments. "
        "Did you mean 'beta_1'?",
    ),
    (
        lambda: optimizers.SGD(momentun=0.9),
        "SGD: got the unknown argument 'momentun', expected one of its own arguments. "
        "Did you mean 'momentum'?",
    ),
    (
        lambda: optimizers.Adam(clipnorm=1.0, clipvalue=0.5),
        "Adam: got clipnorm=1.0 and clipvalue=0.5, expected at most one of clipnorm, clipvalue "
        "and global_clipnorm. Keep the one you mean.",
    ),
    (
        lambda: optimizers.Adam(global_clipnorm=0.0),
        "Adam(global_clipnorm=...): got 0.0, expected a number above 0.",
    ),
    (
        lambda: optimizers.Adam(gradient_accumulation_steps=1),
        "Adam(gradient_accumulation_steps=...): got 1, expected a whole number at least 2.",
    ),
    (
        lambda: optimizers.Adam(use_ema=True, ema_momentum=1.5),
        "Adam(ema_momentum=...): got 1.5, expected a number at least 0 and at most 1.",
    ),
    (
        lambda: optimizers.Adam(ema_overwrite_frequency=0),
        "Adam(ema_overwrite_frequency=...): got 0, expected a whole number at least 1.",
    ),
    (
        lambda: optimizers.Adam(exclude_from_decay=["(bias"]),
        "Adam(exclude_from_decay=...): got ['(bias'], expected regular expressions, and '(bias' "
        "is none (missing ), unterminated subpattern at position 0). Escape it with re.escape.",
    ),
    (
        lambda: optimizers.Adam(exclude_from_decay=[1]),
        "Adam(exclude_from_decay=...): got [1], expected parts of weight paths, such as "
        "('bias', 'normalization').",
    ),
    (
        lambda: optimizers.Adam().exclude_from_weight_decay(var_list=[np.ones(2)]),
        "exclude_from_weight_decay(var_list=...): got an array without a path, expected weights "
        "or their paths. Use var_names=['bias'] or a path such as 'dense/bias'.",
    ),
    (
        lambda: optimizers.get("adm"),
        "optimizer: got the unknown name 'adm', expected a known optimizer. Did you mean 'adam'?",
    ),
    (
        lambda: optimizers.get(7),
        "optimizer: got 7, expected a name, an optimizer class or object.",
    ),
    (
        lambda: optimizers.OptaxOptimizer(transformation=abs),
        "OptaxOptimizer(transformation=...): got <built-in function abs>, expected an Optax "
        "gradient transformation, with functions init and update.",
    ),
    (
        lambda: optimizers.Adam().apply_gradients([(np.ones(2), np.ones(2))]),
        "Adam.apply_gradients: got pairs to change in place, expected a call that returns new "
        "arrays, since arrays of JAX cannot be changed. "
        "Write parameters = optimizer.apply(gradients, parameters).",
    ),
    (
        lambda: optimizers.Adam().apply([np.ones(2)], [np.ones(3)]),
        "Adam.apply: got gradients of shapes (2,), expected those of the parameters, (3,).",
    ),
    (
        lambda: optimizers.Adam().apply([None, np.ones(2)], [np.ones(3), np.ones(2)]),
        "Adam.apply: got gradients nested otherwise than the parameters, expected one gradient "
        "for each parameter. Leave out parameters that have no gradient.",
    ),
]


@pytest.mark.parametrize(("build", "message"), CASES, ids=[message for _, message in CASES])
def test_wrong_arguments_are_told_in_these_words(build, message):
    with pytest.raises(ArgumentError) as caught:
        build()
    assert str(caught.value) == message


def test_parameters_of_another_shape_are_told_in_these_words():
    optimizer = optimizers.Adam()
    optimizer.apply([np.ones(2)], [np.ones(2)])
    with pytest.raises(ArgumentError) as caught:
        optimizer.apply([np.ones(3)], [np.ones(3)])
    assert str(caught.value) == (
        "Adam.apply: got arrays of shapes (3,), expected those of the first call, (2,). "
        "Make another optimizer for other parameters."
    )


def test_the_old_name_of_the_learning_rate_is_answered():
    optimizer = optimizers.Adam()
    answer = r"^Adam\.lr: 'lr' is now called 'learning_rate'\.$"
    with pytest.raises(AttributeError, match=answer):
        optimizer.lr  # noqa: B018
    with pytest.raises(AttributeError, match=answer):
        optimizer.lr = 0.1


def test_a_fixed_number_cannot_be_set():
    with pytest.raises(AttributeError) as caught:
        optimizers.Adam().beta_1 = 0.5
    assert ".replace(beta_1=0.5)" in str(caught.value)


def test_an_optimizer_must_define_its_update():
    class Empty(optimizers.Optimizer):
        pass

    with pytest.raises(NotImplementedError, match=r"^Empty must define update\(\)\."):
        Empty().apply([np.ones(2)], [np.ones(2)])
