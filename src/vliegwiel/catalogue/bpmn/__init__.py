"""BPMN 2.0 of a definition, to look at: the process of a product drawn with a lane for each role.

`bpmn_of` writes the XML with its layout, `steps_of` says the same in a table. The drawing is made from the definition and is
never read back: a definition is its own source.
"""

from .drawing import bpmn_of, steps_of
from .flow import Flow, Kind
from .table import Step

__all__ = ["Flow", "Kind", "Step", "bpmn_of", "steps_of"]
