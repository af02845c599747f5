from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.supplier_status import SupplierStatus
from ..types import UNSET, Unset
from typing import cast

if TYPE_CHECKING:
  from ..models.contact import Contact





T = TypeVar("T", bound="UpdateSupplier")



@_attrs_define
class UpdateSupplier:
    """ What to change of a supplier (JSON merge patch): what is absent stays, null removes. The code never changes.

        Attributes:
            name (str | Unset): Its name for people. Example: Acme S.A..
            contacts (list[Contact] | Unset): Whom to call or write to, all of them.
            lead_time_days (int | None | Unset): Days from an order to its delivery, where its offer of a product says
                nothing.
            currency (None | str | Unset): In what it is paid: three letters of ISO 4217.
            note (None | str | Unset): What the chain's people should know of it.
            status (SupplierStatus | Unset): Whether the chain orders from a supplier.
     """

    name: str | Unset = UNSET
    contacts: list[Contact] | Unset = UNSET
    lead_time_days: int | None | Unset = UNSET
    currency: None | str | Unset = UNSET
    note: None | str | Unset = UNSET
    status: SupplierStatus | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        from ..models.contact import Contact # noqa: PLC0415
        name = self.name

        contacts: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.contacts, Unset):
            contacts = []
            for contacts_item_data in self.contacts:
                contacts_item = contacts_item_data.to_dict()
                contacts.append(contacts_item)



        lead_time_days: int | None | Unset
        if isinstance(self.lead_time_days, Unset):
            lead_time_days = UNSET
        else:
            lead_time_days = self.lead_time_days

        currency: None | str | Unset
        if isinstance(self.currency, Unset):
            currency = UNSET
        else:
            currency = self.currency

        note: None | str | Unset
        if isinstance(self.note, Unset):
            note = UNSET
        else:
            note = self.note

        status: str | Unset = UNSET
        if not isinstance(self.status, Unset):
            status = self.status.value



        field_dict: dict[str, Any] = {}

        field_dict.update({
        })
        if name is not UNSET:
            field_dict["name"] = name
        if contacts is not UNSET:
            field_dict["contacts"] = contacts
        if lead_time_days is not UNSET:
            field_dict["leadTimeDays"] = lead_time_days
        if currency is not UNSET:
            field_dict["currency"] = currency
        if note is not UNSET:
            field_dict["note"] = note
        if status is not UNSET:
            field_dict["status"] = status

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.contact import Contact # noqa: PLC0415
        d = dict(src_dict)
        name = d.pop("name", UNSET)

        _contacts = d.pop("contacts", UNSET)
        contacts: list[Contact] | Unset = UNSET
        if _contacts is not UNSET:
            contacts = []
            for contacts_item_data in _contacts:
                contacts_item = Contact.from_dict(contacts_item_data)



                contacts.append(contacts_item)


        def _parse_lead_time_days(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        lead_time_days = _parse_lead_time_days(d.pop("leadTimeDays", UNSET))


        def _parse_currency(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        currency = _parse_currency(d.pop("currency", UNSET))


        def _parse_note(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        note = _parse_note(d.pop("note", UNSET))


        _status = d.pop("status", UNSET)
        status: SupplierStatus | Unset
        if isinstance(_status,  Unset):
            status = UNSET
        else:
            status = SupplierStatus(_status)




        update_supplier = cls(
            name=name,
            contacts=contacts,
            lead_time_days=lead_time_days,
            currency=currency,
            note=note,
            status=status,
        )

        return update_supplier

