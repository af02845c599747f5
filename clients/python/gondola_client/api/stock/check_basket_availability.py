from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...types import Response, UNSET
from ... import errors

from ...models.basket_availability import BasketAvailability
from ...models.basket_availability_request import BasketAvailabilityRequest
from ...models.problem import Problem
from typing import cast



def _get_kwargs(
    *,
    body: BasketAvailabilityRequest,

) -> dict[str, Any]:
    headers: dict[str, Any] = {}


    

    

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/v1/inventory/availability",
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs



def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> BasketAvailability | Problem | None:
    if response.status_code == 200:
        response_200 = BasketAvailability.from_dict(response.json())



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


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[BasketAvailability | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    body: BasketAvailabilityRequest,

) -> Response[BasketAvailability | Problem]:
    """ Which stores can reserve a whole basket, line by line.

     It is a look and holds nothing: reserve the basket, and the answer to that is the decision.
    `sourceBasket` splits a basket
    that no store has whole.

    Args:
        body (BasketAvailabilityRequest): A basket that is asked about, and of which stores.
            Example: {'lines': [{'productSku': 'PROD123456', 'quantity': 2}, {'productSku':
            'PROD123460', 'quantity': 1}], 'stores': ['SP-PAULISTA']}.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[BasketAvailability | Problem]
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
    body: BasketAvailabilityRequest,

) -> BasketAvailability | Problem | None:
    """ Which stores can reserve a whole basket, line by line.

     It is a look and holds nothing: reserve the basket, and the answer to that is the decision.
    `sourceBasket` splits a basket
    that no store has whole.

    Args:
        body (BasketAvailabilityRequest): A basket that is asked about, and of which stores.
            Example: {'lines': [{'productSku': 'PROD123456', 'quantity': 2}, {'productSku':
            'PROD123460', 'quantity': 1}], 'stores': ['SP-PAULISTA']}.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        BasketAvailability | Problem
     """


    return sync_detailed(
        client=client,
body=body,

    ).parsed

async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    body: BasketAvailabilityRequest,

) -> Response[BasketAvailability | Problem]:
    """ Which stores can reserve a whole basket, line by line.

     It is a look and holds nothing: reserve the basket, and the answer to that is the decision.
    `sourceBasket` splits a basket
    that no store has whole.

    Args:
        body (BasketAvailabilityRequest): A basket that is asked about, and of which stores.
            Example: {'lines': [{'productSku': 'PROD123456', 'quantity': 2}, {'productSku':
            'PROD123460', 'quantity': 1}], 'stores': ['SP-PAULISTA']}.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[BasketAvailability | Problem]
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
    body: BasketAvailabilityRequest,

) -> BasketAvailability | Problem | None:
    """ Which stores can reserve a whole basket, line by line.

     It is a look and holds nothing: reserve the basket, and the answer to that is the decision.
    `sourceBasket` splits a basket
    that no store has whole.

    Args:
        body (BasketAvailabilityRequest): A basket that is asked about, and of which stores.
            Example: {'lines': [{'productSku': 'PROD123456', 'quantity': 2}, {'productSku':
            'PROD123460', 'quantity': 1}], 'stores': ['SP-PAULISTA']}.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        BasketAvailability | Problem
     """


    return (await asyncio_detailed(
        client=client,
body=body,

    )).parsed
