"""Files: models, weights and checkpoints, written whole and read as hostile."""

from pellucid.saving.agreement import match_arrays as match_arrays
from pellucid.saving.archive import VERSION as VERSION
from pellucid.saving.descriptions import reading as reading
from pellucid.saving.files import CheckpointFile as CheckpointFile
from pellucid.saving.files import ModelFile as ModelFile
from pellucid.saving.files import load_checkpoint_file as load_checkpoint_file
from pellucid.saving.files import load_model_file as load_model_file
from pellucid.saving.files import load_weights_file as load_weights_file
from pellucid.saving.files import save_checkpoint_file as save_checkpoint_file
from pellucid.saving.files import save_model_file as save_model_file
from pellucid.saving.files import save_weights_file as save_weights_file
