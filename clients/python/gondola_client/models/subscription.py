from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.channel import Channel
from ..models.language import Language
from ..models.severity import Severity
from ..types import UNSET, Unset
from typing import cast
from uuid import UUID

if TYPE_CHECKING:
  from ..models.subscription_quiet_hours import SubscriptionQuietHours





T = TypeVar("T", bound="Subscription")



@_attrs_define
class Subscription:
    """ Who is told of what, how and when.

        Attributes:
            channel (Channel): How people are told.
            address (str): Where to: an e-mail address, a telephone number as E.164 has it, or the token of an app. Example:
                ana@shop.example.
            language (Language): The language of messages.
            event_types (list[str]): The types of events that are told, as `asyncapi.json` has them. Example:
                ['gondola.inventory.inventory-updated.v1'].
            store_ids (list[UUID] | Unset): Of events about a store only those of these stores are told; those of all, where
                this is left out.
            minimum_severity (Severity | Unset): How much an event matters.
            time_zone (str | Unset): Where the person's clock is, by its name in the IANA database: quiet hours and times in
                messages are of it. Default: 'UTC'. Example: America/Sao_Paulo.
            quiet_hours (SubscriptionQuietHours | Unset): When nothing is sent that is not critical; over midnight where it
                begins later than it ends.
            grouping_seconds (int | Unset): For how many seconds events are gathered to one message; each is a message of
                its own, where this is 0. Default: 0.
     """

    channel: Channel
    address: str
    language: Language
    event_types: list[str]
    store_ids: list[UUID] | Unset = UNSET
    minimum_severity: Severity | Unset = UNSET
    time_zone: str | Unset = 'UTC'
    quiet_hours: SubscriptionQuietHours | Unset = UNSET
    grouping_seconds: int | Unset = 0





    def to_dict(self) -> dict[str, Any]:
        from ..models.subscription_quiet_hours import SubscriptionQuietHours # noqa: PLC0415
        channel = self.channel.value

        address = self.address

        language = self.language.value

        event_types = self.event_types



        store_ids: list[str] | Unset = UNSET
        if not isinstance(self.store_ids, Unset):
            store_ids = []
            for store_ids_item_data in self.store_ids:
                store_ids_item = str(store_ids_item_data)
                store_ids.append(store_ids_item)



        minimum_severity: str | Unset = UNSET
        if not isinstance(self.minimum_severity, Unset):
            minimum_severity = self.minimum_severity.value


        time_zone = self.time_zone

        quiet_hours: dict[str, Any] | Unset = UNSET
        if not isinstance(self.quiet_hours, Unset):
            quiet_hours = self.quiet_hours.to_dict()

        grouping_seconds = self.grouping_seconds


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "channel": channel,
            "address": address,
            "language": language,
            "eventTypes": event_types,
        })
        if store_ids is not UNSET:
            field_dict["storeIds"] = store_ids
        if minimum_severity is not UNSET:
            field_dict["minimumSeverity"] = minimum_severity
        if time_zone is not UNSET:
            field_dict["timeZone"] = time_zone
        if quiet_hours is not UNSET:
            field_dict["quietHours"] = quiet_hours
        if grouping_seconds is not UNSET:
            field_dict["groupingSeconds"] = grouping_seconds

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.subscription_quiet_hours import SubscriptionQuietHours # noqa: PLC0415
        d = dict(src_dict)
        channel = Channel(d.pop("channel"))




        address = d.pop("address")

        language = Language(d.pop("language"))




        event_types = cast(list[str], d.pop("eventTypes"))


        _store_ids = d.pop("storeIds", UNSET)
        store_ids: list[UUID] | Unset = UNSET
        if _store_ids is not UNSET:
            store_ids = []
            for store_ids_item_data in _store_ids:
                store_ids_item = UUID(store_ids_item_data)



                store_ids.append(store_ids_item)


        _minimum_severity = d.pop("minimumSeverity", UNSET)
        minimum_severity: Severity | Unset
        if isinstance(_minimum_severity,  Unset):
            minimum_severity = UNSET
        else:
            minimum_severity = Severity(_minimum_severity)




        time_zone = d.pop("timeZone", UNSET)

        _quiet_hours = d.pop("quietHours", UNSET)
        quiet_hours: SubscriptionQuietHours | Unset
        if isinstance(_quiet_hours,  Unset):
            quiet_hours = UNSET
        else:
            quiet_hours = SubscriptionQuietHours.from_dict(_quiet_hours)




        grouping_seconds = d.pop("groupingSeconds", UNSET)

        subscription = cls(
            channel=channel,
            address=address,
            language=language,
            event_types=event_types,
            store_ids=store_ids,
            minimum_severity=minimum_severity,
            time_zone=time_zone,
            quiet_hours=quiet_hours,
            grouping_seconds=grouping_seconds,
        )

        return subscription

