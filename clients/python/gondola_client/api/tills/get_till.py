from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...types import Response, UNSET
from ... import errors

from ...models.problem import Problem
from ...models.till import Till
from ...types import UNSET, Unset
from typing import cast



def _get_kwargs(
    store: str,
    till: str,
    *,
    min_position: int | Unset = UNSET,

) -> dict[str, Any]:
    

    

    params: dict[str, Any] = {}

    params["minPosition"] = min_position


    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}


    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/inventory/stores/{store}/tills/{till}".format(store=quote(str(store), safe=""),till=quote(str(till), safe=""),),
        "params": params,
    }


    return _kwargs



def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Problem | Till | None:
    if response.status_code == 200:
        response_200 = Till.from_dict(response.json())



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


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[Problem | Till]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    store: str,
    till: str,
    *,
    client: AuthenticatedClient,
    min_position: int | Unset = UNSET,

) -> Response[Problem | Till]:
    """ A till, with the batches that are missing.

    Args:
        store (str):
        till (str):
        min_position (int | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | Till]
     """


    kwargs = _get_kwargs(
        store=store,
till=till,
min_position=min_position,

    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)

def sync(
    store: str,
    till: str,
    *,
    client: AuthenticatedClient,
    min_position: int | Unset = UNSET,

) -> Problem | Till | None:
    """ A till, with the batches that are missing.

    Args:
        store (str):
        till (str):
        min_position (int | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | Till
     """


    return sync_detailed(
        store=store,
till=till,
client=client,
min_position=min_position,

    ).parsed

async def asyncio_detailed(
    store: str,
    till: str,
    *,
    client: AuthenticatedClient,
    min_position: int | Unset = UNSET,

) -> Response[Problem | Till]:
    """ A till, with the batches that are missing.

    Args:
        store (str):
        till (str):
        min_position (int | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | Till]
     """


    kwargs = _get_kwargs(
        store=store,
till=till,
min_position=min_position,

    )

    response = await client.get_async_httpx_client().request(
        **kwargs
    )

    return _build_response(client=client, response=response)

async def asyncio(
    store: str,
    till: str,
    *,
    client: AuthenticatedClient,
    min_position: int | Unset = UNSET,

) -> Problem | Till | None:
    """ A till, with the batches that are missing.

    Args:
        store (str):
        till (str):
        min_position (int | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | Till
     """


    return (await asyncio_detailed(
        store=store,
till=till,
client=client,
min_position=min_position,

    )).parsed
