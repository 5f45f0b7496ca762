"""What every type here stands on: the base model, unions that stay open, and the ways to leave a parameter out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, Self, TypeAlias, TypeVar, get_args, get_origin

import pydantic
from pydantic import ConfigDict, GetCoreSchemaHandler
from pydantic_core import CoreSchema, PydanticUseDefault, core_schema

T = TypeVar("T")


class BaseModel(pydantic.BaseModel):
    """An object of the API: an ordinary mutable model on which fields not known here are kept, and readable."""

    model_config: ClassVar[ConfigDict] = ConfigDict(
        extra="allow", protected_namespaces=(), populate_by_name=True, serialize_by_alias=True
    )

    if TYPE_CHECKING:
        _request_id: str | None = None  # of the answer that this object was; None inside of other objects

    def to_dict(
        self, *, mode: Literal["json", "python"] = "python", exclude_unset: bool = True, exclude_none: bool = False
    ) -> dict[str, Any]:
        """Return the fields as a dict; by default only those that the server sent or the program set."""
        return self.model_dump(mode=mode, exclude_unset=exclude_unset, exclude_none=exclude_none)

    def to_json(self, *, indent: int | None = 2, exclude_unset: bool = True, exclude_none: bool = False) -> str:
        """Return the fields as JSON text; by default only those that the server sent or the program set."""
        return self.model_dump_json(indent=indent, exclude_unset=exclude_unset, exclude_none=exclude_none)


# Set here, it is an ordinary attribute. Inside of the class pydantic would make it a private one of its own, and those
# cost every object a Python call when it is made.
BaseModel._request_id = None


@dataclass(frozen=True, slots=True)
class Always:
    """Marks a field that the API always sends: where a server leaves it out or sends null, it has its default.

    A literal (`object: Literal["thread.run"]`) keeps what a server sent instead: a wrong label is no reason to fail.
    """

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        choices: list[CoreSchema | tuple[CoreSchema, str]] = [handler(source)]
        if get_origin(source) is Literal:
            choices.append(core_schema.str_schema())
        default = core_schema.no_info_after_validator_function(_use_default, core_schema.none_schema())
        choices.append((default, "null"))
        return core_schema.union_schema(choices, mode="left_to_right")


def _use_default(value: None) -> None:
    raise PydanticUseDefault


always: Always = Always()


class Unknown(BaseModel):
    """A variant of a union that this version does not know; everything that was sent is readable on it.

    `type` is what the server sent, "" where it sent none.
    """

    if TYPE_CHECKING:
        # With `str` here, `if block.type == "text": block.text` would be an error in every program checked by mypy,
        # which narrows a union only where each of its variants has a literal.
        type: Literal["<unknown>"] = "<unknown>"

        def __getattr__(self, name: str) -> Any: ...
    else:
        type: Annotated[str, always] = ""


@dataclass(frozen=True, slots=True)
class Open:
    """Marks a union of variants told apart by a literal field, and of one `Unknown` variant for everything else.

    A known name with content that does not fit is an error, never an unknown variant.
    The variants are found in Rust, by a plain lookup; Python runs only for an unknown one.
    """

    discriminator: str = "type"

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        known: dict[str, CoreSchema] = {}
        other: list[tuple[CoreSchema, str]] = []
        for variant in get_args(source):
            field: Any = variant.model_fields[self.discriminator].annotation
            if get_origin(field) is Literal:
                known.update(dict.fromkeys(get_args(field), handler.generate_schema(variant)))
            else:
                kept = core_schema.no_info_after_validator_function(
                    self._refuse(known), handler.generate_schema(variant)
                )
                other.append((kept, "unknown"))
        tagged = core_schema.tagged_union_schema(known, self.discriminator)
        return core_schema.union_schema([(tagged, "known"), *other], mode="left_to_right")

    def _refuse(self, known: dict[str, CoreSchema]) -> Any:
        def refuse(value: pydantic.BaseModel) -> pydantic.BaseModel:
            if getattr(value, self.discriminator) in known:
                raise ValueError(f"{self.discriminator} is known, but its content is not valid")
            return value

        return refuse


class _Absent:
    """One falsy object per class; copies and unpickled ones are the same object."""

    _only: ClassVar[dict[type, Any]] = {}

    def __new__(cls) -> Self:
        only: Self = cls._only.setdefault(cls, super().__new__(cls))
        return only

    def __bool__(self) -> Literal[False]:
        return False

    def __reduce__(self) -> tuple[type[Self], tuple[()]]:
        return type(self), ()


class NotGiven(_Absent):
    """The type of `NOT_GIVEN`: a parameter that was not given, and is not sent."""

    def __repr__(self) -> str:
        return "NOT_GIVEN"


class Omit(_Absent):
    """The type of `omit`: a parameter to leave out of the request, a default header included."""

    def __repr__(self) -> str:
        return "omit"


NOT_GIVEN: NotGiven = NotGiven()
not_given: NotGiven = NOT_GIVEN
omit: Omit = Omit()

Omittable: TypeAlias = T | NotGiven | Omit
"""`Omittable[int]`: an int, or one of the two ways to leave the parameter out."""

if TYPE_CHECKING:
    Metadata: TypeAlias = dict[str, str]
    """Up to 16 pairs of strings that a program attaches to an object; kept as sent where a server is less strict."""
else:
    Metadata = dict[str, object]
