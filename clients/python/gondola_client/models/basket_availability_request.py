from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast

if TYPE_CHECKING:
  from ..models.basket_availability_request_limit import BasketAvailabilityRequestLimit
  from ..models.basket_line import BasketLine





T = TypeVar("T", bound="BasketAvailabilityRequest")



@_attrs_define
class BasketAvailabilityRequest:
    """ A basket that is asked about, and of which stores.

        Example:
            {'lines': [{'productSku': 'PROD123456', 'quantity': 2}, {'productSku': 'PROD123460', 'quantity': 1}], 'stores':
                ['SP-PAULISTA']}

        Attributes:
            lines (list[BasketLine]): 1 to 100 lines; those of one product are added up.
            stores (list[str] | Unset): These stores, by id or code: 1 to 2,000, each of which is told of; all that offer
                some of it when absent.
            limit (BasketAvailabilityRequestLimit | Unset):
            min_position (int | Unset): Wait (at most 2 s) until the answer includes this position.
     """

    lines: list[BasketLine]
    stores: list[str] | Unset = UNSET
    limit: BasketAvailabilityRequestLimit | Unset = UNSET
    min_position: int | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        from ..models.basket_availability_request_limit import BasketAvailabilityRequestLimit # noqa: PLC0415
        from ..models.basket_line import BasketLine # noqa: PLC0415
        lines = []
        for lines_item_data in self.lines:
            lines_item = lines_item_data.to_dict()
            lines.append(lines_item)



        stores: list[str] | Unset = UNSET
        if not isinstance(self.stores, Unset):
            stores = self.stores



        limit: dict[str, Any] | Unset = UNSET
        if not isinstance(self.limit, Unset):
            limit = self.limit.to_dict()

        min_position = self.min_position


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "lines": lines,
        })
        if stores is not UNSET:
            field_dict["stores"] = stores
        if limit is not UNSET:
            field_dict["limit"] = limit
        if min_position is not UNSET:
            field_dict["minPosition"] = min_position

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.basket_availability_request_limit import BasketAvailabilityRequestLimit # noqa: PLC0415
        from ..models.basket_line import BasketLine # noqa: PLC0415
        d = dict(src_dict)
        lines = []
        _lines = d.pop("lines")
        for lines_item_data in (_lines):
            lines_item = BasketLine.from_dict(lines_item_data)



            lines.append(lines_item)


        stores = cast(list[str], d.pop("stores", UNSET))


        _limit = d.pop("limit", UNSET)
        limit: BasketAvailabilityRequestLimit | Unset
        if isinstance(_limit,  Unset):
            limit = UNSET
        else:
            limit = BasketAvailabilityRequestLimit.from_dict(_limit)




        min_position = d.pop("minPosition", UNSET)

        basket_availability_request = cls(
            lines=lines,
            stores=stores,
            limit=limit,
            min_position=min_position,
        )

        return basket_availability_request

