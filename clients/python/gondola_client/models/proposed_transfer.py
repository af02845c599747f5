from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from uuid import UUID






T = TypeVar("T", bound="ProposedTransfer")



@_attrs_define
class ProposedTransfer:
    """ What another store could send.

        Attributes:
            source_store_id (UUID): The store.
            spare (int): Units that it can spare: above its own reorder point and safety stock.
            quantity (int): Units to send.
            source_store_code (str | Unset): Its code, if the catalogue has it.
            distance_metres (int | Unset): How far away it is, where both places are known.
     """

    source_store_id: UUID
    spare: int
    quantity: int
    source_store_code: str | Unset = UNSET
    distance_metres: int | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        source_store_id = str(self.source_store_id)

        spare = self.spare

        quantity = self.quantity

        source_store_code = self.source_store_code

        distance_metres = self.distance_metres


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "sourceStoreId": source_store_id,
            "spare": spare,
            "quantity": quantity,
        })
        if source_store_code is not UNSET:
            field_dict["sourceStoreCode"] = source_store_code
        if distance_metres is not UNSET:
            field_dict["distanceMetres"] = distance_metres

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        source_store_id = UUID(d.pop("sourceStoreId"))




        spare = d.pop("spare")

        quantity = d.pop("quantity")

        source_store_code = d.pop("sourceStoreCode", UNSET)

        distance_metres = d.pop("distanceMetres", UNSET)

        proposed_transfer = cls(
            source_store_id=source_store_id,
            spare=spare,
            quantity=quantity,
            source_store_code=source_store_code,
            distance_metres=distance_metres,
        )


        proposed_transfer.additional_properties = d
        return proposed_transfer

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
