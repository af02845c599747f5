from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast
import datetime






T = TypeVar("T", bound="StockAddedEventDataEffect")



@_attrs_define
class StockAddedEventDataEffect:
    """ What a fact changed, where its event does not say so by itself.

        Attributes:
            on_hand (int): Change of the units on hand.
            shortfall (int | Unset): Change of the shortfall.
            included_in_count_of (datetime.datetime | Unset): The count that had seen the fact already.
     """

    on_hand: int
    shortfall: int | Unset = UNSET
    included_in_count_of: datetime.datetime | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        on_hand = self.on_hand

        shortfall = self.shortfall

        included_in_count_of: str | Unset = UNSET
        if not isinstance(self.included_in_count_of, Unset):
            included_in_count_of = self.included_in_count_of.isoformat()


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "onHand": on_hand,
        })
        if shortfall is not UNSET:
            field_dict["shortfall"] = shortfall
        if included_in_count_of is not UNSET:
            field_dict["includedInCountOf"] = included_in_count_of

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        on_hand = d.pop("onHand")

        shortfall = d.pop("shortfall", UNSET)

        _included_in_count_of = d.pop("includedInCountOf", UNSET)
        included_in_count_of: datetime.datetime | Unset
        if isinstance(_included_in_count_of,  Unset):
            included_in_count_of = UNSET
        else:
            included_in_count_of = datetime.datetime.fromisoformat(_included_in_count_of)




        stock_added_event_data_effect = cls(
            on_hand=on_hand,
            shortfall=shortfall,
            included_in_count_of=included_in_count_of,
        )

        return stock_added_event_data_effect

