from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast

if TYPE_CHECKING:
  from ..models.level_item import LevelItem





T = TypeVar("T", bound="LevelsAnswer")



@_attrs_define
class LevelsAnswer:
    """ Many stock levels.

        Attributes:
            items (list[LevelItem]): One for each level that was named, in that order, store by store; or those that have
                changed, the latest change last.
            position (int): Everything up to here is in the answer: the next question goes on with it as `changedAfter`.
            has_more (bool): Whether more has changed than this answer has room for: ask again at once.
     """

    items: list[LevelItem]
    position: int
    has_more: bool
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.level_item import LevelItem # noqa: PLC0415
        items = []
        for items_item_data in self.items:
            items_item = items_item_data.to_dict()
            items.append(items_item)



        position = self.position

        has_more = self.has_more


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "items": items,
            "position": position,
            "hasMore": has_more,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.level_item import LevelItem # noqa: PLC0415
        d = dict(src_dict)
        items = []
        _items = d.pop("items")
        for items_item_data in (_items):
            items_item = LevelItem.from_dict(items_item_data)



            items.append(items_item)


        position = d.pop("position")

        has_more = d.pop("hasMore")

        levels_answer = cls(
            items=items,
            position=position,
            has_more=has_more,
        )


        levels_answer.additional_properties = d
        return levels_answer

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
