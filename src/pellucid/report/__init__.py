"""Results in pictures and words.

Most pictures are functions of plain arrays that return a matplotlib figure, 6 inches wide.
matplotlib and scikit-learn are imported when the first one is drawn.
"""

from pellucid.drawing import save_figure as save_figure
from pellucid.report.activations import activation_curves as activation_curves
from pellucid.report.attention import attention_map as attention_map
from pellucid.report.boundary import boundary_animation as boundary_animation
from pellucid.report.boundary import boundary_history as boundary_history
from pellucid.report.boundary import compare_boundaries as compare_boundaries
from pellucid.report.boundary import decision_boundary as decision_boundary
from pellucid.report.calibration import calibration_curve as calibration_curve
from pellucid.report.confusion import confusion_matrix as confusion_matrix
from pellucid.report.forecasting import forecasts as forecasts
from pellucid.report.learning import learning_curves as learning_curves
from pellucid.report.maps import feature_maps as feature_maps
from pellucid.report.maps import filters as filters
from pellucid.report.maps import saliency as saliency
from pellucid.report.output_functions import sigmoid_output as sigmoid_output
from pellucid.report.output_functions import softmax_output as softmax_output
from pellucid.report.precision_recall import precision_recall_curve as precision_recall_curve
from pellucid.report.regression import predicted_against_actual as predicted_against_actual
from pellucid.report.regression import residuals as residuals
from pellucid.report.roc import roc_curve as roc_curve
from pellucid.text_table import text_table as text_table

__all__ = [
    "activation_curves",
    "attention_map",
    "boundary_animation",
    "boundary_history",
    "calibration_curve",
    "compare_boundaries",
    "confusion_matrix",
    "decision_boundary",
    "feature_maps",
    "filters",
    "forecasts",
    "learning_curves",
    "precision_recall_curve",
    "predicted_against_actual",
    "residuals",
    "roc_curve",
    "saliency",
    "save_figure",
    "sigmoid_output",
    "softmax_output",
    "text_table",
]
