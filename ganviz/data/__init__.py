"""Distributions of real samples, in the order of the menu."""

from ganviz.data.base import AbstractDistribution
from ganviz.data.curves import Circle, Line, Pinwheel, Spiral, SwissRoll, TwoMoons, TwoRings
from ganviz.data.drawn import Drawn
from ganviz.data.gaussians import Grid, Ring, TwoGaussians
from ganviz.data.image_folder import ImageFolder
from ganviz.data.mnist import MNIST
from ganviz.data.patterns import Checkerboard
from ganviz.data.points_file import PointsFile
from ganviz.data.scalars import Gaussian1D, TwoGaussians1D, UnequalGaussians1D
from ganviz.spec import Catalog

DISTRIBUTIONS: Catalog[AbstractDistribution] = Catalog(
    "distribution",
    Ring,
    Grid,
    TwoGaussians,
    Line,
    Circle,
    TwoRings,
    TwoMoons,
    Spiral,
    SwissRoll,
    Pinwheel,
    Checkerboard,
    Drawn,
    PointsFile,
    Gaussian1D,
    TwoGaussians1D,
    UnequalGaussians1D,
    MNIST,
    ImageFolder,
)
