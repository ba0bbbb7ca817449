"""Values as bytes, to be stored or sent to another process: MessagePack, data and no code."""

from typing import Any, TypeVar

import msgspec

T = TypeVar("T")

_ENCODER = msgspec.msgpack.Encoder()
_DECODERS: dict[Any, msgspec.msgpack.Decoder[Any]] = {}


class PackedError(Exception):
    """The bytes hold no value of the type."""


def pack(value: object) -> bytes:
    """The bytes of a value of plain types and structs."""
    # MessagePack's own time stamps would lose a date's offset, and with it the day.
    return _ENCODER.encode(msgspec.to_builtins(value, builtin_types=(bytes,)))


def unpack(kind: type[T], data: bytes) -> T:
    """The value of a type that `pack` made bytes of.

    Raises:
        PackedError: it holds none.
    """
    decoder = _DECODERS.get(kind)
    if decoder is None:
        decoder = _DECODERS[kind] = msgspec.msgpack.Decoder(kind)
    try:
        value: T = decoder.decode(data)
        return value
    except ValueError as error:  # msgspec's errors are ValueErrors
        raise PackedError(str(error)) from error
