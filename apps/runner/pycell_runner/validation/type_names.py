"""The types that annotations name, and what they are in JSON Schema. Read for `POST /validate`."""

from __future__ import annotations

from typing import Any, Final, Mapping

#: What a value of the type is in the request's inputs. What is in none of these tables is any JSON.
SCHEMAS: Final[Mapping[str, Mapping[str, Any]]] = {
    "int": {"type": "integer"},
    "float": {"type": "number"},
    "str": {"type": "string"},
    "bool": {"type": "boolean"},
    "numbers.Number": {"type": "number"},
    "numbers.Real": {"type": "number"},
    "numbers.Integral": {"type": "integer"},
    "typing.Text": {"type": "string"},
    "typing.LiteralString": {"type": "string"},
    "types.NoneType": {"type": "null"},
    "datetime.datetime": {"type": "string", "format": "date-time"},
    "datetime.date": {"type": "string", "format": "date"},
    "datetime.time": {"type": "string", "format": "time"},
    "decimal.Decimal": {"type": ["number", "string"], "format": "decimal"},
    "uuid.UUID": {"type": "string", "format": "uuid"},
    "pathlib.Path": {"type": "string"},
    "pathlib.PurePath": {"type": "string"},
    "os.PathLike": {"type": "string"},
    "pandas.DataFrame": {"type": "array", "items": {"type": "object"}, "format": "dataframe"},
}
ARRAYS: Final = frozenset(
    {"list", "tuple", "set", "frozenset", "collections.deque", "typing.Collection", "typing.Iterable", "typing.MutableSequence"}
    | {"typing.MutableSet", "typing.Sequence", "typing.Set"}
)
OBJECTS: Final = frozenset(
    {"dict", "collections.Counter", "collections.OrderedDict", "collections.defaultdict", "typing.Mapping", "typing.MutableMapping"}
)
#: Stand around the type that counts, which is their first argument.
WRAPPERS: Final = frozenset(
    {"typing.Annotated", "typing.Final", "typing.NotRequired", "typing.ReadOnly", "typing.Required", "dataclasses.InitVar"}
)
SPECIAL: Final = frozenset(f"typing.{name}" for name in ("Any", "ClassVar", "Literal", "NewType", "Optional", "TypedDict", "Union"))
ENUMS: Final = frozenset({"enum.Enum", "enum.IntEnum", "enum.StrEnum"})

#: One name for what has several.
_SAME: Final = {
    "typing.List": "list",
    "typing.Dict": "dict",
    "typing.Tuple": "tuple",
    "typing.FrozenSet": "frozenset",
    "typing.AbstractSet": "typing.Set",
    "typing.Deque": "collections.deque",
    "typing.Counter": "collections.Counter",
    "typing.OrderedDict": "collections.OrderedDict",
    "typing.DefaultDict": "collections.defaultdict",
    "pandas.core.frame.DataFrame": "pandas.DataFrame",
    "pandas.core.api.DataFrame": "pandas.DataFrame",
    "pandas.api.typing.DataFrame": "pandas.DataFrame",
}
_SAME_MODULES: Final = {"collections.abc": "typing", "typing_extensions": "typing", "builtins": ""}

KNOWN_ORIGINS: Final = frozenset(SCHEMAS) | ARRAYS | OBJECTS | WRAPPERS | SPECIAL | ENUMS | {"dataclasses.dataclass"}
#: What names commonly stand for where the script does not say it: alone, and before a dot.
USUAL_TYPES: Final[Mapping[str, str]] = {
    origin.rpartition(".")[2]: origin for origin in sorted(KNOWN_ORIGINS | set(_SAME)) if "." in origin
}
USUAL_MODULES: Final[Mapping[str, str]] = {
    **{name: name for name in ("collections", "dataclasses", "datetime", "decimal", "enum", "pandas", "pathlib", "typing", "uuid")},
    "pd": "pandas",
    "dt": "datetime",
    "t": "typing",
}


def canonical(origin: str) -> str:
    """Return the one name that the tables have for what has several."""
    module, _, name = origin.rpartition(".")
    module = _SAME_MODULES.get(module, module)
    origin = f"{module}.{name}" if module else name
    return _SAME.get(origin, origin)
