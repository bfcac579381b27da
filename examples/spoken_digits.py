"""A network learns ten spoken digits, and is tested on a voice that it has never heard (FSDD)."""

import sys
from pathlib import Path

import pellucid
from pellucid.tasks import train_audio
from pellucid.tasks.kinds import load_trained


def main(
    folder: str | Path,
    speaker: str | None = "theo",
    epochs: int | None = None,
    output: str | Path = "spoken-digits",
) -> float:
    """Train on all speakers but one, and return the accuracy on that one's recordings.

    Args:
        folder: Recordings called `7_theo_12.wav`: digit, speaker, number.
        speaker: Who tests; None for a fifth of the recordings of all.
        epochs: Most epochs.
        output: Folder for the model, its history, pictures and predictions.
    """
    run = train_audio(
        folder,
        pattern="{label}_{speaker}_{index}",
        group=None if speaker is None else "speaker",
        test_group=speaker,
        epochs=epochs,
        output=output,
    )
    print(run.summary_text())

    # The saved model takes raw files: any rate, any channels, any length.
    again = load_trained(Path(output) / "model.pellucid")
    print(again.predict(Path(folder) / run.answers.columns["sound"][0]).csv_text())

    # What the network looks like inside: spectrogram, changes while training, convolutions.
    pellucid.load_model(Path(output) / "model.pellucid").summary()
    return run.scores["network"]["accuracy"]


if __name__ == "__main__":
    main(sys.argv[1], *sys.argv[2:3])
