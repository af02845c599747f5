from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.strategy import Strategy
from ..types import UNSET, Unset
from typing import cast

if TYPE_CHECKING:
  from ..models.basket_line import BasketLine
  from ..models.near import Near





T = TypeVar("T", bound="SourcingRequest")



@_attrs_define
class SourcingRequest:
    """ The basket, and how it is to be split.

        Example:
            {'lines': [{'productSku': 'PROD123456', 'quantity': 2}, {'productSku': 'PROD123457', 'quantity': 1}], 'near':
                {'latitude': '-23.561414', 'longitude': '-46.655881'}, 'strategy': 'nearest'}

        Attributes:
            lines (list[BasketLine]): 1 to 100 lines; those of one product are added up.
            strategy (Strategy | Unset): What is preferred when more than one store can serve.
            near (Near | Unset): A place on Earth (WGS 84).
            stores (list[str] | Unset): Only these stores, by id or code: 1 to 2,000; all when absent.
            max_parcels (int | Unset): Most stores that may serve; 5 when absent.
            min_position (int | Unset): Wait (at most 2 s) until the answer includes this position.
     """

    lines: list[BasketLine]
    strategy: Strategy | Unset = UNSET
    near: Near | Unset = UNSET
    stores: list[str] | Unset = UNSET
    max_parcels: int | Unset = UNSET
    min_position: int | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        from ..models.basket_line import BasketLine # noqa: PLC0415
        from ..models.near import Near # noqa: PLC0415
        lines = []
        for lines_item_data in self.lines:
            lines_item = lines_item_data.to_dict()
            lines.append(lines_item)



        strategy: str | Unset = UNSET
        if not isinstance(self.strategy, Unset):
            strategy = self.strategy.value


        near: dict[str, Any] | Unset = UNSET
        if not isinstance(self.near, Unset):
            near = self.near.to_dict()

        stores: list[str] | Unset = UNSET
        if not isinstance(self.stores, Unset):
            stores = self.stores



        max_parcels = self.max_parcels

        min_position = self.min_position


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "lines": lines,
        })
        if strategy is not UNSET:
            field_dict["strategy"] = strategy
        if near is not UNSET:
            field_dict["near"] = near
        if stores is not UNSET:
            field_dict["stores"] = stores
        if max_parcels is not UNSET:
            field_dict["maxParcels"] = max_parcels
        if min_position is not UNSET:
            field_dict["minPosition"] = min_position

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.basket_line import BasketLine # noqa: PLC0415
        from ..models.near import Near # noqa: PLC0415
        d = dict(src_dict)
        lines = []
        _lines = d.pop("lines")
        for lines_item_data in (_lines):
            lines_item = BasketLine.from_dict(lines_item_data)



            lines.append(lines_item)


        _strategy = d.pop("strategy", UNSET)
        strategy: Strategy | Unset
        if isinstance(_strategy,  Unset):
            strategy = UNSET
        else:
            strategy = Strategy(_strategy)




        _near = d.pop("near", UNSET)
        near: Near | Unset
        if isinstance(_near,  Unset):
            near = UNSET
        else:
            near = Near.from_dict(_near)




        stores = cast(list[str], d.pop("stores", UNSET))


        max_parcels = d.pop("maxParcels", UNSET)

        min_position = d.pop("minPosition", UNSET)

        sourcing_request = cls(
            lines=lines,
            strategy=strategy,
            near=near,
            stores=stores,
            max_parcels=max_parcels,
            min_position=min_position,
        )

        return sourcing_request

