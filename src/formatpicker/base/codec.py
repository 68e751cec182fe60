"""Frozen dataclasses to plain JSON data and back, by their type hints. Fields are positional; both ends must agree."""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from enum import StrEnum
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

Decode = Callable[[Any], Any]


def encoded(value: Any) -> Any:
    """A value as lists, mappings and scalars."""
    if is_dataclass(value) and not isinstance(value, type):
        return [encoded(getattr(value, field.name)) for field in fields(value)]
    if isinstance(value, Mapping):
        return {key: encoded(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [encoded(item) for item in value]
    return value


@cache
def decoder(hint: Any) -> Decode:
    """The function that turns encoded data back into a value of the hinted type."""
    origin, arguments = get_origin(hint), get_args(hint)
    if isinstance(hint, type) and is_dataclass(hint):
        return _dataclass_decoder(hint)
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return hint
    if origin in (Union, types.UnionType):
        return _union_decoder(arguments)
    if origin is tuple:
        return _tuple_decoder(decoder(arguments[0]))
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return _mapping_decoder(decoder(arguments[1]))
    return _same


def _same(data: Any) -> Any:
    return data


def _dataclass_decoder(cls: type) -> Decode:
    hints = get_type_hints(cls)
    decoders = [decoder(hints[field.name]) for field in fields(cls)]
    special = [(index, decode) for index, decode in enumerate(decoders) if decode is not _same]

    def decode(data: Any) -> Any:
        for index, convert in special:
            data[index] = convert(data[index])
        return cls(*data)

    return decode


def _tuple_decoder(item: Decode) -> Decode:
    return tuple if item is _same else lambda data: tuple(map(item, data))


def _mapping_decoder(item: Decode) -> Decode:
    if item is _same:
        return _same
    return lambda data: {key: item(value) for key, value in data.items()}


def _union_decoder(members: tuple[Any, ...]) -> Decode:
    """Of the members at most one takes lists or mappings; data of any other kind is a scalar and stands for itself."""
    decoders = [found for found in map(decoder, members) if found is not _same]
    if not decoders:
        return _same
    (decode,) = decoders
    return lambda data: decode(data) if isinstance(data, list | dict) else data
