from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast

if TYPE_CHECKING:
  from ..models.stock_added_event_data_effect import StockAddedEventDataEffect





T = TypeVar("T", bound="StockAddedEventData")



@_attrs_define
class StockAddedEventData:
    """ The `data` of a `StockAddedEvent`.

        Example:
            {'quantity': 24, 'reason': 'delivery', 'reference': 'delivery note 2026/4711'}

        Attributes:
            quantity (int):
            reason (str | Unset):
            reference (str | Unset):
            effect (StockAddedEventDataEffect | Unset): What a fact changed, where its event does not say so by itself.
     """

    quantity: int
    reason: str | Unset = UNSET
    reference: str | Unset = UNSET
    effect: StockAddedEventDataEffect | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        from ..models.stock_added_event_data_effect import StockAddedEventDataEffect # noqa: PLC0415
        quantity = self.quantity

        reason = self.reason

        reference = self.reference

        effect: dict[str, Any] | Unset = UNSET
        if not isinstance(self.effect, Unset):
            effect = self.effect.to_dict()


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "quantity": quantity,
        })
        if reason is not UNSET:
            field_dict["reason"] = reason
        if reference is not UNSET:
            field_dict["reference"] = reference
        if effect is not UNSET:
            field_dict["effect"] = effect

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.stock_added_event_data_effect import StockAddedEventDataEffect # noqa: PLC0415
        d = dict(src_dict)
        quantity = d.pop("quantity")

        reason = d.pop("reason", UNSET)

        reference = d.pop("reference", UNSET)

        _effect = d.pop("effect", UNSET)
        effect: StockAddedEventDataEffect | Unset
        if isinstance(_effect,  Unset):
            effect = UNSET
        else:
            effect = StockAddedEventDataEffect.from_dict(_effect)




        stock_added_event_data = cls(
            quantity=quantity,
            reason=reason,
            reference=reference,
            effect=effect,
        )

        return stock_added_event_data

