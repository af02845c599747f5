from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...types import Response, UNSET
from ... import errors

from ...models.problem import Problem
from ...models.sourcing import Sourcing
from ...models.sourcing_request import SourcingRequest
from typing import cast



def _get_kwargs(
    *,
    body: SourcingRequest,

) -> dict[str, Any]:
    headers: dict[str, Any] = {}


    

    

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/v1/inventory/sourcing",
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs



def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Problem | Sourcing | None:
    if response.status_code == 200:
        response_200 = Sourcing.from_dict(response.json())



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

    if response.status_code == 408:
        response_408 = Problem.from_dict(response.json())



        return response_408

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


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[Problem | Sourcing]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    body: SourcingRequest,

) -> Response[Problem | Sourcing]:
    """ Which stores can serve a basket together.

     Splits it by what the stores offer now, never more than is asked for. It is a proposal and holds
    nothing: reserve each
    parcel in its store, and ask again when that is refused.

    Args:
        body (SourcingRequest): The basket, and how it is to be split. Example: {'lines':
            [{'productSku': 'PROD123456', 'quantity': 2}, {'productSku': 'PROD123457', 'quantity':
            1}], 'near': {'latitude': '-23.561414', 'longitude': '-46.655881'}, 'strategy':
            'nearest'}.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | Sourcing]
     """


    kwargs = _get_kwargs(
        body=body,

    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)

def sync(
    *,
    client: AuthenticatedClient,
    body: SourcingRequest,

) -> Problem | Sourcing | None:
    """ Which stores can serve a basket together.

     Splits it by what the stores offer now, never more than is asked for. It is a proposal and holds
    nothing: reserve each
    parcel in its store, and ask again when that is refused.

    Args:
        body (SourcingRequest): The basket, and how it is to be split. Example: {'lines':
            [{'productSku': 'PROD123456', 'quantity': 2}, {'productSku': 'PROD123457', 'quantity':
            1}], 'near': {'latitude': '-23.561414', 'longitude': '-46.655881'}, 'strategy':
            'nearest'}.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | Sourcing
     """


    return sync_detailed(
        client=client,
body=body,

    ).parsed

async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    body: SourcingRequest,

) -> Response[Problem | Sourcing]:
    """ Which stores can serve a basket together.

     Splits it by what the stores offer now, never more than is asked for. It is a proposal and holds
    nothing: reserve each
    parcel in its store, and ask again when that is refused.

    Args:
        body (SourcingRequest): The basket, and how it is to be split. Example: {'lines':
            [{'productSku': 'PROD123456', 'quantity': 2}, {'productSku': 'PROD123457', 'quantity':
            1}], 'near': {'latitude': '-23.561414', 'longitude': '-46.655881'}, 'strategy':
            'nearest'}.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | Sourcing]
     """


    kwargs = _get_kwargs(
        body=body,

    )

    response = await client.get_async_httpx_client().request(
        **kwargs
    )

    return _build_response(client=client, response=response)

async def asyncio(
    *,
    client: AuthenticatedClient,
    body: SourcingRequest,

) -> Problem | Sourcing | None:
    """ Which stores can serve a basket together.

     Splits it by what the stores offer now, never more than is asked for. It is a proposal and holds
    nothing: reserve each
    parcel in its store, and ask again when that is refused.

    Args:
        body (SourcingRequest): The basket, and how it is to be split. Example: {'lines':
            [{'productSku': 'PROD123456', 'quantity': 2}, {'productSku': 'PROD123457', 'quantity':
            1}], 'near': {'latitude': '-23.561414', 'longitude': '-46.655881'}, 'strategy':
            'nearest'}.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | Sourcing
     """


    return (await asyncio_detailed(
        client=client,
body=body,

    )).parsed
