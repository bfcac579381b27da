"""Changes to a run that may cure what a diagnosis found."""

from pellucid.insight.remedies.activations import InsertActivation as InsertActivation
from pellucid.insight.remedies.activations import ReplaceActivation as ReplaceActivation
from pellucid.insight.remedies.cleaning import DropColumns as DropColumns
from pellucid.insight.remedies.cleaning import DropLeak as DropLeak
from pellucid.insight.remedies.cleaning import DropOverlap as DropOverlap
from pellucid.insight.remedies.cleaning import DropRows as DropRows
from pellucid.insight.remedies.cleaning import DropSuspects as DropSuspects
from pellucid.insight.remedies.cleaning import FillMissing as FillMissing
from pellucid.insight.remedies.constraints import LiftConstraints as LiftConstraints
from pellucid.insight.remedies.initialisation import Reinitialise as Reinitialise
from pellucid.insight.remedies.initialisation import UnfreezeLayers as UnfreezeLayers
from pellucid.insight.remedies.length import MoreEpochs as MoreEpochs
from pellucid.insight.remedies.length import SetBatchSize as SetBatchSize
from pellucid.insight.remedies.length import StopEarly as StopEarly
from pellucid.insight.remedies.length import WaitLonger as WaitLonger
from pellucid.insight.remedies.normalisation import AddBatchNormalization as AddBatchNormalization
from pellucid.insight.remedies.pairing import FixLabels as FixLabels
from pellucid.insight.remedies.pairing import FixOutput as FixOutput
from pellucid.insight.remedies.rate import ClipGradients as ClipGradients
from pellucid.insight.remedies.rate import DecayLearningRate as DecayLearningRate
from pellucid.insight.remedies.rate import LowerRateLater as LowerRateLater
from pellucid.insight.remedies.rate import ScaleLearningRate as ScaleLearningRate
from pellucid.insight.remedies.rate import SetLearningRate as SetLearningRate
from pellucid.insight.remedies.rate import UseOptimizer as UseOptimizer
from pellucid.insight.remedies.recurrence import UseGatedCell as UseGatedCell
from pellucid.insight.remedies.recurrence import UseTanhCell as UseTanhCell
from pellucid.insight.remedies.regularisation import AddDropout as AddDropout
from pellucid.insight.remedies.regularisation import AddWeightDecay as AddWeightDecay
from pellucid.insight.remedies.regularisation import ReduceRegularisation as ReduceRegularisation
from pellucid.insight.remedies.remedy import Remedy as Remedy
from pellucid.insight.remedies.sampling import BalanceClasses as BalanceClasses
from pellucid.insight.remedies.sampling import ShuffleBeforeSplit as ShuffleBeforeSplit
from pellucid.insight.remedies.sampling import ShuffleRows as ShuffleRows
from pellucid.insight.remedies.scaling import DivideInputs as DivideInputs
from pellucid.insight.remedies.scaling import ScaleInputs as ScaleInputs
from pellucid.insight.remedies.scaling import ScaleTargets as ScaleTargets
from pellucid.insight.remedies.setup import Rows as Rows
from pellucid.insight.remedies.setup import Setup as Setup
from pellucid.insight.remedies.size import AddLayer as AddLayer
from pellucid.insight.remedies.size import ShrinkModel as ShrinkModel
from pellucid.insight.remedies.size import Widen as Widen
from pellucid.insight.remedies.size import WidenLayer as WidenLayer
from pellucid.insight.remedies.skips import AddSkips as AddSkips
from pellucid.insight.remedies.window import EndEarlier as EndEarlier

__all__ = [
    "AddBatchNormalization",
    "AddDropout",
    "AddLayer",
    "AddSkips",
    "AddWeightDecay",
    "BalanceClasses",
    "ClipGradients",
    "DecayLearningRate",
    "DivideInputs",
    "DropColumns",
    "DropLeak",
    "DropOverlap",
    "DropRows",
    "DropSuspects",
    "EndEarlier",
    "FillMissing",
    "FixLabels",
    "FixOutput",
    "InsertActivation",
    "LiftConstraints",
    "LowerRateLater",
    "MoreEpochs",
    "ReduceRegularisation",
    "Reinitialise",
    "Remedy",
    "ReplaceActivation",
    "Rows",
    "ScaleInputs",
    "ScaleLearningRate",
    "ScaleTargets",
    "SetBatchSize",
    "SetLearningRate",
    "Setup",
    "ShrinkModel",
    "ShuffleBeforeSplit",
    "ShuffleRows",
    "StopEarly",
    "UnfreezeLayers",
    "UseGatedCell",
    "UseOptimizer",
    "UseTanhCell",
    "WaitLonger",
    "Widen",
    "WidenLayer",
]
