//! Ids of this context.

kit_core::uuid_ids! {
    /// Identifies a webhook.
    WebhookId;
    /// Identifies the delivery of one event to one webhook.
    DeliveryId;
    /// Identifies a store of the chain.
    StoreId;
    /// Identifies a product of the catalogue.
    ProductId;
    /// Identifies a rule of alerts.
    AlertRuleId;
    /// Identifies an alert.
    AlertId;
    /// Identifies a subscription.
    SubscriptionId;
    /// Identifies a message to one subscription.
    NotificationId;
}
