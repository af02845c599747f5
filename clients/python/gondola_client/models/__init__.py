""" Contains all the data models used in inputs/outputs """

from .add_stock_command import AddStockCommand
from .add_stock_command_op import AddStockCommandOp
from .add_stock_request import AddStockRequest
from .adjust_stock_command import AdjustStockCommand
from .adjust_stock_command_op import AdjustStockCommandOp
from .adjust_stock_request import AdjustStockRequest
from .alert import Alert
from .alert_note import AlertNote
from .alert_page import AlertPage
from .alert_rule import AlertRule
from .alert_rule_kind import AlertRuleKind
from .alert_rule_settings import AlertRuleSettings
from .alert_rules import AlertRules
from .alert_severity import AlertSeverity
from .alert_state import AlertState
from .approve_request import ApproveRequest
from .arrived_line import ArrivedLine
from .attempt import Attempt
from .availability import Availability
from .basket_availability import BasketAvailability
from .basket_availability_request import BasketAvailabilityRequest
from .basket_availability_request_limit import BasketAvailabilityRequestLimit
from .basket_line import BasketLine
from .basket_request import BasketRequest
from .basket_store import BasketStore
from .batch_answer import BatchAnswer
from .cancel_checkout_request import CancelCheckoutRequest
from .cancel_request import CancelRequest
from .cancel_saga_request import CancelSagaRequest
from .cancel_stocktake_request import CancelStocktakeRequest
from .category import Category
from .category_page import CategoryPage
from .category_status import CategoryStatus
from .channel import Channel
from .checkout import Checkout
from .checkout_commit_ordered_event_data import CheckoutCommitOrderedEventData
from .checkout_confirmation_committed_event_data import CheckoutConfirmationCommittedEventData
from .checkout_confirmation_dropped_event_data import CheckoutConfirmationDroppedEventData
from .checkout_confirmation_prepared_event_data import CheckoutConfirmationPreparedEventData
from .checkout_confirmation_refused_event_data import CheckoutConfirmationRefusedEventData
from .checkout_history_entry import CheckoutHistoryEntry
from .checkout_line import CheckoutLine
from .checkout_request import CheckoutRequest
from .checkout_request_confirmation import CheckoutRequestConfirmation
from .checkout_requested_event_data import CheckoutRequestedEventData
from .checkout_requested_event_data_confirmation import CheckoutRequestedEventDataConfirmation
from .checkout_rollback_ordered_event_data import CheckoutRollbackOrderedEventData
from .checkout_rollback_ordered_event_data_cause import CheckoutRollbackOrderedEventDataCause
from .checkout_state import CheckoutState
from .checkout_step import CheckoutStep
from .checkout_step_delayed_event_data import CheckoutStepDelayedEventData
from .checkout_stock_committed_event_data import CheckoutStockCommittedEventData
from .checkout_stock_refused_event_data import CheckoutStockRefusedEventData
from .checkout_stock_released_event_data import CheckoutStockReleasedEventData
from .checkout_stock_reserved_event_data import CheckoutStockReservedEventData
from .checkout_stock_revoked_event_data import CheckoutStockRevokedEventData
from .checkout_store_accepted_event_data import CheckoutStoreAcceptedEventData
from .checkout_store_refused_event_data import CheckoutStoreRefusedEventData
from .commit_checkout_request import CommitCheckoutRequest
from .commit_order_confirmation import CommitOrderConfirmation
from .commit_request import CommitRequest
from .commit_reservation_command import CommitReservationCommand
from .commit_reservation_command_op import CommitReservationCommandOp
from .commit_split_request import CommitSplitRequest
from .contact import Contact
from .count_stock_command import CountStockCommand
from .count_stock_command_op import CountStockCommandOp
from .count_stock_request import CountStockRequest
from .counted_zone import CountedZone
from .customer_export import CustomerExport
from .customer_export_request import CustomerExportRequest
from .customer_reservation import CustomerReservation
from .customer_reservation_page import CustomerReservationPage
from .delivery import Delivery
from .delivery_detail import DeliveryDetail
from .delivery_page import DeliveryPage
from .delivery_state import DeliveryState
from .dispatch_request import DispatchRequest
from .drained_names import DrainedNames
from .drained_stock import DrainedStock
from .drift import Drift
from .drift_field import DriftField
from .drop_order_confirmation import DropOrderConfirmation
from .event_arrival import EventArrival
from .event_basket import EventBasket
from .event_basket_near import EventBasketNear
from .event_basket_strategy import EventBasketStrategy
from .event_comparison import EventComparison
from .event_comparison_verdict import EventComparisonVerdict
from .event_data import EventData
from .event_line import EventLine
from .event_page import EventPage
from .event_part import EventPart
from .event_pos_line import EventPosLine
from .event_refused_count import EventRefusedCount
from .event_refused_line import EventRefusedLine
from .event_shelf_count import EventShelfCount
from .event_shortfall import EventShortfall
from .event_unit_cost import EventUnitCost
from .event_variance_limit import EventVarianceLimit
from .extend_request import ExtendRequest
from .extend_reservation_command import ExtendReservationCommand
from .extend_reservation_command_op import ExtendReservationCommandOp
from .feed_event import FeedEvent
from .forget_customer_request import ForgetCustomerRequest
from .forgotten_customer import ForgottenCustomer
from .found_names import FoundNames
from .found_offer import FoundOffer
from .get_catalogue_export_format import GetCatalogueExportFormat
from .get_stock_export_format import GetStockExportFormat
from .get_stock_history_order_by import GetStockHistoryOrderBy
from .get_stock_level_consistency import GetStockLevelConsistency
from .health import Health
from .health_component import HealthComponent
from .health_component_status import HealthComponentStatus
from .health_components import HealthComponents
from .health_status import HealthStatus
from .import_ import Import
from .import_change import ImportChange
from .import_failure import ImportFailure
from .import_form import ImportForm
from .import_rejection import ImportRejection
from .import_status import ImportStatus
from .import_warning import ImportWarning_
from .imports import Imports
from .language import Language
from .level_item import LevelItem
from .level_name import LevelName
from .levels_answer import LevelsAnswer
from .levels_query import LevelsQuery
from .levels_query_consistency import LevelsQueryConsistency
from .list_alerts_rule import ListAlertsRule
from .list_alerts_severity import ListAlertsSeverity
from .list_alerts_state import ListAlertsState
from .list_categories_status import ListCategoriesStatus
from .list_notifications_state import ListNotificationsState
from .list_offers_of_product_status import ListOffersOfProductStatus
from .list_offers_of_supplier_status import ListOffersOfSupplierStatus
from .list_products_status import ListProductsStatus
from .list_reservations_sort import ListReservationsSort
from .list_reservations_status import ListReservationsStatus
from .list_sagas_kind import ListSagasKind
from .list_split_reservations_status import ListSplitReservationsStatus
from .list_stocktakes_status import ListStocktakesStatus
from .list_store_stock_sort import ListStoreStockSort
from .list_stores_kind import ListStoresKind
from .list_stores_status import ListStoresStatus
from .list_suppliers_status import ListSuppliersStatus
from .list_transfers_status import ListTransfersStatus
from .list_webhook_deliveries_state import ListWebhookDeliveriesState
from .location import Location
from .look_up import LookUp
from .measures import Measures
from .movement_view import MovementView
from .movement_view_page import MovementViewPage
from .near import Near
from .notification import Notification
from .notification_attempt import NotificationAttempt
from .notification_day import NotificationDay
from .notification_detail import NotificationDetail
from .notification_event import NotificationEvent
from .notification_figures import NotificationFigures
from .notification_page import NotificationPage
from .notification_state import NotificationState
from .offered_line import OfferedLine
from .open_stocktake_request import OpenStocktakeRequest
from .opening_hours import OpeningHours
from .order_confirmation_answer import OrderConfirmationAnswer
from .order_confirmation_line import OrderConfirmationLine
from .order_confirmation_status import OrderConfirmationStatus
from .parcel import Parcel
from .pos_batch import PosBatch
from .pos_batch_difference import PosBatchDifference
from .pos_batch_line import PosBatchLine
from .pos_batch_line_type import PosBatchLineType
from .pos_batch_merged_event_data import PosBatchMergedEventData
from .pos_batch_received_event_data import PosBatchReceivedEventData
from .pos_batch_request import PosBatchRequest
from .pos_batch_state import PosBatchState
from .pos_batch_step_delayed_event_data import PosBatchStepDelayedEventData
from .pos_line_name import PosLineName
from .pos_refused_line import PosRefusedLine
from .pos_short_line import PosShortLine
from .prepare_order_confirmation import PrepareOrderConfirmation
from .problem import Problem
from .problem_fault import ProblemFault
from .problem_line import ProblemLine
from .product import Product
from .product_name import ProductName
from .product_page import ProductPage
from .product_status import ProductStatus
from .product_stock import ProductStock
from .proposed_order import ProposedOrder
from .proposed_transfer import ProposedTransfer
from .put_supplier_offer import PutSupplierOffer
from .rebuilt_views import RebuiltViews
from .receive_request import ReceiveRequest
from .reconciled_views import ReconciledViews
from .record_counts_request import RecordCountsRequest
from .register_category import RegisterCategory
from .register_product import RegisterProduct
from .register_store import RegisterStore
from .register_supplier import RegisterSupplier
from .release_request import ReleaseRequest
from .release_reservation_command import ReleaseReservationCommand
from .release_reservation_command_op import ReleaseReservationCommandOp
from .release_split_request import ReleaseSplitRequest
from .replay_deliveries import ReplayDeliveries
from .replay_notifications import ReplayNotifications
from .replayed import Replayed
from .replenishment import Replenishment
from .replenishment_line import ReplenishmentLine
from .replenishment_line_page import ReplenishmentLinePage
from .reservation import Reservation
from .reservation_details import ReservationDetails
from .reservation_details_line import ReservationDetailsLine
from .reservation_details_page import ReservationDetailsPage
from .reservation_extended_event_data import ReservationExtendedEventData
from .reservation_line import ReservationLine
from .reservation_page import ReservationPage
from .reservation_status import ReservationStatus
from .reserve_request import ReserveRequest
from .reserve_stock_command import ReserveStockCommand
from .reserve_stock_command_op import ReserveStockCommandOp
from .retry_saga_request import RetrySagaRequest
from .return_request import ReturnRequest
from .review_request import ReviewRequest
from .rotate_webhook_secret import RotateWebhookSecret
from .saga import Saga
from .saga_event import SagaEvent
from .saga_event_data import SagaEventData
from .saga_kind import SagaKind
from .saga_page import SagaPage
from .saga_state import SagaState
from .saga_step import SagaStep
from .sequence_range import SequenceRange
from .set_stock_policy_command import SetStockPolicyCommand
from .set_stock_policy_command_op import SetStockPolicyCommandOp
from .severity import Severity
from .shelf_count import ShelfCount
from .shortage import Shortage
from .sourced_line import SourcedLine
from .sourcing import Sourcing
from .sourcing_request import SourcingRequest
from .split_reservation import SplitReservation
from .split_reservation_commit_ordered_event_data import SplitReservationCommitOrderedEventData
from .split_reservation_history_entry import SplitReservationHistoryEntry
from .split_reservation_line import SplitReservationLine
from .split_reservation_page import SplitReservationPage
from .split_reservation_part import SplitReservationPart
from .split_reservation_part_committed_event_data import SplitReservationPartCommittedEventData
from .split_reservation_part_held_event_data import SplitReservationPartHeldEventData
from .split_reservation_part_refused_event_data import SplitReservationPartRefusedEventData
from .split_reservation_part_released_event_data import SplitReservationPartReleasedEventData
from .split_reservation_part_returned_event_data import SplitReservationPartReturnedEventData
from .split_reservation_part_revoked_event_data import SplitReservationPartRevokedEventData
from .split_reservation_plan_refused_event_data import SplitReservationPlanRefusedEventData
from .split_reservation_planned_event_data import SplitReservationPlannedEventData
from .split_reservation_release_ordered_event_data import SplitReservationReleaseOrderedEventData
from .split_reservation_release_ordered_event_data_cause import SplitReservationReleaseOrderedEventDataCause
from .split_reservation_request import SplitReservationRequest
from .split_reservation_requested_event_data import SplitReservationRequestedEventData
from .split_reservation_state import SplitReservationState
from .split_reservation_step_delayed_event_data import SplitReservationStepDelayedEventData
from .stock_added_event_data import StockAddedEventData
from .stock_added_event_data_effect import StockAddedEventDataEffect
from .stock_adjusted_event_data import StockAdjustedEventData
from .stock_adjusted_event_data_effect import StockAdjustedEventDataEffect
from .stock_committed_event_data import StockCommittedEventData
from .stock_committed_event_data_effect import StockCommittedEventDataEffect
from .stock_level import StockLevel
from .stock_level_page import StockLevelPage
from .stock_policy_changed_event_data import StockPolicyChangedEventData
from .stock_policy_request import StockPolicyRequest
from .stock_released_event_data import StockReleasedEventData
from .stock_released_event_data_cause import StockReleasedEventDataCause
from .stock_reserved_event_data import StockReservedEventData
from .stock_transferred_in_event_data import StockTransferredInEventData
from .stock_transferred_in_event_data_effect import StockTransferredInEventDataEffect
from .stock_transferred_out_event_data import StockTransferredOutEventData
from .stock_transferred_out_event_data_effect import StockTransferredOutEventDataEffect
from .stocktake import Stocktake
from .stocktake_approved_event_data import StocktakeApprovedEventData
from .stocktake_approved_event_data_on_shortage import StocktakeApprovedEventDataOnShortage
from .stocktake_cancelled_event_data import StocktakeCancelledEventData
from .stocktake_compared_event_data import StocktakeComparedEventData
from .stocktake_counted_event_data import StocktakeCountedEventData
from .stocktake_history_entry import StocktakeHistoryEntry
from .stocktake_line import StocktakeLine
from .stocktake_line_state import StocktakeLineState
from .stocktake_opened_event_data import StocktakeOpenedEventData
from .stocktake_page import StocktakePage
from .stocktake_posted_event_data import StocktakePostedEventData
from .stocktake_recount_asked_event_data import StocktakeRecountAskedEventData
from .stocktake_rejected_event_data import StocktakeRejectedEventData
from .stocktake_state import StocktakeState
from .stocktake_step_delayed_event_data import StocktakeStepDelayedEventData
from .store import Store
from .store_kind import StoreKind
from .store_page import StorePage
from .store_status import StoreStatus
from .store_stock import StoreStock
from .store_stock_list import StoreStockList
from .store_stock_page import StoreStockPage
from .strategy import Strategy
from .subscription import Subscription
from .subscription_entry import SubscriptionEntry
from .subscription_entry_page import SubscriptionEntryPage
from .subscription_entry_quiet_hours import SubscriptionEntryQuietHours
from .subscription_quiet_hours import SubscriptionQuietHours
from .supplier import Supplier
from .supplier_offer import SupplierOffer
from .supplier_offer_page import SupplierOfferPage
from .supplier_offer_status import SupplierOfferStatus
from .supplier_page import SupplierPage
from .supplier_status import SupplierStatus
from .test_notification import TestNotification
from .till import Till
from .till_page import TillPage
from .totals import Totals
from .transfer import Transfer
from .transfer_cancel_ordered_event_data import TransferCancelOrderedEventData
from .transfer_cancel_ordered_event_data_cause import TransferCancelOrderedEventDataCause
from .transfer_cancelled_event_data import TransferCancelledEventData
from .transfer_dispatch_ordered_event_data import TransferDispatchOrderedEventData
from .transfer_dispatched_event_data import TransferDispatchedEventData
from .transfer_held_event_data import TransferHeldEventData
from .transfer_hold_refused_event_data import TransferHoldRefusedEventData
from .transfer_line import TransferLine
from .transfer_page import TransferPage
from .transfer_receipt_ordered_event_data import TransferReceiptOrderedEventData
from .transfer_received_event_data import TransferReceivedEventData
from .transfer_request import TransferRequest
from .transfer_requested_event_data import TransferRequestedEventData
from .transfer_return_ordered_event_data import TransferReturnOrderedEventData
from .transfer_returned_event_data import TransferReturnedEventData
from .transfer_state import TransferState
from .transfer_step_delayed_event_data import TransferStepDelayedEventData
from .unit_price import UnitPrice
from .update_category import UpdateCategory
from .update_product import UpdateProduct
from .update_store import UpdateStore
from .update_supplier import UpdateSupplier
from .update_supplier_offer import UpdateSupplierOffer
from .variance_limit import VarianceLimit
from .variance_value import VarianceValue
from .wanted_part import WantedPart
from .webhook import Webhook
from .webhook_day import WebhookDay
from .webhook_figures import WebhookFigures
from .webhook_history import WebhookHistory
from .webhook_history_item import WebhookHistoryItem
from .webhook_history_item_data import WebhookHistoryItemData
from .webhook_page import WebhookPage
from .webhook_settings import WebhookSettings
from .webhook_status import WebhookStatus

