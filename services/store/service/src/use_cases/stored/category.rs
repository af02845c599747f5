//! How a category is stored.

use gondola_store_domain::{Category, CategoryCode, Name};
use serde::{Deserialize, Serialize};

use super::{Stored, Text, Unreadable, json, text};
use crate::use_cases::listing::LookUp;

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct StoredCategory<'a> {
    #[serde(borrow)]
    code: Text<'a>,
    #[serde(borrow)]
    name: Text<'a>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    parent: Option<Text<'a>>,
    #[serde(borrow)]
    status: Text<'a>,
}

impl Stored for Category {
    const CODES: &'static str = "category-code";
    const FOLDED_CODES: &'static str = "category-code-folded";

    fn look_up(code: &CategoryCode) -> LookUp {
        LookUp::CategoryCode(code.folded())
    }

    fn write(&self) -> Box<str> {
        json(&StoredCategory {
            code: text(self.code.as_str()),
            name: text(self.name.as_str()),
            parent: self.parent.as_ref().map(|parent| text(parent.as_str())),
            status: text(self.status.as_str()),
        })
    }

    fn read(json: &str) -> Result<Self, Unreadable> {
        let stored: StoredCategory<'_> = serde_json::from_str(json)?;
        Ok(Self {
            code: CategoryCode::new(&stored.code)?,
            name: Name::new(&stored.name)?,
            parent: stored.parent.map(|code| CategoryCode::new(&code)).transpose()?,
            status: stored.status.parse()?,
        })
    }
}
