"""What the layers over images alone share."""

from typing import ClassVar

from pellucid.layers.spatial import SpatialLayer


class ImageLayer(SpatialLayer):
    """Base of the layers over images, which have no like for sequences and volumes."""

    space: ClassVar[int] = 2
