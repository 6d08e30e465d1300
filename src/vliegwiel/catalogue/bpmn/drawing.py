"""The drawing of a definition, from process to XML and to its table."""

from __future__ import annotations

from ..model import Product, Resolved
from .building import flow_of
from .flow import Flow
from .layout import laid_out
from .table import Step, rows
from .writing import written


def flow(product: Product) -> Flow:
    """The process of a product as a flow."""
    return flow_of(
        product.process,
        product.outcomes,
        {channel.key: channel.name for channel in product.channels},
        name=product.name,
        decide=str(product.terms.decide.span),
    )


def bpmn_of(product: Product) -> bytes:
    """BPMN 2.0 XML (UTF-8) of the process of a product, with its layout. The same definition gives the same bytes."""
    drawn = flow(product)
    about = f"{product.name}, versie {product.version}."
    if isinstance(product, Resolved):
        about += f" Definitie {product.hash[:16]} van {product.municipality}."
    return written(drawn, laid_out(drawn), key=product.key, about=about)


def steps_of(product: Product) -> tuple[Step, ...]:
    """The same in rows, for whom cannot see the picture."""
    return rows(flow(product))
