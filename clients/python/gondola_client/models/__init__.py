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
from .arrived_line import ArrivedLine
from .attempt import Attempt
from .availability import Availability
from .basket_line import BasketLine
from .basket_request import BasketRequest
from .batch_answer import BatchAnswer
from .cancel_checkout_request import CancelCheckoutRequest
from .cancel_request import CancelRequest
from .cancel_saga_request import CancelSagaRequest
from .category import Category
from .category_page import CategoryPage
from .category_status import CategoryStatus
from .channel import Channel
from .checkout import Checkout
from .checkout_history_entry import CheckoutHistoryEntry
from .checkout_line import CheckoutLine
from .checkout_request import CheckoutRequest
from .checkout_request_confirmation import CheckoutRequestConfirmation
from .checkout_state import CheckoutState
from .checkout_step import CheckoutStep
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
from .event_page import EventPage
from .extend_request import ExtendRequest
from .extend_reservation_command import ExtendReservationCommand
from .extend_reservation_command_op import ExtendReservationCommandOp
from .feed_event import FeedEvent
from .feed_event_data import FeedEventData
from .forget_customer_request import ForgetCustomerRequest
from .forgotten_customer import ForgottenCustomer
from .found_names import FoundNames
from .found_offer import FoundOffer
from .get_stock_history_order_by import GetStockHistoryOrderBy
from .get_stock_level_consistency import GetStockLevelConsistency
from .health import Health
from .health_component import HealthComponent
from .health_component_status import HealthComponentStatus
from .health_components import HealthComponents
from .health_status import HealthStatus
from .language import Language
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
from .opening_hours import OpeningHours
from .order_confirmation_answer import OrderConfirmationAnswer
from .order_confirmation_line import OrderConfirmationLine
from .order_confirmation_status import OrderConfirmationStatus
from .parcel import Parcel
from .pos_batch import PosBatch
from .pos_batch_difference import PosBatchDifference
from .pos_batch_line import PosBatchLine
from .pos_batch_line_type import PosBatchLineType
from .pos_batch_request import PosBatchRequest
from .pos_batch_state import PosBatchState
from .pos_line_name import PosLineName
from .pos_refused_line import PosRefusedLine
from .pos_short_line import PosShortLine
from .prepare_order_confirmation import PrepareOrderConfirmation
from .problem import Problem
from .problem_fault import ProblemFault
from .problem_line import ProblemLine
from .product import Product
from .product_page import ProductPage
from .product_status import ProductStatus
from .product_stock import ProductStock
from .proposed_order import ProposedOrder
from .proposed_transfer import ProposedTransfer
from .put_supplier_offer import PutSupplierOffer
from .rebuilt_views import RebuiltViews
from .receive_request import ReceiveRequest
from .reconciled_views import ReconciledViews
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
from .reservation_line import ReservationLine
from .reservation_page import ReservationPage
from .reservation_status import ReservationStatus
from .reserve_request import ReserveRequest
from .reserve_stock_command import ReserveStockCommand
from .reserve_stock_command_op import ReserveStockCommandOp
from .retry_saga_request import RetrySagaRequest
from .return_request import ReturnRequest
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
from .shortage import Shortage
from .sourced_line import SourcedLine
from .sourcing import Sourcing
from .sourcing_request import SourcingRequest
from .split_reservation import SplitReservation
from .split_reservation_history_entry import SplitReservationHistoryEntry
from .split_reservation_line import SplitReservationLine
from .split_reservation_page import SplitReservationPage
from .split_reservation_part import SplitReservationPart
from .split_reservation_request import SplitReservationRequest
from .split_reservation_state import SplitReservationState
from .stock_level import StockLevel
from .stock_level_page import StockLevelPage
from .stock_policy_request import StockPolicyRequest
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
from .transfer_line import TransferLine
from .transfer_page import TransferPage
from .transfer_request import TransferRequest
from .transfer_state import TransferState
from .unit_price import UnitPrice
from .update_category import UpdateCategory
from .update_product import UpdateProduct
from .update_store import UpdateStore
from .update_supplier import UpdateSupplier
from .update_supplier_offer import UpdateSupplierOffer
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
    "ArrivedLine",
    "Attempt",
    "Availability",
    "BasketLine",
    "BasketRequest",
    "BatchAnswer",
    "CancelCheckoutRequest",
    "CancelRequest",
    "CancelSagaRequest",
    "Category",
    "CategoryPage",
    "CategoryStatus",
    "Channel",
    "Checkout",
    "CheckoutHistoryEntry",
    "CheckoutLine",
    "CheckoutRequest",
    "CheckoutRequestConfirmation",
    "CheckoutState",
    "CheckoutStep",
    "CommitCheckoutRequest",
    "CommitOrderConfirmation",
    "CommitRequest",
    "CommitReservationCommand",
    "CommitReservationCommandOp",
    "CommitSplitRequest",
    "Contact",
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
    "EventPage",
    "ExtendRequest",
    "ExtendReservationCommand",
    "ExtendReservationCommandOp",
    "FeedEvent",
    "FeedEventData",
    "ForgetCustomerRequest",
    "ForgottenCustomer",
    "FoundNames",
    "FoundOffer",
    "GetStockHistoryOrderBy",
    "GetStockLevelConsistency",
    "Health",
    "HealthComponent",
    "HealthComponents",
    "HealthComponentStatus",
    "HealthStatus",
    "Language",
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
    "OpeningHours",
    "OrderConfirmationAnswer",
    "OrderConfirmationLine",
    "OrderConfirmationStatus",
    "Parcel",
    "PosBatch",
    "PosBatchDifference",
    "PosBatchLine",
    "PosBatchLineType",
    "PosBatchRequest",
    "PosBatchState",
    "PosLineName",
    "PosRefusedLine",
    "PosShortLine",
    "PrepareOrderConfirmation",
    "Problem",
    "ProblemFault",
    "ProblemLine",
    "Product",
    "ProductPage",
    "ProductStatus",
    "ProductStock",
    "ProposedOrder",
    "ProposedTransfer",
    "PutSupplierOffer",
    "RebuiltViews",
    "ReceiveRequest",
    "ReconciledViews",
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
    "ReservationLine",
    "ReservationPage",
    "ReservationStatus",
    "ReserveRequest",
    "ReserveStockCommand",
    "ReserveStockCommandOp",
    "RetrySagaRequest",
    "ReturnRequest",
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
    "Shortage",
    "SourcedLine",
    "Sourcing",
    "SourcingRequest",
    "SplitReservation",
    "SplitReservationHistoryEntry",
    "SplitReservationLine",
    "SplitReservationPage",
    "SplitReservationPart",
    "SplitReservationRequest",
    "SplitReservationState",
    "StockLevel",
    "StockLevelPage",
    "StockPolicyRequest",
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
    "TransferLine",
    "TransferPage",
    "TransferRequest",
    "TransferState",
    "UnitPrice",
    "UpdateCategory",
    "UpdateProduct",
    "UpdateStore",
    "UpdateSupplier",
    "UpdateSupplierOffer",
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
