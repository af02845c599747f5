from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.store_kind import StoreKind
from ..models.store_status import StoreStatus
from ..types import UNSET, Unset
from typing import cast

if TYPE_CHECKING:
  from ..models.contact import Contact
  from ..models.location import Location
  from ..models.opening_hours import OpeningHours





T = TypeVar("T", bound="UpdateStore")



@_attrs_define
class UpdateStore:
    """ What to change of a store (JSON merge patch): what is absent stays, null removes. The code never changes.

        Attributes:
            name (str | Unset): Its name for people. Example: Avenida Paulista, corner of Rua Augusta.
            region (str | Unset): State, province or sales region. Example: SP.
            city (None | str | Unset): City or town.
            address (None | str | Unset): Street and number.
            postal_code (None | str | Unset): Postal code.
            location (Location | None | Unset):
            kind (StoreKind | Unset): What sort of place a store is.
            status (StoreStatus | Unset): Whether a store trades.
            status_reason (None | str | Unset): Why it has its status; another status without one ends the reason of before.
            longest_hold_seconds (int | None | Unset): The longest time that a reservation may hold its stock, in seconds;
                null is 24 hours.
            time_zone (None | str | Unset): The zone of its clocks. Example: America/Sao_Paulo.
            opening_hours (None | OpeningHours | Unset):
            contacts (list[Contact] | Unset): Whom to call or write to, all of them.
     """

    name: str | Unset = UNSET
    region: str | Unset = UNSET
    city: None | str | Unset = UNSET
    address: None | str | Unset = UNSET
    postal_code: None | str | Unset = UNSET
    location: Location | None | Unset = UNSET
    kind: StoreKind | Unset = UNSET
    status: StoreStatus | Unset = UNSET
    status_reason: None | str | Unset = UNSET
    longest_hold_seconds: int | None | Unset = UNSET
    time_zone: None | str | Unset = UNSET
    opening_hours: None | OpeningHours | Unset = UNSET
    contacts: list[Contact] | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        from ..models.contact import Contact # noqa: PLC0415
        from ..models.location import Location # noqa: PLC0415
        from ..models.opening_hours import OpeningHours # noqa: PLC0415
        name = self.name

        region = self.region

        city: None | str | Unset
        if isinstance(self.city, Unset):
            city = UNSET
        else:
            city = self.city

        address: None | str | Unset
        if isinstance(self.address, Unset):
            address = UNSET
        else:
            address = self.address

        postal_code: None | str | Unset
        if isinstance(self.postal_code, Unset):
            postal_code = UNSET
        else:
            postal_code = self.postal_code

        location: dict[str, Any] | None | Unset
        if isinstance(self.location, Unset):
            location = UNSET
        elif isinstance(self.location, Location):
            location = self.location.to_dict()
        else:
            location = self.location

        kind: str | Unset = UNSET
        if not isinstance(self.kind, Unset):
            kind = self.kind.value


        status: str | Unset = UNSET
        if not isinstance(self.status, Unset):
            status = self.status.value


        status_reason: None | str | Unset
        if isinstance(self.status_reason, Unset):
            status_reason = UNSET
        else:
            status_reason = self.status_reason

        longest_hold_seconds: int | None | Unset
        if isinstance(self.longest_hold_seconds, Unset):
            longest_hold_seconds = UNSET
        else:
            longest_hold_seconds = self.longest_hold_seconds

        time_zone: None | str | Unset
        if isinstance(self.time_zone, Unset):
            time_zone = UNSET
        else:
            time_zone = self.time_zone

        opening_hours: dict[str, Any] | None | Unset
        if isinstance(self.opening_hours, Unset):
            opening_hours = UNSET
        elif isinstance(self.opening_hours, OpeningHours):
            opening_hours = self.opening_hours.to_dict()
        else:
            opening_hours = self.opening_hours

        contacts: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.contacts, Unset):
            contacts = []
            for contacts_item_data in self.contacts:
                contacts_item = contacts_item_data.to_dict()
                contacts.append(contacts_item)




        field_dict: dict[str, Any] = {}

        field_dict.update({
        })
        if name is not UNSET:
            field_dict["name"] = name
        if region is not UNSET:
            field_dict["region"] = region
        if city is not UNSET:
            field_dict["city"] = city
        if address is not UNSET:
            field_dict["address"] = address
        if postal_code is not UNSET:
            field_dict["postalCode"] = postal_code
        if location is not UNSET:
            field_dict["location"] = location
        if kind is not UNSET:
            field_dict["kind"] = kind
        if status is not UNSET:
            field_dict["status"] = status
        if status_reason is not UNSET:
            field_dict["statusReason"] = status_reason
        if longest_hold_seconds is not UNSET:
            field_dict["longestHoldSeconds"] = longest_hold_seconds
        if time_zone is not UNSET:
            field_dict["timeZone"] = time_zone
        if opening_hours is not UNSET:
            field_dict["openingHours"] = opening_hours
        if contacts is not UNSET:
            field_dict["contacts"] = contacts

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.contact import Contact # noqa: PLC0415
        from ..models.location import Location # noqa: PLC0415
        from ..models.opening_hours import OpeningHours # noqa: PLC0415
        d = dict(src_dict)
        name = d.pop("name", UNSET)

        region = d.pop("region", UNSET)

        def _parse_city(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        city = _parse_city(d.pop("city", UNSET))


        def _parse_address(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        address = _parse_address(d.pop("address", UNSET))


        def _parse_postal_code(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        postal_code = _parse_postal_code(d.pop("postalCode", UNSET))


        def _parse_location(data: object) -> Location | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                location_type_0 = Location.from_dict(data)



                return location_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(Location | None | Unset, data)

        location = _parse_location(d.pop("location", UNSET))


        _kind = d.pop("kind", UNSET)
        kind: StoreKind | Unset
        if isinstance(_kind,  Unset):
            kind = UNSET
        else:
            kind = StoreKind(_kind)




        _status = d.pop("status", UNSET)
        status: StoreStatus | Unset
        if isinstance(_status,  Unset):
            status = UNSET
        else:
            status = StoreStatus(_status)




        def _parse_status_reason(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        status_reason = _parse_status_reason(d.pop("statusReason", UNSET))


        def _parse_longest_hold_seconds(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        longest_hold_seconds = _parse_longest_hold_seconds(d.pop("longestHoldSeconds", UNSET))


        def _parse_time_zone(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        time_zone = _parse_time_zone(d.pop("timeZone", UNSET))


        def _parse_opening_hours(data: object) -> None | OpeningHours | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                opening_hours_type_0 = OpeningHours.from_dict(data)



                return opening_hours_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | OpeningHours | Unset, data)

        opening_hours = _parse_opening_hours(d.pop("openingHours", UNSET))


        _contacts = d.pop("contacts", UNSET)
        contacts: list[Contact] | Unset = UNSET
        if _contacts is not UNSET:
            contacts = []
            for contacts_item_data in _contacts:
                contacts_item = Contact.from_dict(contacts_item_data)



                contacts.append(contacts_item)


        update_store = cls(
            name=name,
            region=region,
            city=city,
            address=address,
            postal_code=postal_code,
            location=location,
            kind=kind,
            status=status,
            status_reason=status_reason,
            longest_hold_seconds=longest_hold_seconds,
            time_zone=time_zone,
            opening_hours=opening_hours,
            contacts=contacts,
        )

        return update_store

