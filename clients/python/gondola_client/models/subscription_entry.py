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
import datetime

if TYPE_CHECKING:
  from ..models.subscription_entry_quiet_hours import SubscriptionEntryQuietHours





T = TypeVar("T", bound="SubscriptionEntry")



@_attrs_define
class SubscriptionEntry:
    """ A subscription.

        Attributes:
            channel (Channel): How people are told.
            address (str): Where to: an e-mail address, a telephone number as E.164 has it, or the token of an app. Example:
                ana@shop.example.
            language (Language): The language of messages.
            event_types (list[str]): The types of events that are told, as `asyncapi.json` has them. Example:
                ['gondola.inventory.inventory-updated.v1'].
            subscription_id (UUID): Which.
            version (int): How often it was written; also its `ETag`.
            created_at (datetime.datetime): When it was made.
            updated_at (datetime.datetime): When it was last changed.
            updated_by (str): By whom.
            store_ids (list[UUID] | Unset): Of events about a store only those of these stores are told; those of all, where
                this is left out.
            minimum_severity (Severity | Unset): How much an event matters.
            time_zone (str | Unset): Where the person's clock is, by its name in the IANA database: quiet hours and times in
                messages are of it. Default: 'UTC'. Example: America/Sao_Paulo.
            quiet_hours (SubscriptionEntryQuietHours | Unset): When nothing is sent that is not critical; over midnight
                where it begins later than it ends.
            grouping_seconds (int | Unset): For how many seconds events are gathered to one message; each is a message of
                its own, where this is 0. Default: 0.
     """

    channel: Channel
    address: str
    language: Language
    event_types: list[str]
    subscription_id: UUID
    version: int
    created_at: datetime.datetime
    updated_at: datetime.datetime
    updated_by: str
    store_ids: list[UUID] | Unset = UNSET
    minimum_severity: Severity | Unset = UNSET
    time_zone: str | Unset = 'UTC'
    quiet_hours: SubscriptionEntryQuietHours | Unset = UNSET
    grouping_seconds: int | Unset = 0
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.subscription_entry_quiet_hours import SubscriptionEntryQuietHours # noqa: PLC0415
        channel = self.channel.value

        address = self.address

        language = self.language.value

        event_types = self.event_types



        subscription_id = str(self.subscription_id)

        version = self.version

        created_at = self.created_at.isoformat()

        updated_at = self.updated_at.isoformat()

        updated_by = self.updated_by

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
        field_dict.update(self.additional_properties)
        field_dict.update({
            "channel": channel,
            "address": address,
            "language": language,
            "eventTypes": event_types,
            "subscriptionId": subscription_id,
            "version": version,
            "createdAt": created_at,
            "updatedAt": updated_at,
            "updatedBy": updated_by,
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
        from ..models.subscription_entry_quiet_hours import SubscriptionEntryQuietHours # noqa: PLC0415
        d = dict(src_dict)
        channel = Channel(d.pop("channel"))




        address = d.pop("address")

        language = Language(d.pop("language"))




        event_types = cast(list[str], d.pop("eventTypes"))


        subscription_id = UUID(d.pop("subscriptionId"))




        version = d.pop("version")

        created_at = datetime.datetime.fromisoformat(d.pop("createdAt"))




        updated_at = datetime.datetime.fromisoformat(d.pop("updatedAt"))




        updated_by = d.pop("updatedBy")

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
        quiet_hours: SubscriptionEntryQuietHours | Unset
        if isinstance(_quiet_hours,  Unset):
            quiet_hours = UNSET
        else:
            quiet_hours = SubscriptionEntryQuietHours.from_dict(_quiet_hours)




        grouping_seconds = d.pop("groupingSeconds", UNSET)

        subscription_entry = cls(
            channel=channel,
            address=address,
            language=language,
            event_types=event_types,
            subscription_id=subscription_id,
            version=version,
            created_at=created_at,
            updated_at=updated_at,
            updated_by=updated_by,
            store_ids=store_ids,
            minimum_severity=minimum_severity,
            time_zone=time_zone,
            quiet_hours=quiet_hours,
            grouping_seconds=grouping_seconds,
        )


        subscription_entry.additional_properties = d
        return subscription_entry

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
