"""Schedules of learning rates: one small file each, and one line in this list."""

from ganviz.spec import Catalog
from ganviz.training.schedules.base import AbstractSchedule
from ganviz.training.schedules.constant import ConstantRate
from ganviz.training.schedules.cosine import CosineDecay
from ganviz.training.schedules.linear import LinearDecay

__all__ = ["SCHEDULES", "AbstractSchedule", "ConstantRate", "CosineDecay", "LinearDecay"]

SCHEDULES: Catalog[AbstractSchedule] = Catalog("schedule", ConstantRate, LinearDecay, CosineDecay)
