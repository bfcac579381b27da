"""Pictures shown one after the other: as a GIF, or as a page with a slider."""

import base64
import io
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from pellucid.atomic import write_atomically, write_text_atomically
from pellucid.errors import Problem, near, report

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FORMATS = ("gif", "html")

LAST = 4
"""How many times longer the last picture of a GIF stands, before it begins again."""


@dataclass(frozen=True)
class Frame:
    """One picture of an animation.

    Args:
        name: What it shows: "epoch 5".
        figure: The picture.
    """

    name: str
    figure: "Figure"


@dataclass(frozen=True)
class Animation:
    """Pictures shown one after the other; it shows itself in a notebook.

    Args:
        title: Title of the page.
        frames: The pictures, all of one size.
        seconds: How long each stands.
    """

    title: str
    frames: Sequence[Frame]
    seconds: float = 0.4

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write a `.gif`, or an `.html` page that needs nothing else.

        Args:
            path: The file. Its folder must exist.

        Raises:
            ArgumentError: The ending is another.
            FileError: The file cannot be written.
        """
        ending = Path(path).suffix.lower().removeprefix(".")
        if ending not in FORMATS:
            given = f"the ending '.{ending}'" if ending else "no ending"
            suggestion = near(ending, FORMATS, 0.5) or "gif"
            fix = f"Call it '{Path(path).with_suffix('.' + suggestion).name}'."
            report([Problem(str(path), given, "an animation: .gif or .html", fix)])
        if ending == "html":
            return write_text_atomically(path, self._page())
        return write_atomically(path, self._write_gif)

    @cached_property
    def _images(self) -> list[bytes]:
        return [frame.figure._repr_png_() for frame in self.frames]  # type: ignore[attr-defined]

    def _write_gif(self, file: BinaryIO) -> None:
        # matplotlib brings Pillow.
        from PIL import Image

        first, *others = (
            Image.open(io.BytesIO(one)).convert("RGB").quantize(128) for one in self._images
        )
        stand = round(1000 * self.seconds)
        times = [stand] * len(others) + [LAST * stand]
        first.save(
            file, "GIF", save_all=True, append_images=others, duration=times, loop=0, optimize=True
        )

    def _repr_html_(self) -> str:
        return f'<iframe srcdoc="{escape(self._page())}" {NOTEBOOK}></iframe>'

    def _page(self) -> str:
        images = [f"data:image/png;base64,{base64.b64encode(one).decode()}" for one in self._images]
        names = [frame.name for frame in self.frames]
        return PAGE.format(
            title=escape(self.title),
            last=len(names) - 1,
            name=escape(names[-1]),
            image=images[-1],
            # Within a script "</" could end it.
            names=json.dumps(names).replace("</", "<\\/"),
            images=json.dumps(images),
            stand=round(1000 * self.seconds),
        )


NOTEBOOK = 'style="border: 0; width: 100%; height: 40rem"'

PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; color: #222222; background: #ffffff;
  max-width: 42rem; margin: 0 auto; padding: 0.5rem; }}
h1 {{ font-size: 1.2rem; margin: 0.5rem 0; }}
img {{ display: block; width: 100%; height: auto; }}
.controls {{ display: flex; gap: 0.75rem; align-items: center; }}
button {{ font: inherit; width: 5rem; padding: 0.3rem; }}
input {{ flex: 1; min-width: 0; }}
output {{ min-width: 6rem; font-variant-numeric: tabular-nums; }}
</style>
</head>
<body>
<h1>{title}</h1>
<img id="picture" src="{image}" alt="{title}, {name}">
<div class="controls">
<button id="play" type="button">Play</button>
<input id="place" type="range" min="0" max="{last}" value="{last}" aria-label="Picture">
<output id="name">{name}</output>
</div>
<script>
const names = {names}, images = {images};
const [picture, play, place, name] =
  ["picture", "play", "place", "name"].map(id => document.getElementById(id));
let timer = null;
function show(number) {{
  place.value = number;
  picture.src = images[number];
  picture.alt = document.title + ", " + names[number];
  name.textContent = names[number];
}}
function pause() {{
  clearInterval(timer);
  timer = null;
  play.textContent = "Play";
}}
function step() {{
  const next = Number(place.value) + 1;
  if (next < names.length) show(next); else pause();
}}
place.addEventListener("input", () => {{ pause(); show(Number(place.value)); }});
play.addEventListener("click", () => {{
  if (timer) {{ pause(); return; }}
  if (Number(place.value) === names.length - 1) show(0);
  play.textContent = "Pause";
  timer = setInterval(step, {stand});
}});
</script>
</body>
</html>
"""
