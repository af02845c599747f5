//! How much customers and callers may hold at a time.

use std::num::NonZeroU32;

use gondola_inventory::use_cases::{HoldLimit, HoldLimits};

/// Arguments of the commands that serve.
#[derive(Clone, Debug, clap::Args)]
#[expect(clippy::struct_field_names, reason = "they are the names of flags")]
pub(crate) struct HoldLimitArgs {
    /// Units that may be held for one customer at a time, in all stores together; without it there is no limit.
    #[arg(long, env = "GONDOLA_CUSTOMER_HELD_UNITS_MAX", value_name = "UNITS")]
    customer_held_units_max: Option<NonZeroU32>,

    /// Active reservations that one customer may have at a time; without it there is no limit.
    #[arg(long, env = "GONDOLA_CUSTOMER_RESERVATIONS_MAX", value_name = "COUNT")]
    customer_reservations_max: Option<NonZeroU32>,

    /// Units that may be held for one caller at a time, whatever the customer: by its API key or token where callers say who
    /// they are, else by `X-Actor`, which anybody can choose. Without it there is no limit.
    #[arg(long, env = "GONDOLA_CALLER_HELD_UNITS_MAX", value_name = "UNITS")]
    caller_held_units_max: Option<NonZeroU32>,

    /// Active reservations that one caller may have at a time; without it there is no limit.
    #[arg(long, env = "GONDOLA_CALLER_RESERVATIONS_MAX", value_name = "COUNT")]
    caller_reservations_max: Option<NonZeroU32>,
}

impl HoldLimitArgs {
    /// The limits.
    pub(crate) const fn limits(&self) -> HoldLimits {
        HoldLimits {
            per_customer: HoldLimit {
                units: self.customer_held_units_max,
                reservations: self.customer_reservations_max,
            },
            per_caller: HoldLimit {
                units: self.caller_held_units_max,
                reservations: self.caller_reservations_max,
            },
        }
    }
}
