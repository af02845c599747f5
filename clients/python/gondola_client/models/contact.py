from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset






T = TypeVar("T", bound="Contact")



@_attrs_define
class Contact:
    """ Whom to call or write to: at least a telephone number or an e-mail address. No text has `;` or `|`.

        Attributes:
            name (str): Who it is: a person or a desk. Example: Front desk.
            role (str | Unset): What for. Example: manager.
            phone (str | Unset): Telephone number. Example: +55 11 5555-0101.
            email (str | Unset): E-mail address. Example: paulista@shop.example.
     """

    name: str
    role: str | Unset = UNSET
    phone: str | Unset = UNSET
    email: str | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        name = self.name

        role = self.role

        phone = self.phone

        email = self.email


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "name": name,
        })
        if role is not UNSET:
            field_dict["role"] = role
        if phone is not UNSET:
            field_dict["phone"] = phone
        if email is not UNSET:
            field_dict["email"] = email

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        name = d.pop("name")

        role = d.pop("role", UNSET)

        phone = d.pop("phone", UNSET)

        email = d.pop("email", UNSET)

        contact = cls(
            name=name,
            role=role,
            phone=phone,
            email=email,
        )

        return contact

