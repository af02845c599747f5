from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from uuid import UUID






T = TypeVar("T", bound="ForgottenCustomer")



@_attrs_define
class ForgottenCustomer:
    """ What was forgotten.

        Attributes:
            forgotten (bool): Whether there was a key to destroy.
            left_in_clear (bool): Whether events name the customer in clear, as those of earlier releases do: these stay as
                they are.
            customer_key (UUID | Unset): The id by which the log knew the customer; it leads to nobody any more.
     """

    forgotten: bool
    left_in_clear: bool
    customer_key: UUID | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        forgotten = self.forgotten

        left_in_clear = self.left_in_clear

        customer_key: str | Unset = UNSET
        if not isinstance(self.customer_key, Unset):
            customer_key = str(self.customer_key)


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "forgotten": forgotten,
            "leftInClear": left_in_clear,
        })
        if customer_key is not UNSET:
            field_dict["customerKey"] = customer_key

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        forgotten = d.pop("forgotten")

        left_in_clear = d.pop("leftInClear")

        _customer_key = d.pop("customerKey", UNSET)
        customer_key: UUID | Unset
        if isinstance(_customer_key,  Unset):
            customer_key = UNSET
        else:
            customer_key = UUID(_customer_key)




        forgotten_customer = cls(
            forgotten=forgotten,
            left_in_clear=left_in_clear,
            customer_key=customer_key,
        )


        forgotten_customer.additional_properties = d
        return forgotten_customer

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
