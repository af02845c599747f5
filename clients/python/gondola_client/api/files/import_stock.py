from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...types import Response, UNSET
from ... import errors

from ...models.import_ import Import
from ...models.import_form import ImportForm
from ...models.problem import Problem
from ...types import UNSET, Unset
from typing import cast



def _get_kwargs(
    kind: str,
    *,
    body: ImportForm,
    name: str | Unset = UNSET,
    delimiter: str | Unset = UNSET,
    encoding: str | Unset = UNSET,
    decimal: str | Unset = UNSET,
    date_order: str | Unset = UNSET,
    time_zone: str | Unset = UNSET,
    time_of_day: str | Unset = UNSET,
    units: str | Unset = UNSET,
    again: bool | Unset = UNSET,
    region: str | Unset = UNSET,
    currency: str | Unset = UNSET,
    store_code: str | Unset = UNSET,
    store_column: str | Unset = UNSET,
    receive: bool | Unset = UNSET,
    already_left: bool | Unset = UNSET,
    dry_run: bool | Unset = UNSET,
    update: bool | Unset = UNSET,
    max_rejected: int | Unset = UNSET,

) -> dict[str, Any]:
    headers: dict[str, Any] = {}


    

    params: dict[str, Any] = {}

    params["name"] = name

    params["delimiter"] = delimiter

    params["encoding"] = encoding

    params["decimal"] = decimal

    params["dateOrder"] = date_order

    params["timeZone"] = time_zone

    params["timeOfDay"] = time_of_day

    params["units"] = units

    params["again"] = again

    params["region"] = region

    params["currency"] = currency

    params["storeCode"] = store_code

    params["storeColumn"] = store_column

    params["receive"] = receive

    params["alreadyLeft"] = already_left

    params["dryRun"] = dry_run

    params["update"] = update

    params["maxRejected"] = max_rejected


    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}


    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/v1/inventory/imports/{kind}".format(kind=quote(str(kind), safe=""),),
        "params": params,
    }

    _kwargs["files"] = body.to_multipart()

    headers["Content-Type"] = "multipart/form-data; boundary=+++"

    _kwargs["headers"] = headers
    return _kwargs



def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Import | Problem | None:
    if response.status_code == 202:
        response_202 = Import.from_dict(response.json())



        return response_202

    if response.status_code == 400:
        response_400 = Problem.from_dict(response.json())



        return response_400

    if response.status_code == 401:
        response_401 = Problem.from_dict(response.json())



        return response_401

    if response.status_code == 403:
        response_403 = Problem.from_dict(response.json())



        return response_403

    if response.status_code == 404:
        response_404 = Problem.from_dict(response.json())



        return response_404

    if response.status_code == 408:
        response_408 = Problem.from_dict(response.json())



        return response_408

    if response.status_code == 409:
        response_409 = Problem.from_dict(response.json())



        return response_409

    if response.status_code == 413:
        response_413 = Problem.from_dict(response.json())



        return response_413

    if response.status_code == 415:
        response_415 = Problem.from_dict(response.json())



        return response_415

    if response.status_code == 422:
        response_422 = Problem.from_dict(response.json())



        return response_422

    if response.status_code == 429:
        response_429 = Problem.from_dict(response.json())



        return response_429

    if response.status_code == 500:
        response_500 = Problem.from_dict(response.json())



        return response_500

    if response.status_code == 503:
        response_503 = Problem.from_dict(response.json())



        return response_503

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[Import | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    kind: str,
    *,
    client: AuthenticatedClient,
    body: ImportForm,
    name: str | Unset = UNSET,
    delimiter: str | Unset = UNSET,
    encoding: str | Unset = UNSET,
    decimal: str | Unset = UNSET,
    date_order: str | Unset = UNSET,
    time_zone: str | Unset = UNSET,
    time_of_day: str | Unset = UNSET,
    units: str | Unset = UNSET,
    again: bool | Unset = UNSET,
    region: str | Unset = UNSET,
    currency: str | Unset = UNSET,
    store_code: str | Unset = UNSET,
    store_column: str | Unset = UNSET,
    receive: bool | Unset = UNSET,
    already_left: bool | Unset = UNSET,
    dry_run: bool | Unset = UNSET,
    update: bool | Unset = UNSET,
    max_rejected: int | Unset = UNSET,

) -> Response[Import | Problem]:
    """ Import a file that changes stock.

     As a file of the catalogue. A caller that works in some stores changes stock in those alone: the
    others do not exist for
    its lines. Sent again under the same name, a file changes nothing that it has changed already.

    Args:
        kind (str):
        name (str | Unset):
        delimiter (str | Unset):
        encoding (str | Unset):
        decimal (str | Unset):
        date_order (str | Unset):
        time_zone (str | Unset):
        time_of_day (str | Unset):
        units (str | Unset):
        again (bool | Unset):
        region (str | Unset):
        currency (str | Unset):
        store_code (str | Unset):
        store_column (str | Unset):
        receive (bool | Unset):
        already_left (bool | Unset):
        dry_run (bool | Unset):
        update (bool | Unset):
        max_rejected (int | Unset):
        body (ImportForm): A form with a file.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Import | Problem]
     """


    kwargs = _get_kwargs(
        kind=kind,
body=body,
name=name,
delimiter=delimiter,
encoding=encoding,
decimal=decimal,
date_order=date_order,
time_zone=time_zone,
time_of_day=time_of_day,
units=units,
again=again,
region=region,
currency=currency,
store_code=store_code,
store_column=store_column,
receive=receive,
already_left=already_left,
dry_run=dry_run,
update=update,
max_rejected=max_rejected,

    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)

