from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast

if TYPE_CHECKING:
  from ..models.drift import Drift





T = TypeVar("T", bound="ReconciledViews")



@_attrs_define
class ReconciledViews:
    """ What a comparison has found.

        Attributes:
            stock_levels (int): Stock levels that were compared.
            left_out (int): Those that could not be, since they kept changing or the views are behind.
            drifts (list[Drift]): Copies that are wrong.
            repaired (bool): Whether the views were rebuilt for that. A wrong entry of the cache is forgotten in any case.
            position (int): Up to where the log was looked through.
            complete (bool): Whether that is the end of it.
     """

    stock_levels: int
    left_out: int
    drifts: list[Drift]
    repaired: bool
    position: int
    complete: bool
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.drift import Drift # noqa: PLC0415
        stock_levels = self.stock_levels

        left_out = self.left_out

        drifts = []
        for drifts_item_data in self.drifts:
            drifts_item = drifts_item_data.to_dict()
            drifts.append(drifts_item)



        repaired = self.repaired

        position = self.position

        complete = self.complete


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "stockLevels": stock_levels,
            "leftOut": left_out,
            "drifts": drifts,
            "repaired": repaired,
            "position": position,
            "complete": complete,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.drift import Drift # noqa: PLC0415
        d = dict(src_dict)
        stock_levels = d.pop("stockLevels")

        left_out = d.pop("leftOut")

        drifts = []
        _drifts = d.pop("drifts")
        for drifts_item_data in (_drifts):
            drifts_item = Drift.from_dict(drifts_item_data)



            drifts.append(drifts_item)


        repaired = d.pop("repaired")

        position = d.pop("position")

        complete = d.pop("complete")

        reconciled_views = cls(
            stock_levels=stock_levels,
            left_out=left_out,
            drifts=drifts,
            repaired=repaired,
            position=position,
            complete=complete,
        )


        reconciled_views.additional_properties = d
        return reconciled_views

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
