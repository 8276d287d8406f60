//! What the server says: recorded answers first, then the studio's facts in the server's form.

use ayon_model::{AddonRelease, Half, JudgementRequest, PythonNeeds, Studio, judge};
use serde_json::{Map, Value, json};

use super::World;
use super::http::{Answer, Request};
use crate::snapshot::requirement;
use crate::wire;

/// An answer of a real server, and the request that it was given to.
#[derive(Clone, Debug)]
pub struct Recorded {
    method: String,
    path: String,
    body: Value,
    status: u16,
    response: Value,
}

impl Recorded {
    /// Reads `{"request": {"method", "path", "body"}, "status", "response"}`.
    pub fn from_json(text: &str) -> serde_json::Result<Self> {
        let mut value: Value = serde_json::from_str(text)?;
        let mut take = |pointer: &str| {
            value
                .pointer_mut(pointer)
                .map(Value::take)
                .unwrap_or_default()
        };
        Ok(Self {
            method: serde_json::from_value(take("/request/method"))?,
            path: serde_json::from_value(take("/request/path"))?,
            body: take("/request/body"),
            status: serde_json::from_value(take("/status"))?,
            response: take("/response"),
        })
    }

    /// Whether the request is the recorded one, apart from its query.
    fn is_of(&self, request: &Request) -> bool {
        let body = serde_json::from_slice(&request.body).unwrap_or(Value::Null);
        let path = self.path.split('?').next();
        self.method == request.method && path == Some(request.path()) && self.body == body
    }
}

impl World {
    /// The right answer.
    pub(super) fn answer(&self, request: &Request) -> Answer {
        let token = request
            .header("authorization")
            .and_then(|value| value.strip_prefix("Bearer "));
        let is_known = token.is_some() && token == self.token.as_deref();
        if !is_known && request.header("x-api-key") != Some(&self.key) {
            return self.stranger(request);
        }
        // The very request, or else one with another query or none.
        let mut recorded = self
            .recorded
            .iter()
            .filter(|recorded| recorded.is_of(request));
        let exact = recorded
            .clone()
            .find(|recorded| recorded.path == request.target);
        if let Some(recorded) = exact.or_else(|| recorded.next()) {
            return Answer::json(recorded.status, &recorded.response);
        }
        let studio = &self.studio;
        match (request.method.as_str(), request.path()) {
            ("GET", "/api/info") => Answer::json(200, &info(studio)),
            ("GET", "/api/bundles") => Answer::json(200, &bundles(studio)),
            ("GET", "/api/addons") => Answer::json(200, &addons(studio)),
            ("GET", "/api/desktop/installers") => {
                let builds = studio.launchers.iter().flat_map(|(version, launcher)| {
                    launcher
                        .builds
                        .iter()
                        .map(move |build| json!(wire::Launcher::of(version, build)))
                });
                Answer::json(200, &json!({"installers": builds.collect::<Vec<_>>()}))
            }
            ("GET", "/api/desktop/dependencyPackages") => {
                let packages = studio
                    .dependency_packages
                    .values()
                    .map(|package| json!(wire::DependencyPackage::from(package)));
                Answer::json(200, &json!({"packages": packages.collect::<Vec<_>>()}))
            }
            ("POST", "/api/bundles/check") => check(studio, &request.body),
            ("GET", path) => match path
                .strip_prefix("/api/projects/")
                .and_then(|name| studio.projects.get_key_value(name))
            {
                Some((name, bundles)) => {
                    let bundle =
                        json!({"production": bundles.production, "staging": bundles.staging});
                    Answer::json(200, &json!({"name": name, "data": {"bundle": bundle}}))
                }
                None => Answer::failure(404),
            },
            _ => Answer::failure(404),
        }
    }

    /// Without the right key there is only the version, and 401 in the server's words.
    fn stranger(&self, request: &Request) -> Answer {
        if request.path() == "/api/info" {
            return Answer::json(200, &info(&self.studio));
        }
        let detail = if request.header("x-api-key").is_some() {
            "Invalid API key"
        } else {
            "Access token is missing"
        };
        Answer::json(401, &json!({"code": 401, "detail": detail}))
    }
}