def sync(
    kind: str,
    *,
    client: AuthenticatedClient,
    body: ImportForm,
    name: str | Unset = UNSET,
    delimiter: str | Unset = UNSET,
    encoding: str | Unset = UNSET,
    decimal: str | Unset = UNSET,
    date_order: str | Unset = UNSET,
    time_zone: str | Unset = UNSET,
    time_of_day: str | Unset = UNSET,
    units: str | Unset = UNSET,
    again: bool | Unset = UNSET,
    region: str | Unset = UNSET,
    currency: str | Unset = UNSET,
    store_code: str | Unset = UNSET,
    store_column: str | Unset = UNSET,
    receive: bool | Unset = UNSET,
    already_left: bool | Unset = UNSET,
    dry_run: bool | Unset = UNSET,
    update: bool | Unset = UNSET,
    max_rejected: int | Unset = UNSET,

) -> Import | Problem | None:
    """ Import a file that changes stock.

     As a file of the catalogue. A caller that works in some stores changes stock in those alone: the
    others do not exist for
    its lines. Sent again under the same name, a file changes nothing that it has changed already.

    Args:
        kind (str):
        name (str | Unset):
        delimiter (str | Unset):
        encoding (str | Unset):
        decimal (str | Unset):
        date_order (str | Unset):
        time_zone (str | Unset):
        time_of_day (str | Unset):
        units (str | Unset):
        again (bool | Unset):
        region (str | Unset):
        currency (str | Unset):
        store_code (str | Unset):
        store_column (str | Unset):
        receive (bool | Unset):
        already_left (bool | Unset):
        dry_run (bool | Unset):
        update (bool | Unset):
        max_rejected (int | Unset):
        body (ImportForm): A form with a file.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Import | Problem
     """


    return sync_detailed(
        kind=kind,
client=client,
body=body,
name=name,
delimiter=delimiter,
encoding=encoding,
decimal=decimal,
date_order=date_order,
time_zone=time_zone,
time_of_day=time_of_day,
units=units,
again=again,
region=region,
currency=currency,
store_code=store_code,
store_column=store_column,
receive=receive,
already_left=already_left,
dry_run=dry_run,
update=update,
max_rejected=max_rejected,

    ).parsed

