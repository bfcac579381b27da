"""Examples of the layers of `pellucid.layers.image`."""

from layers.example import Example

FIRST = {"data_format": "channels_first"}

EXAMPLES: tuple[Example, ...] = (
    Example("CenterCrop", {"height": 2, "width": 3}, (5, 4, 2)),
    Example("CenterCrop", {"height": 4, "width": 3, **FIRST}, (2, 3, 5)),
    Example("Cropping1D", {"cropping": (1, 0)}, (4, 2)),
    Example("Cropping2D", {"cropping": ((1, 0), (0, 2))}, (3, 4, 2)),
    Example("Cropping2D", {"cropping": 1, **FIRST}, (2, 3, 4), "whole", smooth=False),
    Example("Cropping3D", {"cropping": (1, 0, 1)}, (3, 2, 3, 1)),
    Example(
        "RandomBrightness",
        {"factor": 0.2, "value_range": (-9, 9), "seed": 3},
        (2, 3, 2),
        random=True,
    ),
    Example("RandomBrightness", {"factor": (-0.1, 0.3)}, (2, 2, 1), random=True, smooth=False),
    Example("RandomContrast", {"factor": 0.4, "value_range": (-9, 9)}, (2, 3, 2), random=True),
    Example(
        "RandomContrast",
        {"factor": (0.1, 0.3), "value_range": (-1, 1), "seed": 3, **FIRST},
        (2, 2, 3),
        random=True,
        smooth=False,
    ),
    Example("RandomCrop", {"height": 2, "width": 3}, (5, 4, 2), random=True, keras=None),
    Example("RandomCrop", {"height": 3, "width": 4, **FIRST}, (2, 2, 3), keras=None),
    Example("RandomCrop", {"height": 2, "width": 3, "seed": 3}, (2, 3, 2)),
    Example("RandomFlip", {}, (3, 3, 2), random=True),
    Example("RandomFlip", {"mode": "vertical", "seed": 5, **FIRST}, (2, 3, 3), random=True),
    Example("RandomRotation", {"factor": 0.3}, (3, 4, 2), random=True),
    Example(
        "RandomRotation",
        {"factor": (-0.1, 0.4), "fill_mode": "constant", "fill_value": 0.5, "seed": 3, **FIRST},
        (2, 3, 4),
        random=True,
    ),
    Example(
        "RandomTranslation", {"height_factor": 0.3, "width_factor": 0.4}, (3, 4, 2), random=True
    ),
    Example(
        "RandomTranslation",
        {
            "height_factor": (-0.6, 0.6),
            "width_factor": 0.5,
            "fill_mode": "wrap",
            "interpolation": "nearest",
        },
        (3, 4, 2),
        random=True,
    ),
    Example("RandomZoom", {"height_factor": 0.4}, (3, 4, 2), random=True),
    Example(
        "RandomZoom",
        {"height_factor": 0.4, "width_factor": (-0.3, 0.6), "fill_mode": "nearest"},
        (3, 4, 2),
        random=True,
    ),
    Example("Resizing", {"height": 3, "width": 5}, (4, 3, 2)),
    Example(
        "Resizing",
        {"height": 2, "width": 3, "interpolation": "bicubic", "antialias": True, **FIRST},
        (2, 5, 4),
    ),
    Example(
        "Resizing",
        {"height": 4, "width": 3, "interpolation": "lanczos3", "crop_to_aspect_ratio": True},
        (3, 5, 1),
    ),
    Example(
        "Resizing",
        {"height": 4, "width": 3, "pad_to_aspect_ratio": True, "fill_value": 2.0},
        (3, 5, 1),
    ),
    Example("Resizing", {"height": 3, "width": 5}, (2, 4, 1), "whole", smooth=False),
    Example(
        "Resizing",
        {"height": 3, "width": 2, "interpolation": "nearest"},
        (4, 4, 1),
        "whole",
        smooth=False,
    ),
    Example("SpatialDropout1D", {"rate": 0.4}, (3, 4), random=True),
    Example("SpatialDropout2D", {"rate": 0.4, "seed": 3, **FIRST}, (4, 2, 2), random=True),
    Example("SpatialDropout3D", {"rate": 0.4}, (2, 2, 1, 4), random=True),
    Example("UpSampling1D", {"size": 3}, (2, 3)),
    Example("UpSampling2D", {"size": (2, 3)}, (2, 3, 2)),
    Example("UpSampling2D", {"interpolation": "bilinear", **FIRST}, (2, 2, 3)),
    Example("UpSampling2D", {"interpolation": "bicubic"}, (2, 3, 1), "whole", smooth=False),
    Example("UpSampling3D", {"size": (2, 1, 3), **FIRST}, (2, 1, 2, 2)),
    Example("ZeroPadding1D", {"padding": (1, 2)}, (3, 2)),
    Example("ZeroPadding2D", {"padding": ((1, 0), (0, 2)), **FIRST}, (2, 2, 3)),
    Example("ZeroPadding3D", {"padding": (1, 0, 2)}, (2, 2, 1, 2), "whole", smooth=False),
)
