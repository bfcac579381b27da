"""All problems by name, and the rules that find them, causes before what follows from them."""

from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

from pellucid.insight.findings.case import Case
from pellucid.insight.findings.finding import Finding
from pellucid.insight.findings.rules.answers import (
    classes_as_numbers,
    constant_predictions,
    ignored_class,
    no_signal,
    not_learning,
    underfit,
)
from pellucid.insight.findings.rules.bad_init import bad_init
from pellucid.insight.findings.rules.batch_size import batch_size, unfit_batch
from pellucid.insight.findings.rules.class_imbalance import class_imbalance
from pellucid.insight.findings.rules.columns import constant_features, duplicate_features
from pellucid.insight.findings.rules.confused_labels import confused_labels
from pellucid.insight.findings.rules.curves import (
    oscillating_loss,
    overfit,
    risen_loss,
    too_many_parameters,
    under_trained,
)
from pellucid.insight.findings.rules.early_stopping import impatient_stop
from pellucid.insight.findings.rules.embedding_rows import dead_embedding_rows
from pellucid.insight.findings.rules.frozen_parameters import frozen_parameters
from pellucid.insight.findings.rules.gradients import exploding_gradient, vanishing_gradient
from pellucid.insight.findings.rules.ignored_input import ignored_input
from pellucid.insight.findings.rules.label_leakage import label_leakage
from pellucid.insight.findings.rules.label_noise import label_noise
from pellucid.insight.findings.rules.learning_rate import poor_learning_rate, spent_rate
from pellucid.insight.findings.rules.memory import collapsed_memory
from pellucid.insight.findings.rules.missing_nonlinearity import missing_nonlinearity
from pellucid.insight.findings.rules.narrow_layer import narrow_code, narrow_layer
from pellucid.insight.findings.rules.nonfinite_data import nonfinite_data
from pellucid.insight.findings.rules.nonfinite_loss import nonfinite_loss
from pellucid.insight.findings.rules.other_validation import other_validation
from pellucid.insight.findings.rules.over_regularized import held_back, over_regularized
from pellucid.insight.findings.rules.overlap import duplicate_rows, train_val_overlap
from pellucid.insight.findings.rules.pairing import (
    bad_labels,
    output_loss_mismatch,
    output_range_mismatch,
)
from pellucid.insight.findings.rules.parameter_count import parameter_count
from pellucid.insight.findings.rules.refused_data import refused_data
from pellucid.insight.findings.rules.train_val_shift import train_val_shift
from pellucid.insight.findings.rules.unfinished_run import unfinished_run
from pellucid.insight.findings.rules.units import dead_units, saturated_units
from pellucid.insight.findings.rules.unlearned_labels import unlearned_labels
from pellucid.insight.findings.rules.unscaled_inputs import small_inputs, unscaled_inputs
from pellucid.insight.findings.rules.unscaled_targets import unscaled_targets
from pellucid.insight.findings.rules.unshuffled_data import unshuffled_data

Rule: TypeAlias = Callable[[Case], Iterator[Finding]]

BEFORE: tuple[Rule, ...] = (
    nonfinite_data,
    refused_data,
    output_loss_mismatch,
    bad_labels,
    output_range_mismatch,
    frozen_parameters,
    bad_init,
    unscaled_inputs,
    unscaled_targets,
    label_leakage,
    train_val_overlap,
    train_val_shift,
    unshuffled_data,
    over_regularized,
    missing_nonlinearity,
    narrow_layer,
    batch_size,
    class_imbalance,
    label_noise,
    constant_features,
    duplicate_features,
    duplicate_rows,
    parameter_count,
)
"""The rules about data and model."""

AFTER: tuple[Rule, ...] = (
    nonfinite_loss,
    small_inputs,
    other_validation,
    spent_rate,
    poor_learning_rate,
    unfit_batch,
    held_back,
    narrow_code,
    risen_loss,
    impatient_stop,
    unfinished_run,
    unlearned_labels,
    confused_labels,
    oscillating_loss,
    exploding_gradient,
    vanishing_gradient,
    dead_units,
    saturated_units,
    collapsed_memory,
    classes_as_numbers,
    ignored_class,
    ignored_input,
    constant_predictions,
    not_learning,
    no_signal,
    underfit,
    too_many_parameters,
    overfit,
    under_trained,
    dead_embedding_rows,
)
"""The rules about a run."""

OF_OUTPUTS: frozenset[Rule] = frozenset(
    {
        output_loss_mismatch,
        bad_labels,
        output_range_mismatch,
        unscaled_targets,
        label_leakage,
        class_imbalance,
        label_noise,
        unlearned_labels,
        confused_labels,
        classes_as_numbers,
        ignored_class,
        constant_predictions,
        not_learning,
        no_signal,
        underfit,
    }
)
"""The rules about the labels or the answers of one output, which are asked of each."""

TITLES: Mapping[str, str] = {
    "nonfinite-data": "NaN or infinity in inputs or labels",
    "refused-data": "rows of a shape or kind that the model does not take",
    "output-loss-mismatch": "last activation, width and loss do not fit together",
    "bad-labels": "labels that stand for no class, or never vary",
    "output-range-mismatch": "targets that the last activation cannot give",
    "frozen-parameters": "layers switched off before they have learned anything",
    "bad-init": "first weights with which the signal blows up, dies or is all alike",
    "unscaled-inputs": "inputs far too large or small, or far from one another in size",
    "unscaled-targets": "numeric targets far from what a fresh network gives",
    "label-leakage": "a column, or a step of a sequence, that is the answer",
    "train-val-overlap": "validation rows that are trained on, as they are or nearly so",
    "train-val-shift": "validation rows that were prepared differently",
    "unshuffled-data": "rows sorted by class, and not shuffled",
    "over-regularized": "dropout, penalties or decay stronger than the learning",
    "missing-nonlinearity": "linear layers in a row",
    "narrow-layer": "a layer of one or two units between wide ones",
    "batch-too-large": "so large a batch that the run has few steps",
    "batch-too-small": "so small a batch that its statistics are noise",
    "class-imbalance": "a class so rare that it can be ignored",
    "label-noise": "labels that the rows nearest by contradict",
    "constant-features": "columns that never change, images or sequences that are empty",
    "duplicate-features": "columns that repeat another",
    "duplicate-rows": "rows that repeat others",
    "too-many-parameters": "a network very large for its rows",
    "too-few-parameters": "a network very small for its rows",
    "lr-too-high": "steps that jump over the valley",
    "lr-too-low": "steps too small to arrive",
    "nonfinite-loss": "a loss or gradient that became NaN or infinite",
    "exploding-gradient": "gradients that grow on their way back",
    "vanishing-gradient": "gradients that fade on their way back",
    "dead-units": "units that are off for every row",
    "saturated-units": "sigmoids or tanhs stuck at the ends of their range",
    "collapsed-memory": "a recurrent layer that says the same whatever it has read",
    "oscillating-loss": "a loss that bounces instead of settling",
    "ignored-input": "a column that matters and is not heard",
    "constant-predictions": "one answer for everyone",
    "not-learning": "no better than guessing",
    "no-signal": "inputs that do not foretell the labels",
    "underfit": "less than a linear model or a forest reaches",
    "overfit": "training rows learned by heart",
    "under-trained": "stopped while it was still getting better",
    "dead-embedding-rows": "an embedding most of whose rows never occur",
}
"""What each name stands for, in a line."""