__all__ = (
    "AddStockCommand",
    "AddStockCommandOp",
    "AddStockRequest",
    "AdjustStockCommand",
    "AdjustStockCommandOp",
    "AdjustStockRequest",
    "Alert",
    "AlertNote",
    "AlertPage",
    "AlertRule",
    "AlertRuleKind",
    "AlertRules",
    "AlertRuleSettings",
    "AlertSeverity",
    "AlertState",
    "ApproveRequest",
    "ArrivedLine",
    "Attempt",
    "Availability",
    "BasketAvailability",
    "BasketAvailabilityRequest",
    "BasketAvailabilityRequestLimit",
    "BasketLine",
    "BasketRequest",
    "BasketStore",
    "BatchAnswer",
    "CancelCheckoutRequest",
    "CancelRequest",
    "CancelSagaRequest",
    "CancelStocktakeRequest",
    "Category",
    "CategoryPage",
    "CategoryStatus",
    "Channel",
    "Checkout",
    "CheckoutCommitOrderedEventData",
    "CheckoutConfirmationCommittedEventData",
    "CheckoutConfirmationDroppedEventData",
    "CheckoutConfirmationPreparedEventData",
    "CheckoutConfirmationRefusedEventData",
    "CheckoutHistoryEntry",
    "CheckoutLine",
    "CheckoutRequest",
    "CheckoutRequestConfirmation",
    "CheckoutRequestedEventData",
    "CheckoutRequestedEventDataConfirmation",
    "CheckoutRollbackOrderedEventData",
    "CheckoutRollbackOrderedEventDataCause",
    "CheckoutState",
    "CheckoutStep",
    "CheckoutStepDelayedEventData",
    "CheckoutStockCommittedEventData",
    "CheckoutStockRefusedEventData",
    "CheckoutStockReleasedEventData",
    "CheckoutStockReservedEventData",
    "CheckoutStockRevokedEventData",
    "CheckoutStoreAcceptedEventData",
    "CheckoutStoreRefusedEventData",
    "CommitCheckoutRequest",
    "CommitOrderConfirmation",
    "CommitRequest",
    "CommitReservationCommand",
    "CommitReservationCommandOp",
    "CommitSplitRequest",
    "Contact",
    "CountedZone",
    "CountStockCommand",
    "CountStockCommandOp",
    "CountStockRequest",
    "CustomerExport",
    "CustomerExportRequest",
    "CustomerReservation",
    "CustomerReservationPage",
    "Delivery",
    "DeliveryDetail",
    "DeliveryPage",
    "DeliveryState",
    "DispatchRequest",
    "DrainedNames",
    "DrainedStock",
    "Drift",
    "DriftField",
    "DropOrderConfirmation",
    "EventArrival",
    "EventBasket",
    "EventBasketNear",
    "EventBasketStrategy",
    "EventComparison",
    "EventComparisonVerdict",
    "EventData",
    "EventLine",
    "EventPage",
    "EventPart",
    "EventPosLine",
    "EventRefusedCount",
    "EventRefusedLine",
    "EventShelfCount",
    "EventShortfall",
    "EventUnitCost",
    "EventVarianceLimit",
    "ExtendRequest",
    "ExtendReservationCommand",
    "ExtendReservationCommandOp",
    "FeedEvent",
    "ForgetCustomerRequest",
    "ForgottenCustomer",
    "FoundNames",
    "FoundOffer",
    "GetCatalogueExportFormat",
    "GetStockExportFormat",
    "GetStockHistoryOrderBy",
    "GetStockLevelConsistency",
    "Health",
    "HealthComponent",
    "HealthComponents",
    "HealthComponentStatus",
    "HealthStatus",
    "Import",
    "ImportChange",
    "ImportFailure",
    "ImportForm",
    "ImportRejection",
    "Imports",
    "ImportStatus",
    "ImportWarning_",
    "Language",
    "LevelItem",
    "LevelName",
    "LevelsAnswer",
    "LevelsQuery",
    "LevelsQueryConsistency",
    "ListAlertsRule",
    "ListAlertsSeverity",
    "ListAlertsState",
    "ListCategoriesStatus",
    "ListNotificationsState",
    "ListOffersOfProductStatus",
    "ListOffersOfSupplierStatus",
    "ListProductsStatus",
    "ListReservationsSort",
    "ListReservationsStatus",
    "ListSagasKind",
    "ListSplitReservationsStatus",
    "ListStocktakesStatus",
    "ListStoresKind",
    "ListStoresStatus",
    "ListStoreStockSort",
    "ListSuppliersStatus",
    "ListTransfersStatus",
    "ListWebhookDeliveriesState",
    "Location",
    "LookUp",
    "Measures",
    "MovementView",
    "MovementViewPage",
    "Near",
    "Notification",
    "NotificationAttempt",
    "NotificationDay",
    "NotificationDetail",
    "NotificationEvent",
    "NotificationFigures",
    "NotificationPage",
    "NotificationState",
    "OfferedLine",
    "OpeningHours",
    "OpenStocktakeRequest",
    "OrderConfirmationAnswer",
    "OrderConfirmationLine",
    "OrderConfirmationStatus",
    "Parcel",
    "PosBatch",
    "PosBatchDifference",
    "PosBatchLine",
    "PosBatchLineType",
    "PosBatchMergedEventData",
    "PosBatchReceivedEventData",
    "PosBatchRequest",
    "PosBatchState",
    "PosBatchStepDelayedEventData",
    "PosLineName",
    "PosRefusedLine",
    "PosShortLine",
    "PrepareOrderConfirmation",
    "Problem",
    "ProblemFault",
    "ProblemLine",
    "Product",
    "ProductName",
    "ProductPage",
    "ProductStatus",
    "ProductStock",
    "ProposedOrder",
    "ProposedTransfer",
    "PutSupplierOffer",
    "RebuiltViews",
    "ReceiveRequest",
    "ReconciledViews",
    "RecordCountsRequest",
    "RegisterCategory",
    "RegisterProduct",
    "RegisterStore",
    "RegisterSupplier",
    "ReleaseRequest",
    "ReleaseReservationCommand",
    "ReleaseReservationCommandOp",
    "ReleaseSplitRequest",
    "ReplayDeliveries",
    "Replayed",
    "ReplayNotifications",
    "Replenishment",
    "ReplenishmentLine",
    "ReplenishmentLinePage",
    "Reservation",
    "ReservationDetails",
    "ReservationDetailsLine",
    "ReservationDetailsPage",
    "ReservationExtendedEventData",
    "ReservationLine",
    "ReservationPage",
    "ReservationStatus",
    "ReserveRequest",
    "ReserveStockCommand",
    "ReserveStockCommandOp",
    "RetrySagaRequest",
    "ReturnRequest",
    "ReviewRequest",
    "RotateWebhookSecret",
    "Saga",
    "SagaEvent",
    "SagaEventData",
    "SagaKind",
    "SagaPage",
    "SagaState",
    "SagaStep",
    "SequenceRange",
    "SetStockPolicyCommand",
    "SetStockPolicyCommandOp",
    "Severity",
    "ShelfCount",
    "Shortage",
    "SourcedLine",
    "Sourcing",
    "SourcingRequest",
    "SplitReservation",
    "SplitReservationCommitOrderedEventData",
    "SplitReservationHistoryEntry",
    "SplitReservationLine",
    "SplitReservationPage",
    "SplitReservationPart",
    "SplitReservationPartCommittedEventData",
    "SplitReservationPartHeldEventData",
    "SplitReservationPartRefusedEventData",
    "SplitReservationPartReleasedEventData",
    "SplitReservationPartReturnedEventData",
    "SplitReservationPartRevokedEventData",
    "SplitReservationPlannedEventData",
    "SplitReservationPlanRefusedEventData",
    "SplitReservationReleaseOrderedEventData",
    "SplitReservationReleaseOrderedEventDataCause",
    "SplitReservationRequest",
    "SplitReservationRequestedEventData",
    "SplitReservationState",
    "SplitReservationStepDelayedEventData",
    "StockAddedEventData",
    "StockAddedEventDataEffect",
    "StockAdjustedEventData",
    "StockAdjustedEventDataEffect",
    "StockCommittedEventData",
    "StockCommittedEventDataEffect",
    "StockLevel",
    "StockLevelPage",
    "StockPolicyChangedEventData",
    "StockPolicyRequest",
    "StockReleasedEventData",
    "StockReleasedEventDataCause",
    "StockReservedEventData",
    "Stocktake",
    "StocktakeApprovedEventData",
    "StocktakeApprovedEventDataOnShortage",
    "StocktakeCancelledEventData",
    "StocktakeComparedEventData",
    "StocktakeCountedEventData",
    "StocktakeHistoryEntry",
    "StocktakeLine",
    "StocktakeLineState",
    "StocktakeOpenedEventData",
    "StocktakePage",
    "StocktakePostedEventData",
    "StocktakeRecountAskedEventData",
    "StocktakeRejectedEventData",
    "StocktakeState",
    "StocktakeStepDelayedEventData",
    "StockTransferredInEventData",
    "StockTransferredInEventDataEffect",
    "StockTransferredOutEventData",
    "StockTransferredOutEventDataEffect",
    "Store",
    "StoreKind",
    "StorePage",
    "StoreStatus",
    "StoreStock",
    "StoreStockList",
    "StoreStockPage",
    "Strategy",
    "Subscription",
    "SubscriptionEntry",
    "SubscriptionEntryPage",
    "SubscriptionEntryQuietHours",
    "SubscriptionQuietHours",
    "Supplier",
    "SupplierOffer",
    "SupplierOfferPage",
    "SupplierOfferStatus",
    "SupplierPage",
    "SupplierStatus",
    "TestNotification",
    "Till",
    "TillPage",
    "Totals",
    "Transfer",
    "TransferCancelledEventData",
    "TransferCancelOrderedEventData",
    "TransferCancelOrderedEventDataCause",
    "TransferDispatchedEventData",
    "TransferDispatchOrderedEventData",
    "TransferHeldEventData",
    "TransferHoldRefusedEventData",
    "TransferLine",
    "TransferPage",
    "TransferReceiptOrderedEventData",
    "TransferReceivedEventData",
    "TransferRequest",
    "TransferRequestedEventData",
    "TransferReturnedEventData",
    "TransferReturnOrderedEventData",
    "TransferState",
    "TransferStepDelayedEventData",
    "UnitPrice",
    "UpdateCategory",
    "UpdateProduct",
    "UpdateStore",
    "UpdateSupplier",
    "UpdateSupplierOffer",
    "VarianceLimit",
    "VarianceValue",
    "WantedPart",
    "Webhook",
    "WebhookDay",
    "WebhookFigures",
    "WebhookHistory",
    "WebhookHistoryItem",
    "WebhookHistoryItemData",
    "WebhookPage",
    "WebhookSettings",
    "WebhookStatus",
)
