"""A matplotlib figure that shows itself in a notebook without any set-up."""

import io

from matplotlib.figure import Figure


class Picture(Figure):
    """A `matplotlib.figure.Figure` with everything that it has, and a PNG for notebooks.

    It is drawn without pyplot: it keeps no global state, needs no display and no `close()`.
    """

    def _repr_png_(self) -> bytes:
        buffer = io.BytesIO()
        self.savefig(buffer, format="png", dpi=SCREEN_DPI)
        return buffer.getvalue()


SCREEN_DPI = 110
