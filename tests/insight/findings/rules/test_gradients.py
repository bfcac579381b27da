"""A message that grows on its way back is a fault where it does harm."""

from dataclasses import replace

from insight.findings.runs import compiled, drawn
from pellucid import Input, initializers, layers
from pellucid.insight.findings.rules.gradients import exploding_gradient
from pellucid.layers import Dense
from pellucid.models.diagnosing import last_case
from pellucid.optimizers import Adam


def test_a_memory_whose_signal_grows_is_no_fault_while_its_loss_falls_from_a_sound_start():
    x = drawn(6).normal(size=(100, 30, 1)).astype("float32")
    memory = layers.SimpleRNN(4, None, recurrent_initializer=initializers.Orthogonal(gain=1.2))
    end = Dense(1, kernel_initializer=initializers.RandomNormal(stddev=1e-3, seed=1))
    model = compiled(Input((30, 1)), memory, end, loss="mse", optimizer=Adam(1e-4))
    model.fit(x, x[:, 0, 0], epochs=3, verbose=0)
    case = last_case(model)
    assert case.outcome.value < 0.6 * case.first_outcome.value
    assert [*exploding_gradient(case)] == []
    standing = replace(case, end=case.start)
    assert [one.layer for one in exploding_gradient(standing)] == ["simple_rnn"]
