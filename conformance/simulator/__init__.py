"""A provider made from its spec: faithful by default, wrong on request."""

from conformance.simulator.options import MAGIC, Options
from conformance.simulator.provider import simulate

__all__ = ["MAGIC", "Options", "simulate"]
