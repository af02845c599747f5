from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.levels_query_consistency import LevelsQueryConsistency
from ..types import UNSET, Unset
from typing import cast

if TYPE_CHECKING:
  from ..models.level_name import LevelName





T = TypeVar("T", bound="LevelsQuery")



@_attrs_define
class LevelsQuery:
    """ Which stock levels: `levels`, or `stores` with `products`, or `changedAfter`.

        Example:
            {'products': ['PROD123456', 'PROD123460'], 'stores': ['SP-PAULISTA']}

        Attributes:
            levels (list[LevelName] | Unset): These stock levels, 1 to 1,000.
            stores (list[str] | Unset): Stores by id or code: with `products` each of them in each store; with
                `changedAfter` only what changed in them.
            products (list[str] | Unset): Products by id, SKU or GTIN. Stores times products are 1,000 at most.
            changed_after (int | Unset): Everything that changed after this position: `position` of an earlier answer, or 0
                for all there is.
            limit (int | Unset): Most levels in an answer to `changedAfter`; 1,000 when absent.
            consistency (LevelsQueryConsistency | Unset): How consistent an answer must be.
            min_position (int | Unset): Wait (at most 2 s) until the answer includes this position.
     """

    levels: list[LevelName] | Unset = UNSET
    stores: list[str] | Unset = UNSET
    products: list[str] | Unset = UNSET
    changed_after: int | Unset = UNSET
    limit: int | Unset = UNSET
    consistency: LevelsQueryConsistency | Unset = UNSET
    min_position: int | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        from ..models.level_name import LevelName # noqa: PLC0415
        levels: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.levels, Unset):
            levels = []
            for levels_item_data in self.levels:
                levels_item = levels_item_data.to_dict()
                levels.append(levels_item)



        stores: list[str] | Unset = UNSET
        if not isinstance(self.stores, Unset):
            stores = self.stores



        products: list[str] | Unset = UNSET
        if not isinstance(self.products, Unset):
            products = self.products



        changed_after = self.changed_after

        limit = self.limit

        consistency: str | Unset = UNSET
        if not isinstance(self.consistency, Unset):
            consistency = self.consistency.value


        min_position = self.min_position


        field_dict: dict[str, Any] = {}

        field_dict.update({
        })
        if levels is not UNSET:
            field_dict["levels"] = levels
        if stores is not UNSET:
            field_dict["stores"] = stores
        if products is not UNSET:
            field_dict["products"] = products
        if changed_after is not UNSET:
            field_dict["changedAfter"] = changed_after
        if limit is not UNSET:
            field_dict["limit"] = limit
        if consistency is not UNSET:
            field_dict["consistency"] = consistency
        if min_position is not UNSET:
            field_dict["minPosition"] = min_position

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.level_name import LevelName # noqa: PLC0415
        d = dict(src_dict)
        _levels = d.pop("levels", UNSET)
        levels: list[LevelName] | Unset = UNSET
        if _levels is not UNSET:
            levels = []
            for levels_item_data in _levels:
                levels_item = LevelName.from_dict(levels_item_data)



                levels.append(levels_item)


        stores = cast(list[str], d.pop("stores", UNSET))


        products = cast(list[str], d.pop("products", UNSET))


        changed_after = d.pop("changedAfter", UNSET)

        limit = d.pop("limit", UNSET)

        _consistency = d.pop("consistency", UNSET)
        consistency: LevelsQueryConsistency | Unset
        if isinstance(_consistency,  Unset):
            consistency = UNSET
        else:
            consistency = LevelsQueryConsistency(_consistency)




        min_position = d.pop("minPosition", UNSET)

        levels_query = cls(
            levels=levels,
            stores=stores,
            products=products,
            changed_after=changed_after,
            limit=limit,
            consistency=consistency,
            min_position=min_position,
        )

        return levels_query

