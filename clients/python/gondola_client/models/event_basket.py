from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.event_basket_strategy import EventBasketStrategy
from ..types import UNSET, Unset
from typing import cast
from uuid import UUID

if TYPE_CHECKING:
  from ..models.event_basket_near import EventBasketNear
  from ..models.event_line import EventLine





T = TypeVar("T", bound="EventBasket")



@_attrs_define
class EventBasket:
    """ 
        Attributes:
            lines (list[EventLine]):
            strategy (EventBasketStrategy):
            max_parcels (int):
            near (EventBasketNear | Unset):
            store_ids (list[UUID] | Unset):
     """

    lines: list[EventLine]
    strategy: EventBasketStrategy
    max_parcels: int
    near: EventBasketNear | Unset = UNSET
    store_ids: list[UUID] | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        from ..models.event_basket_near import EventBasketNear # noqa: PLC0415
        from ..models.event_line import EventLine # noqa: PLC0415
        lines = []
        for lines_item_data in self.lines:
            lines_item = lines_item_data.to_dict()
            lines.append(lines_item)



        strategy = self.strategy.value

        max_parcels = self.max_parcels

        near: dict[str, Any] | Unset = UNSET
        if not isinstance(self.near, Unset):
            near = self.near.to_dict()

        store_ids: list[str] | Unset = UNSET
        if not isinstance(self.store_ids, Unset):
            store_ids = []
            for store_ids_item_data in self.store_ids:
                store_ids_item = str(store_ids_item_data)
                store_ids.append(store_ids_item)




        field_dict: dict[str, Any] = {}

        field_dict.update({
            "lines": lines,
            "strategy": strategy,
            "maxParcels": max_parcels,
        })
        if near is not UNSET:
            field_dict["near"] = near
        if store_ids is not UNSET:
            field_dict["storeIds"] = store_ids

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.event_basket_near import EventBasketNear # noqa: PLC0415
        from ..models.event_line import EventLine # noqa: PLC0415
        d = dict(src_dict)
        lines = []
        _lines = d.pop("lines")
        for lines_item_data in (_lines):
            lines_item = EventLine.from_dict(lines_item_data)



            lines.append(lines_item)


        strategy = EventBasketStrategy(d.pop("strategy"))




        max_parcels = d.pop("maxParcels")

        _near = d.pop("near", UNSET)
        near: EventBasketNear | Unset
        if isinstance(_near,  Unset):
            near = UNSET
        else:
            near = EventBasketNear.from_dict(_near)




        _store_ids = d.pop("storeIds", UNSET)
        store_ids: list[UUID] | Unset = UNSET
        if _store_ids is not UNSET:
            store_ids = []
            for store_ids_item_data in _store_ids:
                store_ids_item = UUID(store_ids_item_data)



                store_ids.append(store_ids_item)


        event_basket = cls(
            lines=lines,
            strategy=strategy,
            max_parcels=max_parcels,
            near=near,
            store_ids=store_ids,
        )

        return event_basket

