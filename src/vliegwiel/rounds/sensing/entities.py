"""The eight entity types of the SensorThings API and how they hang together (OGC 18-088, chapter 8).

A property says what it is called in the standard and which columns of our tables it is made of; a relation says which table
and column lead to the other side. `compiling` and `reading` know no entity type by name: they read it here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto

from vliegwiel.rounds import models


class Type(Enum):
    """What a property holds, which decides how it is compared and written out."""

    ID = auto()
    TEXT = auto()
    JSON = auto()
    """Anything JSON can hold; keys inside it can be named in a path."""
    SHAPE = auto()
    """GeoJSON in a column of JSON, with the columns `lon` and `lat` beside it."""
    MOMENT = auto()
    PERIOD = auto()
    """Two columns, start and end. Without an end it is a moment (`phenomenonTime`), or it is half open and unknown."""
    RESULT = auto()
    """A number in the first column, or else anything in the second (JSON)."""
    UNIT = auto()
    """Name, symbol and definition of a unit in three columns."""


@dataclass(frozen=True, slots=True)
class Property:
    """A property: name in the standard, type, columns. `required` when creating; `settable` by a client. `otherwise` is SQL for
    a text that we know ourselves where its only column (JSON) is empty, with `{}` for the alias of the row."""

    name: str
    type: Type
    columns: tuple[str, ...]
    required: bool = False
    settable: bool = True
    otherwise: str = ""

    def cells(self, alias: str) -> tuple[str, ...]:
        """What of row `alias` it is read from."""
        if self.otherwise:
            return (f"COALESCE({alias}.{self.columns[0]}, to_jsonb(({self.otherwise.format(alias)})::text))",)
        return tuple(f"{alias}.{column}" for column in self.columns)


@dataclass(frozen=True, slots=True)
class Own:
    """The entity holds the id of the other in its own `column`. Where that is null, the column `otherwise[1]` of the entity
    that its relation `otherwise[0]` leads to says it."""

    column: str
    otherwise: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Theirs:
    """The others hold the id of the entity in their `column`; `otherwise` as in `Own`, seen from them."""

    column: str
    otherwise: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Between:
    """A table holds pairs: `own` is the id of the entity, `other` that of the other."""

    table: str
    own: str
    other: str


@dataclass(frozen=True, slots=True)
class Relation:
    """A relation of the standard. `target` is the name of an entity type, `many` whether it leads to a set. `required` when
    creating the entity."""

    name: str
    target: str
    many: bool
    how: Own | Theirs | Between
    required: bool = False


@dataclass(frozen=True, slots=True)
class EntityType:
    """An entity type: its names, its table, its properties and relations. `order` are the columns of the default ordering,
    unique together; all of them are never null."""

    name: str
    plural: str
    table: str
    properties: Mapping[str, Property]
    relations: Mapping[str, Relation]
    order: tuple[str, ...] = ("id",)

    def relation(self, name: str) -> Relation | None:
        """A relation by its name."""
        return self.relations.get(name)


def _type(
    name: str, plural: str, table: str, properties: tuple[Property, ...], relations: tuple[Relation, ...],
    order: tuple[str, ...] = ("id",),
) -> EntityType:  # fmt: skip
    return EntityType(
        name, plural, table, {p.name: p for p in (_ID, *properties)}, {r.name: r for r in relations}, order
    )


_ID = Property("id", Type.ID, ("id",), settable=False)
_NAME = Property("name", Type.TEXT, ("name",), required=True)
_DESCRIPTION = Property("description", Type.TEXT, ("description",), required=True)
_ENCODING = Property("encodingType", Type.TEXT, ("encoding_type",), required=True)
_PROPERTIES = Property("properties", Type.JSON, ("properties",))

# What was seen to be wrong with a value while storing it, where who measured says nothing of that.
_SEEN = (one for one in models.Quality if one is not models.Quality.GOOD)
_JUDGED = f"CASE {{}}.quality {' '.join(f'WHEN {one.value} THEN {one.name.lower()!r}' for one in _SEEN)} END"
_THING = models.Thing._meta.db_table
_LOCATION = models.Location._meta.db_table
_THING_LOCATION = models.ThingLocation._meta.db_table
_HISTORICAL = models.HistoricalLocation._meta.db_table
_HISTORICAL_PLACE = models.HistoricalLocationPlace._meta.db_table
_SENSOR = models.Sensor._meta.db_table
_OBSERVED = models.ObservedProperty._meta.db_table
_DATASTREAM = models.Datastream._meta.db_table
_FEATURE = models.FeatureOfInterest._meta.db_table
_OBSERVATION = models.Observation._meta.db_table

_ALL = (
    _type(
        "Thing", "Things", _THING,
        (_NAME, _DESCRIPTION, _PROPERTIES),
        (
            Relation("Locations", "Location", True, Between(_THING_LOCATION, "thing_id", "location_id")),
            Relation("HistoricalLocations", "HistoricalLocation", True, Theirs("thing_id")),
            Relation("Datastreams", "Datastream", True, Theirs("thing_id")),
        ),
    ),
    _type(
        "Location", "Locations", _LOCATION,
        (_NAME, _DESCRIPTION, _ENCODING, Property("location", Type.SHAPE, ("location",), required=True), _PROPERTIES),
        (
            Relation("Things", "Thing", True, Between(_THING_LOCATION, "location_id", "thing_id")),
            Relation(
                "HistoricalLocations", "HistoricalLocation", True,
                Between(_HISTORICAL_PLACE, "location_id", "historical_location_id"),
            ),
        ),
    ),
    _type(
        "HistoricalLocation", "HistoricalLocations", _HISTORICAL,
        (Property("time", Type.MOMENT, ("time",), required=True),),
        (
            Relation("Thing", "Thing", False, Own("thing_id"), required=True),
            Relation(
                "Locations", "Location", True,
                Between(_HISTORICAL_PLACE, "historical_location_id", "location_id"), required=True,
            ),
        ),
    ),
    _type(
        "Datastream", "Datastreams", _DATASTREAM,
        (
            _NAME,
            _DESCRIPTION,
            Property("observationType", Type.TEXT, ("observation_type",), required=True),
            Property(
                "unitOfMeasurement", Type.UNIT, ("unit_name", "unit_symbol", "unit_definition"), required=True
            ),
            Property("observedArea", Type.SHAPE, ("observed_area",), settable=False),
            Property("phenomenonTime", Type.PERIOD, ("phenomenon_from", "phenomenon_until"), settable=False),
            Property("resultTime", Type.PERIOD, ("result_from", "result_until"), settable=False),
            _PROPERTIES,
        ),
        (
            Relation("Thing", "Thing", False, Own("thing_id"), required=True),
            Relation("Sensor", "Sensor", False, Own("sensor_id"), required=True),
            Relation("ObservedProperty", "ObservedProperty", False, Own("observed_property_id"), required=True),
            Relation("Observations", "Observation", True, Theirs("datastream_id")),
        ),
    ),
    _type(
        "Sensor", "Sensors", _SENSOR,
        (_NAME, _DESCRIPTION, _ENCODING, Property("metadata", Type.JSON, ("metadata",), required=True), _PROPERTIES),
        (Relation("Datastreams", "Datastream", True, Theirs("sensor_id")),),
    ),
    _type(
        "ObservedProperty", "ObservedProperties", _OBSERVED,
        (_NAME, Property("definition", Type.TEXT, ("definition",), required=True), _DESCRIPTION, _PROPERTIES),
        (Relation("Datastreams", "Datastream", True, Theirs("observed_property_id")),),
    ),
    _type(
        "Observation", "Observations", _OBSERVATION,
        (
            Property("phenomenonTime", Type.PERIOD, ("phenomenon_time", "phenomenon_end")),
            Property("result", Type.RESULT, ("result", "result_json"), required=True),
            Property("resultTime", Type.MOMENT, ("result_time",)),
            Property("resultQuality", Type.JSON, ("result_quality",), otherwise=_JUDGED),
            Property("validTime", Type.PERIOD, ("valid_from", "valid_until")),
            Property("parameters", Type.JSON, ("parameters",)),
        ),
        (
            Relation("Datastream", "Datastream", False, Own("datastream_id"), required=True),
            Relation("FeatureOfInterest", "FeatureOfInterest", False, Own("feature_id", ("Datastream", "feature_id"))),
        ),
        order=("phenomenon_time", "id"),
    ),
    _type(
        "FeatureOfInterest", "FeaturesOfInterest", _FEATURE,
        (_NAME, _DESCRIPTION, _ENCODING, Property("feature", Type.SHAPE, ("feature",), required=True), _PROPERTIES),
        (Relation("Observations", "Observation", True, Theirs("feature_id", ("Datastream", "feature_id"))),),
    ),
)  # fmt: skip

TYPES: Mapping[str, EntityType] = {one.name: one for one in _ALL}
SETS: Mapping[str, EntityType] = {one.plural: one for one in _ALL}
