from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast

if TYPE_CHECKING:
  from ..models.stock_adjusted_event_data_effect import StockAdjustedEventDataEffect





T = TypeVar("T", bound="StockAdjustedEventData")



@_attrs_define
class StockAdjustedEventData:
    """ The `data` of a `StockAdjustedEvent`.

        Example:
            {'counted': 22, 'delta': -2, 'reason': 'stocktake', 'reference': 'sheet 3'}

        Attributes:
            delta (int):
            counted (int | Unset):
            reason (str | Unset):
            reference (str | Unset):
            effect (StockAdjustedEventDataEffect | Unset): What a fact changed, where its event does not say so by itself.
     """

    delta: int
    counted: int | Unset = UNSET
    reason: str | Unset = UNSET
    reference: str | Unset = UNSET
    effect: StockAdjustedEventDataEffect | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        from ..models.stock_adjusted_event_data_effect import StockAdjustedEventDataEffect # noqa: PLC0415
        delta = self.delta

        counted = self.counted

        reason = self.reason

        reference = self.reference

        effect: dict[str, Any] | Unset = UNSET
        if not isinstance(self.effect, Unset):
            effect = self.effect.to_dict()


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "delta": delta,
        })
        if counted is not UNSET:
            field_dict["counted"] = counted
        if reason is not UNSET:
            field_dict["reason"] = reason
        if reference is not UNSET:
            field_dict["reference"] = reference
        if effect is not UNSET:
            field_dict["effect"] = effect

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.stock_adjusted_event_data_effect import StockAdjustedEventDataEffect # noqa: PLC0415
        d = dict(src_dict)
        delta = d.pop("delta")

        counted = d.pop("counted", UNSET)

        reason = d.pop("reason", UNSET)

        reference = d.pop("reference", UNSET)

        _effect = d.pop("effect", UNSET)
        effect: StockAdjustedEventDataEffect | Unset
        if isinstance(_effect,  Unset):
            effect = UNSET
        else:
            effect = StockAdjustedEventDataEffect.from_dict(_effect)




        stock_adjusted_event_data = cls(
            delta=delta,
            counted=counted,
            reason=reason,
            reference=reference,
            effect=effect,
        )

        return stock_adjusted_event_data

