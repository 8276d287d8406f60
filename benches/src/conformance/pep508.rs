//! `pep508`: what `packaging` says of environment markers (`data/pypi/README.md`): whether one holds in the environment
//! of the file, with an extra wanted or none.

use std::collections::BTreeMap;

use pypi::{ExtraName, Marker, MarkerEnvironment};
use serde::Deserialize;
use serde::de::Error as _;

use super::{Input, Judge, Kind, Verdict, lists};

pub(super) const KIND: Kind = Kind {
    name: "pep508",
    about: "verdicts of packaging on markers, in the environment of the file",
    open: |_| Ok(Box::<Markers>::default()),
};

/// The environment of the file that is being judged.
#[derive(Default)]
struct Markers(Option<MarkerEnvironment>);

#[derive(Deserialize)]
struct File<'a> {
    #[serde(borrow)]
    env: BTreeMap<&'a str, String>,
}

impl Judge for Markers {
    fn begin(&mut self, file: &Input) -> Result<(), serde_json::Error> {
        let File { env } = serde_json::from_str(&file.text)?;
        let values = env.iter().map(|(name, value)| (*name, value.as_str()));
        let environment = MarkerEnvironment::from_variables(values);
        self.0 = Some(environment.map_err(serde_json::Error::custom)?);
        Ok(())
    }

    fn cases<'a>(&self, text: &'a str) -> Result<Vec<&'a str>, serde_json::Error> {
        lists(text, &["rows"], &[])
    }

    fn judge(&self, case: &str) -> Result<Verdict, serde_json::Error> {
        let environment = self.0.as_ref();
        let environment =
            environment.ok_or_else(|| serde_json::Error::custom("there is no `env`"))?;
        let (text, extra, expected): (String, String, bool) = serde_json::from_str(case)?;
        let marker: Marker = text.parse().map_err(serde_json::Error::custom)?;
        // The empty text is what `packaging` is given where no extra is wanted.
        let extras: Result<Vec<ExtraName>, _> = Some(&extra)
            .filter(|extra| !extra.is_empty())
            .map(|extra| extra.parse())
            .into_iter()
            .collect();
        let ours = marker.evaluate(environment, &extras.map_err(serde_json::Error::custom)?);
        let difference =
            format!("`{text}` with extra `{extra}`: {expected} by packaging, {ours} by us");
        Ok(Verdict {
            differences: (ours != expected)
                .then_some(difference)
                .into_iter()
                .collect(),
            ..Verdict::default()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::ConformanceError;
    use super::*;

    fn file(env: &[(&str, &str)], rows: &str) -> Input {
        let windows = MarkerEnvironment::new(
            pypi::OperatingSystem::Windows,
            "x86_64",
            &"3.10.4".parse().unwrap(),
        );
        let mut values: BTreeMap<&str, &str> = windows.variables().collect();
        values.extend(env.iter().copied());
        values.retain(|_, value| *value != "left out");
        let env = serde_json::to_string(&values).unwrap();
        Input {
            file: "matrix.json".into(),
            text: format!("{{\"format\": 1, \"env\": {env},\n\"rows\": {rows}}}"),
        }
    }

    #[test]
    fn each_file_has_its_environment() {
        let rows = r#"[["platform_release >= '6'", "", true]]"#;
        let files = [
            file(
                &[],
                r#"[["os_name == 'nt'", "", true], ["extra == 'A_B'", "a-b", true], ["extra == 'A_B'", "", false]]"#,
            ),
            file(
                &[("platform_release", "6.1"), ("sys_platform", "linux")],
                rows,
            ),
        ];
        let report = KIND.run(&files).unwrap();
        assert_eq!((report.passed, report.failures), (4, vec![]));
    }

    #[test]
    fn a_falsified_verdict_is_shown_with_its_line() {
        let report = KIND
            .run(&[file(&[], r#"[["os_name == 'nt'", "x", false]]"#)])
            .unwrap();
        assert_eq!(report.failures[0].place, "matrix.json:2");
        assert_eq!(
            report.failures[0].differences,
            ["`os_name == 'nt'` with extra `x`: false by packaging, true by us"]
        );
    }

    #[test]
    fn what_cannot_be_read_is_no_failed_case() {
        let error = |input: Input| match KIND.run(&[input]) {
            Err(ConformanceError::Form { message, .. }) => message,
            other => panic!("{other:?}"),
        };
        assert!(error(file(&[("os_name", "left out")], "[]")).contains("os_name"));
        assert!(
            error(file(&[], r#"[["host == 'maya'", "", true]]"#))
                .contains("not an environment marker")
        );
        assert!(
            error(file(&[], r#"[["os_name == 'nt'", "-", true]]"#)).contains("name of an extra")
        );
        assert!(error(file(&[], "1")).contains("sequence"));
    }
}
