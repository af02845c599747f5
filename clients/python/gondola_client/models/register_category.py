from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset






T = TypeVar("T", bound="RegisterCategory")



@_attrs_define
class RegisterCategory:
    """ A category to add to the tree.

        Attributes:
            code (str): What the chain calls it, and products name it by: unique, and never changes. Not a UUID. Example:
                AUDIO.
            name (str): Its name for people. Example: Audio.
            parent (str | Unset): The code of the category directly above it; at the top when absent. Example: ELECTRONICS.
     """

    code: str
    name: str
    parent: str | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        code = self.code

        name = self.name

        parent = self.parent


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "code": code,
            "name": name,
        })
        if parent is not UNSET:
            field_dict["parent"] = parent

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        code = d.pop("code")

        name = d.pop("name")

        parent = d.pop("parent", UNSET)

        register_category = cls(
            code=code,
            name=name,
            parent=parent,
        )

        return register_category

