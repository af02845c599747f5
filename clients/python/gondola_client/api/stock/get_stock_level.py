from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...types import Response, UNSET
from ... import errors

from ...models.get_stock_level_consistency import GetStockLevelConsistency
from ...models.problem import Problem
from ...models.stock_level import StockLevel
from ...types import UNSET, Unset
from typing import cast
import datetime



def _get_kwargs(
    store: str,
    product: str,
    *,
    consistency: GetStockLevelConsistency | Unset = UNSET,
    min_position: int | Unset = UNSET,
    as_of: datetime.datetime | Unset = UNSET,
    effective_at: datetime.datetime | Unset = UNSET,
    if_none_match: str | Unset = UNSET,

) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(if_none_match, Unset):
        headers["If-None-Match"] = if_none_match



    

    params: dict[str, Any] = {}

    json_consistency: str | Unset = UNSET
    if not isinstance(consistency, Unset):
        json_consistency = consistency.value

    params["consistency"] = json_consistency

    params["minPosition"] = min_position

    json_as_of: str | Unset = UNSET
    if not isinstance(as_of, Unset):
        json_as_of = as_of.isoformat()
    params["asOf"] = json_as_of

    json_effective_at: str | Unset = UNSET
    if not isinstance(effective_at, Unset):
        json_effective_at = effective_at.isoformat()
    params["effectiveAt"] = json_effective_at


    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}


    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/inventory/stores/{store}/products/{product}".format(store=quote(str(store), safe=""),product=quote(str(product), safe=""),),
        "params": params,
    }


    _kwargs["headers"] = headers
    return _kwargs



def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Any | Problem | StockLevel | None:
    if response.status_code == 200:
        response_200 = StockLevel.from_dict(response.json())



        return response_200

    if response.status_code == 304:
        response_304 = cast(Any, None)
        return response_304

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


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[Any | Problem | StockLevel]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    store: str,
    product: str,
    *,
    client: AuthenticatedClient,
    consistency: GetStockLevelConsistency | Unset = UNSET,
    min_position: int | Unset = UNSET,
    as_of: datetime.datetime | Unset = UNSET,
    effective_at: datetime.datetime | Unset = UNSET,
    if_none_match: str | Unset = UNSET,

) -> Response[Any | Problem | StockLevel]:
    """ One stock level.

    Args:
        store (str):
        product (str):
        consistency (GetStockLevelConsistency | Unset): How consistent an answer must be.
        min_position (int | Unset):
        as_of (datetime.datetime | Unset):
        effective_at (datetime.datetime | Unset):
        if_none_match (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | Problem | StockLevel]
     """


    kwargs = _get_kwargs(
        store=store,
product=product,
consistency=consistency,
min_position=min_position,
as_of=as_of,
effective_at=effective_at,
if_none_match=if_none_match,

    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)

def sync(
    store: str,
    product: str,
    *,
    client: AuthenticatedClient,
    consistency: GetStockLevelConsistency | Unset = UNSET,
    min_position: int | Unset = UNSET,
    as_of: datetime.datetime | Unset = UNSET,
    effective_at: datetime.datetime | Unset = UNSET,
    if_none_match: str | Unset = UNSET,

) -> Any | Problem | StockLevel | None:
    """ One stock level.

    Args:
        store (str):
        product (str):
        consistency (GetStockLevelConsistency | Unset): How consistent an answer must be.
        min_position (int | Unset):
        as_of (datetime.datetime | Unset):
        effective_at (datetime.datetime | Unset):
        if_none_match (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | Problem | StockLevel
     """


    return sync_detailed(
        store=store,
product=product,
client=client,
consistency=consistency,
min_position=min_position,
as_of=as_of,
effective_at=effective_at,
if_none_match=if_none_match,

    ).parsed

async def asyncio_detailed(
    store: str,
    product: str,
    *,
    client: AuthenticatedClient,
    consistency: GetStockLevelConsistency | Unset = UNSET,
    min_position: int | Unset = UNSET,
    as_of: datetime.datetime | Unset = UNSET,
    effective_at: datetime.datetime | Unset = UNSET,
    if_none_match: str | Unset = UNSET,

) -> Response[Any | Problem | StockLevel]:
    """ One stock level.

    Args:
        store (str):
        product (str):
        consistency (GetStockLevelConsistency | Unset): How consistent an answer must be.
        min_position (int | Unset):
        as_of (datetime.datetime | Unset):
        effective_at (datetime.datetime | Unset):
        if_none_match (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | Problem | StockLevel]
     """


    kwargs = _get_kwargs(
        store=store,
product=product,
consistency=consistency,
min_position=min_position,
as_of=as_of,
effective_at=effective_at,
if_none_match=if_none_match,

    )

    response = await client.get_async_httpx_client().request(
        **kwargs
    )

    return _build_response(client=client, response=response)

async def asyncio(
    store: str,
    product: str,
    *,
    client: AuthenticatedClient,
    consistency: GetStockLevelConsistency | Unset = UNSET,
    min_position: int | Unset = UNSET,
    as_of: datetime.datetime | Unset = UNSET,
    effective_at: datetime.datetime | Unset = UNSET,
    if_none_match: str | Unset = UNSET,

) -> Any | Problem | StockLevel | None:
    """ One stock level.

    Args:
        store (str):
        product (str):
        consistency (GetStockLevelConsistency | Unset): How consistent an answer must be.
        min_position (int | Unset):
        as_of (datetime.datetime | Unset):
        effective_at (datetime.datetime | Unset):
        if_none_match (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | Problem | StockLevel
     """


    return (await asyncio_detailed(
        store=store,
product=product,
client=client,
consistency=consistency,
min_position=min_position,
as_of=as_of,
effective_at=effective_at,
if_none_match=if_none_match,

    )).parsed
