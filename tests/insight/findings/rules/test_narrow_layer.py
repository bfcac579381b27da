"""Hidden layers of one or two units are given room, whatever lies beside them."""

import pellucid
from pellucid.insight.findings.rules.narrow_layer import room_for_narrow
from pellucid.insight.remedies import WidenLayer
from pellucid.layers import Conv2D, Dense, Flatten, Input


def test_one_unit_is_given_room_but_not_the_output():
    layers = [Input((4,)), Dense(1, "relu"), Dense(8, "relu"), Dense(1, "sigmoid")]
    network = pellucid.Sequential(layers).network
    assert room_for_narrow(network) == (WidenLayer("dense", 64),)


def test_filters_and_a_layer_between_convolutions_and_classes_count_too():
    layers = [Input((6, 6, 1)), Conv2D(2, 3), Flatten(), Dense(1, "relu"), Dense(10, "softmax")]
    network = pellucid.Sequential(layers).network
    assert room_for_narrow(network) == (WidenLayer("conv2d", 64), WidenLayer("dense", 64))
