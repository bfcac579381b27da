"""The model: a network with its weights, and everything a Keras user does with one."""

import weakref
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import jax
import numpy as np

from pellucid import seed as seeds
from pellucid.data.arrays import to_array
from pellucid.errors import (
    ArgumentError,
    DataError,
    NotSaveableError,
    Problem,
    ShapeError,
    Together,
    did_you_mean,
    report,
)
from pellucid.graph import Graph, Network
from pellucid.graph.drawing import draw
from pellucid.graph.summary import summary_text
from pellucid.insight import Walkthrough
from pellucid.insight.findings import Diagnosis
from pellucid.keywords import arguments_of, refuse_unknown
from pellucid.layers.context import Context
from pellucid.layers.symbolic import SymbolicTensor
from pellucid.layers.variables import Packed, Variables, variables_of, version
from pellucid.models import (
    checking,
    diagnosing,
    ensembling,
    evaluating,
    feeding,
    fitting,
    looking,
    predicting,
    reporting,
    stateful,
    storing,
    treating,
    walking,
)
from pellucid.models.compiling import Compiled, read_compile
from pellucid.models.ensemble import Ensemble
from pellucid.models.last_run import LastRun
from pellucid.models.request import check_switch
from pellucid.models.treatment import Treatment
from pellucid.training.history import History
from pellucid.training.objective import Objective
from pellucid.training.recipe import Recipe
from pellucid.training.sharding import one_copy
from pellucid.types import NumpyArray
from pellucid.wording import count_text

RENAMED_METHODS = {
    "fit_generator": "called 'fit'",
    "evaluate_generator": "called 'evaluate'",
    "predict_generator": "called 'predict'",
    "predict_classes": "predict(x).argmax(axis=-1), or predict(x) > 0.5 for one unit",
    "predict_proba": "called 'predict'",
}
"""Method names of old Keras scripts, and what does it now."""

_faces: "weakref.WeakKeyDictionary[Graph, weakref.ref[Model]]" = weakref.WeakKeyDictionary()