async def asyncio_detailed(
    kind: str,
    *,
    client: AuthenticatedClient,
    body: ImportForm,
    name: str | Unset = UNSET,
    delimiter: str | Unset = UNSET,
    encoding: str | Unset = UNSET,
    decimal: str | Unset = UNSET,
    date_order: str | Unset = UNSET,
    time_zone: str | Unset = UNSET,
    time_of_day: str | Unset = UNSET,
    units: str | Unset = UNSET,
    again: bool | Unset = UNSET,
    region: str | Unset = UNSET,
    currency: str | Unset = UNSET,
    store_code: str | Unset = UNSET,
    store_column: str | Unset = UNSET,
    receive: bool | Unset = UNSET,
    already_left: bool | Unset = UNSET,
    dry_run: bool | Unset = UNSET,
    update: bool | Unset = UNSET,
    max_rejected: int | Unset = UNSET,

) -> Response[Import | Problem]:
    """ Import a file that changes stock.

     As a file of the catalogue. A caller that works in some stores changes stock in those alone: the
    others do not exist for
    its lines. Sent again under the same name, a file changes nothing that it has changed already.

    Args:
        kind (str):
        name (str | Unset):
        delimiter (str | Unset):
        encoding (str | Unset):
        decimal (str | Unset):
        date_order (str | Unset):
        time_zone (str | Unset):
        time_of_day (str | Unset):
        units (str | Unset):
        again (bool | Unset):
        region (str | Unset):
        currency (str | Unset):
        store_code (str | Unset):
        store_column (str | Unset):
        receive (bool | Unset):
        already_left (bool | Unset):
        dry_run (bool | Unset):
        update (bool | Unset):
        max_rejected (int | Unset):
        body (ImportForm): A form with a file.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Import | Problem]
     """


    kwargs = _get_kwargs(
        kind=kind,
body=body,
name=name,
delimiter=delimiter,
encoding=encoding,
decimal=decimal,
date_order=date_order,
time_zone=time_zone,
time_of_day=time_of_day,
units=units,
again=again,
region=region,
currency=currency,
store_code=store_code,
store_column=store_column,
receive=receive,
already_left=already_left,
dry_run=dry_run,
update=update,
max_rejected=max_rejected,

    )

    response = await client.get_async_httpx_client().request(
        **kwargs
    )

    return _build_response(client=client, response=response)

async def asyncio(
    kind: str,
    *,
    client: AuthenticatedClient,
    body: ImportForm,
    name: str | Unset = UNSET,
    delimiter: str | Unset = UNSET,
    encoding: str | Unset = UNSET,
    decimal: str | Unset = UNSET,
    date_order: str | Unset = UNSET,
    time_zone: str | Unset = UNSET,
    time_of_day: str | Unset = UNSET,
    units: str | Unset = UNSET,
    again: bool | Unset = UNSET,
    region: str | Unset = UNSET,
    currency: str | Unset = UNSET,
    store_code: str | Unset = UNSET,
    store_column: str | Unset = UNSET,
    receive: bool | Unset = UNSET,
    already_left: bool | Unset = UNSET,
    dry_run: bool | Unset = UNSET,
    update: bool | Unset = UNSET,
    max_rejected: int | Unset = UNSET,

) -> Import | Problem | None:
    """ Import a file that changes stock.

     As a file of the catalogue. A caller that works in some stores changes stock in those alone: the
    others do not exist for
    its lines. Sent again under the same name, a file changes nothing that it has changed already.

    Args:
        kind (str):
        name (str | Unset):
        delimiter (str | Unset):
        encoding (str | Unset):
        decimal (str | Unset):
        date_order (str | Unset):
        time_zone (str | Unset):
        time_of_day (str | Unset):
        units (str | Unset):
        again (bool | Unset):
        region (str | Unset):
        currency (str | Unset):
        store_code (str | Unset):
        store_column (str | Unset):
        receive (bool | Unset):
        already_left (bool | Unset):
        dry_run (bool | Unset):
        update (bool | Unset):
        max_rejected (int | Unset):
        body (ImportForm): A form with a file.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Import | Problem
     """


    return (await asyncio_detailed(
        kind=kind,
client=client,
body=body,
name=name,
delimiter=delimiter,
encoding=encoding,
decimal=decimal,
date_order=date_order,
time_zone=time_zone,
time_of_day=time_of_day,
units=units,
again=again,
region=region,
currency=currency,
store_code=store_code,
store_column=store_column,
receive=receive,
already_left=already_left,
dry_run=dry_run,
update=update,
max_rejected=max_rejected,

    )).parsed
