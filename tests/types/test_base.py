from __future__ import annotations

import copy
import json
import pickle
from typing import Annotated, Any, Literal

import pytest
from pydantic import Field, TypeAdapter, ValidationError

from assistream.types.base import NOT_GIVEN, BaseModel, NotGiven, Omit, Open, Unknown, always, not_given, omit


class Cat(BaseModel):
    type: Literal["cat"]
    lives: Annotated[int, always] = 9


class Dog(BaseModel):
    type: Literal["dog", "puppy"]
    name: str


class UnknownPet(Unknown): ...


Pet = Annotated[Cat | Dog | UnknownPet, Open()]


class Home(BaseModel):
    id: str
    object: Annotated[Literal["home"], always] = "home"
    size: Annotated[int, always] = 0
    pets: Annotated[list[Pet], always] = Field(default_factory=list[Pet])
    note: str | None = None


def home(**fields: Any) -> Home:
    return Home.model_validate_json(json.dumps({"id": "home_1"} | fields))


@pytest.mark.parametrize("fields", [{}, {"object": None, "size": None, "pets": None, "note": None}])
def test_what_is_absent_or_null_has_its_default(fields: dict[str, None]) -> None:
    read = home(**fields)
    assert (read.object, read.size, read.pets, read.note) == ("home", 0, [], None)
    assert read.model_fields_set == {"id", *fields}


def test_defaults_are_not_shared() -> None:
    for fields in ({}, {"pets": None}):
        home(**fields).pets.append(Cat(type="cat"))
        assert home(**fields).pets == []


def test_only_identity_is_required() -> None:
    with pytest.raises(ValidationError, match="id"):
        Home.model_validate_json("{}")


def test_a_wrong_label_is_kept() -> None:
    assert home(object="house").to_dict() == {"id": "home_1", "object": "house"}


def test_a_value_of_another_type_is_an_error() -> None:
    with pytest.raises(ValidationError, match="size"):
        home(size="wide")


def test_unknown_fields_are_kept_readable_and_writable() -> None:
    read = home(garden={"trees": 2})
    assert read.garden == {"trees": 2}  # type: ignore[attr-defined]  # pyright: ignore -- not a declared field
    read.garden = None  # type: ignore[attr-defined]  # pyright: ignore -- not a declared field
    assert read.to_dict() == {"id": "home_1", "garden": None}


def test_a_union_finds_its_variants_by_name() -> None:
    sent = [{"type": "dog", "name": "Rex"}, {"type": "cat"}, {"type": "puppy", "name": "Bo", "age": 1}]
    read = home(pets=sent)
    assert [type(pet) for pet in read.pets] == [Dog, Cat, Dog]
    assert read.to_dict() == {"id": "home_1", "pets": sent}


@pytest.mark.parametrize("sent", [{"type": "fish", "tank": 3}, {"tank": 3}, {"type": None, "tank": 3}])
def test_an_unknown_variant_keeps_everything(sent: dict[str, Any]) -> None:
    [pet] = home(pets=[sent]).pets
    assert isinstance(pet, UnknownPet)
    assert pet.type == (sent.get("type") or "")
    assert pet.tank == 3
    assert pet.to_dict(exclude_unset=True) == {key: value or "" for key, value in sent.items()}


def test_a_known_variant_with_broken_content_is_an_error() -> None:
    with pytest.raises(ValidationError, match=r"pets.*known\.dog\.name"):
        home(pets=[{"type": "dog", "name": 5}])


@pytest.mark.parametrize("sent", ["cat", 5, None, []])
def test_a_variant_that_is_no_object_is_an_error(sent: object) -> None:
    with pytest.raises(ValidationError, match="pets"):
        home(pets=[sent])


def test_a_union_takes_models_as_they_are() -> None:
    pets: list[Cat | Dog | UnknownPet] = [Cat(type="cat"), UnknownPet.model_validate({"type": "fish"})]
    assert [pet is read for pet, read in zip(pets, Home(id="h", pets=pets).pets, strict=True)] == [True, True]


def test_a_union_dumps_without_a_warning_and_has_a_json_schema() -> None:
    read = home(pets=[{"type": "fish"}, {"type": "cat"}])
    assert TypeAdapter(Home).dump_python(read, warnings="error")["pets"][1] == {"type": "cat", "lives": 9}
    assert "UnknownPet" in Home.model_json_schema()["$defs"]


def test_models_copy_and_pickle_with_what_they_keep() -> None:
    read = home(pets=[{"type": "fish", "tank": 3}], garden=True)
    assert pickle.loads(pickle.dumps(read)) == read == copy.deepcopy(read)
    assert read != home(pets=[{"type": "fish", "tank": 4}], garden=True)


def test_to_dict_and_to_json_give_what_was_sent() -> None:
    read = home(note=None, size=2)
    assert read.to_dict() == {"id": "home_1", "note": None, "size": 2} == json.loads(read.to_json())
    assert read.to_dict(exclude_none=True) == {"id": "home_1", "size": 2}
    assert read.to_dict(exclude_unset=False)["object"] == "home"
    assert read.to_json(indent=None) == '{"id":"home_1","size":2,"note":null}'


def test_the_request_id_is_no_field() -> None:
    read = home()
    assert read._request_id is None
    read._request_id = "req_1"
    assert read._request_id == "req_1"
    assert read.to_dict() == {"id": "home_1"}
    assert read == home()
    assert home()._request_id is None


@pytest.mark.parametrize(("value", "kind", "text"), [(NOT_GIVEN, NotGiven, "NOT_GIVEN"), (omit, Omit, "omit")])
def test_the_ways_to_leave_out_are_single_falsy_objects(value: object, kind: type[object], text: str) -> None:
    assert not value
    assert repr(value) == text
    assert kind() is value is copy.deepcopy(value) is pickle.loads(pickle.dumps(value))


def test_not_given_has_two_names_and_is_not_omit() -> None:
    assert not_given is NOT_GIVEN
    assert not isinstance(NOT_GIVEN, Omit)
    assert not isinstance(omit, NotGiven)
