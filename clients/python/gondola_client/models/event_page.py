from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast
from uuid import UUID

if TYPE_CHECKING:
  from ..models.feed_event import FeedEvent





T = TypeVar("T", bound="EventPage")



@_attrs_define
class EventPage:
    """ A page of the feed.

        Attributes:
            items (list[FeedEvent]): The events, in commit order; none that was asked for is left out.
            next_position (int): Give it as `after` to go on.
            head_position (int): The last position of the log.
            incarnation (UUID): Which log it is. When it changes, an older log was put back: positions seen before mean
                nothing any more, so read
                again from the beginning.
     """

    items: list[FeedEvent]
    next_position: int
    head_position: int
    incarnation: UUID
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.feed_event import FeedEvent # noqa: PLC0415
        items = []
        for items_item_data in self.items:
            items_item = items_item_data.to_dict()
            items.append(items_item)



        next_position = self.next_position

        head_position = self.head_position

        incarnation = str(self.incarnation)


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "items": items,
            "nextPosition": next_position,
            "headPosition": head_position,
            "incarnation": incarnation,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.feed_event import FeedEvent # noqa: PLC0415
        d = dict(src_dict)
        items = []
        _items = d.pop("items")
        for items_item_data in (_items):
            items_item = FeedEvent.from_dict(items_item_data)



            items.append(items_item)


        next_position = d.pop("nextPosition")

        head_position = d.pop("headPosition")

        incarnation = UUID(d.pop("incarnation"))




        event_page = cls(
            items=items,
            next_position=next_position,
            head_position=head_position,
            incarnation=incarnation,
        )


        event_page.additional_properties = d
        return event_page

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
