//! What a source tree says of itself without being built: a `pyproject.toml` whose `[project]` leaves nothing open (PEP
//! 621).

use std::fmt::Write as _;

use pypi::Metadata;
use toml::{Table, Value};

/// The metadata of a tree, if its `pyproject.toml` says all of it; or why it does not.
pub(super) fn metadata(pyproject: &str) -> Result<Metadata, String> {
    let table: Table = pyproject.parse().map_err(|error: toml::de::Error| {
        format!("its pyproject.toml cannot be read: {}", error.message())
    })?;
    let project = table
        .get("project")
        .and_then(Value::as_table)
        .ok_or("its pyproject.toml has no table `project`")?;
    let text = core_metadata(project)?;
    Metadata::parse(text.as_bytes()).map_err(|error| format!("its pyproject.toml: {error}"))
}

/// The same as the text of a `METADATA` file.
fn core_metadata(project: &Table) -> Result<String, String> {
    let dynamic = texts(project.get("dynamic"))?;
    for field in [
        "version",
        "dependencies",
        "optional-dependencies",
        "requires-python",
    ] {
        if dynamic.contains(&field) {
            return Err(format!("its pyproject.toml leaves `{field}` to the build"));
        }
    }
    let mut text = "Metadata-Version: 2.2\n".to_owned();
    for (key, field) in [("name", "Name"), ("version", "Version")] {
        let value = project.get(key).and_then(Value::as_str);
        line(
            &mut text,
            field,
            value.ok_or_else(|| format!("its pyproject.toml has no `{key}`"))?,
        )?;
    }
    if let Some(value) = project.get("requires-python").and_then(Value::as_str) {
        line(&mut text, "Requires-Python", value)?;
    }
    for requirement in texts(project.get("dependencies"))? {
        line(&mut text, "Requires-Dist", requirement)?;
    }
    let extras = project
        .get("optional-dependencies")
        .and_then(Value::as_table);
    for (extra, requirements) in extras.into_iter().flatten() {
        line(&mut text, "Provides-Extra", extra)?;
        for requirement in texts(Some(requirements))? {
            line(&mut text, "Requires-Dist", &of_extra(requirement, extra))?;
        }
    }
    Ok(text)
}

/// A requirement that holds only where an extra is asked for.
fn of_extra(requirement: &str, extra: &str) -> String {
    // Behind a URL a marker needs a space before its semicolon, for the URL may have one of its own (PEP 508).
    let separator = if requirement.contains('@') { " ;" } else { ";" };
    match requirement.split_once(separator) {
        Some((body, marker)) => format!(
            "{} ; ({}) and extra == '{extra}'",
            body.trim(),
            marker.trim()
        ),
        None => format!("{} ; extra == '{extra}'", requirement.trim()),
    }
}

fn texts(value: Option<&Value>) -> Result<Vec<&str>, String> {
    let Some(value) = value else {
        return Ok(Vec::new());
    };
    let list = value
        .as_array()
        .map(|list| list.iter().map(Value::as_str).collect::<Option<Vec<_>>>());
    list.flatten().ok_or_else(|| {
        "its pyproject.toml has something else where a list of texts belongs".to_owned()
    })
}

fn line(text: &mut String, field: &str, value: &str) -> Result<(), String> {
    if value.chars().any(char::is_control) {
        return Err(format!(
            "its pyproject.toml has a control character in what becomes `{field}`"
        ));
    }
    // Writing into a text does not fail.
    let _ = writeln!(text, "{field}: {value}");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_that_says_everything_is_understood() {
        let metadata = metadata(
            r#"
            [project]
            name = "Tool_Kit"
            version = "1.2"
            requires-python = ">=3.9"
            dependencies = ["requests>=2 ; sys_platform == 'linux'"]
            optional-dependencies.gui = ["qtpy", "pillow ; python_version < '3.12' or sys_platform == 'win32'", "x @ https://h.invalid/x.whl ; os_name == 'nt'"]
            "#,
        )
        .unwrap();
        assert_eq!(metadata.name().as_str(), "tool-kit");
        let lines: Vec<_> = metadata
            .requirements()
            .map(|line| line.text().to_owned())
            .collect();
        assert_eq!(
            lines,
            [
                "requests>=2 ; sys_platform == 'linux'",
                "qtpy ; extra == 'gui'",
                "pillow ; (python_version < '3.12' or sys_platform == 'win32') and extra == 'gui'",
                "x @ https://h.invalid/x.whl ; (os_name == 'nt') and extra == 'gui'",
            ]
        );
        assert!(metadata.static_dependencies());
    }

    #[test]
    fn what_leaves_something_open_is_refused_with_the_reason() {
        let of = |text| metadata(text).unwrap_err();
        assert_eq!(
            of("[tool.poetry]"),
            "its pyproject.toml has no table `project`"
        );
        assert!(
            of("[project]\nname='a'\nversion='1'\ndynamic=['dependencies']")
                .contains("`dependencies`")
        );
        assert!(of("[project]\nname='a'\ndynamic=['version']").contains("`version`"));
        assert!(of("[project]\nname='a'\nversion='1'\ndependencies='b'").contains("list of texts"));
        assert!(of("[project]\nname=\"a\\nName: b\"\nversion='1'").contains("control character"));
        assert!(of("[project").contains("cannot be read"));
    }
}
