//! Reading a context: JSON, or YAML where the text does not start with a brace, as rez decides it.

use serde_json::{Map, Value};

use super::error::ContextError;
use super::fields::Fields;
use super::{Context, ContextStatus, MAJOR_VERSION, MAX_BYTES, VariantHandle};
use crate::requirement::Requirement;
use crate::yaml;

/// The keys without which rez does not load a context.
const REQUIRED: [&str; 21] = [
    "serialize_version",
    "status",
    "failure_description",
    "timestamp",
    "created",
    "building",
    "caching",
    "package_requests",
    "implicit_packages",
    "package_paths",
    "resolved_packages",
    "graph",
    "solve_time",
    "load_time",
    "rez_version",
    "rez_path",
    "user",
    "host",
    "platform",
    "arch",
    "os",
];

/// How far a patch may move packages; without any, as far as it likes.
const PATCH_LOCKS: [&str; 5] = ["no_lock", "lock_2", "lock_3", "lock_4", "lock"];

impl Context {
    /// Reads the text of an `.rxt` file. What rez requires is required, what it assumes is assumed, and what it does not
    /// know is kept.
    ///
    /// Locations stay as written; a file in a rez bundle has relative ones, see [`Context::load`] and
    /// [`Context::resolve_locations`].
    ///
    /// # Errors
    /// [`ContextError`], with the place, for anything that rez could not load either, and for values of another type
    /// than rez writes.
    pub fn read(text: &str) -> Result<Self, ContextError> {
        let mut fields = Fields::new(document(text)?, "")?;
        let minor_version = minor_version(&fields)?;
        fields.require(&REQUIRED)?;
        fields.take("serialize_version");
        let status = fields.text("status")?;
        let status = ContextStatus::ALL
            .into_iter()
            .find(|known| known.as_str() == status)
            .ok_or_else(|| {
                let message = "is none of `solved`, `failed`, `aborted` and `pending`";
                fields.wrong("status", format!("`{status}` {message}"))
            })?;
        let default_patch_lock = fields
            .optional_text("default_patch_lock")?
            .unwrap_or_else(|| PATCH_LOCKS[0].to_owned());
        if !PATCH_LOCKS.contains(&default_patch_lock.as_str()) {
            let message = format!("`{default_patch_lock}` is none of rez's patch locks");
            return Err(fields.wrong("default_patch_lock", message));
        }
        Ok(Self {
            minor_version,
            status,
            failure_description: fields.optional_text("failure_description")?,
            requests: fields.texts("package_requests", Requirement::parse_request)?,
            implicit: fields.texts("implicit_packages", Requirement::parse_request)?,
            package_paths: fields.texts("package_paths", path)?,
            package_filter: fields.take_or("package_filter", Value::Array(Vec::new())),
            package_orderers: fields.take("package_orderers"),
            requested_timestamp: fields.optional_integer("requested_timestamp")?,
            timestamp: fields.integer("timestamp")?,
            building: fields.flag("building", false)?,
            testing: fields.flag("testing", false)?,
            caching: fields.flag("caching", false)?,
            resolved: fields.list("resolved_packages", VariantHandle::read)?,
            ephemerals: fields.texts("resolved_ephemerals", Requirement::parse)?,
            graph: fields.optional_text("graph")?.unwrap_or_default(),
            from_cache: fields.optional_flag("from_cache", false)?,
            solve_time: fields.seconds("solve_time")?,
            load_time: fields.seconds("load_time")?,
            loaded_packages: fields
                .optional_integer("num_loaded_packages")?
                .unwrap_or(-1),
            append_sys_path: fields.flag("append_sys_path", true)?,
            package_caching: fields.flag("package_caching", true)?,
            package_cache_async: fields.flag("package_cache_async", true)?,
            default_patch_lock,
            patch_locks: fields.take_or("patch_locks", Value::Object(Map::new())),
            rez_version: fields.optional_text("rez_version")?,
            rez_path: fields.optional_text("rez_path")?,
            user: fields.optional_text("user")?,
            host: fields.optional_text("host")?,
            platform: fields.optional_text("platform")?,
            arch: fields.optional_text("arch")?,
            os: fields.optional_text("os")?,
            created: fields.integer("created")?,
            parent_suite_path: fields.optional_text("parent_suite_path")?,
            suite_context_name: fields.optional_text("suite_context_name")?,
            other: fields.rest(),
        })
    }
}

/// The text as a tree.
fn document(text: &str) -> Result<Value, ContextError> {
    if text.len() > MAX_BYTES {
        return Err(ContextError::TooLarge {
            bytes: text.len(),
            limit: MAX_BYTES,
        });
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.starts_with('{') {
        return serde_json::from_str(text).map_err(|error| ContextError::NotJson {
            line: error.line(),
            column: error.column(),
            message: without_place(&error.to_string()),
        });
    }
    let node = yaml::read(text).map_err(|error| ContextError::NotYaml {
        line: error.line,
        message: error.message,
    })?;
    Ok(yaml::json(&node.value))
}

/// The JSON reader's message without the place, which has fields of its own.
fn without_place(message: &str) -> String {
    let end = message.rfind(" at line ").unwrap_or(message.len());
    message[..end].to_owned()
}

/// The minor part of a `serialize_version`, which must be 4.x. It is told first: in a file of another form, everything
/// else may look wrong.
fn minor_version(fields: &Fields) -> Result<u32, ContextError> {
    let text = match fields.get("serialize_version") {
        None => return Ok(0), // told with the other missing keys
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        Some(other) => return Err(fields.type_error("serialize_version", "a text", other)),
    };
    let (major, minor) = text.split_once('.').unwrap_or((&text, "0"));
    let minor = minor.split('.').next().unwrap_or_default();
    let (Ok(major), Ok(minor)) = (major.parse::<u32>(), minor.parse::<u32>()) else {
        return Err(fields.wrong(
            "serialize_version",
            format!("`{text}` is no version such as `4.9`"),
        ));
    };
    if major > MAJOR_VERSION {
        return Err(ContextError::Newer { found: text });
    }
    if major < MAJOR_VERSION {
        return Err(ContextError::Older { found: text });
    }
    Ok(minor)
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "the reader of a list of texts may fail, this one cannot"
)]
fn path(text: &str) -> Result<String, std::convert::Infallible> {
    Ok(text.to_owned())
}
