"""Layers: frozen descriptions of what a network computes."""

from pellucid.layers.base import Layer as Layer
from pellucid.layers.catalogue import LAYERS as LAYERS
from pellucid.layers.catalogue import get as get
from pellucid.layers.context import Context as Context
from pellucid.layers.context import Result as Result
from pellucid.layers.dense import Dense as Dense
from pellucid.layers.input import Input as Input
from pellucid.layers.input import InputLayer as InputLayer
from pellucid.layers.weight import Weight as Weight