class Model:
    """A network from inputs to outputs, to compile, fit, evaluate, predict and save.

    Args:
        inputs: The result of `Input(...)`, a list of them, or a dict by name.
        outputs: What layers gave when called on them: one, a list, or a dict by name.
        name: Name in summaries and files.
        seed: Seed of weights, shuffling and masks, 0 to 2**32 - 1. When absent, the first model
            of a script has the default seed, 0, and each later one another that follows from it.

    Raises:
        ArgumentError: Inputs or outputs are no symbolic tensors, or an input is missing.

    Example:
        >>> import numpy as np, pellucid
        >>> x = pellucid.Input(shape=(3,))
        >>> y = pellucid.layers.Dense(2)(x)
        >>> pellucid.Model(x, y).predict(np.ones((5, 3)), verbose=0).shape
        (5, 2)

    Differs from Keras: everything random follows the seed, so that the same script gives the
    same result, and models made with the same seed begin alike.
    """

    def __init__(
        self,
        inputs: Any = None,
        outputs: Any = None,
        name: str | None = None,
        seed: int | None = None,
        **unknown: Any,
    ) -> None:
        refuse_unknown(type(self).__name__, unknown, ("inputs", "outputs", "name", "seed"))
        where = f"{type(self).__name__}(seed=...)"
        self.seed = seeds.next_seed() if seed is None else seeds.checked_seed(seed, where)
        if name is not None and not (isinstance(name, str) and name):
            place = f"{type(self).__name__}(name=...)"
            report([Problem(place, repr(name), "a string that is not empty")])
        self.compiled: Compiled | None = None
        self.history: History | None = None
        self.last_run: LastRun | None = None
        self.ensemble: Ensemble | None = None
        self.stop_training = False
        self.preprocessing: Mapping[str, Any] | None = None
        self.progress_made = fitting.ProgressMade()
        self._name = name
        self.cache: dict[str, Any] = {}
        if inputs is not None or outputs is not None:
            self._wire(inputs, outputs)

    def __getattr__(self, name: str) -> Any:
        # Called only for what is not there.
        if name.startswith("_"):
            raise AttributeError(name)
        now = RENAMED_METHODS.get(name)
        known = [one for one in dir(type(self)) if not one.startswith("_")]
        fix = f"'{name}' is now {now}." if now else did_you_mean(name, known)
        raise AttributeError(f"{type(self).__name__}: got the unknown name '{name}'. {fix}")

    def __reduce_ex__(self, protocol: Any) -> Any:
        raise NotSaveableError(
            f"{type(self).__name__}: got a pickle or copy of a model, expected a file or a clone: "
            "weights lie beside the layers and would be lost. Write model.save(path) and "
            "load_model(path), or clone_model(model) and set_weights(model.get_weights())."
        )

    def _wire(self, inputs: Any, outputs: Any) -> None:
        if inputs is None or outputs is None:
            raise ArgumentError(
                "Model(inputs=..., outputs=...): got one of the two, expected both. "
                "Write Model(inputs=x, outputs=y)."
            )
        self._output_keys = list(outputs) if isinstance(outputs, Mapping) else None
        self._set_tensors(_listed(inputs), _listed(outputs))

    def _set_tensors(self, inputs: list[Any], outputs: list[Any], sequential: bool = False) -> None:
        graph = Graph.trace(
            inputs, outputs, self._name or _stem(self), sequential, named=self._name is not None
        )
        self._set_graph(graph, inputs, outputs)

    def _set_graph(
        self, graph: Graph, inputs: list[SymbolicTensor], outputs: list[SymbolicTensor]
    ) -> None:
        self._graph, self._network = graph, Network.from_graph(graph)
        self._inputs, self._outputs = inputs, outputs
        self.cache = {}
        _faces[graph] = weakref.ref(self)
        # As in Keras: a layer has its arrays as soon as its input's shape is known.
        self._network.variables(self.seed)

    @classmethod
    def from_graph(cls, graph: Graph, seed: int | None = None) -> "Model":
        """Return a model around a graph that was read or copied."""
        model = cls(name=graph.name, seed=seed)
        model._output_keys = None
        model._set_graph(graph, *draw(graph))
        return model

    @property
    def named_outputs(self) -> list[str] | None:
        """The names of a model that was made with a dict of outputs, else None."""
        return None if self._output_keys is None else list(self._output_keys)

    def name_outputs(self, names: Sequence[str] | None) -> None:
        """Let the outputs go by these names, as those of a dict do; None for their layers'."""
        self._output_keys = None if names is None else list(names)

    # -- what it is made of --------------------------------------------------------------

    _output_keys: list[str] | None = None

    @property
    def graph(self) -> Graph:
        """The model as it was drawn.

        Raises:
            ArgumentError: The model has no inputs and outputs yet.
        """
        if not hasattr(self, "_graph"):
            raise ArgumentError(
                f"{_stem(self)}: got no inputs yet, expected the shape of the data. Begin the "
                "model with Input(shape=...), or call build((None, 8)), the batch axis first."
            )
        return self._graph

    @property
    def network(self) -> Network:
        """The model as it is computed."""
        _ = self.graph
        return self._network

    @property
    def name(self) -> str:
        """Name of the model."""
        return self._graph.name if hasattr(self, "_graph") else self._name or _stem(self)

    @property
    def built(self) -> bool:
        """True once the shapes of its inputs are known."""
        return hasattr(self, "_graph")

    @property
    def layers(self) -> list[Any]:
        """The layers in order; inner models stand as models."""
        return [
            model_of(member) if isinstance(member, Graph) else member
            for member in self.graph.members
        ]

    def get_layer(self, name: str | None = None, index: int | None = None) -> Any:
        """Return a layer by name or number.

        Raises:
            ArgumentError: There is none; a near name is suggested.
        """
        layers = self.layers
        if index is not None:
            whole = isinstance(index, (int, np.integer)) and not isinstance(index, bool)
            if not whole or not -len(layers) <= index < len(layers):
                expected = f"a whole number from {-len(layers)} to {len(layers) - 1}"
                report([Problem("get_layer(index=...)", repr(index), expected)])
            return layers[index]
        for layer in layers:
            if layer.name == name:
                return layer
        fix = did_you_mean(str(name), [layer.name for layer in layers])
        if isinstance(name, int):
            fix = f"For the layer's number write get_layer(index={name})."
        given = f"the unknown name {name!r}" if name is not None else "neither name nor index"
        raise ArgumentError(f"get_layer: got {given}, expected the name of a layer. {fix}")

    @property
    def inputs(self) -> list[SymbolicTensor]:
        """The symbolic inputs."""
        _ = self.graph
        return list(self._inputs)

    @property
    def outputs(self) -> list[SymbolicTensor]:
        """The symbolic outputs."""
        _ = self.graph
        return list(self._outputs)

    @property
    def input(self) -> Any:
        """The symbolic input, or the list of several."""
        return self.inputs[0] if len(self.inputs) == 1 else self.inputs

    @property
    def output(self) -> Any:
        """The symbolic output, or the list of several."""
        return self.outputs[0] if len(self.outputs) == 1 else self.outputs

    @property
    def input_shape(self) -> Any:
        """Shape of the input, batch axis first, or a list of several."""
        shapes = [tensor.shape for tensor in self.inputs]
        return shapes[0] if len(shapes) == 1 else shapes

    @property
    def output_shape(self) -> Any:
        """Shape of the output, batch axis first, or a list of several."""
        shapes = [tensor.shape for tensor in self.outputs]
        return shapes[0] if len(shapes) == 1 else shapes

    @property
    def input_names(self) -> list[str]:
        """Names of the inputs, as `fit({"age": ...})` addresses them."""
        members = self.graph.members
        return [str(members[self.graph.steps[call].member].name) for call, _ in self.graph.inputs]

    @property
    def output_names(self) -> list[str]:
        """Names of the outputs: of the dict given, else of the layers that make them."""
        if self._output_keys is not None:
            return list(self._output_keys)
        names: list[str] = []
        for call, _ in self.graph.outputs:
            stem = str(self.graph.members[self.graph.steps[call].member].name)
            number = sum(name == stem or name.startswith(f"{stem}_") for name in names)
            names.append(stem if stem not in names else f"{stem}_{number}")
        return names

    @property
    def trainable(self) -> bool:
        """Whether any layer is trained; setting it sets every layer."""
        return any(layer.trainable for layer in self.graph.layers())

    @trainable.setter
    def trainable(self, value: bool) -> None:
        for layer in self.graph.layers():
            layer.trainable = value

    # -- weights ---------------------------------------------------------------------------

    def variables(self) -> list[Variables]:
        """Return each layer's arrays, drawing those that do not exist yet."""
        return self.network.variables(self.seed)

    def _paths(self, numbers: Sequence[int] | None = None) -> Iterator[tuple[str, NumpyArray]]:
        held = self.variables()
        weights = self.network.weights
        for number in self.network.lasting if numbers is None else numbers:
            weight = weights[number]
            yield weight.path, held[weight.layer][weight.name]

    @property
    def weights(self) -> list[NumpyArray]:
        """All arrays, read-only."""
        return [array for _, array in self._paths()]

    @property
    def variables_by_path(self) -> dict[str, NumpyArray]:
        """All arrays by path, such as `dense/kernel`."""
        return dict(self._paths())

    @property
    def trainable_weights(self) -> list[NumpyArray]:
        """The arrays that training changes."""
        return [array for _, array in self._paths(self.network.trained)]

    trainable_variables = trainable_weights

    @property
    def non_trainable_weights(self) -> list[NumpyArray]:
        """The arrays that training does not change by gradients."""
        carried = [one for one in self.network.carried if one in self.network.lasting]
        return [array for _, array in self._paths(carried)]

    def get_weights(self) -> list[NumpyArray]:
        """Return copies of all arrays, layer by layer."""
        return [np.array(array) for array in self.weights]

    def set_weights(self, weights: Sequence[Any]) -> None:
        """Replace all arrays.

        Raises:
            ShapeError: The number of arrays or a shape differs; every difference is listed.
        """
        own = list(self._paths())
        place = f"{self.name}.set_weights"
        if not isinstance(weights, (Sequence, np.ndarray)) or len(weights) != len(own):
            several = isinstance(weights, (Sequence, np.ndarray))
            given = count_text(len(weights), "array") if several else type(weights).__name__
            paths = ", ".join(path for path, _ in own)
            report([Problem(place, given, f"a list of {len(own)} ({paths})")], ShapeError)
        together = Together()
        read = [
            together.attempt(partial(to_array, array, path))
            for array, (path, _) in zip(weights, own, strict=True)
        ]
        together.tell()
        arrays = [array for array in read if array is not None]
        pairs = list(zip(own, arrays, strict=True))
        report(
            (
                Problem(path, f"shape {new.shape}", f"shape {old.shape}")
                for (path, old), new in pairs
                if old.shape != new.shape
            ),
            ShapeError,
        )
        report(
            (
                Problem(path, f"text such as {str(new.reshape(-1)[0])!r}", "numbers")
                for (path, _), new in pairs
                if new.dtype.kind in "US"
            ),
            DataError,
        )
        held = self.variables()
        for number, new in zip(self.network.lasting, arrays, strict=True):
            weight = self.network.weights[number]
            held[weight.layer].set(weight.name, new)

    def count_params(self) -> int:
        """Return the number of values in all arrays."""
        return sum(self.network.weights[number].spec.size for number in self.network.lasting)

    def reset_states(self) -> None:
        """Set the states from which stateful layers go on to zero.

        Example:
            >>> import numpy as np, pellucid
            >>> entry = pellucid.Input(batch_shape=(1, 2, 1))
            >>> model = pellucid.Sequential([entry, pellucid.layers.LSTM(1, stateful=True)])
            >>> first, second = [model.predict(np.ones((1, 2, 1)), verbose=0) for _ in "ab"]
            >>> model.reset_states()
            >>> third = model.predict(np.ones((1, 2, 1)), verbose=0)
            >>> bool(first == second), bool(first == third)
            (False, True)
        """
        held = self.variables()
        for weight in self.network.weights:
            if weight.by_row:
                held[weight.layer].set(weight.name, np.zeros(weight.spec.shape, np.float32))

    def reset_state(self) -> None:
        """Set the states from which stateful layers go on to zero."""
        self.reset_states()

    def packed(self, recipe: Recipe) -> tuple[Any, Any]:
        """Return the trained and the other weights as the two vectors that programs take."""
        numbers = (tuple(self.network.trained), tuple(self.network.carried))
        key = (version(), numbers)
        if self.cache.get("packed_key") != key:
            values = self.network.values(self.seed)
            layouts = (recipe.trained, recipe.carried)
            vectors = tuple(
                self._vector(own, layout, [values[number] for number in own])
                for own, layout in zip(numbers, layouts, strict=True)
            )
            # Drawing first weights counts as a change, so the key is taken anew.
            self.cache |= {"packed": vectors, "packed_key": (version(), numbers)}
        return self.cache["packed"]

    def _vector(self, numbers: Sequence[int], layout: Any, values: list[NumpyArray]) -> Any:
        """Return the weights packed: the vector they already lie in if they do, else a new one."""
        weights = self.network.weights
        places = []
        for number in numbers:
            held = variables_of(self.network.layers[weights[number].layer])
            places.append(None if held is None else held.place(weights[number].name))
        first = places[0] if places else None
        if first is not None and first[0].layout == layout:
            same = all(
                place is not None and place[0] is first[0] and place[1] == index
                for index, place in enumerate(places)
            )
            if same and not getattr(first[0].vector, "is_deleted", lambda: False)():
                return first[0].vector
        return jax.device_put(layout.pack_host(values))

    def adopt(self, recipe: Recipe, trained: Any, carried: Any) -> None:
        """Make the weights in two packed vectors the model's own."""
        weights = self.network.weights
        held = self.variables()
        for numbers, vector, layout in (
            (recipe.network.trained, trained, recipe.trained),
            (recipe.network.carried, carried, recipe.carried),
        ):
            packed = Packed(one_copy(vector), layout)
            for index, number in enumerate(numbers):
                weight = weights[number]
                held[weight.layer].point_to(weight.name, packed, index)

    # -- use -------------------------------------------------------------------------------

    def __call__(self, inputs: Any, training: bool | None = None) -> Any:
        """Draw the whole model onto symbolic inputs, or compute it for arrays."""
        given = _listed(inputs)
        if given and all(isinstance(one, SymbolicTensor) for one in given):
            return self.graph(given if len(given) > 1 else given[0], training)
        arrays = [
            one if hasattr(one, "aval") else array
            for one, array in zip(
                given, feeding.read_inputs(self.network, self.input_names, inputs), strict=True
            )
        ]
        stateful.check_batches(self.network, len(arrays[0]))
        key = np.uint32(self.seed) if training else None
        context = Context(training=bool(training), key=key)
        feeds = self.network.prepare(arrays)
        done = self.network.apply(self.network.values(self.seed), feeds, context)
        stateful.keep_states(self, done.state)
        return self.shaped(done.outputs)

    def shaped(self, outputs: Sequence[Any]) -> Any:
        """Return outputs in the form the model was made with: one, a list, or a dict."""
        if self._output_keys is not None:
            return dict(zip(self._output_keys, outputs, strict=True))
        return outputs[0] if len(outputs) == 1 else list(outputs)

    def build(self, input_shape: Any = None) -> None:
        """Do nothing: a functional model knows its shapes."""

    def compile(
        self,
        optimizer: Any = "rmsprop",
        loss: Any = None,
        loss_weights: Any = None,
        metrics: Any = None,
        weighted_metrics: Any = None,
        run_eagerly: bool = False,
        steps_per_execution: int = 1,
        jit_compile: Any = "auto",
        auto_scale_loss: bool = True,
        **unknown: Any,
    ) -> None:
        """Choose what training aims at and how.

        Args:
            optimizer: Name or object.
            loss: Name, object or function; a list or dict of them for several outputs.
            loss_weights: Factors of the outputs' losses in the total.
            metrics: Names, objects or functions; by output in a list of lists or a dict.
            weighted_metrics: Metrics that use sample and class weights.
            run_eagerly: Run step by step, uncompiled, so that a debugger can stop inside layers.
            steps_per_execution: Accepted for Keras's sake; whole epochs run at once anyway.
            jit_compile: Accepted for Keras's sake; everything is compiled.
            auto_scale_loss: Accepted for Keras's sake.
            **unknown: Anything else is answered with what it is called.

        Raises:
            ArgumentError: An unknown name, with the near one.
        """
        refuse_unknown("compile", unknown, arguments_of(Model.compile))
        names = self.output_names if self.built else ["output"]
        self.compiled = read_compile(
            names, optimizer, loss, loss_weights, metrics, weighted_metrics, run_eagerly
        )
        self.progress_made.forget_optimizer()

    def need_compiled(self, what: str) -> Compiled:
        """Return what `compile` was told.

        Raises:
            ArgumentError: The model is not compiled.
        """
        if self.compiled is None:
            raise ArgumentError(
                f"{what}: got a model that is not compiled, expected a loss and an optimizer. "
                'Call model.compile(optimizer="adam", loss="mse") first.'
            )
        return self.compiled

    @property
    def optimizer(self) -> Any:
        """The optimiser that `compile` chose."""
        return self.need_compiled("optimizer").optimizer

    @property
    def loss(self) -> Any:
        """The loss as `compile` was given it."""
        return self.need_compiled("loss").given["loss"]

    @property
    def metrics_names(self) -> list[str]:
        """Names of what `evaluate` returns, once the model has seen labels."""
        objective: Objective | None = self.cache.get("objective")
        return list(objective.names) if objective is not None else ["loss"]

    def note_objective(self, objective: Objective) -> None:
        """Keep the objective, by which `metrics_names` is known."""
        self.cache["objective"] = objective

    @property
    def losses(self) -> list[Any]:
        """The penalties on the weights, as they stand."""
        penalty = self.network.penalty(self.network.values(self.seed))
        return [] if isinstance(penalty, float) else [penalty]

    def fit(
        self,
        x: Any = None,
        y: Any = None,
        batch_size: int | None = None,
        epochs: int = 1,
        verbose: Any = "auto",
        callbacks: Any = None,
        validation_split: float = 0.0,
        validation_data: Any = None,
        shuffle: bool | str = True,
        class_weight: Mapping[Any, float] | None = None,
        sample_weight: Any = None,
        initial_epoch: int = 0,
        steps_per_epoch: int | None = None,
        validation_steps: int | None = None,
        validation_batch_size: int | None = None,
        validation_freq: int = 1,
        probe: Any = None,
        diagnose: bool = False,
        mixup: float | None = None,
        ensemble: int | None = None,
        bootstrap: bool = False,
        **unknown: Any,
    ) -> History:
        """Train the model.

        Args:
            x: Inputs: array, frame, list, dict by name, or a dataset or generator of (x, y)
                batches; sequences of different lengths as a list of lists or arrays.
            y: Labels: array, frame, list or dict by output name.
            batch_size: Rows in a step, 32 when absent; the number of rows for full batch.
            epochs: Epoch at which to end.
            verbose: 0 silent, 1 a live line, 2 a line an epoch, "auto".
            callbacks: Policies and callbacks.
            validation_split: Share of the rows, from the end, held out; 0 to below 1.
            validation_data: (x, y) or (x, y, sample_weight) to score after each epoch, or a
                dataset of it.
            shuffle: Whether rows come in a new order each epoch; "length" for batches of
                sequences of similar length, as lists of different lengths always get them.
            class_weight: Weight of each class in the loss.
            sample_weight: Weight of each row in the loss, (rows,); or of each step, (rows,
                steps), for an output (rows, steps, features). A list or a dict where there
                are several outputs.
            initial_epoch: Epoch at which to begin counting.
            steps_per_epoch: Steps in an epoch, for generators without an end.
            validation_steps: Batches to take from a validation generator.
            validation_batch_size: Rows in a batch when scoring.
            validation_freq: Score after every so many epochs.
            diagnose: Whether to say what is wrong: with data and model before the first step,
                with the run as soon as it is sure, and all of it at the end, where it is kept
                as `history.diagnosis`.
            probe: What looks into the run while it trains: "economy" or True for a few
                quantities of every layer, "full" for all; the readings are `history.probes`.
            mixup: Above 0 to train on mixtures of two rows of a batch, by shares that are drawn
                from Beta(mixup, mixup); see `pellucid.training.mixup`. None for the rows as they
                are.
            ensemble: Models to train side by side, at least 2, from this one's seed and those
                that follow it. `model.ensemble` is their mean, with a measure of how far they
                agree; the model itself ends as the first of them, and the history holds means.
            bootstrap: Whether each model of an ensemble learns from rows of its own, as many as
                there are, drawn with replacement.
            **unknown: Anything else is answered with what it is called.

        Returns:
            The history: reported values by epoch.

        Raises:
            ArgumentError: An argument is out of range, misspelt or unknown.
            DataError: Values that cannot be trained on.
            NonFiniteError: The loss or a gradient was NaN or infinite; the weights are the
                last good ones, and the message names step, layer and row.
            ShapeError: Rows, labels or weights of shapes that do not fit.

        Warns:
            PellucidWarning: Labels, batches or images that are legal, but probably not meant.

        Example:
            >>> import numpy as np, pellucid
            >>> model = pellucid.Sequential([pellucid.Input((1,)), pellucid.layers.Dense(1)])
            >>> model.compile(optimizer=pellucid.optimizers.SGD(0.1), loss="mse")
            >>> x = np.linspace(-1, 1, 64)[:, None]
            >>> history = model.fit(x, 3 * x, epochs=50, verbose=0)
            >>> history.history["loss"][-1] < 1e-3
            True

        Differs from Keras: all epochs run as one compiled program; the last, smaller batch is
        padded and masked; a non-finite loss is an error. Stateful layers go on from batch to
        batch and from epoch to epoch until `reset_states`; validation begins with the states
        that training left and does not change them.
        """
        refuse_unknown("fit", unknown, arguments_of(Model.fit))
        request = fitting.Request(
            x,
            y,
            batch_size,
            epochs,
            verbose,
            callbacks,
            validation_split,
            validation_data,
            shuffle,
            class_weight,
            sample_weight,
            initial_epoch,
            steps_per_epoch,
            validation_steps,
            validation_batch_size,
            validation_freq,
            probe,
            mixup,
        )
        check_switch("fit(diagnose=...)", diagnose)
        if ensemble is not None:
            return ensembling.fit(self, request, ensemble, bootstrap, diagnose)
        ensembling.refuse_alone(bootstrap)
        # Its members are no longer what this model was trained beside.
        self.ensemble = None
        if diagnose:
            return diagnosing.fit(self, request)
        return fitting.fit(self, request)

    def check(
        self,
        x: Any,
        y: Any = None,
        *,
        validation_data: Any = None,
        validation_split: float = 0.0,
        epochs: int = 1,
        batch_size: int | None = None,
        shuffle: bool | str = True,
        class_weight: Mapping[Any, float] | None = None,
        sample_weight: Any = None,
        range_test: bool = False,
    ) -> Diagnosis:
        """Return what is wrong with data and model before training.

        Nothing is changed. What `fit` would refuse becomes a finding here, so all of it is told
        at once. A model that is not compiled is checked as far as it goes.

        Args:
            x: Inputs, as for `fit`.
            y: Labels, as for `fit`.
            validation_data: (x, y) or (x, y, sample_weight), as for `fit`.
            validation_split: Share of the rows, from the end, held out; 0 to below 1.
            epochs: Epochs that `fit` will make.
            batch_size: Rows in a step, 32 when absent.
            shuffle: As for `fit`.
            class_weight: Weight of each class in the loss.
            sample_weight: Weight of each row in the loss.
            range_test: Whether copies of the model are trained for 40 steps at nine rates around
                the given one, to judge the learning rate; it compiles one training program.

        Returns:
            The findings, causes first; `healthy` when there is neither a fault nor a warning.

        Raises:
            ArgumentError: An argument is out of range, or an input or output is missing.
            DataError: Something is no data at all.

        Example:
            >>> import numpy as np, pellucid
            >>> model = pellucid.Sequential([pellucid.Input((2,)), pellucid.layers.Dense(1)])
            >>> model.compile(optimizer="adam", loss="mse")
            >>> x = np.random.default_rng(0).normal(size=(64, 2)) * [1000, 1]
            >>> model.check(x, x @ [0.001, 1.0]).names
            ['unscaled-inputs']
        """
        request = fitting.Request(
            x,
            y,
            batch_size=batch_size,
            epochs=epochs,
            validation_split=validation_split,
            validation_data=validation_data,
            shuffle=shuffle,
            class_weight=class_weight,
            sample_weight=sample_weight,
        )
        return checking.check(self, request, range_test)

    def diagnose(self, *unknown: Any, **named: Any) -> Diagnosis:
        """Return what went wrong in the last run, with the numbers that show it.

        Works after `fit`, also after one that was refused or broke off. The run's rows are
        looked at again, and the network's inside at its first and at its last weights; what
        costs a sound run nothing is told as a note. Rows from a generator, which can be used
        once, are not looked at: there the curves of the run tell, and `unseen` says so.

        Returns:
            The findings: causes first, then what follows from them; `healthy` when there is
            neither a fault nor a warning.

        Raises:
            ArgumentError: The model was not trained here, or something was given, though there
                is nothing to give.

        Example:
            >>> import numpy as np, pellucid
            >>> model = pellucid.Sequential([pellucid.Input((2,)), pellucid.layers.Dense(1)])
            >>> model.compile(optimizer=pellucid.optimizers.SGD(1e-5), loss="mse")
            >>> x = np.random.default_rng(0).normal(size=(64, 2))
            >>> history = model.fit(x, x @ [3.0, -2.0], epochs=10, verbose=0)
            >>> model.diagnose().names[0]
            'lr-too-low'

        Source: `docs/findings.md` names that of each rule.
        """
        return diagnosing.diagnose(self, unknown, named)

    def evaluate(
        self,
        x: Any = None,
        y: Any = None,
        batch_size: int | None = None,
        verbose: Any = "auto",
        sample_weight: Any = None,
        steps: int | None = None,
        callbacks: Any = None,
        return_dict: bool = False,
        **unknown: Any,
    ) -> Any:
        """Return loss and metrics on data, without training.

        Args:
            x: Inputs, as for `fit`.
            y: Labels, as for `fit`.
            batch_size: Rows in a batch.
            verbose: 0 silent, otherwise a line.
            sample_weight: Weight of each row or step, as for `fit`.
            steps: Batches to take from a generator.
            callbacks: Accepted for Keras's sake.
            return_dict: Return a dict by name instead of a list.
            **unknown: Anything else is answered with what it is called.

        Returns:
            The loss, a list of loss and metrics, or a dict.
        """
        refuse_unknown("evaluate", unknown, arguments_of(Model.evaluate))
        logs = evaluating.evaluate(self, x, y, batch_size, verbose, sample_weight, steps)
        if return_dict:
            return logs
        values = list(logs.values())
        return values[0] if len(values) == 1 else values

    def predict(
        self,
        x: Any,
        batch_size: int | None = None,
        verbose: Any = "auto",
        steps: int | None = None,
        callbacks: Any = None,
        **unknown: Any,
    ) -> Any:
        """Return the outputs for inputs.

        Args:
            x: Inputs, as for `fit`.
            batch_size: Rows computed at once.
            verbose: Accepted for Keras's sake; predict is silent.
            steps: Batches to take from a generator.
            callbacks: Accepted for Keras's sake.
            **unknown: Anything else is answered with what it is called.

        Returns:
            A NumPy array, or a list or dict of them for several outputs.
        """
        if unknown:
            refuse_unknown("predict", unknown, arguments_of(Model.predict))
        return predicting.predict(self, x, batch_size, steps)

    def train_on_batch(
        self,
        x: Any,
        y: Any = None,
        sample_weight: Any = None,
        class_weight: Mapping[Any, float] | None = None,
        return_dict: bool = False,
        **unknown: Any,
    ) -> Any:
        """Make one update on one batch; return its loss and metrics.

        Args:
            x: Inputs, as for `fit`.
            y: Labels, as for `fit`.
            sample_weight: Weight of each row or step, as for `fit`.
            class_weight: Weight of each class in the loss.
            return_dict: Return a dict by name instead of a list.
            **unknown: Anything else is answered with what it is called.

        Differs from Keras: the values are those of this batch alone, not running means.
        """
        refuse_unknown("train_on_batch", unknown, arguments_of(Model.train_on_batch))
        logs = fitting.train_on_batch(self, x, y, sample_weight, class_weight)
        return _shaped_logs(logs, return_dict)

    def test_on_batch(
        self,
        x: Any,
        y: Any = None,
        sample_weight: Any = None,
        return_dict: bool = False,
        **unknown: Any,
    ) -> Any:
        """Return loss and metrics of one batch.

        Args:
            x: Inputs, as for `fit`.
            y: Labels, as for `fit`.
            sample_weight: Weight of each row or step, as for `fit`.
            return_dict: Return a dict by name instead of a list.
            **unknown: Anything else is answered with what it is called.
        """
        refuse_unknown("test_on_batch", unknown, arguments_of(Model.test_on_batch))
        logs = evaluating.evaluate(self, x, y, None, 0, sample_weight, None, "test_on_batch")
        return _shaped_logs(logs, return_dict)

    def predict_on_batch(self, x: Any) -> Any:
        """Return the outputs of one batch."""
        return predicting.predict(self, x, None, None)

    def reset_metrics(self) -> None:
        """Do nothing: values are never carried from one call to the next."""

    # -- examining a run ---------------------------------------------------------------------

    def treat(
        self,
        x: Any = None,
        y: Any = None,
        *,
        seeds: int = 3,
        remedies: Any = None,
        pairs: bool = True,
        metric: Any = None,
        epochs: int | None = None,
        verbose: Any = "auto",
    ) -> Treatment:
        """Try remedies on the last run: train it again with each, beside the run as it was.

        Every fork is trained with the same several seeds. Those of one structure share one
        compiled program, and weak ones are given up early. A remedy is called a cure only if it
        beats the run as it was by more than twice the standard error of the paired differences
        and by more than the spread of the scores on either side. Judged by the validation rows,
        or by rows held out of the training rows where there were none.

        Args:
            x: Inputs; those of the last `fit` when absent.
            y: Labels, with `x`.
            seeds: How often each fork is trained, at least 2.
            remedies: A diagnosis, or a list of remedies of `pellucid.insight.remedies`; those of
                `diagnose()` when absent.
            pairs: Whether to try the best three cures two by two as well.
            metric: Name or object of the metric that judges, or "loss"; when absent accuracy for
                classes, squared error for numbers.
            epochs: Epochs of each fork; those of the last `fit` when absent.
            verbose: 0 or "auto" silent, otherwise a line for each step.

        Returns:
            The table of what was tried, and the model trained with the best of it.

        Raises:
            ArgumentError: The model was never fitted, or an argument is out of range.

        Example:
            >>> import numpy as np, pellucid
            >>> from pellucid.insight.remedies import ScaleLearningRate
            >>> x = np.linspace(-1, 1, 64)[:, None]
            >>> model = pellucid.Sequential([pellucid.Input((1,)), pellucid.layers.Dense(1)])
            >>> model.compile(pellucid.optimizers.SGD(1e-4), loss="mse")
            >>> history = model.fit(x, 3 * x, epochs=8, verbose=0)
            >>> treatment = model.treat(remedies=[ScaleLearningRate(1000)])
            >>> treatment.best.label
            'scale-learning-rate(1000)'
        """
        return treating.treat(self, x, y, seeds, remedies, pairs, metric, epochs, verbose)

    # -- seeing ------------------------------------------------------------------------------

    def feature_maps(self, x: Any, layers: Any = None) -> dict[str, NumpyArray]:
        """Return the maps that layers make of one example.

        Args:
            x: One example, with or without the batch axis.
            layers: Name of a layer, or several; all that keep the example's axes when absent.

        Returns:
            For each layer an array (..., channels), without the batch axis. Draw them with
            `pellucid.report.feature_maps`.

        Raises:
            ArgumentError: A name is unknown, or no layer has maps.
            ShapeError: There are several examples.

        Example:
            >>> import numpy as np, pellucid
            >>> layers = pellucid.layers
            >>> model = pellucid.Sequential([layers.Input((5, 2)), layers.Dense(3, name="wide")])
            >>> model.feature_maps(np.ones((5, 2)))["wide"].shape
            (5, 3)
        """
        return looking.feature_maps(self, x, layers)

    def attention_maps(self, x: Any) -> dict[str, NumpyArray]:
        """Return how much each query of every attention layer looks at each key, for one example.

        Args:
            x: One example, with the batch axis; a list or dict for several inputs.

        Returns:
            By the layer's name (queries, keys), or (heads, queries, keys) where it has heads.
            Draw one with `pellucid.report.attention_map`.

        Raises:
            ArgumentError: The model has no attention.
            ShapeError: There are several examples.

        Example:
            >>> import numpy as np, pellucid
            >>> layers = pellucid.layers
            >>> x = layers.Input((5, 8))
            >>> seen = layers.MultiHeadAttention(2, 4, name="look")(x, x)
            >>> model = pellucid.Model(x, seen)
            >>> model.attention_maps(np.ones((1, 5, 8)))["look"].shape
            (2, 5, 5)
        """
        return looking.attention_maps(self, x)

    def filters(self, layer: str | None = None) -> NumpyArray:
        """Return the kernel of a convolution, (*size, channels, filters).

        Args:
            layer: Name of the layer; the first convolution when absent.

        Raises:
            ArgumentError: There is no such layer, or it has no filters.

        Draw them with `pellucid.report.filters`.
        """
        return looking.filters(self, layer)

    def saliency(
        self,
        x: Any,
        target: int | None = None,
        method: str = "integrated_gradients",
        **options: Any,
    ) -> NumpyArray:
        """Return what the model looks at in one example.

        Args:
            x: One example, with or without the batch axis.
            target: Number of the output value to explain; the largest one when absent.
            method: "gradient" (the score's derivative by every value), "integrated_gradients"
                (each value's share of the score; `baseline`, `steps`), "grad_cam" (where the
                last convolution saw what speaks for it; `layer`), or "occlusion" (by how much
                the score falls when a place is covered; `size`, `stride`, `value`).
            options: Options of the method; see `pellucid.insight`.

        Returns:
            For gradients the example's shape; at an embedding (steps, features). For the others
            the example's shape without channels. Draw it with `pellucid.report.saliency`.

        Raises:
            ArgumentError: No such method, option, layer or target.
            ShapeError: There are several examples.

        Example:
            >>> import numpy as np, pellucid
            >>> layers = pellucid.layers
            >>> model = pellucid.Sequential([layers.Input((3,)), layers.Dense(1)])
            >>> model.set_weights([[[1.0], [-2.0], [0.0]], [5.0]])
            >>> model.saliency([1.0, 1.0, 1.0]).round(4).tolist()
            [1.0, -2.0, 0.0]

        The score is what softmax or sigmoid starts from, so that a sure answer still has slopes.
        """
        return looking.saliency(self, x, target, method, options)

    def walkthrough(self, x: Any, y: Any, steps: int = 1, detail: str = "auto") -> Walkthrough:
        """Return the training step that one batch makes, told number by number.

        The six stages of learning: initialisation, forward, error, backpropagation, update,
        iterate. For a chain of dense layers every scalar, with its formula: `in_j`, `out_j`, each
        slope, the chain rule as a product, the gradient, the new weight. Every gradient stands
        beside the automatic gradient and a finite difference. The model stays as it is.

        Args:
            x: One example, with or without the batch axis, or a small batch.
            y: Its label, or labels.
            steps: Updates to make, one after the other, on the same rows.
            detail: "scalars", "layers", or "auto": scalars where there are not too many.

        Returns:
            `print` it, show it in a notebook, `save` it as `.html`, `.tex` or `.txt`; its
            numbers are there by name.

        Raises:
            ArgumentError: The model is not compiled, or too large for scalars.
            DataError: Values that cannot be trained on.
            NonFiniteError: A loss or gradient is NaN or infinite.
            ShapeError: Rows of another shape.

        Example:
            >>> import pellucid
            >>> layers = pellucid.layers
            >>> model = pellucid.Sequential([layers.Input((1,)), layers.Dense(1)])
            >>> model.set_weights([[[0.5]], [0.25]])
            >>> model.compile(pellucid.optimizers.SGD(0.125), loss=pellucid.losses.Huber())
            >>> walk = model.walkthrough([2.0], [1.0])
            >>> walk["out_1"], walk["e_1"], walk["dL/dw_11"], walk.steps[0].after["w_11"]
            (1.25, -0.25, 0.5, 0.4375)

        Source: Rumelhart, Hinton, Williams, "Learning representations by back-propagating
        errors" (1986).
        """
        return walking.walkthrough(self, x, y, steps, detail)

    # -- telling and keeping -----------------------------------------------------------------

    def report(
        self,
        path: Any,
        x: Any = None,
        y: Any = None,
        *,
        title: str | None = None,
        columns: Sequence[str] = (),
        labels: Sequence[Any] | None = None,
        diagnosis: Diagnosis | None = None,
        treatment: Treatment | None = None,
    ) -> Path:
        """Write a page about the model: findings, evaluation, curves, data, layers, environment.

        It is one HTML file that needs no other and asks no network. What is not given and not
        known has no section.

        Args:
            path: The file, ending in `.html`.
            x: Rows to describe and, with `y`, to evaluate on; as for `fit`.
            y: Their labels.
            title: Stands above; the model's name when absent.
            columns: Names of the columns of an input of shape (rows, columns).
            labels: Names of the classes, in the order of their numbers.
            diagnosis: What was found; when absent, what `fit(diagnose=True)` found.
            treatment: What was tried against it.

        Returns:
            `path`.

        Raises:
            ArgumentError: `path` ends in something else, there is `y` without `x`, or the names
                are not as many as what they name.
            FileError: The file cannot be written.

        Example:
            >>> import pathlib, tempfile, numpy as np, pellucid
            >>> model = pellucid.Sequential([pellucid.Input((1,)), pellucid.layers.Dense(1)])
            >>> model.compile(optimizer="sgd", loss="mse")
            >>> x = np.linspace(-1, 1, 16)[:, None]
            >>> path = pathlib.Path(tempfile.mkdtemp()) / "line.html"
            >>> model.report(path, x, 3 * x, title="A line").name
            'line.html'
        """
        told = reporting.Told(title, columns, labels, diagnosis, treatment)
        return reporting.report(self, path, x, y, told)

    def summary(
        self,
        line_length: int | None = None,
        print_fn: Any = None,
        expand_nested: bool = False,
        show_trainable: bool = False,
        **unknown: Any,
    ) -> None:
        """Print layers, shapes of their outputs and numbers of parameters.

        Args:
            line_length: Width in characters; as wide as needed when absent.
            print_fn: Called with the text instead of `print`.
            expand_nested: Show the layers of inner models too.
            show_trainable: Show which layers are trained.
            **unknown: Anything else is answered with what it is called.
        """
        refuse_unknown("summary", unknown, arguments_of(Model.summary))
        tell = print if print_fn is None else print_fn
        tell(summary_text(self.graph, self.network, line_length, expand_nested, show_trainable))

    def get_config(self) -> dict[str, Any]:
        """Return the architecture as plain JSON values, without weights."""
        return self.graph.get_config()

    @classmethod
    def from_config(
        cls, config: Mapping[str, Any], custom_objects: Mapping[str, Any] | None = None
    ) -> "Model":
        """Return a new model, with new weights, of the architecture that `get_config` gave."""
        return storing.model_from_config(config, custom_objects)

    def to_json(self, **options: Any) -> str:
        """Return the architecture as JSON text; see `model_from_json`."""
        return storing.to_json(self, **options)

    def save(
        self, filepath: Any, overwrite: bool = True, include_optimizer: bool = True, **unknown: Any
    ) -> None:
        """Write architecture, weights, compile settings, optimiser and history to one file.

        Args:
            filepath: Path ending in `.pellucid`.
            overwrite: Whether an existing file may be replaced.
            include_optimizer: Whether to keep the optimiser's state, so that training can go on.
            **unknown: Anything else is answered with what it is called.

        Raises:
            FileError: The path cannot be written.
            NotSaveableError: The model holds a Python function.
        """
        refuse_unknown("save", unknown, arguments_of(Model.save))
        storing.save(self, filepath, overwrite, include_optimizer)

    def save_weights(self, filepath: Any, overwrite: bool = True) -> None:
        """Write the weights alone; see `load_weights`."""
        storing.save_weights(self, filepath, overwrite)

    def load_weights(self, filepath: Any) -> None:
        """Read weights that `save_weights` or `save` wrote.

        Raises:
            FileError: Missing, extra or mismatched arrays, listed by path.
        """
        storing.load_weights(self, filepath)


def model_of(graph: Graph) -> Model:
    """Return the model around `graph`; a new one if none is in use."""
    found = _faces.get(graph)
    model = None if found is None else found()
    # The arrays are there: to look at a model again shall not change the seed of the next one.
    return storing.model_around(graph, seeds.get_seed()) if model is None else model


def _listed(value: Any) -> list[Any]:
    if isinstance(value, Mapping):
        return list(value.values())
    return list(value) if isinstance(value, (list, tuple)) else [value]


def _shaped_logs(logs: Mapping[str, Any], return_dict: bool) -> Any:
    values = list(logs.values())
    if return_dict:
        return dict(logs)
    return values[0] if len(values) == 1 else values


def _stem(model: Any) -> str:
    return "sequential" if type(model).__name__ == "Sequential" else "model"


storing.register_maker("model", Model.from_graph)
