from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from uuid import UUID






T = TypeVar("T", bound="SagaStep")



@_attrs_define
class SagaStep:
    """ The step of a saga that is to be done.

        Attributes:
            number (int): Its number within the saga.
            name (str): What it is called: of a transfer `hold`, `dispatch`, `release` or `putAway`; of a split reservation
                `plan`, `hold`,
                `commit`, `release` or `return`; of a checkout `accept`, `reserve`, `prepare`, `sell`, `confirm`, `release` or
                `drop`; of a batch of a
                till `merge`.
            store_id (UUID | Unset): The store that is to do it, or that it is about.
            store_code (str | Unset): Its code, if the catalogue has it.
     """

    number: int
    name: str
    store_id: UUID | Unset = UNSET
    store_code: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        number = self.number

        name = self.name

        store_id: str | Unset = UNSET
        if not isinstance(self.store_id, Unset):
            store_id = str(self.store_id)

        store_code = self.store_code


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "number": number,
            "name": name,
        })
        if store_id is not UNSET:
            field_dict["storeId"] = store_id
        if store_code is not UNSET:
            field_dict["storeCode"] = store_code

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        number = d.pop("number")

        name = d.pop("name")

        _store_id = d.pop("storeId", UNSET)
        store_id: UUID | Unset
        if isinstance(_store_id,  Unset):
            store_id = UNSET
        else:
            store_id = UUID(_store_id)




        store_code = d.pop("storeCode", UNSET)

        saga_step = cls(
            number=number,
            name=name,
            store_id=store_id,
            store_code=store_code,
        )


        saga_step.additional_properties = d
        return saga_step

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
