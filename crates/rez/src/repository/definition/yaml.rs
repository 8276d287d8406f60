//! The attributes of a `package.yaml`, or of a combined family's `.yaml`.

use python_literal::Value;

use super::value::Node;
use super::{Attribute, Attributes, Mistake};

pub(super) fn attributes(bytes: &[u8]) -> Result<Attributes, Mistake> {
    let text = std::str::from_utf8(bytes).map_err(|error| Mistake {
        line: None,
        message: format!(
            "the file is not UTF-8: byte {} is wrong; save it as UTF-8",
            error.valid_up_to()
        ),
    })?;
    let document = crate::yaml::read(text).map_err(|error| Mistake {
        line: Some(error.line),
        message: error.message,
    })?;
    let entries = match &document.value {
        Value::Dict(entries) => entries.as_slice(),
        Value::None => &[],
        _ => {
            return Err(Mistake {
                line: Some(document.line),
                message: format!(
                    "expected a table of attributes, found {}",
                    document.value.kind()
                ),
            });
        }
    };
    Ok(Attributes::collect(|key| {
        let entry = entries
            .iter()
            .find(|entry| entry.key.value.as_str() == Some(key))?;
        Some(Attribute::Written(Node::from(&entry.value)))
    }))
}