fn info(studio: &Studio) -> Value {
    json!({"version": studio.server_version, "uptime": 31.0})
}

fn bundles(studio: &Studio) -> Value {
    let name = |of: fn(&ayon_model::Bundle) -> bool| {
        studio
            .bundles
            .iter()
            .find(|b| of(b))
            .map(|b| b.name.to_string())
    };
    let dev = studio
        .bundles
        .iter()
        .filter(|bundle| bundle.is_dev)
        .map(|bundle| bundle.name.to_string());
    json!({
        "bundles": studio.bundles.iter().map(wire::Bundle::from).collect::<Vec<_>>(),
        "productionBundle": name(|bundle| bundle.is_production),
        "stagingBundle": name(|bundle| bundle.is_staging),
        "devBundles": dev.collect::<Vec<_>>(),
    })
}

fn addons(studio: &Studio) -> Value {
    let addon = |addon: &ayon_model::Addon| {
        let versions: Map<String, Value> = addon
            .releases
            .iter()
            .map(|(version, release)| (version.to_string(), version_record(release)))
            .collect();
        // The server shows the title of the newest release.
        let title = addon
            .releases
            .values()
            .last()
            .and_then(|release| release.title.clone());
        json!({"name": addon.name.as_str(), "title": title, "addonType": "pipeline", "versions": versions})
    };
    json!({"addons": studio.addons.values().map(addon).collect::<Vec<_>>()})
}

fn version_record(release: &AddonRelease) -> Value {
    let mut record = json!({
        "hasSettings": true,
        "isBroken": release.broken.is_some(),
        "projectCanOverrideAddonVersion": release.project_can_override,
    });
    if let Some(reason) = &release.broken {
        record["reason"] = json!({"error": reason});
    }
    if release.python != PythonNeeds::default() {
        record["clientPyproject"] = pyproject(&release.python);
    }
    record
}

/// The tables of a `pyproject.toml`. Requirements that could not be read are not known any more, and left out.
fn pyproject(needs: &PythonNeeds) -> Value {
    let (mut dependencies, mut runtime) = (Map::new(), Map::new());
    if let Some(interpreter) = &needs.interpreter {
        dependencies.insert("python".to_owned(), json!(interpreter.text));
    }
    for need in &needs.distributions {
        let table = match (need.half, need.system) {
            (Half::Dependencies, _) => &mut dependencies,
            (Half::Runtime, None) => &mut runtime,
            (Half::Runtime, Some(system)) => {
                let table = runtime
                    .entry(system.to_string())
                    .or_insert_with(|| json!({}));
                let Value::Object(table) = table else {
                    continue;
                };
                table
            }
        };
        let value = requirement(&need.dependency);
        match table.get_mut(&need.dependency.name_as_written) {
            None => drop(table.insert(need.dependency.name_as_written.clone(), value)),
            Some(Value::Array(list)) => list.push(value),
            Some(other) => *other = json!([other.take(), value]),
        }
    }
    json!({"tool": {"poetry": {"dependencies": dependencies}}, "ayon": {"runtimeDependencies": runtime}})
}

fn check(studio: &Studio, body: &[u8]) -> Answer {
    let Ok(check) = serde_json::from_slice::<wire::Check>(body) else {
        return Answer::failure(422);
    };
    let installer_version = check.installer_version.as_deref();
    let judgement = judge(
        studio,
        JudgementRequest {
            addons: &check.addons,
            installer_version,
        },
    );
    if !judgement.crashes.is_empty() {
        return Answer::failure(500);
    }
    let success = judgement.success();
    let issues = judgement
        .issues
        .into_iter()
        .map(wire::Issue::from)
        .collect::<Vec<_>>();
    Answer::json(200, &json!({"success": success, "issues": issues}))
}
