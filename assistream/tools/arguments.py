"""The arguments of a function as a pydantic model: what makes the schema, and what checks the JSON of a call."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from typing import Annotated, Any, Final, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field, ValidationError, WrapValidator, create_model
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUseDefault

from ..errors import ToolArgumentsError
from .callables import refusal
from .complaints import complaints
from .schema import NO_SCHEMA, Schema, json_schema, reason
from .signatures import Parameter

__all__ = ["Arguments"]

_CONFIG: Final = ConfigDict(extra="forbid", title="")


class Arguments:
    """What the model may give a function."""

    def __init__(self, function: Callable[..., Any], parameters: Iterable[Parameter], told: Mapping[str, str]) -> None:
        # The fields have names of their own, with the parameters' as aliases: a field cannot be called `_id` or `copy`.
        self._fields = {f"p{number}": parameter for number, parameter in enumerate(parameters)}
        fields = {field: _field(parameter, told) for field, parameter in self._fields.items()}
        self.schema: Schema
        self._model, self.schema = self._build(function, fields)

    def _build(self, function: Callable[..., Any], fields: dict[str, Any]) -> tuple[type[BaseModel], Schema]:
        try:
            return _modelled(fields)
        except NO_SCHEMA as error:
            for field, parameter in self._fields.items():
                try:
                    _modelled({field: fields[field]})
                except NO_SCHEMA as cause:
                    what = f"the type of its parameter {parameter.name!r}, {_shown(parameter)}, has no JSON schema"
                    raise refusal(function, f"{what}: {reason(cause)}") from cause
            raise refusal(function, reason(error)) from error

    def read(self, name: str, text: str) -> dict[str, Any]:
        """The arguments by the names of the parameters, converted; those left out are not there.

        Raises:
            ToolArgumentsError: They are no JSON, or do not fit. The message is for the model.
        """
        try:
            values = self._model.model_validate_json(text.strip() or "{}")
        except ValidationError as error:
            known = [str(info.alias) for info in self._model.model_fields.values()]
            raise ToolArgumentsError(f"The arguments of {name} are not valid:\n{complaints(error, known)}") from error
        return {
            parameter.name: getattr(values, field)
            for field, parameter in self._fields.items()
            if field in values.model_fields_set or isinstance(parameter.default, FieldInfo) or parameter.required
        }


def _modelled(fields: dict[str, Any]) -> tuple[type[BaseModel], Schema]:
    model: type[BaseModel] = create_model("Arguments", __config__=_CONFIG, **fields)
    return model, json_schema(model)


def _field(parameter: Parameter, told: Mapping[str, str]) -> Any:
    """Type and default, as `create_model` takes them. What the program's own `Field` says comes last, and wins."""
    annotation, extras = parameter.annotation, list[Any]()
    if get_origin(annotation) is Annotated:
        annotation, *extras = get_args(annotation)
    ours: Any = Field(alias=parameter.name, description=told.get(parameter.name))
    if _has_default(parameter.default) or any(isinstance(extra, FieldInfo) and _has_default(extra) for extra in extras):
        extras.append(WrapValidator(_null_leaves_out))
    default: Any = Field() if parameter.required else parameter.default
    return Annotated[(annotation, ours, *extras)], default


def _has_default(value: object) -> bool:
    return not value.is_required() if isinstance(value, FieldInfo) else value is not inspect.Parameter.empty


def _null_leaves_out(value: Any, validate: Callable[[Any], Any]) -> Any:
    """Models write null for what they have no value for. Where null itself does not fit, the default is taken."""
    try:
        return validate(value)
    except ValidationError:
        if value is None:
            raise PydanticUseDefault from None
        raise


def _shown(parameter: Parameter) -> str:
    annotation = parameter.annotation
    return repr(annotation) if get_args(annotation) else getattr(annotation, "__name__", repr(annotation))
