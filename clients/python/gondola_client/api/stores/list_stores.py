from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...types import Response, UNSET
from ... import errors

from ...models.list_stores_kind import ListStoresKind
from ...models.list_stores_status import ListStoresStatus
from ...models.problem import Problem
from ...models.store_page import StorePage
from ...types import UNSET, Unset
from typing import cast



def _get_kwargs(
    *,
    q: str | Unset = UNSET,
    status: ListStoresStatus | Unset = UNSET,
    region: str | Unset = UNSET,
    kind: ListStoresKind | Unset = UNSET,
    near: str | Unset = UNSET,
    within_km: int | Unset = UNSET,
    min_position: int | Unset = UNSET,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,

) -> dict[str, Any]:
    

    

    params: dict[str, Any] = {}

    params["q"] = q

    json_status: str | Unset = UNSET
    if not isinstance(status, Unset):
        json_status = status.value

    params["status"] = json_status

    params["region"] = region

    json_kind: str | Unset = UNSET
    if not isinstance(kind, Unset):
        json_kind = kind.value

    params["kind"] = json_kind

    params["near"] = near

    params["withinKm"] = within_km

    params["minPosition"] = min_position

    params["limit"] = limit

    params["cursor"] = cursor


    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}


    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/stores",
        "params": params,
    }


    return _kwargs



def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Problem | StorePage | None:
    if response.status_code == 200:
        response_200 = StorePage.from_dict(response.json())



        return response_200

    if response.status_code == 400:
        response_400 = Problem.from_dict(response.json())



        return response_400

    if response.status_code == 401:
        response_401 = Problem.from_dict(response.json())



        return response_401

    if response.status_code == 403:
        response_403 = Problem.from_dict(response.json())



        return response_403

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


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[Problem | StorePage]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    q: str | Unset = UNSET,
    status: ListStoresStatus | Unset = UNSET,
    region: str | Unset = UNSET,
    kind: ListStoresKind | Unset = UNSET,
    near: str | Unset = UNSET,
    within_km: int | Unset = UNSET,
    min_position: int | Unset = UNSET,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,

) -> Response[Problem | StorePage]:
    """ Lists and searches the stores, sorted by code, or by the distance from a place.

    Args:
        q (str | Unset):
        status (ListStoresStatus | Unset): Whether a store trades.
        region (str | Unset):
        kind (ListStoresKind | Unset): What sort of place a store is.
        near (str | Unset):
        within_km (int | Unset):
        min_position (int | Unset):
        limit (int | Unset): How many items the page may have Default: 50.
        cursor (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | StorePage]
     """


    kwargs = _get_kwargs(
        q=q,
status=status,
region=region,
kind=kind,
near=near,
within_km=within_km,
min_position=min_position,
limit=limit,
cursor=cursor,

    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)

def sync(
    *,
    client: AuthenticatedClient,
    q: str | Unset = UNSET,
    status: ListStoresStatus | Unset = UNSET,
    region: str | Unset = UNSET,
    kind: ListStoresKind | Unset = UNSET,
    near: str | Unset = UNSET,
    within_km: int | Unset = UNSET,
    min_position: int | Unset = UNSET,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,

) -> Problem | StorePage | None:
    """ Lists and searches the stores, sorted by code, or by the distance from a place.

    Args:
        q (str | Unset):
        status (ListStoresStatus | Unset): Whether a store trades.
        region (str | Unset):
        kind (ListStoresKind | Unset): What sort of place a store is.
        near (str | Unset):
        within_km (int | Unset):
        min_position (int | Unset):
        limit (int | Unset): How many items the page may have Default: 50.
        cursor (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | StorePage
     """


    return sync_detailed(
        client=client,
q=q,
status=status,
region=region,
kind=kind,
near=near,
within_km=within_km,
min_position=min_position,
limit=limit,
cursor=cursor,

    ).parsed

async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    q: str | Unset = UNSET,
    status: ListStoresStatus | Unset = UNSET,
    region: str | Unset = UNSET,
    kind: ListStoresKind | Unset = UNSET,
    near: str | Unset = UNSET,
    within_km: int | Unset = UNSET,
    min_position: int | Unset = UNSET,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,

) -> Response[Problem | StorePage]:
    """ Lists and searches the stores, sorted by code, or by the distance from a place.

    Args:
        q (str | Unset):
        status (ListStoresStatus | Unset): Whether a store trades.
        region (str | Unset):
        kind (ListStoresKind | Unset): What sort of place a store is.
        near (str | Unset):
        within_km (int | Unset):
        min_position (int | Unset):
        limit (int | Unset): How many items the page may have Default: 50.
        cursor (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | StorePage]
     """


    kwargs = _get_kwargs(
        q=q,
status=status,
region=region,
kind=kind,
near=near,
within_km=within_km,
min_position=min_position,
limit=limit,
cursor=cursor,

    )

    response = await client.get_async_httpx_client().request(
        **kwargs
    )

    return _build_response(client=client, response=response)

async def asyncio(
    *,
    client: AuthenticatedClient,
    q: str | Unset = UNSET,
    status: ListStoresStatus | Unset = UNSET,
    region: str | Unset = UNSET,
    kind: ListStoresKind | Unset = UNSET,
    near: str | Unset = UNSET,
    within_km: int | Unset = UNSET,
    min_position: int | Unset = UNSET,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,

) -> Problem | StorePage | None:
    """ Lists and searches the stores, sorted by code, or by the distance from a place.

    Args:
        q (str | Unset):
        status (ListStoresStatus | Unset): Whether a store trades.
        region (str | Unset):
        kind (ListStoresKind | Unset): What sort of place a store is.
        near (str | Unset):
        within_km (int | Unset):
        min_position (int | Unset):
        limit (int | Unset): How many items the page may have Default: 50.
        cursor (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | StorePage
     """


    return (await asyncio_detailed(
        client=client,
q=q,
status=status,
region=region,
kind=kind,
near=near,
within_km=within_km,
min_position=min_position,
limit=limit,
cursor=cursor,

    )).parsed
